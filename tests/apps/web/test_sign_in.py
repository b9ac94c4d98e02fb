"""Signing in with a provider: who is let in as what, and every token and link that is not to be believed."""

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from calcinet.apps.web.guard import Services
from calcinet.errors import BadInput
from tests.support.extras import of_extra
from tests.support.in_process import run_application

of_extra("oidc", "authlib")
jwt, jwk = of_extra("oidc", "joserfc.jwt"), of_extra("oidc", "joserfc.jwk")

from calcinet.apps.web import provider as providers  # noqa: E402 - after the extra was looked for
from tests.support import provider as generated  # noqa: E402

PASSWORD = "correct horse battery"
PAGE = "http://127.0.0.1:8080"


@dataclass
class Place:
    """A server with a provider."""

    services: Services
    provider: generated.TestProvider
    url: str

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60)

    def sign_in(self, browser: httpx.Client) -> str:
        """From the button to the page again; gives the end of the address where that ends."""
        begun = browser.get("/api/v1/sign-in/start")
        assert begun.status_code == 303
        back = browser.get(self.provider.authorize(begun.headers["location"]))
        assert back.status_code == 303
        assert back.headers["location"].startswith(self.url)
        return urlsplit(back.headers["location"]).fragment

    def use(self, provider) -> None:
        object.__setattr__(self.services, "provider", provider)


def write_settings(folder, issuer, /, **more):
    (folder / "secret").write_text(generated.SECRET + "\n")
    told = {"issuer": issuer, "client_id": generated.CLIENT, "client_secret_file": "secret", "address": PAGE} | more
    lines = [f'{name} = "{value}"' for name, value in told.items() if isinstance(value, str)]
    for name, table in told.items():
        if isinstance(table, dict):
            lines += [f"[{name}]", *(f'"{key}" = "{value}"' for key, value in table.items())]
    (folder / "provider.toml").write_text("\n".join(lines))
    return folder / "provider.toml"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The application, with an admin who has a password."""
    with run_application(tmp_path_factory.mktemp("signing") / "data") as (services, url):
        services.people.put("ng", "admin", PASSWORD, who="test")
        yield services, url


@pytest.fixture
def place(served, tmp_path):
    """A provider of its own for each test, on the users of all."""
    services, url = served
    with generated.run_provider() as running:
        here = Place(services, running, url)
        here.use(providers.read_provider(write_settings(tmp_path, running.url, address=url)))
        yield here


def test_who_is_vouched_for_is_logged_in_with_the_role_of_the_claim(place):
    with place.browser() as browser:
        assert place.sign_in(browser) == ""
        told = browser.get("/api/v1/session").json()

    assert (told["user"], told["role"]) == (place.provider.claims["preferred_username"], "reader")
    assert told["csrf"]


def test_role_follows_the_claim_at_each_sign_in(place):
    """Promoted, and put back: nobody has to do anything here."""
    roles = []
    for claimed in (["editor", "reader"], ["reader"]):
        place.provider.claims = {"preferred_username": "tang", "roles": claimed, "sub": "9"}
        with place.browser() as browser:
            place.sign_in(browser)
            roles.append(browser.get("/api/v1/session").json()["role"])

    assert roles == ["editor", "reader"]


def test_roles_and_sites_come_by_mapping(place, tmp_path):
    """Groups of the hospital, one deep in the token; whoever is in none of them is not let in."""
    file = write_settings(
        tmp_path,
        place.provider.url,
        address=place.url,
        role_claim="realm_access.roles",
        site_claim="ward",
        roles={"radiology-heads": "editor"},
        sites={"W7": "ward seven"},
    )
    place.use(providers.read_provider(file))
    who = {"preferred_username": "mok", "sub": "10", "ward": ["W7", "W9"]}
    place.provider.claims = who | {"realm_access": {"roles": ["radiology-heads", "admin"]}}
    with place.browser() as browser:
        assert place.sign_in(browser) == ""
        assert browser.get("/api/v1/session").json()["role"] == "editor"
    assert place.services.sites.read("mok") == {"ward seven"}
    place.provider.claims = who | {"realm_access": {"roles": ["admin"]}}
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=role"


def test_button_is_there_only_where_a_provider_is(place):
    with place.browser() as browser:
        assert browser.get("/api/v1/sign-in").json() == {"label": "OpenID Connect"}
        place.use(None)
        assert browser.get("/api/v1/sign-in").json() == {"label": None}
        assert browser.get("/api/v1/sign-in/start").status_code == 404


def other_audience(claims):
    return claims | {"aud": "another client"}


WRONG_CLAIMS = {
    "audience": other_audience,
    "issuer": lambda claims: claims | {"iss": "http://127.0.0.1:1"},
    "nonce": lambda claims: claims | {"nonce": "of another sign-in"},
    "no nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "over": lambda claims: claims | {"exp": claims["iat"] - 120},
    "no end": lambda claims: {name: value for name, value in claims.items() if name != "exp"},
    "not yet": lambda claims: claims | {"nbf": claims["iat"] + 600},
    "for somebody else too": lambda claims: claims | {"aud": [generated.CLIENT, "x"], "azp": "x"},
    "no subject": lambda claims: {name: value for name, value in claims.items() if name != "sub"},
}


@pytest.mark.parametrize("kind", WRONG_CLAIMS)
def test_token_that_is_not_for_us_now_lets_nobody_in(place, kind):
    place.provider.change = WRONG_CLAIMS[kind]
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=token"
        assert browser.get("/api/v1/session").status_code == 401


def pack(part) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


WRONG_SIGNATURES = {
    "none": lambda provider, claims: f"{pack({'alg': 'none'})}.{pack(claims)}.",
    "stranger": lambda provider, claims: jwt.encode(
        {"alg": "RS256", "kid": "first"}, claims, generated.make_key("first", "a stranger")
    ),
    "exchanged": lambda provider, claims: re.sub(
        r"\..*\.", f".{pack(claims | {'roles': ['admin']})}.", provider.sign_with_first(claims)
    ),
    "secret": lambda provider, claims: jwt.encode(
        {"alg": "HS256"}, claims, jwk.OctKey.import_key(generated.SECRET * 2)
    ),
}


@pytest.mark.parametrize("kind", WRONG_SIGNATURES)
def test_token_that_the_provider_did_not_sign_lets_nobody_in(place, kind):
    """Unsigned, by a stranger under the same name, with other claims, with the client's own secret."""
    place.provider.sign = WRONG_SIGNATURES[kind]
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=token"


