"""Objects from a DICOMweb service: the list of all (QIDO-RS), and each by itself (WADO-RS; PS3.18 10.6 and 10.4)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from requests import RequestException, Session

from calcinet.delivery.destination import Web
from calcinet.errors import MachineFault, Unreadable

PAGE: Final = 1000
"""Objects that are asked for at once. Our choice: an answer of half a megabyte."""

WAIT_S: Final = 60.0
"""No byte comes for so long: the service is gone. Our choice."""

PIECE: Final = 65536

LONGEST_HEAD: Final = 4096
"""Bytes of the headers of a part. Our choice: a hundred are usual."""

BUSY: Final = (408, 425, 429, 502, 503, 504)
"""Answers of a service that has no time now: they are of no object."""

UID: Final = re.compile(r"[0-9.]{1,64}")
"""PS3.5 9.1."""

LEVELS: Final = (("studies", "0020000D"), ("series", "0020000E"), ("instances", "00080018"))

ONE_OBJECT: Final = {
    "Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*',
    "Accept-Encoding": "identity",
}
AS_JSON: Final = {"Accept": "application/dicom+json"}


def list_objects(where: Web) -> Iterator[str]:
    """Path of every object below the address of the service, page by page.

    Raises
    ------
    MachineFault
        If the service does not answer, or answers otherwise.
    """
    with Session() as session:
        offset = 0
        while True:
            asked = {"limit": PAGE, "offset": offset}
            found = _ask(session, f"{where.url}/instances", asked)
            yield from map(_write_path, found)
            offset += len(found)
            if not found:
                return


def load_object(where: Web, path: str, most: int) -> bytes:
    """The first bytes of an object; the rest is not waited for.

    Raises
    ------
    Unreadable
        If the service has it no more, sends no object, or answers with a fault to this alone.
    MachineFault
        If the service does not answer, or with a fault to all.
    """
    with Session() as session:
        try:
            answer = session.get(
                f"{where.url}/{path}", headers=ONE_OBJECT, stream=True, timeout=WAIT_S, allow_redirects=False
            )
            with answer:
                if answer.status_code in (404, 410):
                    raise Unreadable("the archive has the object no more", code="cannot-open")
                if answer.status_code not in (200, *BUSY) and is_there(where):
                    raise Unreadable(
                        f"the DICOMweb service answers with {answer.status_code} when asked for the object: ask whoever"
                        " runs it",
                        code="cannot-open",
                    )
                _require_answer(answer.status_code)
                return unwrap(answer.headers.get("Content-Type", ""), _read(answer, most + LONGEST_HEAD), most)
        except RequestException as error:
            raise _explain_silence(error) from error


def is_there(where: Web) -> bool:
    """Whether the service answers."""
    try:
        with Session() as session:
            _ask(session, f"{where.url}/instances", {"limit": 1})
    except MachineFault:
        return False
    return True


def _ask(session: Session, url: str, asked: dict[str, int]) -> list[dict[str, Any]]:
    try:
        answer = session.get(url, params=asked, headers=AS_JSON, timeout=WAIT_S, allow_redirects=False)
        if answer.status_code == 204:
            return []
        _require_answer(answer.status_code)
        found: list[dict[str, Any]] = answer.json()
    except (RequestException, ValueError) as error:
        raise _explain_silence(error) from error
    return found


def _require_answer(status: int) -> None:
    if status != 200:
        raise MachineFault(
            f"the DICOMweb service answers with {status}: see whether its address and your login are right"
        )


def _explain_silence(error: Exception) -> MachineFault:
    kind = type(error).__name__
    return MachineFault(f"the archive does not answer ({kind}); what was done is kept: give the same command again")


def _write_path(found: dict[str, Any]) -> str:
    """Path of an object that was found; of UIDs alone."""
    parts = []
    for level, tag in LEVELS:
        value = str((found.get(tag, {}).get("Value") or [""])[0])
        if not UID.fullmatch(value):
            raise MachineFault("the DICOMweb service lists an object without its UIDs: ask whoever runs it")
        parts.append(f"{level}/{value}")
    return "/".join(parts)


def _read(answer: Any, most: int) -> bytes:
    data = b""
    for piece in answer.iter_content(PIECE):
        data += piece
        if len(data) >= most:
            break
    return data


def unwrap(kind: str, data: bytes, most: int) -> bytes:
    """The one part of an answer of several (RFC 2046, 5.1)."""
    named = re.search(r'boundary="?([^";,]+)', kind)
    if named is None:
        return data[:most]
    mark = b"--" + named[1].encode("latin-1")
    _, opened, rest = data.partition(mark)
    _, ended, content = rest.partition(b"\r\n\r\n")
    if not (opened and ended):
        raise Unreadable("the archive sends no object", code="truncated")
    return content.rpartition(b"\r\n" + mark)[0][:most] if b"\r\n" + mark in content[-256:] else content[:most]
