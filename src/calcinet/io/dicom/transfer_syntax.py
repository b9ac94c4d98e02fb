"""How the pixels of a file are packed, as it says itself or as its bytes show where it does not say, or wrongly."""

from typing import Any, Final

from pydicom import config
from pydicom.dataset import FileDataset
from pydicom.tag import Tag
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    JPEG2000MC,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEG2000MCLossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

PIXEL_DATA: Final = Tag(0x7FE0, 0x0010)

PLAIN: Final[frozenset[str]] = frozenset(
    {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
)
"""Pixels stored plainly, PS3.5 annex A."""

ITEM: Final = b"\xfe\xff\x00\xe0"
"""Tag before each fragment of packed pixels, PS3.5 A.4."""

JPEG_FRAMES: Final[dict[int, tuple[UID, ...]]] = {
    0xC0: (JPEGBaseline8Bit, JPEGExtended12Bit),
    0xC1: (JPEGExtended12Bit,),
    0xC3: (JPEGLossless, JPEGLosslessSV1),
    0xF7: (JPEGLSLossless, JPEGLSNearLossless),
}
"""Marker that begins the frame header of a JPEG stream (ISO 10918-1 table B.1, ISO 14495-1 C.1.1), and the syntaxes
that hold such streams; the first where the file names none of them."""

JPEG_2000: Final[tuple[UID, ...]] = (
    *(JPEG2000, JPEG2000Lossless, JPEG2000MC, JPEG2000MCLossless, HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL),
)
"""Syntaxes of streams that begin as ISO 15444-1 A.4.1 has it."""

LOSSY: Final[frozenset[str]] = frozenset(
    {JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000, JPEG2000MC, HTJ2K}
)
"""Syntaxes that may lose something."""

RLE_HEADER_BYTES: Final = 64
"""Header of a run-length frame: the number of its segments and where each begins, PS3.5 G.5."""


def settle_syntax(header: FileDataset) -> None:
    """State in the file meta information how the pixels are packed, where it is not stated or cannot be true.

    What is stated is believed where the bytes of the pixels agree: plain pixels are one value of known length, packed
    ones are items that hold streams which name their kind themselves. A file that says nothing is read as its elements
    are written.
    """
    stated = _read_stated(header)
    stream = _find_stream(header, stated)
    possible: tuple[UID, ...] = ()
    if stream is not None:
        possible = recognise_stream(stream)
    elif stated not in PLAIN:
        possible = (_name_encoding(header),)
    if possible and stated not in possible:
        stated = possible[0]
    header.file_meta.TransferSyntaxUID = stated or _name_encoding(header)


def _read_stated(header: FileDataset) -> UID | None:
    """What the file meta information states, of whatever kind its element is; None where that is no text."""
    stated = header.file_meta.get("TransferSyntaxUID")
    if not isinstance(stated, str) or not stated:
        return None
    return UID(stated, validation_mode=config.IGNORE)


def recognise_stream(stream: bytes) -> tuple[UID, ...]:
    """Transfer syntaxes that hold streams which begin like this one, the likeliest first; none where it is unknown."""
    if stream.startswith(b"\xff\x4f\xff\x51"):
        return JPEG_2000
    if stream.startswith(b"\xff\xd8"):
        return JPEG_FRAMES.get(read_frame_header(stream)[0], ())
    if _is_run_length(stream):
        return (RLELossless,)
    return ()


def read_frame_header(stream: bytes) -> tuple[int, int, int]:
    """Marker, bits of a sample, and number of components of a JPEG stream; zeros where it has no frame header."""
    place = 2
    while place + 10 <= len(stream) and stream[place] == 0xFF:
        marker = stream[place + 1]
        if marker in JPEG_FRAMES or marker == 0xC2:
            return marker, stream[place + 4], stream[place + 9]
        place += 2
        if 0xD0 <= marker <= 0xD9 or marker in (0x01, 0xFF):  # has no length
            place -= marker == 0xFF
            continue
        place += int.from_bytes(stream[place : place + 2], "big")
    return 0, 0, 0


def first_stream(value: bytes) -> bytes:
    """The first fragment of packed pixels, and what follows it; the item before it tells where frames begin."""
    start = 16 + int.from_bytes(value[4:8], "little")
    return value[start:]


def _find_stream(header: FileDataset, stated: str | None) -> bytes | None:
    """The first stream of packed pixels; None where they are plain, or not there."""
    try:
        element: Any = header.get_item(PIXEL_DATA)
        value = element.value
    except Exception:  # a damaged representation fails in the parser; the decoder says so
        return None
    if not isinstance(value, bytes) or not value.startswith(ITEM):
        return None
    has_length = getattr(element, "length", 0) != 0xFFFFFFFF and not getattr(element, "is_undefined_length", False)
    if has_length and stated in PLAIN:
        return None
    return first_stream(value)


def _name_encoding(header: FileDataset) -> UID:
    """The plain syntax that the elements of a data set are written in."""
    is_implicit, is_little = header.original_encoding
    if is_implicit:
        return ImplicitVRLittleEndian
    if not is_little:
        return ExplicitVRBigEndian
    return ExplicitVRLittleEndian


def _is_run_length(stream: bytes) -> bool:
    """Whether a stream begins with a count of segments, the first of which follows the header."""
    count = int.from_bytes(stream[:4], "little")
    first = int.from_bytes(stream[4:8], "little")
    return 1 <= count <= 15 and first == RLE_HEADER_BYTES
