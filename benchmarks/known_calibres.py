"""Calibres measured beside the diameters that were put in: bias, spread over the Cramer-Rao bound, and coverage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Estimate, bootstrap, clopper_pearson
from benchmarks.known_vessels import KnownVessel, known_vessels, noise_films, phantom_films, real_films
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.calibre import TIGHT, Calibre, vessel_calibre
from calcinet.measure.calibre.profile_windows import MARGIN_PX, MARGIN_SIGMAS
from calcinet.measure.calibre.profiles import Common, Profiles
from calcinet.measure.calibre.tube_fit import fit_tubes
from calcinet.measure.calibre.tube_model import tube_shape
from calcinet.measure.radiograph.sharpness import Sharpness

VESSELS: Final = 300
"""Of each background: with four of them 1,200."""

PHANTOM_SEEDS: Final = tuple(range(620, 636))
"""Limbs that no setting of the measurement was chosen on: that was done with 600 to 615."""

FIRST_VESSELS: Final = 100
"""Seed of the vessels of the first background. Those from 0 were looked at while the measurement was made; the real
films are the same, the vessels in them are not."""

WIDTHS_MM: Final = (0.3, 1.0, 2.0, 4.0, 7.0)
NORMAL_MAD: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

BINS_A_PIXEL: Final = 4
"""Bins across the model tube of the bound. Our choice: far finer than any blur."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One vessel and what was measured of it."""

    vessel: KnownVessel
    found: Calibre | None
    """None: its calibre was left open."""

    @property
    def in_range(self) -> bool:
        """Whether it is as wide as the film resolves."""
        return self.vessel.true_mm >= self.vessel.least_mm

    @property
    def given(self) -> bool:
        """Whether a calibre was given."""
        return self.found is not None and self.found.calibre_mm is not None

    @property
    def error_mm(self) -> float:
        """Found less true."""
        return (self.found.calibre_mm or 0.0) - self.vessel.true_mm if self.found else float("nan")

    @property
    def holds(self) -> bool:
        """Whether the 95 % interval holds the truth."""
        interval = self.found.calibre_mm_interval if self.found else None
        return interval is not None and interval[0] <= self.vessel.true_mm <= interval[1]

    @property
    def error_in_bounds(self) -> float:
        """Relative error over the smallest standard deviation that noise alone permits."""
        return self.error_mm / self.vessel.true_mm / cramer_rao(self.vessel)


def cramer_rao(vessel: KnownVessel) -> float:
    """Smallest relative sd of an unbiased calibre in the film's fine noise; centre, walls and background unknown."""
    pixel_mm = vessel.image.require_pixel_mm()[0]
    sigma, radius = vessel.blur_px * pixel_mm, vessel.true_mm / 2
    step = pixel_mm / BINS_A_PIXEL
    reach = TIGHT * radius + MARGIN_SIGMAS * sigma + MARGIN_PX * pixel_mm
    u = np.arange(-reach, reach, step)[None]
    shape = tube_shape(u, np.array([[radius]]), np.array([[sigma]]), vessel.lumen_share, np.zeros((1, 1)))
    low, high = vessel.blur_interval_px
    weight = np.full(u.shape, vessel.length_mm * step / pixel_mm**2 / vessel.fine_noise**2)
    # noise that changes sign from bin to bin: no fit follows it, and none finds the bins' weights too high
    alternating = (-1.0) ** np.arange(u.size) / np.sqrt(weight)
    profiles = Profiles(
        u=u,
        value=vessel.amount * shape.plain + alternating,
        weight=weight,
        sigma=np.array([sigma]),
        background=np.stack([np.ones_like(u), u], axis=-1),
        stiffness=np.zeros((1, 2)),
        log_blur_sd=float(np.log(high / low)) / 3.92,
    )
    start = np.array([radius])
    fit = fit_tubes(profiles, start, start=start, common=Common(max(vessel.lumen_share, 0.01), 0.0))
    return float(np.hypot(fit.own_sd[0], np.hypot(*fit.common_effect[0])))


def measured(vessels: Sequence[KnownVessel]) -> list[Measured]:
    """Measure each vessel as an examination would."""
    return [Measured(vessel, _measured(vessel)) for vessel in vessels]


def _measured(vessel: KnownVessel) -> Calibre | None:
    sharpness = Sharpness(sigma_px=vessel.blur_px, interval_px=vessel.blur_interval_px, edges=1)
    try:
        return vessel_calibre(
            vessel.image, vessel.line, vessel.half_width_px, noise_sd=vessel.noise_sd, sharpness=sharpness
        )
    except NotMeasurable:
        return None


