"""Logging in and out, the first user, and who else there is."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field

from calcinet.apps.web.guard import COOKIE, SESSION, Admin, Reader, Served, Services
from calcinet.apps.web.people import ITSELF, LONGEST_NAME, Person, check_name
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.site_rights import LONGEST_SITE, MOST_SITES
from calcinet.text import say

router: Final = APIRouter(tags=["people"])

Words = Annotated[str, Field(max_length=2000)]


class Login(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid")
    name: Words
    password: Words


class SetUp(Login):
    """The first user, who may do everything."""

    key: Words
    """The end of the link that the server printed."""


class SessionAnswer(BaseModel):
    """A browser that is logged in."""

    user: str
    role: str
    sites: list[str]
    """Whose studies are shown to him; none: those of no site. An admin sees all."""
    csrf: str
    """To be sent as X-CSRF-Token with everything that changes something."""


class SetupAnswer(BaseModel):
    """Whether the first user is still to be made."""

    needed: bool


class PersonAnswer(BaseModel):
    """A user."""

    name: str
    role: str
    sites: list[str]
    """Whose studies are shown to him; none: those of no site. An admin sees all."""


Sites = Annotated[list[Annotated[str, Field(max_length=LONGEST_SITE)]], Field(max_length=MOST_SITES)]


class NewPerson(Login):
    """A user to be let in, or to be given another role or password."""

    role: Words
    sites: Sites | None = None
    """Where he belongs; those of before where nothing is said."""


class Invited(BaseModel):
    """Somebody who is to choose a password."""

    model_config = ConfigDict(extra="forbid")
    name: Words
    role: Literal["reader", "editor", "admin"]
    sites: Sites | None = None
    """Where he belongs; those of before where nothing is said."""


class SitesChange(BaseModel):
    """Other sites."""

    model_config = ConfigDict(extra="forbid")
    sites: Sites


class Invitation(BaseModel):
    """What an admin hands over: it is shown once, and works once within a week."""

    name: str
    role: str
    key: str
    """The end of the link: `#invite=` and this, behind the address of the page."""


class Acceptance(BaseModel):
    """A password that somebody chooses by an invitation."""

    model_config = ConfigDict(extra="forbid")
    key: Words
    password: Words


class RoleChange(BaseModel):
    """Another role."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["reader", "editor", "admin"]


def open_session(services: Services, request: Request, response: Response, person: Person) -> SessionAnswer:
    """Begin a session of a browser; its cookie goes with the response."""
    key, session = services.access.open_session(person.name)
    safe = request.url.scheme == "https" or (
        services.provider is not None and services.provider.settings.address.startswith("https")
    )
    response.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=safe, path="/")
    services.people.note(person.name, "logged in", f"user {person.name}")
    sites = sorted(services.sites.read(person.name))
    return SessionAnswer(user=person.name, role=person.role, sites=sites, csrf=session.csrf)


@router.get("/setup")
def tell_setup(services: Served) -> SetupAnswer:
    """Say whether nobody can log in yet."""
    return SetupAnswer(needed=not services.people.are_any())


@router.post("/setup", status_code=201)
def set_up(given: SetUp, services: Served, request: Request, response: Response) -> SessionAnswer:
    """Make the first user with the key of the link that the server printed at its start; it works once."""
    if services.people.are_any():
        raise Problem(409, say("there is a user already: log in"), code="set-up")
    address = _name_address(request)
    _refuse_haste(services, address)
    if not services.access.holds_setup_key(given.key):
        services.brake.note_failure(address)
        raise Problem(403, say("this link is not the one that the server printed last"), code="set-up")
    person = services.people.put(given.name, "admin", given.password, who=given.name)
    services.access.end_setup()
    return open_session(services, request, response, person)


@router.post("/session", status_code=201)
def log_in(given: Login, services: Served, request: Request, response: Response) -> SessionAnswer:
    """Log in with a browser."""
    keys = (_name_address(request), f"name {given.name}")
    _refuse_haste(services, *keys)
    person = services.people.check(given.name, given.password)
    if person is None:
        services.brake.note_failure(*keys)
        services.people.note(ITSELF, "login refused", "a login")
        raise Problem(403, say("name and password do not belong together"), code="password")
    services.brake.note_success(*keys)
    return open_session(services, request, response, person)


@router.get("/session")
def tell_session(person: Reader, services: Served, key: Annotated[str | None, Depends(SESSION)]) -> SessionAnswer:
    """Say who is logged in."""
    session = None if key is None else services.access.find_session(key)
    csrf = "" if session is None else session.csrf
    return SessionAnswer(user=person.name, role=person.role, sites=sorted(person.sites), csrf=csrf)


