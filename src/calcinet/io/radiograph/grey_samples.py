"""Grey films that are kept in colour: three samples a pixel, or a palette. What has colours is refused."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import number, text
from calcinet.io.dicom.lookup_table import LookupTable, read_table
from calcinet.io.dicom.transfer_syntax import LOSSY
from calcinet.text import say

COLOURED: Final = say("found a colour image; expected a grey film: export the original film")

CHANNELS: Final = ("Red", "Green", "Blue")

LEVELS: Final = 256
"""Shades that a sample of colour has in what follows; of more bits, a shade is more than one value."""

ROUNDING: Final = 1
"""Shades by which the chroma of grey differs from the middle where it was computed: half a step. Our choice."""

NOISE: Final = 8
"""Shades by which samples differ in single pixels of a grey film that was packed lossily. Our choice: letters and lines
in colour differ by ten times as much."""

TINT: Final = 1.0
"""Shades by which they may differ on average. Our choice: noise has no colour of its own, a tint has."""

LUMA: Final = (0.299, 0.587, 0.114)
"""Weights of red, green and blue, PS3.3 C.7.6.3.1.2."""


def merge_samples(samples: NDArray[Any], header: Dataset) -> NDArray[Any]:
    """The one plane of a grey film of three samples a pixel, shape (rows, columns, 3).

    Red, green and blue are alike where it is grey; luma and chroma have their chroma in the middle (PS3.3 C.7.6.3.1.2).
    Files and their streams disagree about which of both is stored: grey in either is grey.

    Raises
    ------
    Unreadable
        If the film has colours.
    """
    if samples.shape[-1] != len(CHANNELS):
        raise Unreadable(COLOURED, code="colour")
    is_lossy = _was_packed_lossily(header)
    first, second, third = np.moveaxis(samples.astype(np.int32), -1, 0)
    shade = max(1, 2 ** _count_bits(samples, header) // LEVELS)
    if _are_near(first - second, is_lossy, 0, shade) and _are_near(third - second, is_lossy, 0, shade):
        return _weigh(samples)
    middle = shade * LEVELS // 2
    if _may_be_luma(header) and all(_are_near(plane - middle, is_lossy, ROUNDING, shade) for plane in (second, third)):
        return np.ascontiguousarray(samples[..., 0])
    raise Unreadable(COLOURED, code="colour")


def look_up_greys(indices: NDArray[Any], header: Dataset) -> NDArray[Any]:
    """The greys of a film of a palette.

    Raises
    ------
    Unreadable
        If the palette is damaged, or gives a colour that the film shows.
    """
    red, green, blue = (table.look_up(indices) for table in _read_palette(indices, header))
    wide = np.stack([red, green, blue], axis=-1).astype(np.int32)
    apart = int(np.ptp(wide, axis=-1).max())
    if apart >= LEVELS or (apart and wide.max() < LEVELS):  # of words, less than a shade of bytes is seen by nobody
        raise Unreadable(COLOURED, code="colour")
    return red


def _read_palette(indices: NDArray[Any], header: Dataset) -> list[LookupTable]:
    tables = []
    for channel in CHANNELS:
        table = read_table(
            header,
            f"{channel}PaletteColorLookupTable",
            is_signed=indices.dtype.kind == "i",
            is_little=header.file_meta.TransferSyntaxUID.is_little_endian,
        )
        if table is None:
            message = say("the palette of the film is damaged or missing: export the film again, in grey")
            raise Unreadable(message, code="truncated")
        tables.append(table)
    return tables


def _count_bits(samples: NDArray[Any], header: Dataset) -> int:
    """Bits of a sample: as stated, at most those of its type."""
    stated = int(number(header, "BitsStored") or 0)
    most = 8 * samples.dtype.itemsize
    if 0 < stated <= most:
        return stated
    return most


def _was_packed_lossily(header: Dataset) -> bool:
    return text(header, "LossyImageCompression") == "01" or header.file_meta.TransferSyntaxUID in LOSSY


def _may_be_luma(header: Dataset) -> bool:
    """Whether the first sample may be luma: it is said to be, or a packed stream may have it whatever is said."""
    is_packed = header.file_meta.TransferSyntaxUID.is_encapsulated
    return is_packed or text(header, "PhotometricInterpretation").upper().startswith("YBR")


def _are_near(difference: NDArray[Any], is_lossy: bool, rounding: int, shade: int) -> bool:
    """Whether samples differ by no more than rounding does, or what a lossy packing adds without a colour."""
    most = int(np.abs(difference).max())
    if most <= rounding * shade:
        return True
    return is_lossy and most <= NOISE * shade and abs(float(difference.mean())) <= TINT * shade


def _weigh(samples: NDArray[Any]) -> NDArray[Any]:
    """Luma of red, green and blue that are nearly alike; where they are alike, what each of them is."""
    if np.array_equal(samples[..., 0], samples[..., 1]) and np.array_equal(samples[..., 0], samples[..., 2]):
        return np.ascontiguousarray(samples[..., 0])
    return np.asarray(np.rint(samples @ np.array(LUMA)).astype(samples.dtype))
