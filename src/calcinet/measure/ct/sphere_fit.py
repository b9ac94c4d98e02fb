"""A ball fitted to a compact part of calcium as it is seen along the body, where slices of any thickness add up."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage, optimize

from calcinet.arrays import Floats

SAMPLES: Final = 3
"""Points along each side of a pixel of the model. Our choice: a chord's edge is then known to a sixth of a pixel."""

BLUR_SD_MM: Final = 0.15
"""How far blur may lie from what is given. Our choice: weak, for small parts say little of it."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A ball whose chords fit what is seen along the body."""

    radius_mm: float
    blur_mm: float

    @property
    def volume_mm3(self) -> float:
        """Of the ball."""
        return 4 / 3 * np.pi * self.radius_mm**3


def fitted_ball(seen: Floats, pixel: tuple[float, float], blur_mm: float) -> Ball:
    """Fit the chords of a ball.

    Parameters
    ----------
    seen
        Brightness above tissue summed along the body, in HU times mm, shape (Y, X).
    pixel
        Distance of rows and of columns in mm.
    blur_mm
        Standard deviation of blur within slices that is expected.
    """
    size = seen.shape
    weight = np.maximum(seen, 0) / max(float(np.maximum(seen, 0).sum()), 1e-9)
    centre = [float((weight.sum(axis=1 - k) * (np.arange(size[k]) + 0.5)).sum()) * pixel[k] for k in (0, 1)]
    peak = max(float(seen.max()), 1e-6)
    area = float((seen > peak / 2).sum()) * pixel[0] * pixel[1]
    radius = max(0.3, float(np.sqrt(area / np.pi / 0.75)))

    def away(values: Floats) -> Floats:
        y, x, r, blur, height = values
        model = height * peak / (2 * radius) * _chords(size, pixel, np.array([y, x]), r, blur)
        prior = (blur - blur_mm) / BLUR_SD_MM * 0.05
        return np.append(((model - seen) / peak).ravel(), prior)

    low = [centre[0] - 2, centre[1] - 2, 0.3, 0.1, 0.05]
    high = [centre[0] + 2, centre[1] + 2, 3 * radius + 1, 1.5, 20.0]
    start = [*centre, radius, float(np.clip(blur_mm, 0.15, 1.4)), 1.0]
    best = optimize.least_squares(away, start, bounds=(low, high), diff_step=[1e-3] * 5, max_nfev=25)
    return Ball(float(best.x[2]), float(best.x[3]))


def _chords(size: tuple[int, ...], pixel: tuple[float, float], centre: Floats, radius: float, blur: float) -> Floats:
    """Lengths of a ball's chords in mm, blurred, shape `size`."""
    y, x = ((np.arange(n * SAMPLES) + 0.5) / SAMPLES * mm - c for n, mm, c in zip(size, pixel, centre, strict=True))
    inside = np.maximum(radius**2 - y[:, None] ** 2 - x[None, :] ** 2, 0)
    chords = 2 * np.sqrt(inside).reshape(size[0], SAMPLES, size[1], SAMPLES).mean(axis=(1, 3))
    return np.asarray(ndimage.gaussian_filter(chords, [blur / mm for mm in pixel]))


def reached(ball: Ball, spacing: tuple[float, float, float], brightest: int) -> float:
    """Share of its own brightness that a ball shows in the mean of its brightest voxels.

    Parameters
    ----------
    ball
        As it was fitted.
    spacing
        Of voxels along (Z, Y, X) in mm.
    brightest
        How many voxels are averaged.
    """
    half = [int(np.ceil((ball.radius_mm + 2) / mm)) for mm in spacing]
    z, y, x = (
        (np.arange((2 * n + 1) * SAMPLES) + 0.5) / SAMPLES * mm - (n + 0.5) * mm
        for n, mm in zip(half, spacing, strict=True)
    )
    inside = z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None] ** 2 <= ball.radius_mm**2
    shape = [2 * n + 1 for n in half]
    share = inside.reshape(shape[0], SAMPLES, shape[1], SAMPLES, shape[2], SAMPLES).mean(axis=(1, 3, 5))
    seen = ndimage.gaussian_filter(share, [0, ball.blur_mm / spacing[1], ball.blur_mm / spacing[2]])
    return float(np.clip(np.sort(seen, axis=None)[-brightest:].mean(), 0.2, 1.0))
