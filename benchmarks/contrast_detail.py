"""The thinnest line that the detector finds, beside the thinnest that an ideal observer would.

Films of a plain limb hold lines of calcium, 20 mm long, of graded thickness; films without lines tell how often each
observer is wrong. Both may be wrong once on 100 cm2, and what either finds half of the time is its threshold.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from benchmarks.agreement import BOOTSTRAP_SEED, Estimate
from benchmarks.tables import Cell, Table, progress
from calcinet import weights_manifest
from calcinet.errors import NotMeasurable
from calcinet.findings.map_scale import CERTAIN
from calcinet.findings.radiograph.finder import MIN_LENGTH_MM, mark_arteries
from calcinet.findings.radiograph.scales import radiograph_maps
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.noise_power import noise_power
from calcinet.measure.radiograph.visibility import FALSE_LINE_AREA_MM2, LINE_LENGTH_MM, thinnest_line_mm
from calcinet.phantoms.calcium import Tube, draw
from calcinet.phantoms.exposure import blur

PIXEL_MM: Final = 0.2
HEIGHT_MM: Final = 150.0
WIDTH_MM: Final = 150.0
AIR_MM: Final = 15.0
"""A film, and the air on either side of its limb."""

CELL_MM: Final = 26.0
"""Each line has a square of this side to itself."""

BLUR_PX: Final = 0.9
PER_MM: Final = 60.0
"""Grey levels that a millimetre of calcium adds. Our choice: with `NOISES` the thresholds lie about arterioles."""

LIMB_LEVEL: Final = 1200.0
"""Grey levels of the thickest part of the limb over air."""

NOISES: Final = (2.0, 5.0, 12.0)
"""Standard deviation of the quantum noise, in grey levels: ideal thresholds from 0.14 to 0.35 mm."""

READ_OUT: Final = 0.3
"""White noise of the electronics over the quantum noise."""

FILMS: Final = 4
"""With lines and without, for each noise level."""

STEPS: Final = tuple(float(step) for step in np.geomspace(0.8, 5.0, 9))
"""Thicknesses in ideal thresholds."""

NEAR_MM: Final = 1.0
"""A mark this near lies on the line."""

LEAST_SEEN: Final = 0.5
"""Share of a line's length that must be marked. Our choice: `MIN_LENGTH_MM` of 20 mm, shorter marks are no vessel."""

LEVELS: Final = (
    *(float(f"{level:.3g}") for level in np.geomspace(1e-5, 0.05, 31, endpoint=False)),
    0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99,
)  # fmt: skip
"""Probabilities at which the detector's map may be cut."""

RESAMPLES: Final = 200

Plane = NDArray[np.float32]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A drawn line, and the highest cut at which the detector still finds it."""

    thickness_mm: float
    found_below: float


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One noise level."""

    noise: float
    ideal_mm: float
    lines: tuple[Line, ...]
    false_lines: Array
    """On all blank films, at each of `LEVELS`."""

    area_mm2: float
    """Of those films' limbs."""

    @property
    def cut(self) -> float:
        """The lowest cut with at most one false line on 100 cm2, there and above; above all where there is none."""
        allowed = self.area_mm2 / FALSE_LINE_AREA_MM2
        quiet = np.logical_and.accumulate((self.false_lines <= allowed)[::-1])[::-1]
        return float(LEVELS[int(quiet.argmax())]) if quiet.any() else 1.0

    def threshold(self, cut: float) -> Estimate:
        """Thickness found half of the time at a cut, in mm."""
        thickness = np.array([line.thickness_mm for line in self.lines])
        found = np.array([line.found_below >= cut for line in self.lines])
        rng = np.random.default_rng(BOOTSTRAP_SEED)
        drawn = rng.integers(0, len(found), (RESAMPLES, len(found)))
        spread = np.sort([half_found(thickness[chosen], found[chosen]) for chosen in drawn])
        low, high = spread[int(0.025 * RESAMPLES)], spread[int(0.975 * RESAMPLES)]
        return Estimate(half_found(thickness, found), float(low), float(high), len(found))


def half_found(thickness_mm: Array, found: NDArray[np.bool_]) -> float:
    """Where a logistic curve of the logarithm of thickness, fitted by likelihood, crosses one half."""
    if found.all() or not found.any():
        return float(thickness_mm.min() if found.all() else np.inf)
    x = np.log(thickness_mm)

    def unlikely(place: Array) -> float:
        chance = np.clip(expit((x - place[0]) * np.exp(place[1])), 1e-6, 1 - 1e-6)
        # a curve is neither a step nor flat: half of lines between 0.8 and 1.25 thresholds, give or take
        return float(-np.log(np.where(found, chance, 1 - chance)).sum() + ((place[1] - 2.0) / 1.0) ** 2 / 2)

    fitted = minimize(unlikely, np.array([float(np.median(x)), 2.0]), method="Nelder-Mead")
    return float(np.exp(fitted.x[0]))


