"""Who asks, and whether they may."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from calcinet.apps.web.access import Access
from calcinet.apps.web.data_folder import STUDY_ID, DataFolder
from calcinet.apps.web.edits import Edits, read_edits, write_edits
from calcinet.apps.web.login_brake import LoginBrake
from calcinet.apps.web.people import People, Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.queue import Queue
from calcinet.apps.web.site_rights import SiteRights
from calcinet.text import say

if TYPE_CHECKING:
    from calcinet.apps.web.provider import Provider
    from calcinet.apps.web.watching import Measured

COOKIE: Final = "calcinet_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

ASKED_AGAIN: Final = re.compile(f"/api/v1/studies(/{STUDY_ID.pattern})?")
"""The worklist and the state of a study."""

BEARER: Final = HTTPBearer(auto_error=False, description="A token of `calcinet token new NAME`.")
SESSION: Final = APIKeyCookie(
    name=COOKIE, auto_error=False, description="A browser that logged in; what changes something needs X-CSRF-Token."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What every answer is made with."""

    data: DataFolder
    queue: Queue
    people: People
    access: Access
    brake: LoginBrake
    sites: SiteRights
    provider: "Provider | None" = None
    """Vouches for users beside passwords."""
    wake: Callable[[], None]
    """Tells the workers that something is waiting."""
    count_workers: Callable[[], int | None]
    """How many of them live; None where a node beside the server has them."""
    measured: "Measured"
    """Numbers of the requests so far."""

    def change_case(self, study_id: str, content: bytes) -> None:
        """Give a study that nobody works on another case, and have it worked out again.

        Raises
        ------
        Problem
            If it is being worked on.
        """
        folder = self.data.study(study_id)
        if not self.queue.retry(study_id, urgent=True, before=lambda: folder.write_case(content)):
            raise Problem(409, say("this study is waiting or being examined"), code="running")

    def change_edits(self, study_id: str, change: Callable[[Edits], Edits]) -> None:
        """Change the edits of a study that nobody works on, one reader at a time, and have it worked out again at once.

        Raises
        ------
        Problem
            If it is being worked on.
        """
        folder = self.data.study(study_id)
        if not self.queue.retry(study_id, urgent=True, before=lambda: write_edits(folder, change(read_edits(folder)))):
            raise Problem(409, say("this study is waiting or being examined"), code="running")


def find_services(request: Request) -> Services:
    """The services of the server that is asked."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


Served = Annotated[Services, Depends(find_services)]


def identify(
    request: Request,
    services: Served,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    session: Annotated[str | None, Depends(SESSION)],
) -> Person:
    """Who asks.

    Raises
    ------
    Problem
        If nobody whom we know, or a browser that does not show that our own page asks.
    """
    name = None
    if bearer is not None:
        name = services.access.find_token(bearer.credentials)
    elif session is not None:
        held = services.access.find_session(session, by_hand=not _is_asked_again(request))
        if held is not None:
            _require_own_page(request, held.csrf)
            name = held.name
    person = None if name is None else services.people.find(name)
    if person is None:
        raise Problem(
            401,
            say("log in first, or send a token: Authorization: Bearer ..."),
            code="login",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return replace(person, sites=services.sites.read(person.name))


def _is_asked_again(request: Request) -> bool:
    """Whether it is what an open page asks again and again by itself."""
    return request.method == "GET" and ASKED_AGAIN.fullmatch(request.url.path) is not None


def _require_own_page(request: Request, csrf: str) -> None:
    if request.method in SAFE:
        return
    if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), csrf.encode()):
        raise Problem(403, say("this did not come from the page itself: load the page again"), code="csrf")


def require_role(role: str) -> Callable[[Person], Person]:
    """A dependency that lets only a role, or one above it, through."""

    def check(person: Annotated[Person, Depends(identify)]) -> Person:
        if not person.may(role):
            raise Problem(
                403,
                say("you are a {own}, and this needs a {role}: ask an admin", own=person.role, role=role),
                code="role",
            )
        return person

    return check


Reader = Annotated[Person, Depends(require_role("reader"))]
Editor = Annotated[Person, Depends(require_role("editor"))]
Admin = Annotated[Person, Depends(require_role("admin"))]
