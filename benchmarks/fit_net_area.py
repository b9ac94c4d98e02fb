"""Fit true over marked area and mesh of nets: `calcinet.measure.net.marked_part`.

Run `python -m benchmarks.fit_net_area` (ten minutes and more): prints the constants to paste. The films are not those
that `python -m benchmarks --only end-to-end` judges by.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.error_fit import quantile_fit
from benchmarks.found_films import FoundNet, found_parts
from calcinet.measure.net.marked_part import LEAST_SPREAD

Values = NDArray[np.float64]

Columns = tuple[list[int], list[int]]
"""Numbers of the features that the typical factor hangs on, and of those that its spread does."""

AREA_COLUMNS: Final[Columns] = ([0, 1, 2], [0, 2])
MESH_COLUMNS: Final[Columns] = ([0, 2], [0])
"""Our choice: with these the intervals of nets that were left out are shortest."""

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

FOLDS: Final = 10
"""Parts by which errors are read from nets that the weights were not fitted to."""

TAIL: Final = 0.025
"""Share of the truths below an interval, and above it."""

SPREAD_SHARE: Final = 0.7
"""Share of the errors below the spread: about that of one standard deviation. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Numbers of `marked_part` for one quantity."""

    weights: Values
    spread: Values
    error: tuple[float, float]


def fit_area(nets: Sequence[FoundNet]) -> Fitted:
    """AREA_WEIGHTS, AREA_SPREAD and AREA_ERROR."""
    value = np.array([np.log(net.true_cm2 / net.marked_cm2) for net in nets])
    return fit_model(np.array([net.features for net in nets]), value, AREA_COLUMNS)


def fit_mesh(nets: Sequence[FoundNet]) -> Fitted:
    """MESH_WEIGHTS, MESH_SPREAD and MESH_ERROR."""
    measured = [net for net in nets if net.mesh_mm is not None]
    value = np.array([np.log(net.true_mesh_mm / (net.mesh_mm or 1.0)) for net in measured])
    return fit_model(np.array([net.features for net in measured]), value, MESH_COLUMNS)


def fit_model(features: Values, value: Values, columns: Columns) -> Fitted:
    """Median regression of values (N,) on features (N, K), their spread about it likewise, and the errors in spreads.

    The errors are read from nets that neither was fitted to (cross-fitting), so that new ones are held as often.
    """
    scaled = np.empty(len(value))
    part = np.arange(len(value)) % FOLDS
    for fold in range(FOLDS):
        own = part == fold
        weights, spread = _fit_both(features[~own], value[~own], columns)
        scaled[own] = (value[own] - features[own] @ weights) / np.maximum(features[own] @ spread, LEAST_SPREAD)
    weights, spread = _fit_both(features, value, columns)
    low, high = np.quantile(scaled, (TAIL, 1 - TAIL), method="median_unbiased")
    return Fitted(weights, spread, (float(-low), float(high)))


def _fit_both(features: Values, value: Values, columns: Columns) -> tuple[Values, Values]:
    weights = _fit_columns(features, value, columns[0], 0.5)
    return weights, _fit_columns(features, np.abs(value - features @ weights), columns[1], SPREAD_SHARE)


def _fit_columns(features: Values, value: Values, columns: list[int], share: float) -> Values:
    """Weights of all features, those of columns that are left out 0."""
    weights = np.zeros(features.shape[1])
    weights[columns] = quantile_fit(features[:, columns], value, share)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_net_area", description=__doc__)
    parser.add_argument("--films", type=int, default=200, help="number of films")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real films")
    parser.add_argument("--keep", type=Path, help="file that keeps what was found, or has it")
    options = parser.parse_args()
    nets = found_parts(options.films, options.data, options.keep).nets
    for name, found in (("AREA", fit_area(nets)), ("MESH", fit_mesh(nets))):
        for part, numbers in (("WEIGHTS", found.weights), ("SPREAD", found.spread), ("ERROR", found.error)):
            print(f"{name}_{part}: Final = ({', '.join(f'{number:.3f}' for number in numbers)})")
    marked = np.median([net.marked_cm2 / net.true_cm2 for net in nets])
    print(f"{len(nets)} nets; marked over true area, median {marked:.3f}")


if __name__ == "__main__":
    main()
