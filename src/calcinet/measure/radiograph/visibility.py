"""The thinnest line of hydroxyapatite that a film could have shown, alone and in a net, and what its silence means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import j1

from calcinet.arrays import Floats
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.errors import BadInput, NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.net.mesh_size import LENGTH_FACTOR
from calcinet.measure.radiograph.contrast import Contrast, contrast_per_mm
from calcinet.measure.radiograph.noise_power import NoisePower, noise_power
from calcinet.measure.radiograph.sharpness import Sharpness, blur_sigma_px
from calcinet.measure.result import quantity
from calcinet.text import Text, say

LINE_LENGTH_MM: Final = 20.0
"""Length of the line to be seen. Our choice: a stretch of vessel that a reader would call a line."""

FALSE_LINE_AREA_MM2: Final = 10_000.0
"""One false line is allowed on this much film, 100 cm2. Our choice: about one on a calf."""

NET_MESH_MM: Final = 4.0
"""Mesh of the net to be seen, side of a square as large as a mesh. Our choice: no source gives one, and the
phantoms' nets have 2 to 12 mm; a finer mesh has more lines and shows thinner ones."""

NET_AREA_MM2: Final = 1_000.0
"""Area of the net to be seen, 10 cm2. Our choice: a patch that a reader would call a net."""

LEAST_MTF: Final = 0.05
"""Frequencies that the blur leaves less of count for nothing. Our choice: there, neither the Gaussian model of the blur
nor the noise of a compressed film can be trusted."""

ARTERIOLE_MM: Final = 0.1
"""Diameter of the arterioles of this disease. [eucalnet]"""

CANNOT_TELL_MM: Final = 0.3
"""A film that shows nothing finer cannot speak of arterioles. Our choice: three times their diameter, which a
calcified group of them may reach."""

REFERENCES: Final = ("eucalnet", "halasz2017")
"""Why these lines are what matters: the arteriole's size, and the net-like lines seen on plain films."""

SEARCH_MM: Final = (1e-4, 50.0)
"""Diameters between which the threshold is searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """What this film could have shown."""

    resolvable_mm: float = quantity("mm", "Thinnest hydroxyapatite line visible")
    noise: float = quantity("1", "Noise of the soft tissue, standard deviation of pixel values")
    blur_fwhm_mm: float = quantity("mm", "Blur, full width at half maximum")
    pixel_mm: float = quantity("mm", "Pixel size")
    contrast_per_mm: float = quantity("/mm", "Pixel value per millimetre of hydroxyapatite")
    ideal_line_mm: float = quantity("mm", "Thinnest hydroxyapatite line an ideal observer would see", default=np.nan)
    net_line_mm: float = quantity("mm", "Thinnest hydroxyapatite lines visible as a net of many", default=np.nan)
    ideal_net_line_mm: float = quantity("mm", "Thinnest lines of a net an ideal observer would see", default=np.nan)
    ideal_line_mm_interval: tuple[float, float] = (0.0, np.inf)
    net_line_mm_interval: tuple[float, float] = (0.0, np.inf)
    ideal_net_line_mm_interval: tuple[float, float] = (0.0, np.inf)
    resolvable_mm_interval: tuple[float, float] = (0.0, np.inf)
    blur_fwhm_mm_interval: tuple[float, float] = (0.0, np.inf)
    contrast_basis: str = ""
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NegativeStatement:
    """What may be said where nothing was found."""

    code: Literal["none-wider", "none-wider-finer-missed", "cannot-tell"]
    text: Text
    references: tuple[str, ...] = REFERENCES


@dataclass(frozen=True, slots=True)
class Observer:
    """Who looks: how much thicker than an ideal observer's its thinnest line must be."""

    ratio: float = 1.0
    interval: tuple[float, float] = (1.0, 1.0)
    """95 %."""

    def __post_init__(self) -> None:
        if not 0 < self.interval[0] <= self.ratio <= self.interval[1] < np.inf:
            raise BadInput(f"a ratio of thresholds lies in its interval and above 0, got {self.ratio}, {self.interval}")


IDEAL: Final = Observer()
"""It misses nothing that the noise lets through."""


