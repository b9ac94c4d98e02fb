"""Follow-up: false change, smallest detectable change and intervals; and how well films are laid on one another."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

import numpy as np

from benchmarks.agreement import Estimate, clopper_pearson
from benchmarks.fit_repeatability import LEAST_PAIRS, cross_validate, list_same
from benchmarks.serial_kept import make_pairs, read_pairs
from benchmarks.serial_pairs import SAME, SCAN_REPEAT_SD, Kind, MatchedLine, Pair
from benchmarks.serial_registration import registration_table
from benchmarks.tables import Cell, Table
from calcinet.arrays import Floats
from calcinet.measure.ct.repeatability import REPEATABILITY as OF_CTS
from calcinet.measure.radiograph.repeatability import OF_MARKS
from calcinet.measure.radiograph.repeatability import REPEATABILITY as OF_FILMS
from calcinet.measure.scintigram.change import PLACING_SD
from calcinet.measure.scintigram.change import REPEAT_SD as UPTAKE_REPEAT_SD
from calcinet.measure.serial import Difference, Repeatability, difference, repeated

OF_IMAGES: Final[Mapping[str, Repeatability]] = {**OF_FILMS, **OF_CTS}
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

COLUMNS: Final = (
    "measure", "pairs", "relative", "absolute", "error found", "false change", "smallest, said over true",
)  # fmt: skip

DRAWS: Final = 4000
FACTORS: Final = (0.5, 0.8, 1.0, 1.25, 2.0)
"""True later value over the earlier one, for the intervals."""

TYPICAL: Final = {
    "calcified_area_mm2": 320.0,
    "calcified_length_mm": 130.0,
    "net.area_cm2": 14.0,
    "net.mesh_mm": 3.8,
    "vessel.length_mm": 57.0,
    "net.patch_cm2": 15.0,
    "ct.volume_mm3": 470.0,
    "ct.agatston": 38.0,
}
"""Of the pairs that the repeatability was fitted to; true earlier values of the draws."""


def follow_tables(pairs: int, folder: Path) -> list[Table]:
    """Everything about follow-up.

    `pairs` limbs are filmed, scanned on CT and persons imaged twice, a twentieth of it breasts; the pairs are kept in
    `folder`, and those that are there already are not made again.
    """
    tables = [_drawn_table()]
    if pairs:
        counts: dict[Kind, int] = {
            "film": pairs,
            "large film": pairs // 2,
            "CT": pairs,
            "mammogram": pairs // 20,
            "scan": pairs,
        }
        for kind, count in counts.items():
            make_pairs(kind, count, folder)
        kept: list[Pair] = []
        for kind in KINDS:
            kept += read_pairs(kind, folder)
        tables += [unchanged_table(folder), changed_table(kept), mark_table(kept), registration_table(pairs)]
    return tables


def _list_measures() -> dict[str, Repeatability]:
    """Every repeatability that a change is called by; that of uptake is of its segments."""
    uptake = Repeatability(float(np.hypot(UPTAKE_REPEAT_SD, PLACING_SD)))
    return {**OF_IMAGES, **OF_MARKS, "uptake, one segment": uptake}


def _compare(one: float, other: float, error: Repeatability) -> Difference:
    return difference(repeated(one, error.at(one)), repeated(other, error.at(other)))


def _drawn_table() -> Table:
    """Errors drawn as large as the repeatability that is shipped: this tests the rule, not the repeatability."""
    chance = np.random.default_rng(23)
    rows: list[tuple[Cell, ...]] = []
    for name, error in _list_measures().items():
        held, still = [], []
        margins, differences = [], []
        first = TYPICAL.get(name, 1.0)
        for factor in FACTORS:
            sds = error.at(first), error.at(factor * first)
            for one, other in np.exp(chance.normal(0, sds, (DRAWS, 2))):
                found = _compare(first * one, factor * first * other, error)
                held.append(found.interval[0] <= (factor - 1) * first <= found.interval[1])
                if factor == 1.0:
                    still.append(found.call != "no change")
                    margins.append(found.smallest_detectable)
                    differences.append(abs(found.value))
        ratio = float(np.median(margins) / np.quantile(differences, 0.95))
        rows.append((name, error.relative, error.absolute, _share(still), _share(held), ratio))
    columns = ("measure", "relative", "absolute", "false change", "intervals hold", "smallest change, said over true")
    note = (
        f"At the level of measurement: {DRAWS} pairs drawn for each true ratio of {FACTORS}, errors as large as the"
        " repeatability that is shipped. True smallest change: the 95th percentile of differences without change."
    )
    return Table("Follow-up: the rule, errors drawn", columns, tuple(rows), note)


def unchanged_table(folder: Path) -> Table:
    """Whole images of bodies in which nothing changed; each pair judged with numbers that were fitted without it."""
    rows: list[tuple[Cell, ...]] = []
    for name, values in list_same(folder):
        rows += _judge_values(name, values, {**OF_IMAGES, **OF_MARKS}[name])
    same = [pair for pair in read_pairs("scan", folder) if pair.scene == SAME]
    rows += _judge_scans(same)
    note = (
        "Another position, dose and processing, on CT another spacing, noise and blur, "
        f"on scans another dose and time and {SCAN_REPEAT_SD:.0%} by nature. Films and CTs are "
        "judged with numbers fitted to the other nine tenths of the pairs. Pairs in which one image shows nothing are "
        "left out: no change is called of them. "
        "Error found: standard deviation of the logarithm. Last column: smallest change said, over the 95th "
        "percentile of the differences found."
    )
    return Table("Follow-up: whole images without change", COLUMNS, tuple(rows), note)


def _judge_values(name: str, values: Floats, error: Repeatability) -> list[tuple[Cell, ...]]:
    """A row of a measure on two images without change; none where there are too few."""
    if len(values) < LEAST_PAIRS:
        return []
    found = float(np.sqrt(np.mean(np.square(np.log(values[:, 1] / values[:, 0]))) / 2))
    ratios = cross_validate(values)
    said = 1 / float(np.quantile(ratios, 0.95))
    called = _share([ratio > 1 for ratio in ratios])
    return [(name, len(values), error.relative, error.absolute, found, called, said)]


def _judge_scans(pairs: Sequence[Pair]) -> list[tuple[Cell, ...]]:
    """Segments, then the whole, of scans without change."""
    rows: list[tuple[Cell, ...]] = []
    for name, found in _collect_scans(pairs).items():
        logs = np.log([ratio for ratio, _, _ in found])
        half = np.log([high / ratio for ratio, _, high in found])
        calls = [low > 1 or high < 1 for _, low, high in found]
        rows.append(
            (
                name,
                len(found),
                float(np.median(half) / 1.96 / np.sqrt(2)),
                0.0,
                float(np.sqrt(np.mean(logs**2) / 2)),
                _share(calls),
                float(np.median(half) / np.quantile(np.abs(logs), 0.95)),
            )
        )
    return rows


def _collect_scans(pairs: Sequence[Pair]) -> dict[str, list[tuple[float, float, float]]]:
    collected: dict[str, list[tuple[float, float, float]]] = {}
    for pair in pairs:
        for place, (ratio, low, high) in pair.found.items():
            name = "uptake, whole" if place == "all" else "uptake, one segment"
            collected.setdefault(name, []).append((ratio, low, high))
    return collected


def changed_table(pairs: Sequence[Pair]) -> Table:
    """Whole images of bodies in which something changed by a known ratio: whether intervals hold it."""
    held: dict[str, list[bool]] = {}
    called: dict[str, list[bool]] = {}
    errors: dict[str, list[float]] = {}
    for pair in pairs:
        if pair.scene == SAME:
            continue
        for name, ratio, interval in _list_intervals(pair):
            truth = pair.truth[name]
            measure = name if pair.kind != "scan" else _name_uptake(name)
            held.setdefault(measure, []).append(interval[0] <= truth - 1 <= interval[1])
            called.setdefault(measure, []).append((interval[0] > 0 and truth > 1) or (interval[1] < 0 and truth < 1))
            errors.setdefault(measure, []).append(float(np.log(ratio / truth)))
    rows: list[tuple[Cell, ...]] = []
    for name in held:
        spread = float(np.sqrt(np.mean(np.square(errors[name])) / 2))
        rows.append((name, len(held[name]), _share(held[name]), _share(called[name]), spread))
    note = (
        "Arteries that lose half of their calcium or gain it, nets by 40 %, every second lesion on CT, uptake times "
        "0.7 or 1.4."
    )
    columns = (
        "measure",
        "pairs",
        "intervals hold the truth",
        "called in the right direction",
        "error as repeatability",
    )
    return Table("Follow-up: whole images with a known change", columns, tuple(rows), note)


def _name_uptake(place: str) -> str:
    return "uptake, whole" if place == "all" else "uptake, one segment"


def _list_intervals(pair: Pair) -> Iterator[tuple[str, float, tuple[float, float]]]:
    """Ratio and interval of the relative difference of every measure whose true ratio is known."""
    if pair.kind == "scan":
        for place, (ratio, low, high) in pair.found.items():
            yield place, ratio, (low - 1, high - 1)
        return
    for name in pair.truth:
        one, other = (measures.get(name) for measures in pair.measures)
        error = OF_IMAGES.get(name)
        if one and other and error is not None:
            low, high = _compare(one, other, error).interval
            yield name, other / one, (low / one, high / one)


def mark_table(pairs: Sequence[Pair]) -> Table:
    """Vessels and nets that were matched: whether they lie where they truly are, and how many were found again."""
    rows: list[tuple[Cell, ...]] = []
    films = [pair for pair in pairs if "film" in pair.kind and pair.scene == SAME and pair.laid is not None]
    rows.append(("films laid on one another", _share([bool(pair.laid) for pair in films])))
    for kind in ("vessel", "net"):
        lines: list[MatchedLine] = []
        for pair in films:
            lines += [line for line in pair.lines if line.kind == kind]
        apart = [line.apart_mm for line in lines if line.apart_mm is not None]
        if lines:
            again = [line.apart_mm is not None for line in lines]
            rows.append((f"{kind}: marks found again on the other film", _share(again)))
        if apart:
            rows.append((f"{kind}: matches that lie within 3 mm of the truth", _share([away <= 3.0 for away in apart])))
    return Table("Follow-up: the same vessel, the same net", ("", "found"), tuple(rows), "Films without change.")


def _share(hits: Sequence[bool]) -> Estimate:
    return clopper_pearson(int(sum(hits)), len(hits))