def test_keys_that_the_provider_changed_are_fetched(place, monkeypatch):
    """Kept for an hour, asked for again when a token names another; that at most every half minute, here at once."""
    monkeypatch.setattr(providers, "ASKED_AGAIN_S", 0.0)
    with place.browser() as browser:
        assert place.sign_in(browser) == ""
        assert place.sign_in(browser) == ""
        assert place.provider.fetched_keys == 1
        place.provider.keys = [generated.make_key("second")]
        assert place.sign_in(browser) == ""

    assert place.provider.fetched_keys == 2


def test_key_that_the_provider_withdrew_signs_for_nobody(place):
    place.provider.published = [generated.make_key("second")]
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=token"


def test_link_that_somebody_else_began_leads_nowhere(place):
    """Forged log-in: the victim follows the attacker's own way back, and would work as him."""
    with place.browser() as attacker, place.browser() as victim:
        begun = attacker.get("/api/v1/sign-in/start")
        back = place.provider.authorize(begun.headers["location"])
        victim.get("/api/v1/sign-in/start")

        assert urlsplit(victim.get(back).headers["location"]).fragment == "refused=state"
        assert victim.get("/api/v1/session").status_code == 401


def test_way_back_is_gone_once(place):
    with place.browser() as browser:
        begun = browser.get("/api/v1/sign-in/start")
        back = place.provider.authorize(begun.headers["location"])
        assert urlsplit(browser.get(back).headers["location"]).fragment == ""
        again = browser.get(back)

    assert urlsplit(again.headers["location"]).fragment == "refused=state"


def test_code_of_another_sign_in_is_not_redeemed(place):
    """A code that was caught is put into one's own sign-in: its challenge is another (PKCE)."""
    with place.browser() as victim, place.browser() as attacker:
        caught = place.provider.authorize(victim.get("/api/v1/sign-in/start").headers["location"])
        own = attacker.get("/api/v1/sign-in/start").headers["location"]
        state = parse_qs(urlsplit(own).query)["state"][0]
        code = parse_qs(urlsplit(caught).query)["code"][0]
        back = attacker.get("/api/v1/sign-in/callback", params={"state": state, "code": code})

    assert urlsplit(back.headers["location"]).fragment == "refused=provider"


def test_answer_of_another_provider_is_refused(place):
    """Mix-up (RFC 9207): the answer names its issuer."""
    with place.browser() as browser:
        begun = browser.get("/api/v1/sign-in/start").headers["location"]
        state = parse_qs(urlsplit(begun).query)["state"][0]
        given = {"state": state, "code": "x", "iss": "https://evil.example"}
        back = browser.get("/api/v1/sign-in/callback", params=given)

    assert urlsplit(back.headers["location"]).fragment == "refused=provider"


def test_provider_that_names_another_issuer_is_not_believed(place):
    place.provider.names_itself = "https://evil.example"
    with place.browser() as browser:
        begun = browser.get("/api/v1/sign-in/start")

    assert urlsplit(begun.headers["location"]).fragment == "refused=provider"


def test_name_of_somebody_with_a_password_is_not_taken_over(place):
    """The provider lets people choose their names: one calls himself like the admin here."""
    place.provider.claims = {"preferred_username": "ng", "roles": ["reader"], "sub": "666"}
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=name"
    assert place.services.people.find("ng").role == "admin"


def test_name_of_somebody_else_of_the_provider_is_not_taken_over(place):
    """Two subjects, one name."""
    place.provider.claims = {"preferred_username": "fong", "roles": ["editor"], "sub": "1"}
    with place.browser() as browser:
        assert place.sign_in(browser) == ""
    place.provider.claims = {"preferred_username": "fong", "roles": ["reader"], "sub": "2"}
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=name"


def test_who_was_shut_out_here_does_not_come_back_by_the_provider(place):
    place.provider.claims = {"preferred_username": "chow", "roles": ["reader"], "sub": "3"}
    with place.browser() as browser:
        assert place.sign_in(browser) == ""
    place.services.people.shut_out("chow", who="test")
    with place.browser() as browser:
        assert place.sign_in(browser) == "refused=name"


def test_no_password_fits_who_is_vouched_for(place):
    """Not even what stands in its place in the store."""
    place.provider.claims = {"preferred_username": "kwan", "roles": ["reader"], "sub": "4"}
    with place.browser() as browser:
        place.sign_in(browser)
    kept = place.services.people._store.secret_of("kwan")

    assert place.services.people.check("kwan", kept) is None


@pytest.mark.parametrize(
    ("name", "value"), [("issuer", "http://provider.example"), ("address", "http://calcinet.example"), ("x", "y")]
)
def test_settings_that_cannot_be_are_a_sentence(tmp_path, name, value):
    """No TLS on the way, or a word that means nothing."""
    with pytest.raises(BadInput, match=f"settings of the provider are wrong at '{name}'"):
        providers.read_provider(write_settings(tmp_path, "https://provider.example", **{name: value}))