def known_calibre_tables(data: Path, count: int = VESSELS) -> list[Table]:
    """Put vessels into noise, generated tissue and real films, and measure them there."""
    progress("films for vessels of known calibre")
    films = [noise_films(), phantom_films(PHANTOM_SEEDS)]
    real = real_films(data) if data.is_dir() else []
    kinds = dict.fromkeys(film.name for film in real)
    films += [[film for film in real if film.name == kind] for kind in kinds]
    found: list[Measured] = []
    for seed, group in enumerate(films):
        progress(f"{count} vessels in {group[0].name}")
        found += measured(list(known_vessels(group, count, FIRST_VESSELS + seed)))
    return [calibre_table(found), unresolved_table(found)]


Choice = Callable[[Measured], bool]


def calibre_table(found: Sequence[Measured]) -> Table:
    """Errors of the vessels that the film resolves, by background, width, contrast and blur."""
    rows = [_row(name, [one for one in found if choose(one)]) for name, choose in _strata(found)]
    columns = (
        "vessels",
        "of them",
        "measured",
        "left open",
        "bias, mm",
        "mean |error|, mm",
        "spread / bound",
        "coverage",
    )
    note = (
        "Vessels at known lines, from the larger of 0.3 mm and the blur's full width to 7 mm. Bias: mean error, "
        "bootstrap over vessels. Spread: 1.4826 x median |relative error over its bound|: Cramer-Rao, of fine noise. "
        "Coverage: share of 95 % intervals that hold the truth, exact interval. Left open: no calibre was given, with "
        "the reason; the rest of the unmeasured came out as not resolvable."
    )
    return Table("Calibre of vessels put in at known places", columns, tuple(rows), note)


def _strata(found: Sequence[Measured]) -> list[tuple[str, Choice]]:
    backgrounds = dict.fromkeys(one.vessel.background for one in found)
    return [
        ("all", lambda _: True),
        ("all but drawn noise", lambda one: one.vessel.background != "drawn noise"),
        *((name, partial(_lies_in, name)) for name in backgrounds),
        *((f"{low:g} to {high:g} mm", partial(_is_between, low, high)) for low, high in pairwise(WIDTHS_MM)),
        ("contrast below 8 noise", lambda one: one.vessel.contrast_in_noise < 8),
        ("contrast from 8 noise", lambda one: one.vessel.contrast_in_noise >= 8),
        ("blur guessed", lambda one: one.vessel.blur_interval_px[1] > 2 * one.vessel.blur_interval_px[0]),
    ]


def _lies_in(background: str, one: Measured) -> bool:
    return one.vessel.background == background


def _is_between(low: float, high: float, one: Measured) -> bool:
    return low <= one.vessel.true_mm < high


def _row(name: str, members: Sequence[Measured]) -> tuple[Cell, ...]:
    members = [one for one in members if one.in_range]
    given = [one for one in members if one.given]
    error = np.array([one.error_mm for one in given])
    bounds = np.array([one.error_in_bounds for one in given])
    return (
        name,
        len(members),
        len(given),
        sum(one.found is None for one in members),
        _over(error, np.mean),
        _over(np.abs(error), np.mean),
        _over(np.abs(bounds), lambda values: NORMAL_MAD * float(np.median(values))),
        clopper_pearson(sum(one.holds for one in given), len(given)),
    )


def _over(values: NDArray[np.float64], statistic: Callable[[NDArray[np.float64]], float]) -> Estimate:
    return bootstrap(lambda chosen: float(statistic(values[chosen])) if values.size else float("nan"), len(values))


def unresolved_table(found: Sequence[Measured]) -> Table:
    """What becomes of vessels that are narrower than their film resolves."""
    narrow = [one for one in found if not one.in_range]
    told = [one for one in narrow if one.found is not None]
    limits = [one for one in told if one.found and one.found.upper_limit_mm is not None]
    above = sum((one.found.upper_limit_mm or 0.0) >= one.vessel.true_mm for one in limits if one.found)
    given = [one for one in told if one.given]
    rows: tuple[tuple[Cell, ...], ...] = (
        ("vessels narrower than their film resolves", len(narrow)),
        ("called not resolvable", clopper_pearson(len(limits), len(narrow))),
        ("left open", clopper_pearson(len(narrow) - len(told), len(narrow))),
        ("given a calibre", clopper_pearson(len(given), len(narrow))),
        ("whose interval holds the truth", clopper_pearson(sum(one.holds for one in given), len(given))),
        ("upper limits that lie above the truth", clopper_pearson(above, len(limits))),
    )
    return Table("Vessels narrower than the film resolves", ("what", "calcinet"), rows)
