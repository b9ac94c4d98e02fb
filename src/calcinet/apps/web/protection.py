"""What guards every answer: who is asked by name, how much is read, and what a browser may do with what it gets."""

import json
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calcinet import limits

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; form-action 'self'; "
    "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of everything but reports: nothing but our own files, and no script within a page."""

REPORT_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Of a report, which needs nothing but itself: it can run no script and send nothing anywhere."""

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "cache-control": "no-store",
}
"""Of every answer that says nothing else; what holds a patient's data is kept by no browser and no proxy."""

ASSETS: Final = "/assets/"
"""Files of the page whose names hold a digest of their content."""

ASSETS_KEPT: Final[Mapping[str, str]] = {"cache-control": "public, max-age=31536000, immutable"}
"""Of these: under the same name there will never be anything else."""


DISCARDED_BYTES: Final = 2**30
"""Of a request that is too large so much is taken before it is broken off. Our choice: a minute of a usual network."""


class TooLarge(Exception):
    """More is sent than is read."""


class Protection:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        """Names that the server is called by; empty where any is right. A foreign page cannot let its own name lead
        here and read our answers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if self._hosts and _name_host(given.get("host", "")) not in self._hosts:
            await _refuse(
                send,
                421,
                "this server is called by another name: open the page by the address that who runs it gives you",
            )
            return
        takes_films = scope["path"].endswith("/studies") or scope["path"].startswith("/dicom-web/")
        limit = limits.UPLOAD_BYTES.value if takes_films else limits.CASE_BYTES.value
        length = given.get("content-length", "0")
        if length.isdigit() and int(length) > limit:
            await _discard(receive)
            await _refuse(send, 413, _explain_size(limit))
            return
        answered = False
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLarge
            return message

        async def send_guarded(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                kept = ASSETS_KEPT if scope["path"].startswith(ASSETS) and message["status"] < 300 else {}
                message = {**message, "headers": _add_headers(message["headers"], kept)}
            await send(message)

        try:
            await self._app(scope, receive_some, send_guarded)
        except TooLarge:
            if not answered:
                await _discard(receive)
                await _refuse(send, 413, _explain_size(limit))


def _add_headers(
    given: list[tuple[bytes, bytes]], other: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with those of every answer, `other` in place of ours."""
    present = {name.lower() for name, _ in given}
    wanted = {**HEADERS, **other}
    added = [(name.encode(), value.encode()) for name, value in wanted.items() if name.encode() not in present]
    return [*given, *added]


def _name_host(header: str) -> str:
    """The name in a Host header, without its port.

    >>> _name_host("LocalHost:8080"), _name_host("[::1]:8080")
    ('localhost', '[::1]')
    """
    if header.startswith("["):
        return header.split("]")[0].lower() + "]"
    return header.split(":")[0].lower()


def _explain_size(limit: int) -> str:
    return f"more than {limit} bytes are sent at once; send fewer files at a time (docs/limits.md)"


async def _discard(receive: Receive) -> None:
    """Take what is still being sent and keep none of it: who sends without listening would never hear the answer."""
    discarded = 0
    while discarded < DISCARDED_BYTES:
        message = await receive()
        discarded += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


async def _refuse(send: Send, status: int, detail: str) -> None:
    body = json.dumps({"type": "about:blank", "title": "Refused", "status": status, "detail": detail}).encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", length), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": _add_headers(headers)})
    await send({"type": "http.response.body", "body": body})
