"""Signing in with a provider beside passwords: there, back again, and what is checked on the way."""

import hashlib
import hmac
import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from calcinet.apps.web.access import SIGN_IN_S
from calcinet.apps.web.guard import Served, Services
from calcinet.apps.web.people import ITSELF, Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.provider import NotVouchedFor, Provider, Vouched
from calcinet.apps.web.sessions import open_session
from calcinet.errors import BadInput
from calcinet.text import say

router: Final = APIRouter(prefix="/sign-in", tags=["people"])

BROWSER: Final = "calcinet_sign_in"
"""Cookie of the browser that began: a link that somebody else began leads nowhere."""

Given = Annotated[str, Query(max_length=4096)]


class SignInAnswer(BaseModel):
    """Whether there is a provider."""

    label: str | None
    """What stands on its button; null where there is none."""


@router.get("")
def tell_provider(services: Served) -> SignInAnswer:
    """Say whether one can sign in with a provider, and what it is called."""
    return SignInAnswer(label=None if services.provider is None else services.provider.settings.label)


@router.get("/start", status_code=303, response_class=RedirectResponse, responses={404: {}})
def start(services: Served) -> RedirectResponse:
    """Go to the provider."""
    provider = _find_provider(services)
    try:
        begun = provider.begin()
    except NotVouchedFor as fault:
        return _refuse(services, provider, fault)
    browser = secrets.token_urlsafe(32)
    services.access.keep_sign_in(begun.state, browser, begun.nonce, begun.verifier)
    answer = RedirectResponse(begun.address, status_code=303)
    answer.set_cookie(
        BROWSER,
        browser,
        max_age=SIGN_IN_S,
        httponly=True,
        samesite="lax",  # the provider's page sends the browser back
        secure=provider.settings.address.startswith("https"),
        path="/api/v1/sign-in",
    )
    return answer


@router.get("/callback", status_code=303, response_class=RedirectResponse, responses={404: {}})
def come_back(
    request: Request,
    services: Served,
    state: Given = "",
    code: Given = "",
    iss: Given = "",
    error: Given = "",
    browser: Annotated[str, Cookie(alias=BROWSER)] = "",
) -> RedirectResponse:
    """Come back from the provider, and be logged in where it vouches for who comes."""
    provider = _find_provider(services)
    try:
        begun = services.access.take_sign_in(state, browser)
        if begun is None:
            raise NotVouchedFor("state", "nobody began this sign-in in this browser, or it is over")
        if iss and not hmac.compare_digest(iss.encode(), provider.settings.issuer.encode()):  # RFC 9207
            raise NotVouchedFor("provider", "another provider answered")
        if error or not code:
            raise NotVouchedFor("provider", "the provider refused")
        person = _admit(services, provider.finish(code, *begun))
    except NotVouchedFor as fault:
        return _refuse(services, provider, fault)
    answer = RedirectResponse(provider.settings.address, status_code=303)
    open_session(services, request, answer, person)
    answer.delete_cookie(BROWSER, path="/api/v1/sign-in")
    return answer


def _find_provider(services: Services) -> Provider:
    if services.provider is None:
        raise Problem(404, say("nobody signs in with a provider here: log in with a password"), code="no-provider")
    return services.provider


def _admit(services: Services, vouched: Vouched) -> Person:
    """The user whom a provider vouches for, with the role and the sites that it gives now."""
    mark = hashlib.sha256(vouched.identity.encode()).hexdigest()
    try:
        if vouched.sites is not None:
            services.people.require_free(vouched.name, mark)
            services.sites.put(vouched.name, vouched.sites)
        return services.people.admit(vouched.name, vouched.role, mark)
    except BadInput as error:
        raise NotVouchedFor("name", str(error)) from None


def _refuse(services: Services, provider: Provider, fault: NotVouchedFor) -> RedirectResponse:
    """Back to the page, which says it."""
    services.people.note(ITSELF, "login refused", "a sign-in", why=fault.code)
    return RedirectResponse(f"{provider.settings.address.rstrip('/')}/#refused={fault.code}", status_code=303)
