"""A provider of OpenID Connect that vouches for users: authorization code with PKCE (OpenID Connect 1.0, RFC 7636).

What it says is believed only as far as its signed token goes: its issuer, for us, now, for this very sign-in.
"""

import json
import secrets
import threading
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.limits import RECIPE_BYTES
from calcinet.store.users import ROLES

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""With a pair of keys: none that the secret of a client, or nothing, would sign (RFC 8725 3.1)."""

PATIENCE_S: Final = 10.0
"""A provider is waited for so long. Our choice: somebody sits before the page."""

LEEWAY_S: Final = 60
"""Clocks may differ by so much. Our choice."""

KEPT_S: Final = 3600.0
"""Addresses and keys of a provider are asked for again after it. Our choice."""

ASKED_AGAIN_S: Final = 30.0
"""For a key that is not known they are asked for at once, but no more often. Our choice."""

LARGEST_ANSWER: Final = 2**20
"""Bytes. Our choice: keys have some thousand."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")

Role = Literal["reader", "editor", "admin"]


class ProviderSettings(BaseModel):
    """What an admin says of the provider."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    """Seen from the folder of the file of settings; none: a client without a secret, which PKCE alone guards."""
    address: str
    """Where people find the page, as the provider knows it."""
    label: str = "OpenID Connect"
    """On the button."""
    name_claim: str = "preferred_username"
    role_claim: str = "roles"
    """With points between names where it lies deeper: realm_access.roles."""
    roles: dict[str, Role] = {}
    """Which role a value of the claim gives; without a table the values are the roles themselves."""
    default_role: Role | None = None
    """Of whom the claim gives none; none: he is not let in."""
    site_claim: str | None = None
    sites: dict[str, str] = {}
    """Which site a value of the claim gives; without a table the values are the sites themselves."""


class NotVouchedFor(Exception):
    """Somebody is not let in; `code` is a word that the page has a sentence for."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in that was begun."""

    address: str
    """Of the provider, where the browser goes."""
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom a provider vouches for."""

    name: str
    identity: str
    """Issuer and subject, which no other person ever has."""
    role: str
    sites: tuple[str, ...] | None
    """None where the provider does not say."""


def read_provider(file: Path) -> "Provider":
    """Read settings of a provider (TOML), and the secret of the file that they name.

    Raises
    ------
    BadInput
        If a file cannot be read, or says what cannot be.
    """
    try:
        settings = ProviderSettings.model_validate(tomllib.loads(read_given(file, RECIPE_BYTES).decode()))
        secret = None
        if settings.client_secret_file is not None:
            secret = read_given(file.parent / settings.client_secret_file, RECIPE_BYTES).decode().strip()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"the settings of the provider are wrong at {place!r}: {first['msg']}") from None
    except (Unreadable, OSError, ValueError) as error:
        raise BadInput(
            f"the settings of the provider, or its secret, cannot be read ({type(error).__name__}): give a TOML file"
        ) from None
    for name, address in (("issuer", settings.issuer), ("address", settings.address)):
        if not _is_safe(address):
            raise BadInput(f"the settings of the provider are wrong at {name!r}: an address with https is expected")
    return Provider(settings, secret)


class Provider:
    """Asks a provider; addresses and keys are kept for a while."""

    def __init__(self, settings: ProviderSettings, secret: str | None) -> None:
        self.settings = settings
        self._secret = secret
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    @property
    def return_address(self) -> str:
        """Where the provider sends the browser back to."""
        return f"{self.settings.address.rstrip('/')}/api/v1/sign-in/callback"

    def begin(self) -> SignIn:
        """Begin a sign-in.

        Raises
        ------
        NotVouchedFor
            If the provider does not answer as it must.
        """
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        where = self._find_addresses()["authorization_endpoint"]
        with self._make_client() as client:
            address, state = client.create_authorization_url(
                where, state=secrets.token_urlsafe(32), code_verifier=verifier, nonce=nonce
            )
        return SignIn(address=address, state=state, nonce=nonce, verifier=verifier)

    def finish(self, code: str, nonce: str, verifier: str) -> Vouched:
        """Redeem a code, and read whom the provider vouches for.

        Raises
        ------
        NotVouchedFor
            If it vouches for nobody, or for nobody who may come in.
        """
        import httpx
        from authlib.common.errors import AuthlibBaseError

        where = self._find_addresses()["token_endpoint"]
        try:
            with self._make_client() as client:
                answer = client.fetch_token(where, code=code, code_verifier=verifier, grant_type="authorization_code")
        except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
            raise NotVouchedFor("provider", f"the code was not redeemed ({type(error).__name__})") from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotVouchedFor("provider", "the provider gave no token of identity")
        return self._read_claims(self._check(token, nonce, str(answer.get("access_token", ""))))

    def _make_client(self) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self._secret,
            token_endpoint_auth_method="none" if self._secret is None else "client_secret_basic",
            redirect_uri=self.return_address,
            scope="openid profile",
            code_challenge_method="S256",
            timeout=PATIENCE_S,
            follow_redirects=False,
        )

    def _check(self, token: str, nonce: str, access_token: str) -> dict[str, Any]:
        """Signature and claims of a token (OpenID Connect Core 1.0, 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            held = jwt.decode(token, self._find_key, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                held.claims,
                held.header,
                options={
                    "iss": {"essential": True, "value": self.settings.issuer},
                    "aud": {"essential": True, "value": self.settings.client_id},
                    "sub": {"essential": True},
                },
                params={"nonce": nonce, "client_id": self.settings.client_id, "access_token": access_token},
            )
            claims.validate(now=int(time.time()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            raise NotVouchedFor("token", f"the token is not to be believed ({type(error).__name__})") from None
        return dict(claims)

    def _find_key(self, held: Any) -> Any:
        """The key that a token names; where it is not known, the provider may have changed its keys."""
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet

        where, kid = self._find_addresses()["jwks_uri"], held.headers().get("kid")
        keys: Any = self._fetch(where)
        try:
            return KeySet.import_key_set(keys).get_by_kid(kid)
        except InvalidKeyIdError:
            keys = self._fetch(where, kept_s=ASKED_AGAIN_S)
            return KeySet.import_key_set(keys).get_by_kid(kid)

    def _find_addresses(self) -> dict[str, str]:
        """The provider's addresses (OpenID Connect Discovery 1.0, 4), which are all as safe as its own."""
        told = self._fetch(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != self.settings.issuer:
            raise NotVouchedFor("provider", "the provider names another issuer than the settings")
        found = {name: told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        addresses = {name: where for name, where in found.items() if isinstance(where, str) and _is_safe(where)}
        if len(addresses) < len(found):
            raise NotVouchedFor("provider", "the provider names no safe address for each step")
        return addresses

    def _fetch(self, where: str, *, kept_s: float = KEPT_S) -> dict[str, Any]:
        """An object of JSON of the provider, not older than it may be."""
        import httpx

        with self._lock:
            fetched, held = self._kept.get(where, (float("-inf"), {}))
            if time.monotonic() - fetched < kept_s:
                return held
            try:
                with httpx.stream("GET", where, timeout=PATIENCE_S, follow_redirects=False) as answer:
                    answer.raise_for_status()
                    told = json.loads(_read_bounded(answer))
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise NotVouchedFor("provider", f"the provider does not answer ({type(error).__name__})") from None
            if not isinstance(told, dict):
                raise NotVouchedFor("provider", "the provider answers with no object")
            self._kept[where] = (time.monotonic(), told)
            return told

    def _read_claims(self, claims: Mapping[str, Any]) -> Vouched:
        settings = self.settings
        name = claims.get(settings.name_claim)
        if not isinstance(name, str):
            raise NotVouchedFor("claims", f"the token has no {settings.name_claim}")
        role = self._choose_role(_list_values(claims, settings.role_claim))
        if role is None:
            raise NotVouchedFor("role", f"no value of {settings.role_claim} gives a role")
        sites = None
        if settings.site_claim is not None:
            values = _list_values(claims, settings.site_claim)
            sites = tuple(_translate(values, settings.sites))
            if not sites and role != "admin":
                raise NotVouchedFor("site", f"no value of {settings.site_claim} gives a site")
        return Vouched(name=name, identity=f"{claims['iss']} {claims['sub']}", role=role, sites=sites)

    def _choose_role(self, values: list[str]) -> str | None:
        """The highest role that a value gives."""
        given = [role for role in _translate(values, dict(self.settings.roles)) if role in ROLES]
        return max(given, key=ROLES.index, default=self.settings.default_role)


def _translate(values: list[str], table: Mapping[str, str]) -> list[str]:
    """What a table makes of values; without one they stay as they are."""
    if not table:
        return values
    return [table[value] for value in values if value in table]


def _list_values(claims: Mapping[str, Any], path: str) -> list[str]:
    """The words of a claim, which is one word or a list of them.

    >>> _list_values({"realm": {"roles": ["a", 3]}}, "realm.roles"), _list_values({"role": "a"}, "role")
    (['a'], ['a'])
    """
    held: Any = claims
    for step in path.split("."):
        held = held.get(step) if isinstance(held, Mapping) else None
    if isinstance(held, str):
        return [held]
    if not isinstance(held, list):
        return []
    return [value for value in held if isinstance(value, str)]


def _read_bounded(answer: Any) -> bytes:
    content = b""
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise ValueError("too large")
    return content


def _is_safe(address: str) -> bool:
    """Whether nobody on the way can read it: TLS, or this machine itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