def visibility(image: Image, regions: Regions, observer: Observer = IDEAL) -> Visibility:
    """Measure noise, blur and contrast of a film and derive the thinnest line that an observer sees on it.

    Raises
    ------
    NotMeasurable
        Without a pixel spacing, with too little soft tissue, or without a scale of contrast.
    """
    pixel = image.require_pixel_mm()
    noise = noise_power(image.plane, regions[Tissue.SOFT], pixel)
    sharpness = blur_sigma_px(image.plane, regions.labels != Tissue.BORDER)
    contrast = contrast_per_mm(image, regions)
    return thinnest_visible_line(image, noise, sharpness, contrast, observer)


def thinnest_visible_line(
    image: Image, noise: NoisePower, sharpness: Sharpness, contrast: Contrast, observer: Observer = IDEAL
) -> Visibility:
    """Thinnest visible line, alone and in a net, from what was measured.

    The observer's ratio was measured with single lines; of nets it is taken to be the same, and a net is said to show
    no later than its single lines do.

    The interval adds the uncertainties of blur, contrast, scale and of the observer's own threshold.

    Raises
    ------
    NotMeasurable
        Without a pixel spacing.
    """
    rows, columns = image.require_pixel_mm()
    mm = float(np.sqrt(rows * columns))
    low_mm, high_mm = mm * sharpness.interval_px[0], mm * sharpness.interval_px[1]
    ideal = thinnest_line_mm(noise, mm * sharpness.sigma_px, contrast.per_mm)
    if not np.isfinite(ideal):
        raise NotMeasurable(say("contrast too low for a calcified line of any width to show"))
    ideal_net = min(ideal, thinnest_net_line_mm(noise, mm * sharpness.sigma_px, contrast.per_mm))
    error = _measure_error(ideal, noise, sharpness, contrast, mm)
    near, far = image.magnification_interval
    cautions: tuple[str, ...] = ()
    if sharpness.caution is not None:
        cautions = (sharpness.caution,)
    return Visibility(
        resolvable_mm=ideal * observer.ratio,
        ideal_line_mm=ideal,
        net_line_mm=ideal_net * observer.ratio,
        ideal_net_line_mm=ideal_net,
        noise=noise.sd,
        blur_fwhm_mm=FWHM_PER_SIGMA * mm * sharpness.sigma_px,
        pixel_mm=mm,
        contrast_per_mm=contrast.per_mm,
        ideal_line_mm_interval=_bound_line(ideal, error, IDEAL, image),
        resolvable_mm_interval=_bound_line(ideal, error, observer, image),
        net_line_mm_interval=_bound_line(ideal_net, error, observer, image),
        ideal_net_line_mm_interval=_bound_line(ideal_net, error, IDEAL, image),
        blur_fwhm_mm_interval=(FWHM_PER_SIGMA * low_mm / far, FWHM_PER_SIGMA * high_mm / near),
        contrast_basis=contrast.basis,
        cautions=cautions,
    )


@dataclass(frozen=True, slots=True)
class _LogError:
    """Half-intervals of 95 % of a logarithm."""

    lower: float
    upper: float


def _measure_error(
    ideal_mm: float, noise: NoisePower, sharpness: Sharpness, contrast: Contrast, mm: float
) -> _LogError:
    """How far blur and contrast may shift the thinnest line, both together."""
    by_blur = [thinnest_line_mm(noise, mm * sigma, contrast.per_mm) for sigma in sharpness.interval_px]
    blur_mm = mm * sharpness.sigma_px
    lowest, highest = contrast.per_mm / contrast.factor95, contrast.per_mm * contrast.factor95
    by_contrast = [thinnest_line_mm(noise, blur_mm, per_mm) for per_mm in (lowest, highest)]
    lower = np.hypot(np.log(min(by_blur) / ideal_mm), np.log(min(by_contrast) / ideal_mm))
    upper = np.hypot(np.log(max(by_blur) / ideal_mm), np.log(max(by_contrast) / ideal_mm))
    return _LogError(lower, upper)


