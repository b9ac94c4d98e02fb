"""Mean profiles across a line, in windows along it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.background_texture import MIN_SEEN, Texture, texture, waves
from calcinet.measure.calibre.profiles import Profiles
from calcinet.measure.calibre.straightening import Line, Ribbon, ribbon
from calcinet.measure.radiograph.sharpness import Sharpness

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


NORMAL95: Final = 1.959964
"""97.5 % quantile of the normal distribution."""

BESIDE: Final = 2
BESIDE_STEP: Final = 0.5
"""The tissue is looked at in so many places on either side, so many half-widths of a profile apart. Our choice: near
enough to be the same tissue, four looks to take the median of."""


@dataclass(frozen=True, slots=True, eq=False)
class FilmProfile:
    """What the measurement needs to know of an image."""

    plane: Pixels
    pixel: tuple[float, float]
    """Distance of (rows, columns) in mm."""

    noise_sd: float
    sharpness: Sharpness

    @property
    def mean_pixel_mm(self) -> float:
        """Side of a square as large as a pixel."""
        return float(np.sqrt(self.pixel[0] * self.pixel[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Profiles and the middle of each window along the line, in mm."""

    profiles: Profiles
    position_mm: Floats
    rise: Floats
    """Background to the left of the line less that to its right: under the vessel, and in the S places beside it where
    there are any, each (W,); shape (1 + S, W)."""
    beside: Floats
    """The same profiles of bare tissue in S places beside the vessel, NaN where there is none, shape (S, W, K)."""


def windows_along(film: FilmProfile, line: Line, count: int, radii_mm: Floats) -> Windows:
    """Profiles in `count` equal windows.

    The background beside the line is subtracted from every pixel first, straight from one flank to the other: what
    changes along the line cannot leak into the profile across it. (A profile on a straight background keeps all it
    knows of the vessel, for level and slope are fitted again.) Noise and texture are those of the tissue beside.

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
    strip = _Strip.beside(film, line, count, radii_mm)
    vessel = strip.across(0.0)
    seen = vessel.pixels.sum(axis=1) >= MIN_PIXELS
    if not seen.any():
        raise NotMeasurable("the centre line lies outside the image")
    x = vessel.u[seen] / strip.mean(strip.reach_mm)[seen, None]
    tissue = strip.texture()
    bend = 1 / (np.square(BEND) * strip.mean(vessel.step**2)[seen] + np.square(BEND_FLOOR * film.noise_sd))
    free = np.zeros_like(bend)
    background = np.stack([np.ones_like(x), x, x**2, x**3], axis=-1)
    stiffness = np.stack([free, free, bend, bend], axis=-1)
    if tissue is not None:
        count_waves = len(tissue.variance)
        background = np.concatenate([background, waves(x, count_waves)], axis=-1)
        stiff = 1 / np.maximum(tissue.variance, np.square(BEND_FLOOR * tissue.noise_sd))
        stiffness = np.concatenate([stiffness, np.broadcast_to(stiff, (len(x), count_waves))], axis=-1)
    low_px, high_px = film.sharpness.interval_px
    noise_sd = film.noise_sd if tissue is None else tissue.noise_sd
    profiles = Profiles(
        u=vessel.u[seen],
        value=vessel.value[seen],
        weight=vessel.pixels[seen] / noise_sd**2,
        sigma=np.sqrt(strip.mean(strip.sigma_mm**2)[seen] + strip.bin_mm**2 / 12),
        background=background,
        stiffness=stiffness,
        log_blur_sd=float(np.log(high_px / low_px) / (2 * NORMAL95)),
    )
    return Windows(profiles, strip.mean(line.position_mm)[seen], strip.rises(vessel)[:, seen], strip.bare[:, seen])


@dataclass(frozen=True, slots=True, eq=False)
class _Across:
    """Bins across a line, one row a window."""

    u: Floats
    """Mean distance from the line of a bin's pixels, shape (W, K)."""

    value: Floats
    """Their mean, the background subtracted, shape (W, K)."""

    pixels: Floats
    """Their number, shape (W, K)."""

    rise: Floats
    """Of the background from one side to the other at each point of the line, shape (N,)."""

    step: Floats
    """Its size beyond noise, shape (N,)."""


