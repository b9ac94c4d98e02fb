"""What kind of file some bytes are, told from the bytes and never from the name."""

import zlib
from typing import Final, Literal

from calcinet.errors import Unreadable
from calcinet.text import say

Kind = Literal["dicom", "png", "jpeg", "tiff", "nifti", "nifti.gz", "zip", "foreign", "unknown"]

SUFFIX: Final[dict[Kind, str]] = {
    "dicom": ".dcm",
    "png": ".png",
    "jpeg": ".jpg",
    "tiff": ".tif",
    "nifti": ".nii",
    "nifti.gz": ".nii.gz",
    "zip": ".zip",
}
"""Suffix that a file keeps downstream; the others keep none."""

IMAGE_SUFFIXES: Final = frozenset({".dcm", ".dicom", ".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".nii"})
"""A file in a folder whose name ends like this was meant to be an image."""

HEAD_BYTES: Final = 1024
"""Enough of a file to tell its kind: a DICOM preamble is 128 bytes long, a NIfTI header 348, packed or not."""

NIFTI_MAGIC: Final = ((344, b"n+1\0"), (4, b"n+2\0"))
"""Where the two versions name themselves. Pairs of header and image are not read."""

READ: Final[tuple[Kind, ...]] = ("dicom", "png", "jpeg", "tiff", "nifti", "nifti.gz")
"""What holds an image that is read."""

Order = Literal["little", "big"]

_ORDERS: Final[tuple[Order, ...]] = ("little", "big")

_STARTS: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)

_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"GIF8", say("a GIF picture")),
    (b"BM", say("a BMP picture")),
    (b"RIFF", say("a WebP picture or a film")),
    (b"\0\0\0\x0cjP", say("a JPEG 2000 picture outside DICOM")),
    (b"%PDF", say("a PDF document")),
    (b"\x1f\x8b", say("a gzip archive")),
    (b"7z\xbc\xaf", say("a 7-Zip archive")),
    (b"Rar!", say("a RAR archive")),
    (b"<", say("a web page or an XML file")),
)


def kind_of(head: bytes) -> Kind:
    """Kind of the file that begins with `head` (its first `HEAD_BYTES`)."""
    if head[128:132] == b"DICM":
        return "dicom"
    if _is_nifti(head):
        return "nifti"
    if head.startswith(b"\x1f\x8b") and _is_nifti(_unpacked(head)):
        return "nifti.gz"
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if _begins_like_a_data_set(head):
        return "dicom"
    return "foreign" if _foreign_name(head) else "unknown"


def not_an_image(head: bytes) -> Unreadable:
    """The refusal of a file that is no image calcinet reads."""
    if not head:
        return Unreadable(say("the file is empty (0 bytes): copy it again from where it came"), code="empty")
    found = _foreign_name(head)
    if found:
        message = say("found {found}; expected DICOM, PNG, JPEG, TIFF or NIfTI: export the film as DICOM", found=found)
        return Unreadable(message, code="unsupported-format")
    message = say(
        "found no image: the first bytes are not those of DICOM, PNG, JPEG, TIFF or NIfTI; give the image's own file"
    )
    return Unreadable(message, code="not-an-image")


def _is_nifti(head: bytes) -> bool:
    return any(head[place : place + 4] == magic for place, magic in NIFTI_MAGIC)


def _unpacked(head: bytes) -> bytes:
    """As much of a packed file as its head gives."""
    try:
        return zlib.decompressobj(31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def _foreign_name(head: bytes) -> str:
    return next((name for start, name in _FOREIGN if head.startswith(start)), "")


def _begins_like_a_data_set(head: bytes) -> bool:
    """Whether these are DICOM elements without preamble: group 0002 or 0008 first, and a believable length or VR."""
    if len(head) < 16:
        return False
    for order in _ORDERS:
        group, element = (int.from_bytes(head[i : i + 2], order) for i in (0, 2))
        if group in (0x0002, 0x0008) and element <= 0x0100 and _plausible_length(head[4:8], order):
            return True
    return False


def _plausible_length(field: bytes, order: Order) -> bool:
    explicit = field[:2].isalpha() and field[:2].isupper()
    return explicit or 0 < int.from_bytes(field, order) < 1024