def _bound_line(ideal_mm: float, error: _LogError, observer: Observer, image: Image) -> tuple[float, float]:
    """95 % interval of an observer's thinnest line, the plausible magnification included."""
    near, far = image.magnification_interval
    low, high = observer.interval
    better, worse = np.log(low / observer.ratio), np.log(high / observer.ratio)
    own_mm = ideal_mm * observer.ratio
    least = own_mm * np.exp(-np.hypot(error.lower, better)) / far
    most = own_mm * np.exp(np.hypot(error.upper, worse)) / near
    return float(least), float(most)


def thinnest_line_mm(noise: NoisePower, blur_sigma_mm: float, contrast_per_mm: float) -> float:
    """Diameter in mm of the thinnest hydroxyapatite cylinder of 20 mm that an ideal observer finds half of the time.

    The observer filters with the whitened line at every place and direction and calls what exceeds the level of one
    false line on 100 cm2; the line is found half of the time where its detectability d' equals that level:

        d'^2 = contrast^2 length  2 integral S(f)^2 MTF(f)^2 / NPS(f) df,
        S(f) = pi D^2 / 4  2 J1(pi f D) / (pi f D),  MTF(f) = exp(-2 (pi sigma f)^2),

    where S is the spectrum of a cylinder's shadow, D its diameter, sigma the blur and NPS the noise power; f runs from
    0 to where the MTF falls to `LEAST_MTF`, or the noise power ends.

    Parameters
    ----------
    noise
        Power spectrum, frequencies in cycles per mm.
    blur_sigma_mm
        Gaussian blur of the system.
    contrast_per_mm
        Pixel value per mm of hydroxyapatite, in the units of `noise`.

    Raises
    ------
    BadInput
        If blur or contrast is not positive.
    """
    _require_positive(blur_sigma_mm, contrast_per_mm)

    def excess(diameter_mm: float) -> float:
        spectrum = _whiten_line(diameter_mm, noise, blur_sigma_mm)
        detectability = np.sqrt(LINE_LENGTH_MM * spectrum.total())
        return float(detectability * contrast_per_mm - false_line_level(spectrum, blur_sigma_mm))

    return _solve(excess)


def thinnest_net_line_mm(noise: NoisePower, blur_sigma_mm: float, contrast_per_mm: float) -> float:
    """Diameter in mm of the hydroxyapatite lines of the thinnest net that an ideal observer finds half of the time.

    The observer is that of `thinnest_line_mm`; its template is a whole net in place of one line. A net with meshes of
    `NET_MESH_MM` on `NET_AREA_MM2` has lines of a length of 1.9 area over mesh in all (`LENGTH_FACTOR`: exact for cells
    of any shape within 5 %), which add up:

        d'^2 = contrast^2 length of all lines  2 integral S(f)^2 MTF(f)^2 / NPS(f) df,

    where f runs from one over the mesh: slower parts of neighbouring lines are not independent, and are tissue to
    whoever looks. The level is that of one false net on 100 cm2 (`false_net_level`).

    Assumed: the net is whole, its lines are of one width, and the observer knows their course but for place and
    direction. Who does not know it needs thicker lines: this is the limit that no one passes, and a single line's is
    the one that can be relied on.

    Parameters and errors as `thinnest_line_mm`.
    """
    _require_positive(blur_sigma_mm, contrast_per_mm)
    length_mm = LENGTH_FACTOR * NET_AREA_MM2 / NET_MESH_MM

    def excess(diameter_mm: float) -> float:
        spectrum = _whiten_line(diameter_mm, noise, blur_sigma_mm, lowest=1 / NET_MESH_MM)
        detectability = np.sqrt(length_mm * spectrum.total())
        return float(detectability * contrast_per_mm - false_net_level(spectrum))

    return _solve(excess)


def _solve(excess: Callable[[float], float]) -> float:
    """Diameter at which detectability equals the level; infinite where it never does."""
    low, high = SEARCH_MM
    if excess(low) > 0:
        return low
    if excess(high) < 0:
        return float("inf")
    return float(brentq(excess, low, high, rtol=1e-4))


def _require_positive(blur_sigma_mm: float, contrast_per_mm: float) -> None:
    if not (blur_sigma_mm > 0 and contrast_per_mm > 0):
        raise BadInput(f"blur and contrast must be positive, got {blur_sigma_mm} mm and {contrast_per_mm} per mm")


