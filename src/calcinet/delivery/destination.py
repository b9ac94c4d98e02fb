"""Where objects go: a DICOM node, or a DICOMweb service."""

import hashlib
import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from calcinet.errors import BadInput

TITLE: Final = re.compile(r"[ -9;-?A-\[\]-~]{1,16}")
"""An application entity title: at most 16 printable characters, no backslash (PS3.5 6.2, AE); neither @ nor colon,
which part a name from a password in an address.
"""

LONGEST: Final = 512
"""Letters of an address. Our choice: no service has a longer one, and a longer one is hardly an address."""

HOST: Final = re.compile(r"(?!.{254})[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_-]{1,63})*\.?")
"""A name of a host as the name service has it (RFC 1035 2.3.4), or four numbers."""

OWN_TITLE: Final = "CALCINET"
"""The application entity title that we call ourselves by."""

PLAIN: Final = "dicom"
OVER_TLS: Final = "dicoms"
"""How addresses of DICOM nodes begin, after the manner of http and https."""

HOW: Final = "give dicom://TITLE@host:port for a DICOM node (dicoms:// over TLS), or the address of a DICOMweb service, http(s)://host/dicom-web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A DICOM node that takes C-STORE."""

    called: str
    host: str
    port: int
    calling: str = OWN_TITLE
    secret: bool = False
    """Whether it is spoken to over TLS."""

    def __str__(self) -> str:
        scheme = OVER_TLS if self.secret else PLAIN
        address = f"{scheme}://{quote(self.called)}@{_write_host(self.host)}:{self.port}"
        if self.calling == OWN_TITLE:
            return address
        return f"{address}?calling={quote(self.calling)}"


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
        If it is neither, or holds what may be a secret: an address is kept in the outbox and shown. Nothing of what was
        given is repeated.
    """
    _require_plain(given)
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise BadInput(f"no destination: {HOW}") from None
    if parts.fragment:
        raise BadInput(f"the address has a part behind #, which no receiver sees: {HOW}")
    if parts.scheme in ("http", "https"):
        return _parse_web(given, parts, port)
    if parts.scheme in (PLAIN, OVER_TLS):
        return _parse_node(parts, port)
    if parts.scheme:
        raise BadInput(f"nothing is delivered by that way: {HOW}")
    raise BadInput(f"no destination: {HOW}")


def _require_plain(given: str) -> None:
    """Refuse what no address is written with."""
    if len(given) > LONGEST:
        raise BadInput(f"the address has more than {LONGEST} letters: {HOW}")
    if not given.isascii():
        raise BadInput(
            "the address holds letters beyond ASCII, and such can look like others: write the host as the name service"
            " has it (xn--...), and other parts with %"
        )
    if not given.isprintable() or " " in given or "\\" in given:
        raise BadInput(
            f"the address holds a blank, a backslash or a control character: {HOW}; a blank in a title is written %20"
        )


def _parse_web(given: str, parts: SplitResult, port: int | None) -> Web:
    if "@" in parts.netloc:
        raise BadInput("a login does not belong into the address, where it would be kept: put it into ~/.netrc")
    if "?" in given or ";" in given:
        raise BadInput(
            "the address of a DICOMweb service has no part behind ? or ;, and a token there would be kept: leave it"
            " out, and put a login into ~/.netrc"
        )
    if not _is_host(parts.hostname) or port == 0:
        raise BadInput(f"no destination: {HOW}")
    return Web(given.rstrip("/"))


def _parse_node(parts: SplitResult, port: int | None) -> Node:
    called, _, _ = parts.netloc.rpartition("@")  # as given: a title knows upper and lower case
    if ":" in called or "@" in called:
        raise BadInput(
            "a DICOM node takes no password, and one in the address would be kept: give its title alone,"
            " dicom://TITLE@host:port"
        )
    told = parse_qs(parts.query, keep_blank_values=True)
    if parts.path.strip("/") or told.keys() - {"calling"} or len(told.get("calling", [""])) != 1:
        raise BadInput(
            "behind the port of a DICOM node nothing but ?calling=TITLE is known, and a token there would be kept:"
            f" leave it out; {HOW}"
        )
    titles = unquote(called), told.get("calling", [OWN_TITLE])[0]
    if not _is_host(parts.hostname) or not port or not all(_is_title(title) for title in titles):
        raise BadInput(f"a DICOM node needs its title (at most 16 letters), host and port: {HOW}")
    return Node(
        called=titles[0], host=str(parts.hostname), port=port, calling=titles[1], secret=parts.scheme == OVER_TLS
    )


def _is_title(title: str) -> bool:
    return bool(TITLE.fullmatch(title) and title.strip())


def _is_host(host: str | None) -> bool:
    """Whether it is a name or a number that a network knows."""
    if host is None:
        return False
    if ":" in host:
        return _is_address_6(host)
    return bool(HOST.fullmatch(host))


def _is_address_6(host: str) -> bool:
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True


def _write_host(host: str) -> str:
    """A number of IPv6 in brackets, as addresses have it."""
    if ":" in host:
        return f"[{host}]"
    return host


def folder_name(where: Destination) -> str:
    """Name the folder of a destination: the same for the same address."""
    return hashlib.sha256(str(where).encode()).hexdigest()[:16]
