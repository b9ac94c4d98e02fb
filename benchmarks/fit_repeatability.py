"""Fit how far measures differ from one image to the next without change, to the first pairs that are kept.

    python -m benchmarks.serial_kept film 400 bench-out/pairs
    python -m benchmarks.fit_repeatability bench-out/pairs

prints a line a measure: its two numbers, the pairs they rest on, and the false changes among the others, which
`python -m benchmarks --only follow --pairs-kept bench-out/pairs` judges whole. Of all pairs of numbers with which no
more than 5 % of the pairs without change are called, those are taken that promise most: the least standard deviation in
the mean.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, get_args

import numpy as np

from benchmarks.agreement import clopper_pearson
from benchmarks.serial_kept import read_pairs
from benchmarks.serial_pairs import FIRST, SAME, Kind, Pair
from calcinet.arrays import Floats
from calcinet.measure.serial import Z95, Repeatability, difference, repeated

MEASURES: Final[dict[Kind, tuple[str, ...]]] = {
    "film": ("calcified_area_mm2", "calcified_length_mm", "net.area_cm2", "net.mesh_mm"),
    "CT": ("ct.volume_mm3", "ct.agatston"),
    "mammogram": ("bac.length_mm", "bac.area_mm2"),
    "scan": (),
}
"""Of whole images that are compared by their repeatability alone."""

MARKS: Final = {"vessel": ("vessel.length_mm", 1.0), "net": ("net.patch_cm2", 100.0)}
"""What is compared of single marks of films, and by what their size is divided."""

SHARES: Final = np.linspace(0, 0.95, 39)
"""Of the part that does not go with the quantity, in the variance of a value of median size: never all of it."""

FITTED: Final = 200
"""Numbers from here on are kept for judging."""

LEAST_PAIRS: Final = 20
"""Fewer say nothing of one in twenty."""


def is_for_fitting(pair: Pair) -> bool:
    """Whether numbers may be fitted to a pair."""
    return pair.seed - FIRST < FITTED


def list_values(pairs: Sequence[Pair], name: str) -> Floats:
    """Values (N, 2) of a measure on both images, where both have one."""
    found = []
    for pair in pairs:
        one, other = (measures.get(name) for measures in pair.measures)
        if one and other:
            found.append((one, other))
    return np.array(found).reshape(-1, 2)


def list_sizes(pairs: Sequence[Pair], kind: str) -> Floats:
    """Sizes (N, 2) of the same vessels, in mm, or nets, in cm2, on both films."""
    found = []
    for pair in pairs:
        for line in pair.lines:
            if line.kind == kind and line.sizes[0] and line.sizes[1]:
                found.append(line.sizes)
    return np.array(found).reshape(-1, 2) / MARKS[kind][1]


def fit(values: Floats) -> Repeatability:
    """The two numbers of a measure from its values (N, 2) on images without change."""
    apart = np.abs(np.log(values[:, 1] / values[:, 0]))
    typical = float(np.median(values))
    level = min(1.0, 0.95 * (1 + 1 / len(values)))  # so that of further pairs no more are called, either
    best, least = Repeatability(0.0), np.inf
    for share in SHARES:
        parts = np.hypot(np.sqrt(1 - share), np.sqrt(share) * typical / values)
        scale = float(np.quantile(apart / np.hypot(*parts.T), level, method="higher")) / Z95
        promise = float(np.mean(np.log(scale * parts)))
        if promise < least:
            best, least = Repeatability(scale * np.sqrt(1 - share), scale * np.sqrt(share) * typical), promise
    return best


def count_called(values: Floats, error: Repeatability) -> tuple[int, int]:
    """Pairs without change that are called, and all."""
    called = [difference(repeated(one, error.at(one)), repeated(two, error.at(two))).call for one, two in values]
    return sum(call != "no change" for call in called), len(called)


def _list_measures(folder: Path) -> Iterator[tuple[str, Floats, Floats]]:
    for kind in get_args(Kind):
        pairs = [pair for pair in read_pairs(kind, folder) if pair.scene == SAME]
        halves = [[pair for pair in pairs if is_for_fitting(pair) is fitting] for fitting in (True, False)]
        for name in MEASURES[kind]:
            yield name, list_values(halves[0], name), list_values(halves[1], name)
        if kind == "film":
            for mark, (name, _) in MARKS.items():
                yield name, list_sizes(halves[0], mark), list_sizes(halves[1], mark)


def main(words: Sequence[str]) -> None:
    if len(words) != 1:
        raise SystemExit(__doc__)
    for name, fitted, judged in _list_measures(Path(words[0])):
        if len(fitted) < LEAST_PAIRS:
            print(f"{name}: too few pairs")
            continue
        error = fit(fitted)
        print(
            f"{name}: Repeatability({error.relative:.3f}, {error.absolute:.3g}) from {len(fitted)} pairs, median "
            f"{np.median(fitted):.3g}"
        )
        if len(judged):
            print(f"    of the others called: {clopper_pearson(*count_called(judged, error))}")


if __name__ == "__main__":
    main(sys.argv[1:])
