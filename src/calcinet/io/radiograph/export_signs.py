"""By what a picture is known to be an export of a film and not the film itself: a copy for a screen, perhaps shrunk."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.text import Text, say

SCREEN_SIDES: Final = frozenset(
    {720, 768, 800, 900, 1024, 1050, 1080, 1200, 1280, 1366, 1440, 1600, 1920, 2160, 2400, 2560, 3840}
)
"""Rows and columns of the common screens of computers and telephones. Our choice: 2048 is left out, as plates have it,
too."""

EXPORT_BITS: Final = 8
"""Bits of a sample of what is made for a screen; detectors give 10 to 16."""

NEAR_PX: Final = 1
FAR_PX: Final = 3
"""Distances over which greys are compared: noise of neighbours and noise of pixels that share nothing."""

ENLARGED_BELOW: Final = 0.28
"""Noise between neighbours over that of pixels farther apart, below which a picture was enlarged. Our choice: of 45
open films as they are the lowest has 0.3, most 0.5 to 1; enlarged twofold, 0.14 to 0.36 where noise is seen. White
noise has 0.33 twofold and 0.21 two and a half times: less is not noticed."""

LEAST_NOISE: Final = 4.0
"""Grey levels of noise below which the rounding of the greys hides how neighbours go together. Our choice."""

BLOCK_PX: Final = 32
"""Side of the squares whose noise is measured one by one. Our choice: most hold no edge."""

MAD_TO_SD: Final = 1.4826
"""Standard deviation over the median absolute deviation of normal noise."""


def export_signs(plane: Pixels, *, name: str, bits: int) -> tuple[Text, ...]:
    """List what speaks for an export; the first holds for every picture without a header.

    Parameters
    ----------
    plane
        Shape (rows, columns).
    name
        Format of the file: JPEG, PNG, TIFF.
    bits
        Bits of a sample.
    """
    signs = [say("no DICOM header")]
    if bits <= EXPORT_BITS:
        signs.append(say("{bits} bits a pixel", bits=bits))
    if name == "JPEG":
        signs.append(say("JPEG"))
    sides = [side for side in plane.shape if side in SCREEN_SIDES]
    if sides:
        signs.append(say("a side of {count} pixels, as a screen has", count=max(sides)))
    if is_enlarged(plane):
        signs.append(say("neighbouring pixels alike, as after enlarging"))
    return tuple(signs)


def is_enlarged(plane: Pixels) -> bool:
    """Whether noise goes together between neighbours as it does where pixels were put in between.

    The second difference x(i - k) - 2 x(i) + x(i + k) leaves out what changes slowly. Of noise without correlation its
    spread is the same at every distance k; between pixels that were interpolated it is small at k = 1.
    """
    near = measure_noise(plane, NEAR_PX)
    far = measure_noise(plane, FAR_PX)
    return far >= LEAST_NOISE and near < ENLARGED_BELOW * far


def measure_noise(plane: Pixels, distance_px: int) -> float:
    """Typical standard deviation of second differences along rows and columns; 0 of a picture too small to tell."""
    spreads = [_measure_along_rows(plane, distance_px), _measure_along_rows(plane.T, distance_px)]
    return float(np.mean(spreads))


def _measure_along_rows(plane: Pixels, distance_px: int) -> float:
    """Median over blocks; those without any noise, as burnt-out air, are left out."""
    middle = plane[2 * distance_px :] - 2 * plane[distance_px:-distance_px] + plane[: -2 * distance_px]
    down, across = middle.shape[0] // BLOCK_PX, middle.shape[1] // BLOCK_PX
    if not down or not across:
        return 0.0
    cut = middle[: down * BLOCK_PX, : across * BLOCK_PX]
    blocks = cut.reshape(down, BLOCK_PX, across, BLOCK_PX).swapaxes(1, 2).reshape(down * across, -1)
    centred = np.abs(blocks - np.median(blocks, axis=1, keepdims=True))
    spread: Floats = MAD_TO_SD * np.median(centred, axis=1)
    noisy = spread[spread > 0]
    if not noisy.size:
        return 0.0
    return float(np.median(noisy))