def levels(noises: Sequence[float] = NOISES, films: int = FILMS) -> list[Level]:
    """Let both observers look at films of every noise level."""
    found = []
    for number, noise in enumerate(noises):
        progress(f"lines in noise {noise:g}")
        found.append(_level(noise, films, np.random.default_rng([number, 23])))
    return found


def _level(noise: float, films: int, rng: np.random.Generator) -> Level:
    regions = _regions()
    soft = regions[Tissue.SOFT]
    blanks = [_film(noise, np.zeros(soft.shape, np.float32), rng) for _ in range(films)]
    spectrum = noise_power(blanks[0].plane, soft, (PIXEL_MM, PIXEL_MM))
    ideal = thinnest_line_mm(spectrum, PIXEL_MM * float(np.hypot(BLUR_PX, 12**-0.5)), PER_MM)
    false = np.sum([[len(_marks(_map(film, regions), cut)) for cut in LEVELS] for film in blanks], axis=0)
    lines: list[Line] = []
    for _ in range(films):
        drawn, calcium = _lines(ideal, soft, rng)
        marked = _map(_film(noise, calcium, rng), regions)
        lines += [Line(mm, _found_below(marked, path)) for mm, path in drawn]
    return Level(
        noise, ideal, tuple(lines), np.asarray(false, dtype=np.float64), films * float(soft.sum()) * PIXEL_MM**2
    )


def _regions() -> Regions:
    """A limb with air on both sides."""
    rows, columns, air = (round(mm / PIXEL_MM) for mm in (HEIGHT_MM, WIDTH_MM, AIR_MM))
    labels = np.full((rows, columns), Tissue.AIR, np.uint8)
    labels[:, air : columns - air] = Tissue.SOFT
    place = np.arange(columns)
    depth = np.clip(np.minimum(place - air, columns - air - place), 0, None) * PIXEL_MM
    return Regions(labels=labels, depth=np.tile(depth.astype(np.float32), (rows, 1)), depth_unit="mm")


def _film(noise: float, calcium: Plane, rng: np.random.Generator) -> Image:
    """A limb as round as it is wide, its calcium, and noise that the blur has gone over."""
    depth = _regions().depth
    radius = float(depth.max())
    limb = LIMB_LEVEL * np.sqrt(np.maximum(depth * (2 * radius - depth), 0)) / radius
    quanta = rng.standard_normal(depth.shape, dtype=np.float32)
    kept = 1 / (2 * np.sqrt(np.pi) * BLUR_PX)  # of the sd of white noise, behind a Gaussian of this width
    read = rng.standard_normal(depth.shape, dtype=np.float32)
    grain = noise * (blur(quanta, BLUR_PX) / kept + READ_OUT * read)
    plane = (limb + PER_MM * blur(calcium, BLUR_PX) + grain).astype(np.float32)
    return Image(plane[None], (1.0, PIXEL_MM, PIXEL_MM), "1", spacing_basis="calibrated", anatomy="lower leg")


