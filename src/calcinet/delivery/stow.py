"""Delivery by STOW-RS (PS3.18 10.5), one object a request, so that every answer is about one object."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Final
from urllib.parse import urljoin

from requests import PreparedRequest, ReadTimeout, Request, RequestException, Session
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ReadTimeoutError

from calcinet.delivery.answer import read_answer
from calcinet.delivery.destination import Web, destination
from calcinet.delivery.line import Line
from calcinet.delivery.outcome import Busy, Misdirected, Refused, Unreachable
from calcinet.delivery.wholeness import Instance
from calcinet.errors import BadInput
from calcinet.limits import ANSWER_BYTES, ANSWER_SECONDS

CONNECT_S: Final = 10.0
"""Our choice: a service that is there lets us in within a second."""

SLOWEST: Final = 50_000
"""Bytes a second that an object may take to go out. Our choice: a line that is slower carries no images."""

PIECE: Final = 1 << 16

NEVER: Final = (400, 409, 413, 415, 422)
"""Answers of HTTP that will be the same tomorrow: the object itself is not wanted."""

NOT_THERE: Final = (404, 405, 410, 501)
"""Answers of HTTP of an address where objects are not taken."""

LATER: Final = (429, 503)
"""Answers of HTTP that may say when to come again (RFC 9110 10.2.3)."""

ASKING: Final = {"Accept": "application/dicom+json", "Accept-Encoding": "identity"}

BUSY: Final = (0xA700, 0x0110)
"""Failure Reasons that may pass (PS3.18 10.5.3; PS3.4 B.2.3)."""


@dataclass(frozen=True, slots=True)
class Service:
    """A DICOMweb service."""

    url: str
    session: Session
    line: Line

    def send(self, content: bytes, instance: Instance) -> None:
        """Send one object; see `Connection`."""
        status, headers, body = self._send_request(content)
        if 300 <= status < 400:
            raise Misdirected(describe_redirect(f"{self.url}/studies", headers.get("location", "")))
        if not 200 <= status < 300:
            require_taken(status, headers.get("retry-after", ""), body, instance.uid)
        require_stored(body, instance.uid)

    def ask(self) -> None:
        """Ask whether the service is there, and lets us in: for one study of any (QIDO-RS, PS3.18 10.6).

        Raises
        ------
        Unreachable
            If it does not answer, does not let us in, or there is no such service at the address.
        """
        request = Request("GET", f"{self.url}/studies", params={"limit": "1"}, headers=ASKING)
        seconds = ANSWER_SECONDS.value
        try:
            with self.line.limited(seconds):
                status, headers, _ = self._carry(self.session.prepare_request(request))
        except (RequestException, HTTPError, OSError, ValueError) as error:
            raise Unreachable("the service does not answer, or breaks off") from error
        if 300 <= status < 400:
            raise Misdirected(describe_redirect(f"{self.url}/studies", headers.get("location", "")))
        if not 200 <= status < 300:
            require_taken(status, headers.get("retry-after", ""), b"", "")

    def _send_request(self, content: bytes) -> tuple[int, dict[str, str], bytes]:
        """Post an object, past the session's own sending, which follows where an answer points."""
        seconds = ANSWER_SECONDS.value
        late = Unreachable(f"the service did not end its answer within {seconds} s", again=False)
        body = _Body(content, lambda: self.line.allow(seconds))
        try:
            with self.line.limited(seconds + len(content) / SLOWEST):
                answer = self._carry(self.session.prepare_request(_make_request(self.url, body)))
        except (ReadTimeout, ReadTimeoutError):
            raise late from None
        except (RequestException, HTTPError, OSError, ValueError) as error:
            if self.line.was_cut:
                raise late from None
            raise Unreachable("the service does not answer, or breaks off") from error
        if self.line.was_cut:  # an answer of no stated length ends as if it were whole
            raise late
        return answer

    def _carry(self, request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        settings = self.session.merge_environment_settings(str(request.url), {}, True, None, None)
        answer = self.line.send(request, timeout=(CONNECT_S, ANSWER_SECONDS.value), **settings)
        try:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status_code, headers, _read_body(answer.raw)
        finally:
            answer.close()


@contextmanager
def open_service(where: Web) -> Iterator[Service]:
    """Open a session; a login comes from ~/.netrc, proxy and certificates from the environment."""
    with Session() as session, closing(Line()) as line:
        yield Service(where.url, session, line)


def _read_body(stream: BaseHTTPResponse) -> bytes:
    """Read an answer, of one that is too long a little more than is allowed."""
    body = b""
    while len(body) <= ANSWER_BYTES.value and (piece := stream.read(PIECE, decode_content=False)):
        body += piece
    return body


class _Body(BytesIO):
    """What is posted: one object between two boundaries; says when its last byte has gone."""

    def __init__(self, content: bytes, gone: Callable[[], None]) -> None:
        self.boundary = hashlib.sha256(content).hexdigest()  # no object holds its own digest
        self._gone = gone
        opening = f"--{self.boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        super().__init__(opening + content + f"\r\n--{self.boundary}--\r\n".encode())

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece:
            self._gone()
        return piece


def _make_request(url: str, body: _Body) -> Request:
    return Request(
        "POST",
        f"{url}/studies",
        headers={
            "Content-Type": f'multipart/related; type="application/dicom"; boundary={body.boundary}',
            "Accept": "application/dicom+json",
            "Accept-Encoding": "identity",
        },
        data=body,
    )


def describe_redirect(asked: str, location: str) -> str:
    """Say where a service points to, as an address that can be given; what may hide a secret is not repeated."""
    try:
        elsewhere = urljoin(asked, location).removesuffix("/").removesuffix("/studies")
        named = f"to {destination(elsewhere)}: if that is right, this is where to send"
    except (BadInput, ValueError):
        named = "elsewhere, and does not say where in a way that can be given: ask for its right address"
    return f"the service points {named}; nothing is sent where an answer points"


def require_taken(status: int, retry_after: str, body: bytes, uid: str) -> None:
    """Turn an answer of HTTP that is no success into what to do about it."""
    answer = read_answer(body, uid)
    if status in NEVER:
        if answer.failed:
            raise outcome_of_reason(answer.reason)
        raise Refused(f"the service refused it (HTTP {status})")
    if status in (401, 403):
        raise Misdirected(f"the service does not let us in (HTTP {status}): a login belongs into ~/.netrc")
    if status == 407:
        raise Misdirected("the proxy does not let us in (HTTP 407)")
    if status in NOT_THERE:
        raise Misdirected(f"objects are not taken at this address (HTTP {status}): check the address")
    if status in LATER:
        raise Unreachable(f"the service is busy (HTTP {status})", after_s=read_pause(retry_after))
    raise Unreachable(f"the service failed (HTTP {status})")


def read_pause(retry_after: str) -> float:
    """Seconds that a service asks to wait (RFC 9110 10.2.3), given as a number or a time; 0 where it cannot be read.

    >>> read_pause("120"), read_pause("soon"), read_pause("")
    (120.0, 0.0, 0.0)
    """
    if retry_after.isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        then = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def require_stored(body: bytes, uid: str) -> None:
    """Look into the answer itself: an object may fail in a request that succeeds."""
    if len(body) > ANSWER_BYTES.value:
        raise Unreachable(
            f"the service's answer has more than {ANSWER_BYTES.value:,} bytes, which no answer about an object has",
            again=False,
        )
    answer = read_answer(body, uid)
    if answer.failed:
        raise outcome_of_reason(answer.reason)
    if not answer.stored:
        raise Unreachable("the service did not confirm the object in a way that can be read", again=False)


def outcome_of_reason(reason: int | None) -> Exception:
    """Turn a Failure Reason into what to do about it."""
    if reason is None:
        return Refused("the service refused it, without a reason that can be read")
    if reason & 0xFF00 in BUSY or reason in BUSY:
        return Busy(f"the service could not take it now (reason {reason:04X})")
    return Refused(f"the service refused it (reason {reason:04X})")
