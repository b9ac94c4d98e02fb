"""A provider of OpenID Connect on loopback, made for a test: it signs whom it is told, rightly or wrongly."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "calcinet", "a secret of the client"


@cache
def make_key(name: str, owner: str = "the provider") -> RSAKey:
    """The key of this name, of the provider or of somebody else: made once, for it takes a while."""
    del owner
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class TestProvider:
    """Redeems each code once, for the verifier whose challenge it was asked with."""

    __test__ = False
    keys: list[RSAKey] = field(default_factory=lambda: [make_key("first")])
    """The first one signs."""
    published: list[RSAKey] | None = None
    """Keys that everybody may see, where they are others."""
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "lam", "roles": ["reader"]})
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict
    """What becomes of the claims before they are signed."""
    sign: Callable[["TestProvider", dict[str, Any]], str] | None = None
    """Signs in place of the first key."""
    names_itself: str = ""
    """The issuer of the discovery, where it is another."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was asked for, by its code."""
    fetched_keys: int = 0
    url: str = ""

    def authorize(self, address: str) -> str:
        """Where the browser is sent back to, by somebody who logs in and agrees."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint (RFC 6749 4.1.3, RFC 7636 4.6)."""
        asked = self.asked.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode().replace(b" ", b"+")).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization not in (f"Basic {known}", f"Basic {plain}"):
            return 401, {"error": "invalid_client"}
        if asked is None or challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "sub": "4711", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": asked["nonce"]}
        token = (self.sign or TestProvider.sign_with_first)(self, self.change(claims | self.claims))
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}

    def sign_with_first(self, claims: dict[str, Any]) -> str:
        """As it should be."""
        return jwt.encode({"alg": "RS256", "kid": self.keys[0].kid}, claims, self.keys[0])

    def tell(self, path: str) -> dict[str, Any] | None:
        """What it publishes."""
        if path == "/.well-known/openid-configuration":
            places = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return {"issuer": self.names_itself or self.url, **places}
        if path == "/jwks_uri":
            self.fetched_keys += 1
            return dict(KeySet(self.published or self.keys).as_dict(private=False))
        return None


@contextmanager
def run_provider() -> Iterator[TestProvider]:
    """A provider for as long as it is needed."""
    provider = TestProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = provider.tell(self.path)
            self.answer(404 if told is None else 200, told or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*provider.redeem(form, self.headers.get("authorization", "")))

        def answer(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        provider.claims["preferred_username"] = f"lam {server.server_address[1]}"  # nobody of an earlier provider
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