@router.delete("/session", status_code=204)
def log_out(person: Reader, services: Served, response: Response, key: Annotated[str | None, Depends(SESSION)]) -> None:
    """Log out."""
    if key is not None:
        services.access.close_session(key)
    response.delete_cookie(COOKIE, path="/")
    services.people.note(person.name, "logged out", f"user {person.name}")


@router.get("/users")
def list_users(person: Admin, services: Served) -> list[PersonAnswer]:
    """Everybody who may log in."""
    del person
    return [_describe(services, one) for one in services.people.list_all()]


@router.post("/users", status_code=201)
def put_user(given: NewPerson, person: Admin, services: Served) -> PersonAnswer:
    """Let somebody in, or give another role or password; their sessions end."""
    put = services.people.put(given.name, given.role, given.password, who=person.name)
    services.access.close_sessions_of(put.name)
    _put_sites(services, person, put.name, given.sites)
    return _describe(services, put)


@router.delete("/users/{name}", status_code=204)
def shut_user_out(name: Annotated[str, InPath(max_length=LONGEST_NAME)], person: Admin, services: Served) -> None:
    """Let somebody in no more: sessions and tokens end; what was done stays theirs."""
    if services.people.find(name) is None:
        raise Problem(404, say("there is no user {name}", name=name), code="no-user")
    if name == person.name:
        raise Problem(409, say("nobody shuts himself out: ask another admin"), code="yourself")
    services.people.shut_out(name, who=person.name)
    services.access.end_invitation(name)
    services.access.close_sessions_of(name)
    services.access.revoke_tokens(name)


@router.patch("/users/{name}", responses={404: {}, 409: {}})
def change_role(
    name: Annotated[str, InPath(max_length=LONGEST_NAME)], given: RoleChange, person: Admin, services: Served
) -> PersonAnswer:
    """Give somebody another role; password and sessions stay."""
    if services.people.find(name) is None:
        raise Problem(404, say("there is no user {name}", name=name), code="no-user")
    if name == person.name:
        raise Problem(409, say("nobody changes his own role: ask another admin"), code="yourself")
    changed = services.people.change_role(name, given.role, who=person.name)
    return _describe(services, changed)


@router.put("/users/{name}/sites", responses={404: {}, 422: {}})
def change_sites(
    name: Annotated[str, InPath(max_length=LONGEST_NAME)], given: SitesChange, person: Admin, services: Served
) -> PersonAnswer:
    """Let somebody belong to these sites and to no other; what is shown to him changes at once."""
    found = services.people.find(name)
    if found is None:
        raise Problem(404, say("there is no user {name}", name=name), code="no-user")
    _put_sites(services, person, name, given.sites)
    return _describe(services, found)


def _put_sites(services: Services, person: Person, name: str, sites: list[str] | None) -> None:
    if sites is not None:
        put = services.sites.put(name, sites)
        services.people.note(person.name, "put sites", f"user {name}"[:80], sites=list(put))


def _describe(services: Services, one: Person) -> PersonAnswer:
    return PersonAnswer(name=one.name, role=one.role, sites=sorted(services.sites.read(one.name)))


@router.post("/invitations", status_code=201)
def invite(given: Invited, person: Admin, services: Served) -> Invitation:
    """Make a link by which somebody chooses a password once: a new user, or one who forgot it."""
    check_name(given.name)
    key = services.access.make_invitation(given.name, given.role)
    services.people.note(person.name, "invited", f"user {given.name}", role=given.role)
    _put_sites(services, person, given.name, given.sites)
    return Invitation(name=given.name, role=given.role, key=key)


@router.post("/invitations/accept", status_code=201, responses={403: {}})
def accept(given: Acceptance, services: Served, request: Request, response: Response) -> SessionAnswer:
    """Choose a password with the key of an invitation; it works once, and logs in."""
    address = _name_address(request)
    _refuse_haste(services, address)
    invited = services.access.read_invitation(given.key)
    if invited is None:
        services.brake.note_failure(address)
        raise Problem(403, say("this link was used, or is older than a week: ask an admin for another"), code="set-up")
    name, role = invited
    person = services.people.put(name, role, given.password, who=name)
    services.access.end_invitation(name)
    services.access.close_sessions_of(name)
    return open_session(services, request, response, person)


def _name_address(request: Request) -> str:
    return f"address {request.client.host if request.client else ''}"


def _refuse_haste(services: Services, *keys: str) -> None:
    seconds = services.brake.seconds_to_wait(*keys)
    if seconds > 0:
        whole = int(seconds) + 1
        raise Problem(
            429,
            say("too many wrong passwords: try again in {seconds} s", seconds=whole),
            code="wait",
            headers={"Retry-After": str(whole)},
        )
