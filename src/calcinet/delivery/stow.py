"""Delivery by STOW-RS (PS3.18 10.5), one object a request, so that every answer is about one object."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread
from pydicom.dataset import Dataset
from requests import HTTPError, RequestException, Session

from calcinet.delivery.destination import Web
from calcinet.delivery.outcome import Busy, Refused, Unreachable

TIMEOUT_S: Final = 30.0
"""Our choice: a busy archive answers within seconds."""

NEVER: Final = (400, 409, 413, 415)
"""Answers of HTTP that will be the same tomorrow: the object itself is not wanted."""

BUSY: Final = (0xA700, 0x0110)
"""Failure Reasons that may pass (PS3.18 10.5.3; PS3.4 B.2.3)."""


@dataclass(frozen=True, slots=True)
class Service:
    """A DICOMweb service."""

    client: DICOMwebClient

    def send(self, path: Path) -> None:
        """Send one object; see `Connection`."""
        try:
            answer = self.client.store_instances([dcmread(path)])
        except HTTPError as error:
            raise outcome_of(_read_status(error)) from None
        except (RequestException, OSError) as error:
            raise Unreachable("the service does not answer") from error
        require_stored(answer)


@contextmanager
def open_service(where: Web) -> Iterator[Service]:
    """Open a session; retrying is not the client's task, for it would not know when to stop."""
    with Session() as session:
        client = DICOMwebClient(where.url, session=session, timeout=TIMEOUT_S)
        client.set_http_retry_params(retry=False)
        yield Service(client)


def _read_status(error: HTTPError) -> int:
    """Status of HTTP; 0 where there was no answer."""
    if error.response is None:
        return 0
    return error.response.status_code


def outcome_of(status: int) -> Exception:
    """Turn an answer of HTTP into what to do about it."""
    if status in NEVER:
        return Refused(f"the service refused it (HTTP {status})")
    if status in (401, 403):
        return Unreachable(f"the service does not let us in (HTTP {status}): a login belongs into ~/.netrc")
    return Unreachable(f"the service failed (HTTP {status})")


def require_stored(answer: Dataset) -> None:
    """Look into the answer itself: an object may fail in a request that succeeds."""
    for item in answer.get("FailedSOPSequence") or ():
        reason = int(item.get("FailureReason") or 0)
        if reason & 0xFF00 in BUSY or reason in BUSY:
            raise Busy(f"the service could not take it now (reason {reason:04X})")
        raise Refused(f"the service refused it (reason {reason:04X})")
    if not answer.get("ReferencedSOPSequence"):
        raise Unreachable("the service did not confirm the object")
