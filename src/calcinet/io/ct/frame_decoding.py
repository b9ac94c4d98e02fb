"""From the stored pixels of a CT slice to its HU."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import Unreadable
from calcinet.io.ct.hounsfield_check import PADDING_ABOVE_HU, PADDING_BELOW_HU, without_padding
from calcinet.io.ct.pixel_layout import Stored
from calcinet.io.dicom.codecs import stored_pixels
from calcinet.io.dicom.header import parse
from calcinet.io.dicom.stored_values import WRONG_BITS, find_padding, values_of
from calcinet.text import say


class Frames:
    """The stored pixels of one file; packed ones are unpacked once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._unpacked: NDArray[Any] | None = None

    def of(self, stored: Stored) -> NDArray[Any]:
        """Pixels of one slice, shape (rows, columns)."""
        if stored.start is not None:
            size = stored.shape[0] * stored.shape[1]
            return np.frombuffer(self.data, stored.dtype, size, stored.start).reshape(stored.shape)
        if self._unpacked is None:
            self._unpacked = stored_pixels(parse(self.data), self.data)
        pixels = self._unpacked
        if pixels.ndim != 2:
            pixels = pixels[stored.frame or 0]
        if pixels.shape != stored.shape:
            raise Unreadable(say("the pixels do not fit the header: export the series again"), code="truncated")
        return pixels


def put_hu(stored: Stored, frames: Frames, out: Pixels) -> tuple[str, ...]:
    """Write the HU of one slice; what is doubtful about them comes back."""
    cells = frames.of(stored)
    values, is_wrong = values_of(cells, stored.bits)
    hu = values.astype(np.float32)
    if (stored.slope, stored.intercept) != (1.0, 0.0):
        hu *= np.float32(stored.slope)
        hu += np.float32(stored.intercept)
    without_padding(hu, _pad_frame(cells, values, stored))
    out[...] = hu
    if is_wrong:
        return (WRONG_BITS,)
    return ()


def _pad_frame(cells: NDArray[Any], values: NDArray[Any], stored: Stored) -> Mask | None:
    """Pixels that the header declares void; None where it declares none, or names values of tissue."""
    if stored.padding is None:
        return None
    low, high = stored.padding
    ends = (low * stored.slope + stored.intercept, high * stored.slope + stored.intercept)
    if max(ends) > PADDING_BELOW_HU and min(ends) <= PADDING_ABOVE_HU:
        return None
    return find_padding(cells, values, stored.padding)
