"""Outer diameter of a calcified vessel on a projection image."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import median_filter

from calcinet.arrays import Floats
from calcinet.constants import FWHM_PER_SIGMA, NORMAL_95
from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.calibre.pooled_radius import typical_radius
from calcinet.measure.calibre.profile_windows import FilmProfile, Windows, windows_along
from calcinet.measure.calibre.profiles import TubeFit
from calcinet.measure.calibre.straightening import Line, line_through
from calcinet.measure.calibre.tracing_error import Tracing
from calcinet.measure.calibre.tube_fit import Alternative, alternatives, fit_tubes
from calcinet.measure.radiograph.sharpness import Sharpness
from calcinet.measure.result import quantity
from calcinet.text import say

THINNEST_MM: Final = 0.3
"""No calibre is given below this, however sharp the image. Our choice: two pixels of a common detector (0.15 mm)."""

WINDOW_MM: Final = 2.0
"""Shortest stretch that is measured by itself. Our choice: about the width of the vessels in question."""

MIN_SAMPLES: Final = 8
"""Fewest pixels along the line in such a stretch, and in a whole vessel. Our choice."""

WINDOW_SD: Final = 0.08
"""Relative sd of the radius that a stretch should reach; noisier vessels get longer ones. Our choice: the fit is linear
enough up to there for its intervals to hold."""

MIN_SIGNAL: Final = 4.0
"""Tube amount over its sd, whole vessel, below which nothing is measured. Our choice: chance passes once in 30,000."""

FIRST_WINDOWS: Final = 6
"""Long windows in which the vessel is first looked for. Our choice."""

TREND_WINDOWS: Final = 9
"""Running median from which the fit of the short windows starts again: one that took a single wall for the vessel
finds back. Our choice."""

WIDE: Final = 1.6
"""Radii that the profiles reach in the first fit. Our choice: room for an estimate that is too small."""

TIGHT: Final = 1.25
"""Radii that the profiles reach in the second fit. Our choice: no room for the neighbours."""

WIDEST_WALL_MM: Final = 1.5
"""What is wider is no single wall. Our choice: calcified walls are thinner than this."""

INNER_OF_WALL: Final = 0.35
"""Front and back wall behind the lumen over the wall seen edge on, at least. Our choice: sharp walls of a tenth
of the radius have 0.22, blur lowers the edge but not what lies behind the lumen, and tissue seldom rises so much."""

UNUSUAL: Final = 4.0
"""The background must rise this many times as much as bare tissue does beside the line. Our choice."""

MOSTLY: Final = 0.8
"""Share of the windows that rise to the same side. Our choice."""

ONE_WALL: Final = say("only one wall of a wider vessel is seen")
"""Why such a line has no calibre: its own width is not the vessel's."""

