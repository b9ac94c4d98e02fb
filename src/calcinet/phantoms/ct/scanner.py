"""What a scanner does to a body: blur, noise of its kernel, streaks of metal."""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np

from calcinet.arrays import Pixels
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.phantoms.ct.deposit import Box, Grid

Kernel = Literal["soft", "sharp"]


GRAIN_MM: Final[dict[Kernel, tuple[float, float]]] = {"soft": (0.55, 0.0), "sharp": (0.25, 0.8)}
"""Noise is white noise blurred by the first, less the same blurred by the second where there is one. Our choice: a soft
kernel's grain is as coarse as its blur, a sharp kernel passes the fine alone."""

STREAK_HU: Final = 60.0
STREAK_MM: Final = 12.0
"""Height of streaks at metal, and distance at which they are half as high. Our choice: modest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """How a leg is scanned."""

    blur_fwhm_mm: float = 0.7
    """Of the point spread function within slices."""
    noise_hu: float = 12.0
    kernel: Kernel = "soft"
    thickness_mm: float | None = None
    """Of slices; None: as thick as they are apart."""


SOFT: Final = Scanner()


def scan(sharp: Pixels, grid: Grid, scanner: Scanner, metal: list[Box], rng: np.random.Generator) -> Pixels:
    """Blur, streak and add noise, in place; rounded to whole Hounsfield units as a scanner's are."""
    fine = np.array(grid.spacing_mm[1:])
    sigma = scanner.blur_fwhm_mm / FWHM_PER_SIGMA / fine
    for plane in sharp:
        cv2.GaussianBlur(plane, (0, 0), sigmaX=sigma[1], sigmaY=sigma[0], dst=plane, borderType=cv2.BORDER_REPLICATE)
    for box in metal:
        _draw_streaks(sharp, grid, box)
    if scanner.noise_hu:
        _add_noise(sharp, grid, scanner, rng)
    np.rint(sharp, out=sharp)
    return np.clip(sharp, -1024, 3071, out=sharp)


def _add_noise(hu: Pixels, grid: Grid, scanner: Scanner, rng: np.random.Generator) -> None:
    """Slices that overlap share noise."""
    shared = max(1, round(grid.thickness_mm / grid.spacing_mm[0]))
    recent = [_draw_grain(hu.shape[1:], grid, scanner.kernel, rng) for _ in range(shared - 1)]
    scale = None
    for plane in hu:
        recent.append(_draw_grain(hu.shape[1:], grid, scanner.kernel, rng))
        noise = np.sum(recent[-shared:], axis=0)
        if scale is None:
            scale = scanner.noise_hu / float(noise.std())
        plane += np.float32(scale) * noise
        recent = recent[-shared:]


def _draw_grain(shape: tuple[int, ...], grid: Grid, kernel: Kernel, rng: np.random.Generator) -> Pixels:
    white = rng.standard_normal(shape, dtype=np.float32)
    fine, coarse = GRAIN_MM[kernel]
    y, x = grid.spacing_mm[1:]
    out = cv2.GaussianBlur(white, (0, 0), sigmaX=fine / x, sigmaY=fine / y)
    if coarse:
        out = np.subtract(out, cv2.GaussianBlur(white, (0, 0), sigmaX=coarse / x, sigmaY=coarse / y))
    return np.asarray(out, dtype=np.float32)


def _draw_streaks(hu: Pixels, grid: Grid, box: Box) -> None:
    """Bright and dark rays from metal in the slices that it lies in."""
    slices, rows, columns = box
    y = _measure_from_middle(rows, hu.shape[1], grid.spacing_mm[1])[:, None]
    x = _measure_from_middle(columns, hu.shape[2], grid.spacing_mm[2])[None, :]
    turn = np.arctan2(y, x)
    high_mm = (rows.stop - rows.start) * grid.spacing_mm[1]
    wide_mm = (columns.stop - columns.start) * grid.spacing_mm[2]
    if wide_mm < high_mm:  # rays follow the longer side
        turn = turn + np.pi / 2
    height = STREAK_HU * (np.cos(2 * turn) + 0.5 * np.cos(14 * turn))
    rays = (height / (1 + (np.hypot(y, x) / STREAK_MM) ** 2)).astype(np.float32)
    for plane in hu[slices]:
        plane += np.where(plane > -500, rays, 0)


def _measure_from_middle(window: slice, size: int, spacing_mm: float) -> Pixels:
    """Distance of each of `size` rows or columns from the middle of a window, in mm."""
    middle = (window.start + window.stop - 1) / 2
    return np.asarray((np.arange(size) - middle) * spacing_mm, np.float32)
