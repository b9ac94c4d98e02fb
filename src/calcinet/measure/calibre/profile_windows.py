"""Mean profiles across a line, in windows along it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.constants import NORMAL_95
from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.background_texture import MIN_SEEN, Texture, measure_texture, waves
from calcinet.measure.calibre.profiles import Profiles
from calcinet.measure.calibre.straightening import Line, Ribbon, ribbon
from calcinet.measure.radiograph.sharpness import Sharpness

MARGIN_SIGMAS: Final = 3.0
"""Blur sigmas that profiles reach beyond the vessel, with `MARGIN_PX` added: room for the background's slope, not for
the neighbours. Our choice."""

MARGIN_PX: Final = 4.0
"""Pixels that profiles reach beyond the vessel, with `MARGIN_SIGMAS` added. Our choice."""

BIN_PX: Final = 0.5
"""Least width of a bin across the line, in pixels. Our choice: its own blur is added to the film's."""

BIN_SIGMAS: Final = 0.5
"""Least width of a bin across the line, in blur sigmas. Our choice."""

MIN_PIXELS: Final = 40
"""A window with fewer pixels is left out. Our choice: its unknowns need several times as many."""

FLANK_STEP_PX: Final = 4.0
"""Smoothing along the line of the background beside it. Our choice: as coarse as the margin is wide."""

LEAST_COUNT: Final = 1e-3
"""Smoothed number of pixels from which the background beside a point is taken. Our choice."""

BEND: Final = 0.5
"""Square and cube of the background's course are expected to be this share of its step from one side to the other. Our
choice: on even tissue the background is straight, at the edge of a bone it bends."""

BEND_FLOOR: Final = 0.02
"""The same in noise, where both sides are equal. Our choice: as good as straight."""

BESIDE: Final = 2
"""Offsets on either side at which the tissue is looked at. Our choice: four looks to take the median of."""

