"""Follow-up: false change, smallest detectable change and intervals; and how well films are laid on one another."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from benchmarks.agreement import Estimate, clopper_pearson
from benchmarks.serial_pairs import Pair, ct_pair, film_pair
from benchmarks.serial_registration import registration_table
from benchmarks.tables import Cell, Table, progress
from calcinet.measure.ct.repeatability import REPEAT_SD as CT_REPEAT_SD
from calcinet.measure.radiograph.repeatability import REPEAT_SD as FILM_REPEAT_SD
from calcinet.measure.scintigram.change import PLACING_SD
from calcinet.measure.scintigram.change import REPEAT_SD as UPTAKE_REPEAT_SD
from calcinet.measure.serial import difference, repeated

DRAWS: Final = 4000
FACTORS: Final = (0.5, 0.8, 1.0, 1.25, 2.0)
"""True later value over the earlier one, for the intervals."""


def follow_tables(pairs: int) -> list[Table]:
    """Everything about follow-up; `pairs` limbs are filmed twice, and a quarter of it scanned twice."""
    tables = [_drawn_table()]
    if pairs:
        films, legs = [], []
        for number in range(pairs):
            progress(f"pair {number + 1} of {pairs} of whole films")
            films.append(film_pair(number))
        for number in range(pairs // 4):
            progress(f"pair {number + 1} of {pairs // 4} of whole CTs")
            legs.append(ct_pair(number))
        tables += [pair_table(films, legs), registration_table(pairs)]
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


def pair_table(films: Sequence[Pair], legs: Sequence[Pair]) -> Table:
    """Whole images of limbs between which nothing changed."""
    rows: list[tuple[Cell, ...]] = []
    for pairs, table in ((films, FILM_REPEAT_SD), (legs, CT_REPEAT_SD)):
        for name in table:
            ratios = collect_ratios(pairs, name)
            if len(ratios) > 1:
                rows.append(_judge_pairs(name, ratios, table))
    columns = (
        "measure", "pairs", "repeatability shipped", "repeatability found", "false change", "smallest, said over true",
    )  # fmt: skip
    note = (
        "Another position, dose and processing, on CT another spacing, noise and blur. Pairs in which one image shows "
        "nothing are left out: no change is called of them. Few pairs know a percentile badly; the last column is the "
        "shipped repeatability over the one found."
    )
    return Table("Follow-up: whole images without change", columns, tuple(rows), note)


def collect_ratios(pairs: Sequence[Pair], name: str) -> list[float]:
    """Logarithm of later over earlier, of pairs that have both."""
    ratios = []
    for pair in pairs:
        one, other = (measures.get(name) for measures in pair.measures)
        if one and other:
            ratios.append(float(np.log(other / one)))
    return ratios


def _judge_pairs(name: str, ratios: Sequence[float], table: Mapping[str, float]) -> tuple[Cell, ...]:
    sd = table[name]
    found = float(np.sqrt(np.mean(np.square(ratios)) / 2))
    calls = []
    for ratio in ratios:
        change = difference(repeated(1.0, sd), repeated(float(np.exp(ratio)), sd))
        calls.append(change.call != "no change")
    return name, len(ratios), sd, found, _share(calls), sd / found


def _share(hits: Sequence[bool]) -> Estimate:
    return clopper_pearson(int(sum(hits)), len(hits))