MAX_LOG: Final = 3.0
"""Widest half-interval of the diameter's logarithm: a factor of 20, which says nothing any more. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Calibre:
    """How wide a vessel is. Without a calibre it is narrower than the image resolves."""

    calibre_class: str
    """large, medium, small, arteriole or not resolvable."""

    calibre_mm_interval: tuple[float, float] | None
    """95 %: noise, the unknown wall thickness and the plausible magnification together, and of a traced vessel how it
    was traced."""

    length_mm_interval: tuple[float, float]
    """From the plausible magnification alone."""

    fit_sd: float
    """Relative sd of the outer diameter by its fit alone."""

    position_mm: Floats
    """Middle of each window along the centre line, shape (W,)."""

    along_mm: Floats
    """Outer diameter in each window, shape (W,)."""

    along_mm_interval: Floats
    """95 % interval of each, shape (W, 2), magnification included."""

    calibre_mm: float | None = quantity("mm", "Typical outer diameter")
    length_mm: float = quantity("mm", "Length of the centre line")
    upper_limit_mm: float | None = quantity("mm", "Largest outer diameter of an unresolved vessel")
    window_sd_mm: float = quantity("mm", "Statistical sd of the outer diameter in one window")


def vessel_calibre(
    image: Image,
    centre_line: Floats,
    half_width_px: Floats,
    *,
    noise_sd: float,
    sharpness: Sharpness,
    classes: CalibreClasses | None = None,
    traced: bool = False,
) -> Calibre:
    """Measure the outer diameter along a vessel.

    The pixels beside the line are averaged in windows along it and a blurred tube is fitted to them (`fit_tubes`),
    again: the second time round the middle that the first one found, in windows as short as the noise permits.

    Intervals rest on the fit's covariance, which for white noise is the Cramer-Rao bound, and on what noise does not
    tell: waves of the tissue beside the vessel, which the background under it may have too; how much stretches of the
    vessel differ beyond their noise, and neighbours alike; what the same fit reads from the bare tissue beside; and
    lumens and blurs other than the best that explain the picture about as well.

    Parameters
    ----------
    image
        A projection image, bright where it attenuates.
    centre_line
        Row and column in pixels, shape (N, 2), within about half a radius of the vessel's middle.
    half_width_px
        First estimate of the outer half-width in pixels, shape (N,), right within a factor 0.7 to 2.
    noise_sd
        Standard deviation of a pixel's noise, in the image's unit.
    sharpness
        Blur of the image in pixels, the pixels' own width included, and how well it is known: the walls of the vessel
        itself may tell it better.
    classes
        Cut-offs of the classes.
    traced
        Whether the line was found by a program: the interval then holds the program's own error too (`Tracing`).

    Raises
    ------
    BadInput
        If the line is no (N, 2) array, the widths do not match it, or noise or blur are not positive.
    NotMeasurable
        If the image has no spacing; if the line is too short, outside the image or shows no calcium; or if stretches of
        the vessel contradict one another, as they do where its surroundings hide its walls.
    """
    _check(centre_line, half_width_px, noise_sd, sharpness)
    film = FilmProfile(plane=image.plane, pixel=image.require_pixel_mm(), noise_sd=noise_sd, sharpness=sharpness)
    line, radius = _prepare_line(film, centre_line, half_width_px)
    fit = _fit(film, line, radius)
    _require_both_walls(fit.tubes, fit.windows)
    tracing: Tracing | None = None
    if traced:
        first_mm = 2 * film.mean_pixel_mm * float(np.median(half_width_px))
        tracing = Tracing(first_mm=first_mm, length_mm=line.length_mm)
    return _describe(fit, line.length_mm, image.magnification_interval, classes or CalibreClasses(), tracing)


@dataclass(frozen=True, slots=True, eq=False)
class _VesselFit:
    """Tubes in the windows along a vessel, and what other lumens and blurs would make of them."""

    tubes: TubeFit
    windows: Windows
    others: list[Alternative]


def _check(centre_line: Floats, half_width_px: Floats, noise_sd: float, sharpness: Sharpness) -> None:
    if centre_line.ndim != 2 or centre_line.shape[1] != 2:
        raise BadInput(f"a centre line needs rows and columns, shape (N, 2), got {centre_line.shape}")
    if half_width_px.shape != centre_line.shape[:1]:
        raise BadInput(f"half_width_px {half_width_px.shape} must have one value for each of {len(centre_line)} points")
    if not (noise_sd > 0 and min(sharpness.interval_px) > 0 and (half_width_px > 0).all()):
        raise BadInput("noise_sd, blur and half_width_px must be positive")


def _prepare_line(film: FilmProfile, centre_line: Floats, half_width_px: Floats) -> tuple[Line, Floats]:
    """The given line in mm, smoothed, and the given radius in mm at each of its points."""
    if len(centre_line) < 2:
        raise NotMeasurable(say("a line of {count} points has no calibre", count=len(centre_line)))
    inside = ((centre_line >= 0) & (centre_line <= np.subtract(film.plane.shape, 1))).all(axis=1)
    if inside.mean() < 0.5:
        raise NotMeasurable(say("the centre line lies outside the image"))
    step = min(film.pixel)
    typical = float(np.median(half_width_px)) * film.mean_pixel_mm
    # tracing jitters from pixel to pixel, a vessel does not bend within its own width
    line = line_through(centre_line * film.pixel, step, smoothing_mm=max(0.5 * typical, 2 * step))
    if line.length_mm < MIN_SAMPLES * step:
        raise NotMeasurable(
            say(
                "a line of {length:.1f} mm is too short: needs {least:.1f} mm",
                length=line.length_mm,
                least=MIN_SAMPLES * step,
            )
        )
    given = np.linspace(0, 1, len(half_width_px))
    half_width = np.interp(np.linspace(0, 1, len(line.points)), given, half_width_px)
    return line, half_width * film.mean_pixel_mm


def _fit(film: FilmProfile, line: Line, radius: Floats) -> _VesselFit:
    """Fit a few long windows, then as many as the noise permits along the corrected line."""
    shortest = max(WINDOW_MM, MIN_SAMPLES * line.step_mm)
    most = max(int(line.length_mm / shortest), 1)
    first = windows_along(film, line, min(most, FIRST_WINDOWS), WIDE * radius)
    rough = fit_tubes(first.profiles, np.interp(first.position_mm, line.position_mm, radius))
    _require_signal(rough)
    before = line.position_mm / line.length_mm
    line = line.shifted(np.interp(line.position_mm, first.position_mm, rough.centre))
    given = np.interp(line.position_mm / line.length_mm, before, radius)
    found = np.exp(np.interp(line.position_mm, first.position_mm, rough.log_radius))
    final = windows_along(film, line, _count_windows(rough, most), TIGHT * found)
    expected = np.interp(final.position_mm, line.position_mm, given)
    start = np.interp(final.position_mm, line.position_mm, found)
    fit = fit_tubes(final.profiles, expected, start=start, common=rough.common)
    trend = np.exp(median_filter(fit.log_radius, TREND_WINDOWS, mode="nearest"))
    fit = fit_tubes(final.profiles, expected, start=trend, common=fit.common)
    return _VesselFit(fit, final, alternatives(final.profiles, expected, fit))


def _count_windows(rough: TubeFit, most: int) -> int:
    """Number of windows in which the radius reaches `WINDOW_SD`, from its sd in the whole vessel."""
    whole_sd = 1 / np.sqrt((rough.own_sd**-2.0).sum())
    return int(np.clip((WINDOW_SD / whole_sd) ** 2, 1, most))


def _require_signal(fit: TubeFit) -> None:
    weight = fit.amount_sd**-2.0
    if (fit.amount * weight).sum() < MIN_SIGNAL * np.sqrt(weight.sum()):
        raise NotMeasurable(say("no calcium stands out along the line"))


def _require_both_walls(fit: TubeFit, windows: Windows) -> None:
    """Refuse a line that is one wall: on its inner side the beam still crosses the vessel, on its outer side not."""
    across = 2 * np.exp(fit.log_radius)
    if float(np.median(across)) > WIDEST_WALL_MM:
        return
    rise, *beside = np.median(windows.rise, axis=1).tolist()
    height = float(np.median(fit.amount / across))
    half = len(beside) // 2
    # on its inner side is the vessel's other wall: the calmer side is the tissue
    usual = min(_average_squares(beside[:half]), _average_squares(beside[half:]))
    same_side = float((np.sign(windows.rise[0]) == np.sign(rise)).mean())
    if abs(rise) > max(INNER_OF_WALL * height, UNUSUAL * usual) and same_side >= MOSTLY:
        raise NotMeasurable(ONE_WALL)


def _average_squares(values: list[float]) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def _describe(
    fit: _VesselFit,
    length_mm: float,
    magnification: tuple[float, float],
    classes: CalibreClasses,
    tracing: Tracing | None,
) -> Calibre:
    """Join the windows; numbers stay in the plane of the spacing, intervals take in the plausible magnification.

    `tracing` is None where the line is known.
    """
    low, high = magnification
    tubes, windows = fit.tubes, fit.windows
    limit = _resolve(tubes, windows)
    radius, fit_sd = typical_radius(tubes, windows.beside, fit.others, limit)
    diameter, radius_sd = 2 * radius, fit_sd
    if tracing is not None:
        radius_sd = tracing.sd(diameter, fit_sd)
    calibre: float | None = None
    interval: tuple[float, float] | None = None
    upper_limit: float | None = None
    name = "not resolvable"
    if diameter >= limit:
        spread = np.exp(np.clip(NORMAL_95 * radius_sd, 0, MAX_LOG))
        calibre, name = float(diameter), classes.name(diameter)
        interval = (float(diameter / spread / high), float(diameter * spread / low))
    else:
        widest = diameter * np.sqrt(1 + 2 * NORMAL_95 * radius_sd)
        upper_limit = float(max(widest, limit) / low)
    along = 2 * np.exp(tubes.log_radius)
    return Calibre(
        calibre_mm=calibre,
        calibre_mm_interval=interval,
        length_mm=length_mm,
        length_mm_interval=(length_mm / high, length_mm / low),
        upper_limit_mm=upper_limit,
        fit_sd=fit_sd,
        window_sd_mm=float(np.median(along * tubes.own_sd)),
        calibre_class=name,
        position_mm=windows.position_mm,
        along_mm=along,
        along_mm_interval=_bound_windows(tubes, magnification),
    )


def _resolve(tubes: TubeFit, windows: Windows) -> float:
    """Narrowest diameter in mm that the film resolves: the full width of its blur at half maximum."""
    given = FWHM_PER_SIGMA * windows.profiles.sigma.mean()
    return float(max(THINNEST_MM, given * np.exp(tubes.common.log_blur)))


def _bound_windows(tubes: TubeFit, magnification: tuple[float, float]) -> Floats:
    """95 % interval of the diameter in mm in each window, shape (W, 2)."""
    low, high = magnification
    diameter = 2 * np.exp(tubes.log_radius)
    sd = np.hypot(tubes.own_sd, np.hypot(*tubes.common_effect.T))
    spread = np.exp(np.clip(NORMAL_95 * sd, 0, MAX_LOG))
    return np.stack([diameter / spread / high, diameter * spread / low], axis=1)
