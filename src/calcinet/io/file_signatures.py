"""How the first bytes of a file tell its format; its name is never believed."""

import zlib
from typing import Final, Literal

from calcinet.errors import Unreadable
from calcinet.text import say

HEAD_BYTES: Final = 1024
"""Enough of a file to tell its format: a DICOM preamble is 128 bytes long, a NIfTI header 348, packed or not."""

DICOM_MAGIC: Final = b"DICM"
"""After the preamble, PS3.10 7.1."""

PREAMBLE_BYTES: Final = 128

NIFTI_MAGIC: Final = ((344, b"n+1\0"), (4, b"n+2\0"))
"""Where the two versions name themselves. Pairs of header and image are not read."""

GZIP: Final = b"\x1f\x8b"

GZIP_WINDOW_BITS: Final = 31
"""Tells zlib that a gzip header comes first."""

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""Of an archive with members and of an empty one."""

FIRST_GROUPS: Final = (0x0002, 0x0008)
"""Groups that a data set without preamble may begin with: file meta information, identification."""

COMMAND_GROUPS: Final = (b"\0\0\0\0\4\0\0\0", b"\0\0\0\0UL\4\0")
"""How the command of a transfer begins that was saved before its data set: with the length of its group (PS3.7 E.1)."""

LAST_FIRST_ELEMENT: Final = 0x0100
"""Highest element that such a data set may begin with. Our choice."""

LONGEST_FIRST_VALUE: Final = 1024
"""Bytes that its first value stays below. Our choice."""

ByteOrder = Literal["little", "big"]

BYTE_ORDERS: Final[tuple[ByteOrder, ...]] = ("little", "big")

FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"GIF8", say("a GIF picture")),
    (b"BM", say("a BMP picture")),
    (b"RIFF", say("a WebP picture or a film")),
    (b"\0\0\0\x0cjP", say("a JPEG 2000 picture outside DICOM")),
    (b"%PDF", say("a PDF document")),
    (GZIP, say("a gzip archive")),
    (b"7z\xbc\xaf", say("a 7-Zip archive")),
    (b"Rar!", say("a RAR archive")),
    (b"<", say("a web page or an XML file")),
)
"""Formats that are recognised in order to be named in the refusal."""


def is_dicom(head: bytes) -> bool:
    """Whether a file has the preamble of DICOM."""
    return head[PREAMBLE_BYTES : PREAMBLE_BYTES + len(DICOM_MAGIC)] == DICOM_MAGIC


def may_be_dicom(head: bytes) -> bool:
    """Whether a file may be a DICOM data set without preamble: its first element has a believable tag and length.

    A preamble may be there without the word after it, empty.
    """
    if head.startswith(bytes(PREAMBLE_BYTES)):
        head = head[PREAMBLE_BYTES:]
    if len(head) < 16:
        return False
    return head.startswith(COMMAND_GROUPS) or any(_has_first_element(head, order) for order in BYTE_ORDERS)


def is_nifti(head: bytes) -> bool:
    """Whether a file holds a NIfTI header and its volume."""
    return any(head[start : start + len(magic)] == magic for start, magic in NIFTI_MAGIC)


def is_packed_nifti(head: bytes) -> bool:
    """Whether a file is a NIfTI file packed by gzip."""
    return head.startswith(GZIP) and is_nifti(_unpack(head))


def is_png(head: bytes) -> bool:
    """Whether a file is a PNG picture."""
    return head.startswith(b"\x89PNG\r\n\x1a\n")


def is_jpeg(head: bytes) -> bool:
    """Whether a file is a JPEG picture."""
    return head.startswith(b"\xff\xd8\xff")


def is_tiff(head: bytes) -> bool:
    """Whether a file is a TIFF picture, in either byte order, or a BigTIFF."""
    return head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"))


def is_zip(head: bytes) -> bool:
    """Whether a file is a zip."""
    return head.startswith(ZIP)


def not_an_image(head: bytes) -> Unreadable:
    """The refusal of a file that is no image calcinet reads."""
    if not head:
        return Unreadable(say("the file is empty (0 bytes): copy it again from where it came"), code="empty")
    found = _name_foreign(head)
    if found:
        message = say("found {found}; expected DICOM, PNG, JPEG, TIFF or NIfTI: export the film as DICOM", found=found)
        return Unreadable(message, code="unsupported-format")
    message = say(
        "found no image: the first bytes are not those of DICOM, PNG, JPEG, TIFF or NIfTI; give the image's own file"
    )
    return Unreadable(message, code="not-an-image")


def _unpack(head: bytes) -> bytes:
    """As much of a packed file as its head gives."""
    try:
        return zlib.decompressobj(GZIP_WINDOW_BITS).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def _name_foreign(head: bytes) -> str:
    for start, name in FOREIGN:
        if head.startswith(start):
            return name
    return ""


def _has_first_element(head: bytes, order: ByteOrder) -> bool:
    group = int.from_bytes(head[0:2], order)
    element = int.from_bytes(head[2:4], order)
    has_tag = group in FIRST_GROUPS and element <= LAST_FIRST_ELEMENT
    return has_tag and _has_plausible_length(head[4:8], order)


def _has_plausible_length(field: bytes, order: ByteOrder) -> bool:
    is_explicit = field[:2].isalpha() and field[:2].isupper()
    return is_explicit or 0 < int.from_bytes(field, order) < LONGEST_FIRST_VALUE