@dataclass(frozen=True, eq=False)
class _Strip:
    """The pixels about a line, far enough to see the tissue beside the vessel."""

    film: FilmProfile
    pixels: Ribbon
    at: Indices
    """Point of the line that each pixel belongs to."""

    window_of: Indices
    """Window of each point of the line, shape (N,)."""

    sigma_mm: Floats
    """Blur across the line, shape (N,)."""

    radii_mm: Floats
    reach_mm: Floats
    """Half the width of a profile, shape (N,)."""

    bin_mm: float

    @classmethod
    def beside(cls, film: FilmProfile, line: Line, count: int, radii_mm: Floats) -> "_Strip":
        sigma = film.sharpness.sigma_px * np.hypot(*(line.normal * film.pixel).T)
        reach = radii_mm + MARGIN_SIGMAS * sigma + MARGIN_PX * film.mean_pixel_mm
        widest = float((2 + BESIDE_STEP * (BESIDE - 1) + 1) * reach.max())
        pixels = ribbon(film.plane, line, widest, film.pixel)
        window_of = np.arange(len(line.points)) * count // len(line.points)
        at = np.clip(np.rint(pixels.along_mm / line.step_mm).astype(np.intp), 0, len(window_of) - 1)
        bin_mm = max(BIN_PX * film.mean_pixel_mm, BIN_SIGMAS * float(sigma.mean()))
        return cls(film, pixels, at, window_of, sigma, radii_mm, reach, bin_mm)

    def mean(self, of: Floats) -> Floats:
        """Mean over the points of each window."""
        return np.asarray(np.bincount(self.window_of, of) / np.bincount(self.window_of))

    def across(self, offset_mm: float) -> _Across:
        """Profiles about the line moved sideways."""
        away = self.pixels.across_mm - offset_mm
        wanted = np.abs(away) <= self.mean(self.reach_mm)[self.window_of[self.at]]
        near = Ribbon(self.pixels.along_mm[wanted], away[wanted], self.pixels.value[wanted])
        at = self.at[wanted]
        vessel = self.radii_mm + MARGIN_SIGMAS * self.sigma_mm
        level, slope, rise, step = _flanks(near, at, self.reach_mm, vessel, self.film)
        value = near.value - level[at] - slope[at] * near.across_mm
        count, widest = int(self.window_of[-1]) + 1, float(self.reach_mm.max())
        bins = int(np.ceil(2 * widest / self.bin_mm)) + 1
        place = self.window_of[at] * bins + ((near.across_mm + widest) / self.bin_mm).astype(np.intp)

        def total(of: Floats | None) -> Floats:
            return np.bincount(place, of, minlength=count * bins).reshape(count, bins).astype(np.float64)

        pixels = total(None)
        safe = np.maximum(pixels, 1)
        return _Across(total(near.across_mm) / safe, total(value) / safe, pixels, rise, step)

    @cached_property
    def places(self) -> list[_Across]:
        """Profiles beside the vessel."""
        clear = float((self.reach_mm + self.radii_mm + MARGIN_SIGMAS * self.sigma_mm).max())
        further = BESIDE_STEP * float(self.reach_mm.max()) * np.arange(BESIDE)
        return [self.across(side * (clear + step)) for side in (-1, 1) for step in further]

    def rises(self, vessel: _Across) -> Floats:
        """Rise of the background of every window, under the vessel and beside it."""
        return np.array([self.mean(one.rise) for one in (vessel, *self.places)])

    @property
    def bare(self) -> Floats:
        """Their values, NaN where a profile lies partly outside the image; shape (S, W, K)."""
        value = np.array([place.value for place in self.places])
        whole = np.array([(place.pixels > 0).mean(axis=1) >= MIN_SEEN for place in self.places])
        return np.where(whole[..., None], value, np.nan)

    def texture(self) -> Texture | None:
        """Waves and noise of the tissue beside the vessel; None where the film has too little of it."""
        width = self.mean(self.reach_mm)[:, None]
        x = np.concatenate([place.u / width for place in self.places])
        value, pixels = (
            np.concatenate([getattr(place, name) for place in self.places]) for name in ("value", "pixels")
        )
        return texture(x, value, pixels, self.film.noise_sd)


def _flanks(
    near: Ribbon, at: Indices, reach: Floats, vessel: Floats, film: FilmProfile
) -> tuple[Floats, Floats, Floats, Floats]:
    """Background at each point of the line: level, slope per mm, rise from flank to flank, its size beyond noise."""
    means, variances = [], []
    middle = (reach + vessel) / 2
    for side in (-1, 1):
        flank = side * near.across_mm >= vessel[at]
        count = _smooth(np.bincount(at[flank], minlength=len(reach)))
        summed = _smooth(np.bincount(at[flank], near.value[flank], minlength=len(reach)))
        known = count > 1e-3
        if not known.any():
            none = np.zeros_like(reach)
            return none, none, none, none
        points = np.arange(len(reach))
        means.append(np.interp(points, points[known], summed[known] / count[known]))
        variances.append(film.noise_sd**2 / (2 * np.sqrt(np.pi) * FLANK_STEP_PX * np.maximum(count, 1e-3)))
    low, high = means
    step = np.sqrt(np.maximum((high - low) ** 2 - variances[0] - variances[1], 0))
    return (low + high) / 2, (high - low) / (2 * middle), high - low, step


def _smooth(counts: NDArray[np.int64] | Floats) -> Floats:
    return np.asarray(gaussian_filter1d(counts.astype(np.float64), FLANK_STEP_PX, mode="nearest"))
