"""Which bits of a pixel's cell hold its value, whatever lies in the others (PS3.5 8.1.1)."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.arrays import Mask
from calcinet.errors import Unreadable
from calcinet.io.dicom.header import OVERLAY_BIT_POSITION, number, overlay_keys
from calcinet.text import say

WHOLE_CELLS: Final = (1, 8, 16, 32, 64)
"""Bits Allocated that are read: the standard has 1 and multiples of 8 (PS3.5 8.1.1), of which no image uses others."""

FLOATING: Final = ("FloatPixelData", "DoubleFloatPixelData")
"""Where pixels that are no integers stand, PS3.3 C.7.6.24 and C.7.6.25: in maps that were computed."""

WRONG_BITS: Final = say(
    "the header is wrong about the bits that hold a pixel (Bits Stored, High Bit): the values were taken as they are "
    "stored"
)

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ValueBits:
    """Which bits of a cell hold the value, as the header has it."""

    stored: int
    """Bits Stored; 0 where the header does not say."""
    high: int
    """High Bit, from 0."""
    has_overlay: bool = False
    """Whether an old overlay lies in the other bits."""


def require_integers(header: Dataset) -> None:
    """Refuse pixels that are floating point numbers, or packed without regard to bytes.

    Raises
    ------
    Unreadable
        If they are.
    """
    if any(keyword in header for keyword in FLOATING):
        message = say(
            "found pixels that are floating point numbers, as in a map that was computed; expected the stored values "
            "of an image: give the image as it was taken"
        )
        raise Unreadable(message, code="float-pixels")
    bits = number(header, "BitsAllocated")
    if bits is not None and bits not in WHOLE_CELLS:
        message = say(
            "found pixels of {bits:g} bits (Bits Allocated); expected 8, 16 or 32: export the image again", bits=bits
        )
        raise Unreadable(message, code="unsupported-pixels")


def bits_of(header: Dataset) -> ValueBits:
    """Which bits of a cell hold the value; High Bit is the last of those stored where the header does not say."""
    stored = int(number(header, "BitsStored") or 0)
    high = number(header, "HighBit")
    if high is None or high + 1 < stored:
        high = stored - 1
    has_overlay = any(number(header, key) for key in overlay_keys(header, OVERLAY_BIT_POSITION))
    return ValueBits(stored, int(high), has_overlay)


def values_of(cells: NDArray[Any], bits: ValueBits) -> tuple[NDArray[Any], bool]:
    """The values in cells, and whether the header is wrong about their bits.

    Bits beyond those stored may hold an overlay or anything else and are dropped, the sign is that of the highest bit
    stored. Files that store more bits than they say are told from those by their greys: dropping bits of a value tears
    the picture, dropping others mends it. What differs less from pixel to pixel is therefore right, and where both
    differ as much, the header.
    """
    room = 8 * cells.dtype.itemsize
    if cells.dtype.kind not in "iu" or not 0 < bits.stored < room:
        return cells, False
    low = bits.high + 1 - bits.stored
    if 0 < low <= room - bits.stored and _has_gap_below(cells, bits.stored, low):
        return _take_bits(cells, bits.stored, bits.high), False
    if not _exceeds(cells, bits.stored):
        return cells, low > 0
    values = _take_bits(cells, bits.stored, bits.stored - 1)
    if bits.has_overlay or _sum_steps(values) <= _sum_steps(cells):
        return values, False
    return cells, True


def padding_of(header: Dataset) -> Pair | None:
    """Lowest and highest stored value that stand for nothing; None where the header names none.

    Written without regard to the sign of the pixels, they are brought to it.
    """
    padding = _read_limit(header, "PixelPaddingValue")
    if padding is None:
        return None
    limit = _read_limit(header, "PixelPaddingRangeLimit")
    if limit is None:
        limit = padding
    return min(padding, limit), max(padding, limit)


def find_padding(cells: NDArray[Any], values: NDArray[Any], padding: Pair) -> Mask:
    """Pixels that stand for nothing: padding fills whole cells, or the bits of the value alone."""
    low, high = padding
    found: Mask = (values >= low) & (values <= high)
    if values is not cells:
        found |= (cells >= low) & (cells <= high)
    return found


def _read_limit(header: Dataset, keyword: str) -> float | None:
    value = number(header, keyword)
    cell = 2.0 ** (number(header, "BitsAllocated") or 16)
    if value is None:
        return None
    is_signed = number(header, "PixelRepresentation") == 1
    if is_signed and value >= cell / 2:
        return value - cell
    if not is_signed and value < 0:
        return value + cell
    return value


def _has_gap_below(cells: NDArray[Any], stored: int, low: int) -> bool:
    """Whether values begin at bit `low`: nothing lies below it, or more above than the sign of values from bit 0."""
    below = (1 << low) - 1
    if not (cells & below).any():
        return True
    above = cells.view(f"u{cells.dtype.itemsize}") >> stored
    return bool(above.any()) and _exceeds(cells, stored)


def _take_bits(cells: NDArray[Any], stored: int, high: int) -> NDArray[Any]:
    """The bits of a value, those up to `high`, with its sign."""
    room = 8 * cells.dtype.itemsize
    return np.asarray((cells << (room - 1 - high)) >> (room - stored))


def _exceeds(cells: NDArray[Any], stored: int) -> bool:
    """Whether some cell holds more than a value of so many bits."""
    low, high = -(2 ** (stored - 1)), 2 ** (stored - 1) - 1
    if cells.dtype.kind == "u":
        low, high = 0, 2**stored - 1
    return bool(cells.max() > high or cells.min() < low)


def _sum_steps(values: NDArray[Any]) -> float:
    """How much values differ along rows, summed up."""
    return float(np.abs(np.diff(values.astype(np.float64), axis=-1)).sum())
