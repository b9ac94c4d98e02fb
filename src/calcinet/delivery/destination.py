"""Where objects go: a DICOM node, or a DICOMweb service."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from calcinet.errors import BadInput

TITLE: Final = re.compile(r"[ -\[\]-~]{1,16}")
"""An application entity title: at most 16 printable characters, no backslash (PS3.5 6.2, AE)."""

OWN_TITLE: Final = "CALCINET"
"""The application entity title that we call ourselves by."""

HOW: Final = (
    "give dicom://TITLE@host:port for a DICOM node, or the address of a DICOMweb service, http(s)://host/dicom-web"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A DICOM node that takes C-STORE."""

    called: str
    host: str
    port: int
    calling: str = OWN_TITLE

    def __str__(self) -> str:
        address = f"dicom://{self.called}@{self.host}:{self.port}"
        if self.calling == OWN_TITLE:
            return address
        return f"{address}?calling={self.calling}"


@dataclass(frozen=True, slots=True)
class Web:
    """A DICOMweb service that takes STOW-RS; a login comes from ~/.netrc."""

    url: str

    def __str__(self) -> str:
        return self.url


Destination = Node | Web


def destination(given: str) -> Destination:
    """Read where objects go.

    >>> destination("dicom://ORTHANC@localhost:4242")
    Node(called='ORTHANC', host='localhost', port=4242, calling='CALCINET')
    >>> str(destination("http://localhost:8042/dicom-web/"))
    'http://localhost:8042/dicom-web'

    Raises
    ------
    BadInput
        If it is neither; a password is never repeated.
    """
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise BadInput(f"no destination: {HOW}") from None
    if parts.scheme in ("http", "https") and parts.hostname:
        if parts.username or parts.password:
            raise BadInput("a login does not belong into the address, where it would be kept: put it into ~/.netrc")
        return Web(given.rstrip("/"))
    if parts.scheme == "dicom":
        return _parse_node(parts, port)
    if parts.scheme:
        raise BadInput(f"nothing is delivered by {parts.scheme}: {HOW}")
    raise BadInput(f"no destination: {HOW}")


def _parse_node(parts: SplitResult, port: int | None) -> Node:
    calling = parse_qs(parts.query).get("calling", [OWN_TITLE])[0]
    called = parts.netloc.rpartition("@")[0]  # as given: a title knows upper and lower case
    if not parts.hostname or not port or not TITLE.fullmatch(called) or not TITLE.fullmatch(calling):
        raise BadInput(f"a DICOM node needs its title (at most 16 letters), host and port: {HOW}")
    return Node(called=called, host=parts.hostname, port=port, calling=calling)


def folder_name(where: Destination) -> str:
    """Name the folder of a destination: the same for the same address."""
    return hashlib.sha256(str(where).encode()).hexdigest()[:16]
