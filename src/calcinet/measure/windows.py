"""Mean profiles across a line, in windows along it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from calcinet.errors import NotMeasurable
from calcinet.measure.profile import Profiles
from calcinet.measure.straighten import Line, Ribbon, ribbon

Array = NDArray[np.float64]

MARGIN_SIGMAS: Final = 3.0
MARGIN_PX: Final = 4.0
"""Profiles reach so many blur sigmas and pixels beyond the vessel: room for the background's slope, not for the
neighbours. Our choice."""

BIN_PX: Final = 0.5
BIN_SIGMAS: Final = 0.5
"""Width of a bin across the line, the larger of the two. Our choice: its own blur is added to the film's."""

MIN_PIXELS: Final = 40
"""A window with fewer pixels is left out. Our choice: its unknowns need several times as many."""

FLANK_STEP_PX: Final = 4.0
"""Smoothing along the line of the background beside it. Our choice: as coarse as the margin is wide."""

BEND: Final = 0.5
"""Square and cube of the background's course are expected to be this share of its step from one side to the other. Our
choice: on even tissue the background is straight, at the edge of a bone it bends."""

BEND_FLOOR: Final = 0.02
"""The same in noise, where both sides are equal. Our choice: as good as straight."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """What the measurement needs to know of an image."""

    plane: NDArray[np.float32]
    pixel: tuple[float, float]
    """Distance of (rows, columns) in mm."""

    noise_sd: float
    blur_px: float

    @property
    def mean_pixel_mm(self) -> float:
        """Side of a square as large as a pixel."""
        return float(np.sqrt(self.pixel[0] * self.pixel[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Profiles and the middle of each window along the line, in mm."""

    profiles: Profiles
    position_mm: Array


def windows_along(film: Film, line: Line, count: int, radii_mm: Array) -> Windows:
    """Profiles in `count` equal windows.

    The background beside the line is subtracted from every pixel first, straight from one flank to the other: what
    changes along the line cannot leak into the profile across it. (A profile on a straight background keeps all it
    knows of the vessel, for level and slope are fitted again.)

    Parameters
    ----------
    film, line
        The image and the centre line in it.
    count
        Number of windows; those that lie outside the image are left out.
    radii_mm
        How far from each point of the line the vessel may reach, shape (N,).

    Raises
    ------
    NotMeasurable
        If no window is left.
    """
    sigma = film.blur_px * np.hypot(*(line.normal * film.pixel).T)
    bin_mm = max(BIN_PX * film.mean_pixel_mm, BIN_SIGMAS * float(sigma.mean()))
    margin = MARGIN_SIGMAS * sigma + MARGIN_PX * film.mean_pixel_mm
    reach = radii_mm + margin
    beside = ribbon(film.plane, line, float(reach.max()), film.pixel)
    window_of = np.arange(len(line.points)) * count // len(line.points)
    members = np.bincount(window_of)

    def mean(of: Array) -> Array:
        return np.asarray(np.bincount(window_of, of) / members)

    at = np.clip(np.rint(beside.along_mm / line.step_mm).astype(np.intp), 0, len(window_of) - 1)
    wanted = np.abs(beside.across_mm) <= mean(reach)[window_of[at]]
    near = Ribbon(beside.along_mm[wanted], beside.across_mm[wanted], beside.value[wanted])
    at = at[wanted]
    level, slope, step = _flanks(near, at, reach, radii_mm + MARGIN_SIGMAS * sigma, film)
    value = near.value - level[at] - slope[at] * near.across_mm
    bins = int(np.ceil(2 * reach.max() / bin_mm)) + 1
    place = window_of[at] * bins + ((near.across_mm + reach.max()) / bin_mm).astype(np.intp)

    def total(of: Array | None) -> Array:
        return np.bincount(place, of, minlength=count * bins).reshape(count, bins).astype(np.float64)

    pixels = total(None)
    seen = pixels.sum(axis=1) >= MIN_PIXELS
    if not seen.any():
        raise NotMeasurable("the centre line lies outside the image")
    safe = np.maximum(pixels, 1)
    u = (total(near.across_mm) / safe)[seen]
    x = u / mean(reach)[seen, None]
    bend = 1 / (np.square(BEND) * mean(step**2)[seen] + np.square(BEND_FLOOR * film.noise_sd))
    free = np.zeros_like(bend)
    profiles = Profiles(
        u=u,
        value=(total(value) / safe)[seen],
        weight=pixels[seen] / film.noise_sd**2,
        sigma=np.sqrt(mean(sigma**2)[seen] + bin_mm**2 / 12),
        background=np.stack([np.ones_like(x), x, x**2, x**3], axis=-1),
        stiffness=np.stack([free, free, bend, bend], axis=-1),
    )
    return Windows(profiles, mean(line.position_mm)[seen])


def _flanks(near: Ribbon, at: NDArray[np.intp], reach: Array, vessel: Array, film: Film) -> tuple[Array, Array, Array]:
    """Background at each point of the line: level, slope per mm and step from one flank to the other beyond noise."""
    means, variances = [], []
    middle = (reach + vessel) / 2
    for side in (-1, 1):
        flank = side * near.across_mm >= vessel[at]
        count = _smooth(np.bincount(at[flank], minlength=len(reach)))
        summed = _smooth(np.bincount(at[flank], near.value[flank], minlength=len(reach)))
        known = count > 1e-3
        if not known.any():
            return np.zeros_like(reach), np.zeros_like(reach), np.zeros_like(reach)
        points = np.arange(len(reach))
        means.append(np.interp(points, points[known], summed[known] / count[known]))
        variances.append(film.noise_sd**2 / (2 * np.sqrt(np.pi) * FLANK_STEP_PX * np.maximum(count, 1e-3)))
    low, high = means
    step = np.sqrt(np.maximum((high - low) ** 2 - variances[0] - variances[1], 0))
    return (low + high) / 2, (high - low) / (2 * middle), step


def _smooth(counts: NDArray[np.int64] | Array) -> Array:
    return np.asarray(gaussian_filter1d(counts.astype(np.float64), FLANK_STEP_PX, mode="nearest"))
