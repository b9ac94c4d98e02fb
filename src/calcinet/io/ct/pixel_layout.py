"""How the pixels of a CT slice lie in its file, so that plain ones need no parser to be read again."""

from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import number
from calcinet.io.dicom.rescale import rescale_of
from calcinet.io.dicom.stored_values import Pair, ValueBits, bits_of, padding_of
from calcinet.io.dicom.transfer_syntax import PIXEL_DATA
from calcinet.text import say

BYTE_ORDER: Final[dict[str, str]] = {ImplicitVRLittleEndian: "<", ExplicitVRLittleEndian: "<", ExplicitVRBigEndian: ">"}
"""Transfer syntaxes whose pixels lie in the file as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How the pixels of a slice lie in its file."""

    frame: int | None
    """Number of the frame in a file of several, from 0."""
    shape: tuple[int, int]
    """Rows and columns."""
    bits: ValueBits
    """Which bits of a pixel hold its value."""
    slope: float
    intercept: float
    padding: Pair | None
    """Lowest and highest stored value that stand for nothing."""
    start: int | None
    """Byte of the file at which the pixels begin; None where they must be decoded."""
    dtype: str
    """Type of a plain pixel, for numpy."""
    syntax: str
    """Transfer Syntax UID."""


def shape_of(header: Dataset) -> tuple[int, int]:
    """Rows and columns; 0 where they are not stated."""
    return int(number(header, "Rows") or 0), int(number(header, "Columns") or 0)


def stored_of(header: Dataset, values: Dataset, frame: int | None) -> Stored:
    """How the pixels of a frame lie in the file; `values` holds its rescale.

    Raises
    ------
    Unreadable
        If there are fewer than the header promises, or their rescale cannot be right.
    """
    rescale = rescale_of(values)
    if not rescale.is_sound:
        message = say(
            "found a CT slice whose Rescale Slope or Rescale Intercept cannot be right (a slope of 0, or no number): "
            "Hounsfield units cannot be computed; export the series again from the archive"
        )
        raise Unreadable(message, code="ct-not-hu")
    shape = shape_of(header)
    start, dtype = _locate_pixels(header, shape, frame or 0)
    return Stored(
        frame=frame,
        shape=shape,
        bits=bits_of(header),
        slope=rescale.slope,
        intercept=rescale.intercept,
        padding=padding_of(header),
        start=start,
        dtype=dtype,
        syntax=_find_syntax(header),
    )


def _locate_pixels(header: Dataset, shape: tuple[int, int], frame: int) -> tuple[int | None, str]:
    """Where the pixels of a frame begin in the file, and their type; None where they are packed.

    Raises
    ------
    Unreadable
        If there are fewer than the header promises.
    """
    bits = int(number(header, "BitsAllocated") or 0)
    order = BYTE_ORDER.get(_find_syntax(header))
    if order is None or bits not in (8, 16, 32):
        return None, ""
    sign = "u"
    if number(header, "PixelRepresentation") == 1:
        sign = "i"
    dtype = f"{order}{sign}{bits // 8}"
    size = shape[0] * shape[1] * bits // 8
    start = _find_start(header, size * (frame + 1))
    if not start:
        return None, dtype
    return start + frame * size, dtype


def _find_start(header: Dataset, size: int) -> int:
    """Byte of the file at which the pixels of all frames begin, 0 where it is not known; there must be `size` bytes."""
    try:
        element = header.get_item(PIXEL_DATA)
        there = element is not None and isinstance(element.value, bytes) and len(element.value) >= size
    except Exception:  # a damaged representation fails in the parser
        there = False
    if not there:
        message = say("found a CT slice whose pixels are cut off or damaged: export it again from the archive")
        raise Unreadable(message, code="truncated")
    return int(getattr(element, "value_tell", 0) or getattr(element, "file_tell", 0) or 0)


def _find_syntax(header: Dataset) -> str:
    return str(getattr(getattr(header, "file_meta", None), "TransferSyntaxUID", ImplicitVRLittleEndian))
