"""Bone scans generated with known uptake: what is found, how often nothing is called something, what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.stats import norm

from benchmarks.agreement import Estimate, bootstrap, clopper_pearson
from benchmarks.tables import Cell, Table, progress
from calcinet.constants import TECHNETIUM_99M_HALF_LIFE_H
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import find_scintigram
from calcinet.findings.scintigram.limb_segments import SEGMENT_KEYS, SegmentKey
from calcinet.image import Image
from calcinet.io import read
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.measure.scintigram.change import Dosing, by_dose, overall_change, uptake_change
from calcinet.measure.scintigram.counting import counting_noise
from calcinet.measure.scintigram.heterogeneity import Heterogeneity, heterogeneity, patchiness
from calcinet.measure.scintigram.uptake import SIDE_SD, raised, uptake_ratio
from calcinet.phantoms.scintigram.whole_body import WholeBody, expected_counts, follow_up, scan, whole_body
from calcinet.protocols.scintigram.protocol import examine_scintigram
from calcinet.protocols.scintigram.scan import SOFT_PARTS, measure_scan, tissue_to_test
from calcinet.protocols.scintigram.segment_records import CALF_LEVEL

REAL: Final = "nm/wg04_NM1_whole_body_bone_GE_16bit_2.26mm.dcm"

COUNTS: Final = (5e5, 1.5e6, 3e6)
"""Of each view: the range of clinical whole-body scans."""

FIRST_PERSON: Final = 1000
"""Persons below were looked at while the measurement was made."""

NATURAL_SD: Final = 0.03
"""Relative standard deviation of each segment's uptake in healthy phantoms; legs differ in size by another 2 %."""

RISE: Final = 1.3
FALL: Final = 0.7
DOSE_SD: Final = 0.03
"""Of the written dose from the true one, in pairs of scans."""

SOFT: Final = tuple(place for place in SEGMENT_KEYS if place[0] in SOFT_PARTS)
CALF: Final[SegmentKey] = ("lower leg", "L")


