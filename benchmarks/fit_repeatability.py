"""Fit how far measures differ from one image to the next without change, to the pairs that are kept.

    python -m benchmarks.serial_kept film 200 bench-out/pairs
    python -m benchmarks.serial_kept "large film" 200 bench-out/pairs
    python -m benchmarks.fit_repeatability bench-out/pairs

prints a line a measure: its two numbers, the pairs they rest on, and how many pairs of each tenth are called with
numbers that were fitted to the other nine. Of all pairs of numbers with which no more than `MOST_CALLED` of the pairs
without change are called, those are taken that promise most: the least standard deviation in the mean.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.serial_kept import read_pairs
from benchmarks.serial_pairs import SAME, Kind, Pair
from calcinet.arrays import Floats
from calcinet.measure.serial import Z95, Repeatability, difference, repeated

MEASURES: Final[dict[tuple[Kind, ...], tuple[str, ...]]] = {
    ("film", "large film"): ("calcified_area_mm2", "calcified_length_mm", "net.area_cm2", "net.mesh_mm"),
    ("CT",): ("ct.volume_mm3", "ct.agatston"),
}
"""Of whole images that are compared by their repeatability alone."""

MARKS: Final = {"vessel": ("vessel.length_mm", 1.0), "net": ("net.patch_cm2", 100.0)}
"""What is compared of single marks of films, and by what their size is divided."""

SHARES: Final = np.linspace(0, 0.5, 21)
"""Of the part that does not go with the quantity, in the variance of a value of median size: with more, large values
were promised too much in cross-validation."""

MOST_CALLED: Final = 0.04
"""Of pairs without change, so that of further pairs no more than 5 % are called. Our choice."""

LEAST_PAIRS: Final = 20
"""Fewer say nothing of one in twenty."""

PARTS: Final = 10
"""Of cross-validation."""


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
    level = min(1.0, (1 - MOST_CALLED) * (1 + 1 / len(values)))
    best, least = Repeatability(0.0), np.inf
    for share in SHARES:
        parts = np.hypot(np.sqrt(1 - share), np.sqrt(share) * typical / values)
        scale = float(np.quantile(apart / np.hypot(*parts.T), level, method="higher")) / Z95
        promise = float(np.mean(np.log(scale * parts)))
        if promise < least:
            best, least = Repeatability(scale * np.sqrt(1 - share), scale * np.sqrt(share) * typical), promise
    return best


def measure_ratios(values: Floats, error: Repeatability) -> Floats:
    """Differences of pairs without change over the smallest that is called."""
    ratios = []
    for one, other in values:
        found = difference(repeated(one, error.at(one)), repeated(other, error.at(other)))
        ratios.append(abs(found.value) / found.smallest_detectable)
    return np.array(ratios)


def cross_validate(values: Floats) -> Floats:
    """The same of every pair with numbers that were fitted without it, by tenths."""
    order = np.random.default_rng(0).permutation(len(values))
    ratios = np.zeros(len(values))
    for part in np.array_split(order, PARTS):
        ratios[part] = measure_ratios(values[part], fit(np.delete(values, part, axis=0)))
    return ratios


def list_same(folder: Path) -> Iterator[tuple[str, Floats]]:
    """Values of every measure on pairs of images without change."""
    for kinds, names in MEASURES.items():
        pairs: list[Pair] = []
        for kind in kinds:
            pairs += [pair for pair in read_pairs(kind, folder) if pair.scene == SAME]
        for name in names:
            yield name, list_values(pairs, name)
        if "film" in kinds:
            for mark, (name, _) in MARKS.items():
                yield name, list_sizes(pairs, mark)


def main(words: Sequence[str]) -> None:
    if len(words) != 1:
        raise SystemExit(__doc__)
    for name, values in list_same(Path(words[0])):
        if len(values) < LEAST_PAIRS:
            print(f"{name}: too few pairs")
            continue
        error = fit(values)
        called = int((cross_validate(values) > 1).sum())
        print(
            f"{name}: Repeatability({error.relative:.3f}, {error.absolute:.3g}) from {len(values)} pairs, median "
            f"{np.median(values):.3g}; called of the others: {called} of {len(values)}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
