"""A ball fitted to a compact part of calcium as it is seen along the body, where slices of any thickness add up.

The brightness summed along the body is height 2 sqrt(R^2 - y^2 - x^2), blurred by a Gaussian within slices.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage, optimize

from calcinet.arrays import Floats

SAMPLES: Final = 3
"""Points along each side of a pixel of the model. Our choice: a chord's edge is then known to a sixth of a pixel."""

BLUR_SD_MM: Final = 0.15
"""Sd of the blur about the given one. Our choice: weak, for small parts say little of it."""

PRIOR_WEIGHT: Final = 0.05
"""One `BLUR_SD_MM` off counts like a misfit of this share of the peak in one pixel. Our choice."""

LEAST_RADIUS_MM: Final = 0.3
"""Radius of the smallest ball that is fitted. Our choice."""

HALF_CHORD_AREA: Final = 0.75
"""Share of a ball's shadow in which its chord is longer than half of its diameter: 1 - 1/4."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A ball whose chords fit what is seen along the body."""

    radius_mm: float
    blur_mm: float

    @property
    def volume_mm3(self) -> float:
        """4/3 pi R^3."""
        return 4 / 3 * np.pi * self.radius_mm**3


def fit_ball(seen: Floats, pixel: tuple[float, float], blur_mm: float) -> Ball:
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
    centre, radius = _guess_ball(seen, pixel)
    peak = max(float(seen.max()), 1e-6)

    def compute_residuals(values: Floats) -> Floats:
        y, x, r, blur, height = values
        chords = _blur_chords(seen.shape, pixel, np.array([y, x]), r, blur)
        model = height * peak / (2 * radius) * chords
        prior = (blur - blur_mm) / BLUR_SD_MM * PRIOR_WEIGHT
        return np.append(((model - seen) / peak).ravel(), prior)

    low = [centre[0] - 2, centre[1] - 2, LEAST_RADIUS_MM, 0.1, 0.05]
    high = [centre[0] + 2, centre[1] + 2, 3 * radius + 1, 1.5, 20.0]
    start = [*centre, radius, float(np.clip(blur_mm, 0.15, 1.4)), 1.0]
    best = optimize.least_squares(compute_residuals, start, bounds=(low, high), diff_step=[1e-3] * 5, max_nfev=25)
    return Ball(float(best.x[2]), float(best.x[3]))


def _guess_ball(seen: Floats, pixel: tuple[float, float]) -> tuple[list[float], float]:
    """Centre of mass (Y, X), and the radius that the area above half of the peak gives."""
    weight = np.maximum(seen, 0) / max(float(np.maximum(seen, 0).sum()), 1e-9)
    centre = []
    for axis in (0, 1):
        place = np.arange(seen.shape[axis]) + 0.5
        centre.append(float((weight.sum(axis=1 - axis) * place).sum()) * pixel[axis])
    peak = max(float(seen.max()), 1e-6)
    area = float((seen > peak / 2).sum()) * pixel[0] * pixel[1]
    return centre, max(LEAST_RADIUS_MM, float(np.sqrt(area / np.pi / HALF_CHORD_AREA)))


def _blur_chords(
    size: tuple[int, ...], pixel: tuple[float, float], centre: Floats, radius: float, blur: float
) -> Floats:
    """Lengths 2 sqrt(R^2 - y^2 - x^2) of a ball's chords in mm, blurred, shape `size`."""
    y = _sample_axis(size[0], pixel[0]) - centre[0]
    x = _sample_axis(size[1], pixel[1]) - centre[1]
    inside = np.maximum(radius**2 - y[:, None] ** 2 - x[None, :] ** 2, 0)
    chords = 2 * np.sqrt(inside).reshape(size[0], SAMPLES, size[1], SAMPLES).mean(axis=(1, 3))
    return np.asarray(ndimage.gaussian_filter(chords, [blur / mm for mm in pixel]))


def _sample_axis(pixels: int, mm: float) -> Floats:
    """Places in mm of `SAMPLES` points in every pixel, from the first pixel's edge."""
    return np.asarray((np.arange(pixels * SAMPLES) + 0.5) / SAMPLES * mm)


def reached_share(ball: Ball, spacing: tuple[float, float, float], brightest: int) -> float:
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
    shape, squares = [], []
    for mm in spacing:
        half = int(np.ceil((ball.radius_mm + 2) / mm))
        shape.append(2 * half + 1)
        squares.append((_sample_axis(2 * half + 1, mm) - (half + 0.5) * mm) ** 2)
    z2, y2, x2 = squares
    inside = z2[:, None, None] + y2[None, :, None] + x2[None, None] <= ball.radius_mm**2
    share = inside.reshape(shape[0], SAMPLES, shape[1], SAMPLES, shape[2], SAMPLES).mean(axis=(1, 3, 5))
    seen = ndimage.gaussian_filter(share, [0, ball.blur_mm / spacing[1], ball.blur_mm / spacing[2]])
    return float(np.clip(np.sort(seen, axis=None)[-brightest:].mean(), 0.2, 1.0))