def _lines(
    ideal_mm: float, soft: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[list[tuple[float, Array]], Plane]:
    """Lines of every thickness in cells of the limb, and the mm of calcium that they are."""
    calcium, touched = np.zeros(soft.shape, np.float32), np.zeros(soft.shape, bool)
    cell, drawn = CELL_MM / PIXEL_MM, []
    first = np.argwhere(soft)[0]
    rows, columns = (int(size // cell) for size in (soft.shape[0], soft.any(axis=0).sum()))
    middles = [first + (np.array([row, column]) + 0.5) * cell for row in range(rows) for column in range(columns)]
    for number, place in enumerate(rng.permutation(len(middles))):
        mm = ideal_mm * STEPS[number % len(STEPS)]
        angle = rng.uniform(0, np.pi)
        along = np.linspace(-0.5, 0.5, 60)[:, None] * LINE_LENGTH_MM / PIXEL_MM
        path = middles[place] + rng.uniform(-4, 4, 2) + along * np.array([np.sin(angle), np.cos(angle)])
        one = np.ones(len(path))
        radius = mm / PIXEL_MM / 2
        tube = Tube.flat(path, one * radius, radius, one)
        draw(tube, calcium, touched, pixel_mm=PIXEL_MM, blur_px=BLUR_PX)
        drawn.append((mm, path))
    return drawn, calcium


def _map(film: Image, regions: Regions) -> Plane:
    """Probability of an artery or of a line of a net, whichever is more; of an artery that the finder does not mark it
    is held at `CERTAIN`. The film has the detector's own pixels, so that its maps have those of the film.
    """
    maps = radiograph_maps(film, regions)
    marked = mark_arteries(maps, regions[Tissue.SOFT], PIXEL_MM)
    artery = np.where(marked, maps.artery, np.minimum(maps.artery, np.float32(CERTAIN)))
    return np.asarray(np.maximum(artery, maps.net), dtype=np.float32)


def _marks(marked: Plane, cut: float) -> list[NDArray[np.bool_]]:
    """Marks that are long enough for a line."""
    joined = cv2.morphologyEx((marked > cut).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, numbered, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    long = np.flatnonzero(np.hypot(*sides.T) * PIXEL_MM >= MIN_LENGTH_MM) + 1
    return [numbered == number for number in long]


def _found_below(marked: Plane, path: Array) -> float:
    """The highest of `LEVELS` at which enough of a line lies under marks; 0 where at none."""
    size = 2 * round(NEAR_MM / PIXEL_MM) + 1
    low = np.maximum(np.floor(path.min(axis=0)).astype(int) - size, 0)
    high = np.ceil(path.max(axis=0)).astype(int) + size
    near = cv2.dilate(marked[low[0] : high[0], low[1] : high[1]], np.ones((size, size), np.uint8))
    rows, columns = np.rint(path - low).astype(int).T
    along = near[np.clip(rows, 0, near.shape[0] - 1), np.clip(columns, 0, near.shape[1] - 1)]
    reached = float(np.quantile(along, 1 - LEAST_SEEN))
    return max([0.0, *(level for level in LEVELS if reached > level)])


def visibility_tables(found: Sequence[Level] | None = None) -> list[Table]:
    """Thresholds of both observers at every noise level."""
    rows: list[tuple[Cell, ...]] = []
    for one in levels() if found is None else found:
        own, shipped = one.threshold(one.cut), one.threshold(CERTAIN)
        false = float(np.interp(CERTAIN, LEVELS, one.false_lines)) / one.area_mm2 * FALSE_LINE_AREA_MM2
        rows.append(
            (
                one.noise,
                one.ideal_mm,
                one.cut,
                own,
                _over(own, one.ideal_mm),
                shipped,
                _over(shipped, one.ideal_mm),
                false,
            )
        )
    columns = (
        "noise, grey levels", "ideal, mm", "cut for one false line", "detector there, mm", "over ideal",
        f"detector at {CERTAIN}, mm", "over ideal", f"false lines at {CERTAIN} on 100 cm2",
    )  # fmt: skip
    note = (
        f"Lines of {LINE_LENGTH_MM:g} mm, {PER_MM:g} grey levels a mm of calcium, blur {BLUR_PX} px of {PIXEL_MM} mm. "
        f"Found: {LEAST_SEEN:.0%} of the line lies within {NEAR_MM:g} mm of a mark; a false line is a mark of "
        f"{MIN_LENGTH_MM:g} mm on a film without lines. 95 % intervals by bootstrap over lines."
    )
    return [Table("Thinnest line found half of the time", columns, tuple(rows), note)]


def _over(estimate: Estimate, by: float) -> Estimate:
    return replace(estimate, value=estimate.value / by, low=estimate.low / by, high=estimate.high / by)


def write_ratio(found: Sequence[Level], path: Path) -> None:
    """Write what `weights_manifest.line_ratio` reads: the detector's threshold over the ideal one, as shipped.

    Raises
    ------
    NotMeasurable
        If the detector finds no line of any thickness at some noise level.
    """
    ratios = [_over(one.threshold(CERTAIN), one.ideal_mm) for one in found]
    if not np.isfinite([ratio.high for ratio in ratios]).all():
        raise NotMeasurable("too few lines were found to know the detector's threshold")
    middle = sorted(ratios, key=lambda ratio: ratio.value)[len(ratios) // 2]
    content = {
        "weights_sha256": weights_manifest.sha256(),
        "ratio": round(middle.value, 3),
        "interval95": [round(min(r.low for r in ratios), 3), round(max(r.high for r in ratios), 3)],
        "by_noise": {f"{one.noise:g}": round(ratio.value, 3) for one, ratio in zip(found, ratios, strict=True)},
        "made_by": "python -m benchmarks --only visibility --keep-visibility",
        "date": datetime.now(UTC).date().isoformat(),
    }
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