@dataclass(frozen=True, slots=True, eq=False)
class Whitened:
    """Energy of a line across its width after whitening, for a contrast of 1 per mm: signal squared over noise."""

    frequency: Floats
    energy: Floats

    def total(self) -> float:
        """Energy per mm of length."""
        return float(2 * np.trapezoid(self.energy, self.frequency))

    def curvature(self) -> float:
        """Mean square angular frequency in 1/mm2: how fast the filter's answer falls off beside the line."""
        angular = 2 * np.pi * self.frequency
        return float(2 * np.trapezoid(angular**2 * self.energy, self.frequency) / self.total())


def false_line_level(spectrum: Whitened, blur_sigma_mm: float) -> float:
    """Level in standard deviations that noise exceeds at one place and direction in 100 cm2, for single lines.

    Expected number of maxima of a Gaussian field over area and direction above a level z (the leading term of the
    expected Euler characteristic of excursion sets): V sqrt(det L) (2 pi)^-2 (z^2 - 1) exp(-z^2 / 2), where L holds the
    field's mean square slopes: across the line, along it (ends softened by the blur), and in direction.
    """
    across = spectrum.curvature()
    along = 1 / (np.sqrt(np.pi) * blur_sigma_mm * LINE_LENGTH_MM)
    direction = across * LINE_LENGTH_MM**2 / 12
    return _solve_level(FALSE_LINE_AREA_MM2 * np.pi, across * along * direction)


def false_net_level(spectrum: Whitened) -> float:
    """The same for whole nets of `NET_AREA_MM2`.

    A shift in any direction and a turn move each line across itself by half of their mean square: half of the lines run
    across a shift, and the mean square distance from the middle of a round patch is its area over 2 pi.
    """
    shifted = spectrum.curvature() / 2
    turned = shifted * NET_AREA_MM2 / (2 * np.pi)
    return _solve_level(FALSE_LINE_AREA_MM2 * 2 * np.pi, shifted**2 * turned)


def _solve_level(volume: float, determinant: float) -> float:
    """Level above which one maximum is expected in a volume of places and directions; see `false_line_level`."""
    scale = volume * np.sqrt(determinant) / (2 * np.pi) ** 2

    def log_count(z: float) -> float:
        return float(np.log(scale) + np.log(z**2 - 1) - z**2 / 2)

    if log_count(2.0) <= 0:
        return 2.0
    return float(brentq(log_count, 2.0, 12.0))


def negative_statement(seen: Visibility, *, what: str = say("calcified vessel")) -> NegativeStatement:
    """What a film without findings may say, by what it could have shown."""
    width = seen.resolvable_mm
    if width <= ARTERIOLE_MM:
        return NegativeStatement(
            "none-wider", say("No {what} of {width:.2f} mm or wider was marked.", what=what, width=width)
        )
    if width <= CANNOT_TELL_MM:
        sentence = say(
            "No {what} of {width:.2f} mm or wider was marked; finer arterioles would be missed.", what=what, width=width
        )
        return NegativeStatement("none-wider-finer-missed", sentence)
    sentence = say(
        "Calcification of arterioles is not assessable on this film: no single line finer than {width:.2f} "
        "mm, its limit of detection, would be visible.",
        width=width,
    )
    return NegativeStatement("cannot-tell", sentence)


def _whiten_line(diameter_mm: float, noise: NoisePower, blur_sigma_mm: float, lowest: float = 0.0) -> Whitened:
    """Whitened energy of a cylinder's shadow: chord lengths across its width, blurred, over the noise power.

    Frequencies in cycles per mm from `lowest` on; where the blur leaves none above it, the energy is 0.
    """
    highest = min(float(noise.frequency[-1]), np.sqrt(-np.log(LEAST_MTF) / 2) / (np.pi * blur_sigma_mm))
    frequency = np.linspace(lowest, max(lowest, highest), 257)
    mtf = np.exp(-2 * (np.pi * blur_sigma_mm * frequency) ** 2)
    x = np.pi * frequency * diameter_mm
    disc = np.ones_like(x)
    disc[x > 0] = 2 * j1(x[x > 0]) / x[x > 0]
    shadow = np.pi * diameter_mm**2 / 4 * disc * mtf
    return Whitened(frequency, shadow**2 / noise.at(frequency))