def scintigram_tables(data: Path, cases: int = 120) -> list[Table]:
    """Everything about bone scans; `cases` phantoms of each kind."""
    tables = [_real_table(data)] if (data / REAL).is_file() else []
    return [*tables, _dividing_table(cases // 4), _rise_table(cases), _size_table(cases), _change_table(cases)]


def _real_table(data: Path) -> Table:
    image = read(data / REAL)
    record, _ = examine_scintigram(image, "img-1", DEFAULT_CLASSES)
    scan = record.scintigram
    assert scan is not None
    rows: list[tuple[Cell, ...]] = [
        ("sum of the pixels", f"{scan.counts:.0f}"),
        ("counts that the file states", f"{scan.counts_stated:.0f}"),
        ("left out", "; ".join(map(str, (spot.label for spot in scan.left_out)))),
        ("grade of 2", scan.grade),
    ]
    for segment in scan.segments:
        low, high = segment.other_side_interval or (np.nan, np.nan)
        rows.append((f"{segment.part}, {segment.side}, over the other side", _estimate(segment.other_side, low, high)))
    return Table(
        "A real whole-body scan", ("", "found"), tuple(rows), "One anterior view, 2.26 mm; normal as far as known."
    )


def _estimate(value: float | None, low: float, high: float) -> Cell:
    return None if value is None else Estimate(value, low, high, 1)


def healthy(person: int, counts: float, **more: object) -> WholeBody:
    """A healthy person: segments differ a little by nature."""
    chance = np.random.default_rng([21, person])
    uptake = {place: float(np.exp(chance.normal(0, NATURAL_SD))) for place in SEGMENT_KEYS}
    return replace(WholeBody(seed=person, person=person, counts=counts, uptake=uptake), **more)  # type: ignore[arg-type]


def _dividing_table(count: int) -> Table:
    """Overlap of segments with the truth, by counts."""
    rows: list[tuple[Cell, ...]] = []
    for counts in COUNTS:
        progress(f"segments of {count} scans of {counts:.1e} counts")
        overlaps: dict[str, list[float]] = {}
        for person in range(FIRST_PERSON, FIRST_PERSON + count):
            scan = whole_body(healthy(person, counts))
            found = find_scintigram(scan.image).views[0]
            overlaps.setdefault("body", []).append(_dice(found.contour.body, scan.truth.body))
            for place, truth in scan.truth.segments.items():
                overlaps.setdefault(place[0], []).append(_dice(found.segments[place].whole, truth))
            for place in SOFT:
                soft = found.segments[place].soft
                if soft.any():
                    overlaps.setdefault("soft tissue that is bone", []).append(float(scan.truth.bone[soft].mean()))
        rows += [(f"{counts / 1e6:.1f} million", name, _mean(values)) for name, values in overlaps.items()]
    return Table(
        "Segments beside the truth of phantoms",
        ("counts of a view", "part", "Dice"),
        tuple(rows),
        "Anterior view. The last row of each is the share of soft tissue that lies on true bone.",
    )


def _dice(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    return 2 * float((a & b).sum()) / max(1.0, float(a.sum() + b.sum()))


def _mean(values: Sequence[float]) -> Estimate:
    numbers = np.asarray(values, dtype=np.float64)
    return bootstrap(lambda chosen: float(numbers[chosen].mean()), len(numbers))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Left over right lower leg of one scan."""

    ratio: float
    counting_sd: float
    called: bool


def _calf(spec: WholeBody) -> _Pair | None:
    scan = measure_scan(whole_body(spec).image)
    one, other = scan.soft.get(("lower leg", "L")), scan.soft.get(("lower leg", "R"))
    if one is None or other is None:
        return None
    ratio = uptake_ratio(one, other, natural_sd=SIDE_SD)
    return _Pair(
        ratio.value,
        float(np.sqrt(one.variance + other.variance)),
        raised(ratio.value, ratio.value_interval, CALF_LEVEL / 2),
    )


def _rise_table(count: int) -> Table:
    """A calf raised by 30 %: power at 5 % false alarms, beside what counting and nature allow."""
    rows: list[tuple[Cell, ...]] = []
    for counts in COUNTS:
        progress(f"raised calves: {count} scans of {counts:.1e} counts, twice")
        people = range(FIRST_PERSON, FIRST_PERSON + count)
        normal = [pair for p in people if (pair := _calf(healthy(p, counts))) is not None]
        raised = [pair for p in people if (pair := _calf(_with_raised_calf(healthy(p, counts)))) is not None]
        limit = float(np.quantile([pair.ratio for pair in normal], 0.95))
        at_limit = [pair.ratio > limit for pair in raised]
        counting = float(np.median([pair.counting_sd for pair in normal]))
        best = float(norm.cdf(np.log(RISE) / np.hypot(counting, np.sqrt(2) * NATURAL_SD) - 1.645))
        spread = float(np.std(np.log([pair.ratio for pair in normal])))
        rows.append(
            (
                f"{counts / 1e6:.1f} million",
                len(normal),
                _share([pair.called for pair in normal]),
                _share([pair.called for pair in raised]),
                limit,
                _share(at_limit),
                best,
                counting,
                spread,
            )
        )
    columns = (
        "counts of a view",
        "scans",
        "false calls, own rule",
        "found, own rule",
        "ratio with 5 % false alarms",
        "found there",
        "ideal there",
        "sd of counting",
        "sd found",
    )
    note = (
        "Left calf 1.3 times normal. Own rule: above 1 at a one-sided level of "
        f"{100 * CALF_LEVEL / 2:.1f} %, {100 * SIDE_SD:.0f} % between healthy sides included. "
        f"Ideal: counting in the same pixels and the phantoms' own {100 * NATURAL_SD:.0f} % alone."
    )
    return Table("A calf raised by 30 %", columns, tuple(rows), note)


def _with_raised_calf(spec: WholeBody) -> WholeBody:
    return replace(spec, uptake={**spec.uptake, CALF: spec.uptake[CALF] * RISE})


def _share(hits: Sequence[bool]) -> Estimate:
    return clopper_pearson(int(sum(hits)), len(hits))


def _size_table(count: int) -> Table:
    """Size and power of the test of variation."""
    rows: list[tuple[Cell, ...]] = []
    for counts in COUNTS:
        draws = max(1, count * 4 // len(SOFT))
        for name, filter_px, cv in (
            ("no variation", 0.0, 0.0),
            ("no variation, smoothed by 0.8 pixels", 0.8, 0.0),
            ("variation of 20 %", 0.0, 0.2),
            ("variation of 35 %", 0.0, 0.35),
        ):
            many = count * 3 if name == "no variation" else draws
            progress(f"{name}: {many} scans of {counts:.1e} counts")
            tests = list(_tests(counts, many, filter_px, cv))
            rows.append(
                (
                    f"{counts / 1e6:.1f} million",
                    name,
                    len(tests),
                    _share([test.found.p_value < 0.05 for test in tests]),
                    _share([test.found.p_value < 0.01 for test in tests]),
                    _share([test.found.focus_p_value < 0.05 for test in tests]),
                    _mean([test.truth for test in tests]),
                    _mean([test.found.variation for test in tests]),
                    _share([test.holds for test in tests]),
                )
            )
    columns = (
        "counts of a view",
        "soft tissue",
        "tests",
        "p below 0.05",
        "p below 0.01",
        "focus p below 0.05",
        "true variation",
        "variation found",
        "intervals that hold it",
    )
    note = (
        "Anterior view, every segment whose soft tissue is seen, each scan divided anew. Twelve persons, each counted "
        "many times; variation is generated in the tissue with a grain of 12 mm; true variation is what a scan without "
        "chance would show of it, by the same definition in the same pixels."
    )
    return Table("Variation beyond counting", columns, tuple(rows), note)


PERSONS: Final = 12


@dataclass(frozen=True, slots=True)
class _Patchy:
    """One segment of one scan."""

    found: Heterogeneity
    truth: float
    """Variation of the same tissue without chance."""

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth."""
        low, high = self.found.variation_interval or (0.0, 0.0)
        return low <= self.truth <= high


def _tests(counts: float, count: int, filter_px: float, cv: float) -> Iterator[_Patchy]:
    """Every segment of many scans."""
    chance = np.random.default_rng([22, int(counts), int(100 * cv), int(10 * filter_px)])
    for person in range(FIRST_PERSON, FIRST_PERSON + PERSONS):
        spec = WholeBody(
            seed=person, person=person, counts=counts, views=("anterior",), variation=dict.fromkeys(SOFT, cv)
        )
        expected, _ = expected_counts(spec)
        frame = scan(spec, expected)
        for _ in range(-(-count // PERSONS)):
            drawn = chance.poisson(expected).astype(np.float32)
            if filter_px:
                drawn = np.stack([ndimage.gaussian_filter(plane, filter_px) for plane in drawn])
            endless = expected[0]
            if filter_px:
                endless = ndimage.gaussian_filter(endless, filter_px)
            yield from _of_image(replace(frame, pixels=drawn), endless)


def _of_image(image: Image, endless: NDArray[np.float64]) -> Iterator[_Patchy]:
    """Every segment of one scan; `endless` are the counts of its view without chance."""
    view = find_scintigram(image).views[0]
    without_chance = replace(view, counts=endless)
    inside = np.any([view.segments[place].soft for place in SOFT], axis=0)
    noise = counting_noise(view.counts, inside)
    for place in SOFT:
        segment = view.segments[place]
        if segment.cut:
            continue
        try:
            found = heterogeneity(tissue_to_test(view, segment, image.require_pixel_mm()), noise)
            truth = patchiness(tissue_to_test(without_chance, segment, image.require_pixel_mm()))
        except NotMeasurable:
            continue
        yield _Patchy(found, truth)


def _change_table(count: int) -> Table:
    """Two scans of one person: coverage of the intervals, false and true changes."""
    rows: list[tuple[Cell, ...]] = []
    scenes: tuple[tuple[str, Mapping[SegmentKey, float], float, float], ...] = (
        ("no change", {}, 0.05, 1.0),
        ("no change, nothing repeats worse than counting", {}, 0.0, 1.0),
        ("every segment down by 30 %", dict.fromkeys(SEGMENT_KEYS, FALL), 0.05, FALL),
    )
    for name, change, repeat_sd, truth in scenes:
        progress(f"{name}: {count} pairs of scans")
        pairs = [_pair(person, change, repeat_sd) for person in range(FIRST_PERSON, FIRST_PERSON + count)]
        segments = [one for pair in pairs for one in pair[0]]
        overall = [pair[1] for pair in pairs if pair[1] is not None]
        rows.append(
            (
                name,
                len(segments),
                _share([low <= truth <= high for _, low, high in segments]),
                _share([low > 1 or high < 1 for _, low, high in segments]),
                len(overall),
                _share([low <= truth <= high for _, low, high in overall]),
                _share([low > 1 or high < 1 for _, low, high in overall]),
                float(np.std(np.log([ratio for ratio, _, _ in segments]))),
            )
        )
    columns = (
        "scene",
        "segments",
        "intervals that hold the truth",
        "called changed",
        "pairs",
        "overall: hold the truth",
        "overall: called changed",
        "sd found",
    )
    note = (
        "1.5 million counts of either view at the first scan; the second has another dose, time, pose and chance, 5 % "
        "from scan to scan in each segment (0 in the second row) and a written dose that is 3 % off. Truth does not "
        "count the 5 %."
    )
    return Table("Change between two scans", columns, tuple(rows), note)


Found = tuple[float, float, float]


def _pair(person: int, change: Mapping[SegmentKey, float], repeat_sd: float) -> tuple[list[Found], Found | None]:
    """Ratio and interval of every segment of a pair, and of all soft tissue."""
    chance = np.random.default_rng([23, person])
    off = np.exp(chance.normal(0, DOSE_SD, 2))
    born = healthy(person, 1.5e6)
    dose, hours = float(chance.uniform(500, 900)), float(chance.uniform(2, 4))
    first = follow_up(born, {}, seed=person, repeat_sd=repeat_sd, hours=3.0, dose_mbq=740.0)
    second = follow_up(born, change, seed=person + 5000, repeat_sd=repeat_sd, hours=hours, dose_mbq=dose)
    one, two = (
        measure_scan(whole_body(replace(spec, activity=float(real))).image)
        for spec, real in zip((first, second), off, strict=True)
    )
    scaling, scaling_sd = by_dose(_dosing(first), _dosing(second))
    both = [place for place in SOFT if place in one.soft and place in two.soft]
    changes = [uptake_change(one.soft[p], two.soft[p], scaling, scaling_sd=scaling_sd) for p in both]
    found = [(c.ratio, *c.ratio_interval) for c in changes]
    try:
        soft = [(one.soft[place], two.soft[place]) for place in both]
        whole = overall_change(soft, scaling, scaling_sd=scaling_sd)
    except NotMeasurable:
        return found, None
    return found, (whole.ratio, *whole.ratio_interval)


def _dosing(spec: WholeBody) -> Dosing:
    return Dosing(
        dose_mbq=spec.dose_mbq,
        hours_after_injection=spec.hours,
        half_life_h=TECHNETIUM_99M_HALF_LIFE_H,
        seconds=1200.0,
    )
