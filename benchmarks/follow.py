"""Follow-up: false change, smallest detectable change and intervals; and how well films are laid on one another."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

import numpy as np

from benchmarks.agreement import Estimate, clopper_pearson
from benchmarks.serial_kept import make_pairs, read_pairs
from benchmarks.serial_pairs import SAME, SCAN_REPEAT_SD, Kind, MatchedLine, Pair
from benchmarks.serial_registration import registration_table
from benchmarks.tables import Cell, Table
from calcinet.measure.ct.repeatability import REPEAT_SD as CT_REPEAT_SD
from calcinet.measure.radiograph.repeatability import MARK_REPEAT_SD as MARK_SD
from calcinet.measure.radiograph.repeatability import REPEAT_SD as FILM_REPEAT_SD
from calcinet.measure.scintigram.change import PLACING_SD
from calcinet.measure.scintigram.change import REPEAT_SD as UPTAKE_REPEAT_SD
from calcinet.measure.serial import difference, repeated

IMAGE_REPEAT_SD: Final[Mapping[str, float]] = {**FILM_REPEAT_SD, **CT_REPEAT_SD}
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

COLUMNS: Final = (
    "measure", "pairs", "repeatability shipped", "repeatability found", "false change", "smallest, said over true",
)  # fmt: skip

DRAWS: Final = 4000
FACTORS: Final = (0.5, 0.8, 1.0, 1.25, 2.0)
"""True later value over the earlier one, for the intervals."""


def follow_tables(pairs: int, folder: Path) -> list[Table]:
    """Everything about follow-up.

    `pairs` limbs are filmed, breasts and persons imaged twice, and a quarter of it scanned on CT; the pairs are kept in
    `folder`, and those that are there already are not made again.
    """
    tables = [_drawn_table()]
    if pairs:
        counts: dict[Kind, int] = {"film": pairs, "CT": pairs // 4, "mammogram": pairs // 4, "scan": pairs}
        for kind, count in counts.items():
            make_pairs(kind, count, folder)
        kept: list[Pair] = []
        for kind in KINDS:
            kept += read_pairs(kind, folder)
        tables += [unchanged_table(kept), changed_table(kept), mark_table(kept), registration_table(pairs)]
    return tables


def _list_measures() -> dict[str, float]:
    """Every repeatability that a change is called by; that of uptake is of its segments."""
    uptake = float(np.hypot(UPTAKE_REPEAT_SD, PLACING_SD))
    return {**FILM_REPEAT_SD, **CT_REPEAT_SD, "uptake, one segment": uptake}


def _drawn_table() -> Table:
    """Errors drawn as large as the repeatability that is shipped: this tests the rule, not the repeatability."""
    chance = np.random.default_rng(23)
    rows: list[tuple[Cell, ...]] = []
    for name, sd in _list_measures().items():
        held, still = [], []
        margins, differences = [], []
        for factor in FACTORS:
            for one, other in np.exp(chance.normal(0, sd, (DRAWS, 2))):
                found = difference(repeated(one, sd), repeated(factor * other, sd))
                held.append(found.interval[0] <= factor - 1 <= found.interval[1])
                if factor == 1.0:
                    still.append(found.call != "no change")
                    margins.append(found.smallest_detectable)
                    differences.append(abs(found.value))
        ratio = float(np.median(margins) / np.quantile(differences, 0.95))
        rows.append((name, sd, _share(still), _share(held), ratio))
    columns = ("measure", "repeatability", "false change", "intervals hold", "smallest change, said over true")
    note = (
        f"At the level of measurement: {DRAWS} pairs drawn for each true ratio of {FACTORS}, errors as large as the"
        " repeatability that is shipped. True smallest change: the 95th percentile of differences without change."
    )
    return Table("Follow-up: the rule, errors drawn", columns, tuple(rows), note)


def unchanged_table(pairs: Sequence[Pair]) -> Table:
    """Whole images of bodies in which nothing changed."""
    rows: list[tuple[Cell, ...]] = []
    same = [pair for pair in pairs if pair.scene == SAME]
    for name, sd in IMAGE_REPEAT_SD.items():
        ratios = collect_ratios([pair for pair in same if pair.kind != "scan"], name)
        if len(ratios) > 1:
            rows.append(_judge_ratios(name, ratios, sd))
    for name, sizes in _collect_marks(same).items():
        if len(sizes) > 1:
            rows.append(
                _judge_ratios(name, [float(np.log(later / earlier)) for earlier, later in sizes], MARK_SD[name])
            )
    rows += _judge_scans(same)
    note = (
        "Another position, dose and processing, on CT another spacing, noise and blur, on scans another dose and time "
        f"and {SCAN_REPEAT_SD:.0%} by nature. Pairs in which one image shows nothing are left out: no change is called "
        "of them. Last column: smallest change said, over the 95th percentile of the differences found."
    )
    return Table("Follow-up: whole images without change", COLUMNS, tuple(rows), note)


def _judge_ratios(name: str, ratios: Sequence[float], sd: float) -> tuple[Cell, ...]:
    found = float(np.sqrt(np.mean(np.square(ratios)) / 2))
    calls, smallest, differences = [], [], []
    for ratio in ratios:
        change = difference(repeated(1.0, sd), repeated(float(np.exp(ratio)), sd))
        calls.append(change.call != "no change")
        smallest.append(change.smallest_detectable)
        differences.append(abs(change.value))
    said = float(np.median(smallest) / np.quantile(differences, 0.95))
    return name, len(ratios), sd, found, _share(calls), said


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
        sd = IMAGE_REPEAT_SD.get(name)
        if one and other and sd is not None:
            found = difference(repeated(1.0, sd), repeated(other / one, sd))
            yield name, other / one, found.interval


def _collect_marks(pairs: Sequence[Pair]) -> dict[str, list[tuple[float, float]]]:
    """Sizes of the same vessels and nets on both films."""
    names = {"vessel": "vessel.length_mm", "net": "net.patch_cm2"}
    sizes: dict[str, list[tuple[float, float]]] = {}
    for pair in pairs:
        for line in pair.lines:
            earlier, later = line.sizes
            if earlier and later and line.kind in names:
                sizes.setdefault(names[line.kind], []).append((earlier, later))
    return sizes


def mark_table(pairs: Sequence[Pair]) -> Table:
    """Vessels and nets that were matched: whether they lie where they truly are, and how many were found again."""
    rows: list[tuple[Cell, ...]] = []
    films = [pair for pair in pairs if pair.kind == "film" and pair.scene == SAME and pair.laid is not None]
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


def collect_ratios(pairs: Sequence[Pair], name: str) -> list[float]:
    """Logarithm of later over earlier, of pairs that have both."""
    ratios = []
    for pair in pairs:
        one, other = (measures.get(name) for measures in pair.measures)
        if one and other:
            ratios.append(float(np.log(other / one)))
    return ratios


def _share(hits: Sequence[bool]) -> Estimate:
    return clopper_pearson(int(sum(hits)), len(hits))
