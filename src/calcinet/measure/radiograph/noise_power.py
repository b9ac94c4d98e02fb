"""How noisy the soft tissue of a film is, by frequency: processing and compression correlate noise.

One spectrum and one standard deviation a film, correlated noise included: measures and their intervals rest on it.
`calcinet.findings.noise_map` is a local map from the highest frequencies alone, for finding.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.text import say

PATCH_SIZES_PX: Final = (64, 32)
"""Sides of the squares a spectrum is averaged over, best first. Our choice: 64 px are about a centimetre of film."""

MIN_PATCHES: Final = 6
"""With fewer squares of soft tissue there is no spectrum. Our choice: 6 x 64 x 64 periodograms give 1 % in power."""

MAX_PATCHES: Final = 256
"""Squares are thinned to about this many. Our choice: more do not sharpen the answer, they cost time."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NoisePower:
    """Radial noise power spectrum of soft tissue."""

    frequency: Floats
    """Cycles per unit length, rising, shape (N,)."""

    power: Floats
    """Value squared times unit area, shape (N,)."""

    sd: float
    """Standard deviation of the noise, in units of the pixel values."""

    patches: int
    """Squares of soft tissue it was averaged over."""

    def at(self, frequency: Floats) -> Floats:
        """Power at any frequency; the ends are carried on."""
        return np.asarray(np.interp(frequency, self.frequency, self.power), dtype=np.float64)


def noise_sd(plane: Pixels, mask: Mask) -> float:
    """Standard deviation of the noise of soft tissue, correlated noise included, in units of `plane`.

    Raises
    ------
    NotMeasurable
        As `noise_power`.
    """
    return noise_power(plane, mask).sd


def noise_power(plane: Pixels, mask: Mask, pixel: tuple[float, float] = (1.0, 1.0)) -> NoisePower:
    """Radial noise power spectrum from squares of soft tissue.

    Each square is freed of its quadratic trend and windowed; the median over squares is taken at each frequency, so
    that squares with anatomy in them do not count (for a periodogram of Gaussian noise the mean is median / ln 2).

    Parameters
    ----------
    plane
        Pixel values, shape (Y, X).
    mask
        Soft tissue, same shape.
    pixel
        Row and column distance; frequencies are per the same unit.

    Raises
    ------
    NotMeasurable
        If fewer than `MIN_PATCHES` squares of 32 px fit into the mask, or the tissue has no noise at all.
    """
    _check(plane, mask)
    side, patches = _cut_patches(plane, mask)
    window = np.outer(np.hanning(side), np.hanning(side))
    rows_mm, columns_mm = pixel
    detrended = (patches - _fit_trend(patches)) * window
    periodograms = np.abs(np.fft.fft2(detrended)) ** 2 * (rows_mm * columns_mm / (window**2).sum())
    power = np.median(periodograms, axis=0) / np.log(2)
    if power.max() <= 1e-12 * float(np.square(patches).mean()):
        raise NotMeasurable(say("the soft tissue has no noise: saturated or computer-drawn pixels"))
    sd = float(np.sqrt(power.mean() / (rows_mm * columns_mm)))
    rows, columns = np.fft.fftfreq(side, rows_mm), np.fft.fftfreq(side, columns_mm)
    frequency, radial = _average_rings(np.hypot(rows[:, None], columns[None, :]), power)
    return NoisePower(frequency=frequency, power=radial, sd=sd, patches=len(patches))


def _check(plane: Pixels, mask: Mask) -> None:
    if plane.shape != mask.shape:
        raise BadInput(f"mask {mask.shape} must match plane {plane.shape}")
    if not mask.any():
        raise NotMeasurable(say("no soft tissue to measure the noise on"))


def _cut_patches(plane: Pixels, mask: Mask) -> tuple[int, Floats]:
    """Squares wholly inside the mask, half overlapping, of the largest size that there are enough of."""
    for side in PATCH_SIZES_PX:
        corners = _find_corners(mask, side)
        if len(corners) >= MIN_PATCHES:
            few = corners[:: -(-len(corners) // MAX_PATCHES)]
            patches = [plane[row : row + side, column : column + side] for row, column in few]
            return side, np.stack(patches).astype(np.float64)
    raise NotMeasurable(
        say(
            "needs {least} squares of {side} px of soft tissue to measure the noise on",
            least=MIN_PATCHES,
            side=PATCH_SIZES_PX[-1],
        )
    )


def _find_corners(mask: Mask, side: int) -> Indices:
    """Upper left corners of the squares of one size that are wholly inside the mask, shape (N, 2)."""
    total = cv2.integral(mask.astype(np.uint8))
    top, bottom = slice(0, -side, side // 2), slice(side, None, side // 2)
    inside = total[bottom, bottom] - total[top, bottom] - total[bottom, top] + total[top, top]
    return np.argwhere(inside == side**2) * (side // 2)


def _fit_trend(patches: Floats) -> Floats:
    """Least-squares quadratic surface of each square."""
    side = patches.shape[1]
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].reshape(2, -1)
    basis, _ = np.linalg.qr(np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=1))
    flat = patches.reshape(len(patches), -1)
    return np.asarray((flat @ basis @ basis.T).reshape(patches.shape))


def _average_rings(distance: Floats, power: Floats) -> tuple[Floats, Floats]:
    """Frequency and mean power of rings of equal width up to the Nyquist frequency, the trend's own left out."""
    side = len(distance)
    edges = np.linspace(0, min(distance[side // 2, 0], distance[0, side // 2]), side // 2)
    ring = np.digitize(distance.ravel(), edges)
    count = np.bincount(ring, minlength=len(edges) + 1)
    total = np.bincount(ring, power.ravel(), minlength=len(edges) + 1)
    use = np.flatnonzero(count[:-1])[2:]
    return (edges[use - 1] + edges[use]) / 2, total[use] / count[use]