BESIDE_STEP: Final = 0.5
"""Distance of these offsets in half-widths of a profile. Our choice: near enough to be the same tissue."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Windows:
    """Profiles and the middle of each window along the line, in mm."""

    profiles: Profiles
    position_mm: Floats
    rise: Floats
    """Background to the left of the line less that to its right: under the vessel, and at the S offsets beside it where
    there are any, each (W,); shape (1 + S, W)."""
    beside: Floats
    """The same profiles of bare tissue at S offsets beside the vessel, NaN where there is none, shape (S, W, K)."""


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
        Number of windows; those outside the image are left out.
    radii_mm
        How far from each point of the line the vessel may reach, shape (N,).

    Raises
    ------
    NotMeasurable
        If no window is left.
    """
    strip = _Strip.beside(film, line, count, radii_mm)
    vessel = strip.average_across(0.0)
    seen = vessel.pixels.sum(axis=1) >= MIN_PIXELS
    if not seen.any():
        raise NotMeasurable("the centre line lies outside the image")
    return Windows(
        profiles=_assemble_profiles(strip, vessel, seen),
        position_mm=strip.average(line.position_mm)[seen],
        rise=strip.average_rises(vessel)[:, seen],
        beside=strip.bare[:, seen],
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Background:
    """Straight background at each point of the line, from the flanks of the vessel; each of shape (N,)."""

    level: Floats
    slope: Floats
    """Per mm across the line."""

    rise: Floats
    """From flank to flank."""

    step: Floats
    """Size of the rise beyond noise."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Strip:
    """The pixels about a line, far enough to see the tissue beside the vessel."""

    film: FilmProfile
    pixels: Ribbon
    point_of: Indices
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
        points = len(line.points)
        nearest = np.rint(pixels.along_mm / line.step_mm).astype(np.intp)
        return cls(
            film=film,
            pixels=pixels,
            point_of=np.clip(nearest, 0, points - 1),
            window_of=np.arange(points) * count // points,
            sigma_mm=sigma,
            radii_mm=radii_mm,
            reach_mm=reach,
            bin_mm=max(BIN_PX * film.mean_pixel_mm, BIN_SIGMAS * float(sigma.mean())),
        )

    def average(self, values: Floats) -> Floats:
        """Mean over the points of each window; `values` has shape (N,)."""
        return np.asarray(np.bincount(self.window_of, values) / np.bincount(self.window_of))

    def average_across(self, offset_mm: float) -> _Across:
        """Profiles about the line moved sideways."""
        away = self.pixels.across_mm - offset_mm
        wanted = np.abs(away) <= self.average(self.reach_mm)[self.window_of[self.point_of]]
        near = Ribbon(self.pixels.along_mm[wanted], away[wanted], self.pixels.value[wanted])
        point_of = self.point_of[wanted]
        vessel = self.radii_mm + MARGIN_SIGMAS * self.sigma_mm
        flanks = _measure_flanks(near, point_of, self.reach_mm, vessel, self.film)
        value = near.value - flanks.level[point_of] - flanks.slope[point_of] * near.across_mm
        widest = float(self.reach_mm.max())
        bins = int(np.ceil(2 * widest / self.bin_mm)) + 1
        windows = int(self.window_of[-1]) + 1
        bin_of = self.window_of[point_of] * bins + ((near.across_mm + widest) / self.bin_mm).astype(np.intp)

        def add_up(values: Floats | None) -> Floats:
            total = np.bincount(bin_of, values, minlength=windows * bins)
            return total.reshape(windows, bins).astype(np.float64)

        pixels = add_up(None)
        some = np.maximum(pixels, 1)
        return _Across(
            u=add_up(near.across_mm) / some,
            value=add_up(value) / some,
            pixels=pixels,
            rise=flanks.rise,
            step=flanks.step,
        )

    @cached_property
    def offset_profiles(self) -> list[_Across]:
        """Profiles beside the vessel."""
        clear = float((self.reach_mm + self.radii_mm + MARGIN_SIGMAS * self.sigma_mm).max())
        farthest = float(self.reach_mm.max())
        profiles = []
        for side in (-1, 1):
            for number in range(BESIDE):
                profiles.append(self.average_across(side * (clear + BESIDE_STEP * farthest * number)))
        return profiles

    def average_rises(self, vessel: _Across) -> Floats:
        """Rise of the background of every window, under the vessel and beside it."""
        return np.array([self.average(profile.rise) for profile in (vessel, *self.offset_profiles)])

    @property
    def bare(self) -> Floats:
        """Values beside the vessel, NaN where a profile is partly outside the image; shape (S, W, K)."""
        values = []
        for profile in self.offset_profiles:
            whole = (profile.pixels > 0).mean(axis=1) >= MIN_SEEN
            values.append(np.where(whole[:, None], profile.value, np.nan))
        return np.array(values)

    def measure_texture(self) -> Texture | None:
        """Waves and noise of the tissue beside the vessel; None where the film has too little of it."""
        width = self.average(self.reach_mm)[:, None]
        beside = self.offset_profiles
        x = np.concatenate([profile.u / width for profile in beside])
        value = np.concatenate([profile.value for profile in beside])
        pixels = np.concatenate([profile.pixels for profile in beside])
        return measure_texture(x, value, pixels, self.film.noise_sd)


def _assemble_profiles(strip: _Strip, vessel: _Across, seen: Mask) -> Profiles:
    """Profiles of the windows that are seen, with the background that the tissue beside leads to expect."""
    film = strip.film
    tissue = strip.measure_texture()
    x = vessel.u[seen] / strip.average(strip.reach_mm)[seen, None]
    background = np.stack([np.ones_like(x), x, x**2, x**3], axis=-1)
    stiffness = _expect_bend(strip.average(vessel.step**2)[seen], film.noise_sd)
    noise_sd = film.noise_sd
    if tissue is not None:
        noise_sd = tissue.noise_sd
        background = np.concatenate([background, waves(x, len(tissue.variance))], axis=-1)
        stiffness = np.concatenate([stiffness, _expect_waves(tissue, len(x))], axis=-1)
    low_px, high_px = film.sharpness.interval_px
    return Profiles(
        u=vessel.u[seen],
        value=vessel.value[seen],
        weight=vessel.pixels[seen] / noise_sd**2,
        sigma=np.sqrt(strip.average(strip.sigma_mm**2)[seen] + strip.bin_mm**2 / 12),
        background=background,
        stiffness=stiffness,
        log_blur_sd=float(np.log(high_px / low_px) / (2 * NORMAL_95)),
    )


def _expect_bend(step2: Floats, noise_sd: float) -> Floats:
    """1 / variance of level, slope, square and cube of the background, from its squared step (W,); shape (W, 4)."""
    bend = 1 / (np.square(BEND) * step2 + np.square(BEND_FLOOR * noise_sd))
    free = np.zeros_like(bend)
    return np.stack([free, free, bend, bend], axis=-1)


def _expect_waves(tissue: Texture, windows: int) -> Floats:
    """1 / variance that each wave's amplitude is expected to have, the same in every window; shape (W, J)."""
    stiffness = 1 / np.maximum(tissue.variance, np.square(BEND_FLOOR * tissue.noise_sd))
    return np.broadcast_to(stiffness, (windows, len(stiffness)))


def _measure_flanks(near: Ribbon, point_of: Indices, reach: Floats, vessel: Floats, film: FilmProfile) -> _Background:
    """Background on either side of the vessel, which reaches `vessel` (N,) in mm from the line, up to `reach` (N,)."""
    points = np.arange(len(reach))
    means, variances = [], []
    for side in (-1, 1):
        flank = side * near.across_mm >= vessel[point_of]
        count = _smooth(np.bincount(point_of[flank], minlength=len(reach)))
        total = _smooth(np.bincount(point_of[flank], near.value[flank], minlength=len(reach)))
        seen = count > LEAST_COUNT
        if not seen.any():
            none = np.zeros_like(reach)
            return _Background(level=none, slope=none, rise=none, step=none)
        means.append(np.interp(points, points[seen], total[seen] / count[seen]))
        pixels = 2 * np.sqrt(np.pi) * FLANK_STEP_PX * np.maximum(count, LEAST_COUNT)
        variances.append(film.noise_sd**2 / pixels)
    low, high = means
    middle = (reach + vessel) / 2
    return _Background(
        level=(low + high) / 2,
        slope=(high - low) / (2 * middle),
        rise=high - low,
        step=np.sqrt(np.maximum((high - low) ** 2 - variances[0] - variances[1], 0)),
    )


def _smooth(counts: NDArray[np.int64] | Floats) -> Floats:
    return np.asarray(gaussian_filter1d(counts.astype(np.float64), FLANK_STEP_PX, mode="nearest"))
