"""Fit true over marked area and mesh of nets: `calcinet.measure.net.marked_part`.

Run `python -m benchmarks.fit_net_area` (ten minutes and more): prints the constants to paste. The films are not those
that `python -m benchmarks --only end-to-end` judges by.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.error_fit import conformal, fit_scale, quantile_fit
from benchmarks.found_films import FoundNet, found_parts

Values = NDArray[np.float64]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

FOLDS: Final = 10
"""Parts by which errors are read from nets that the weights were not fitted to."""

TAIL: Final = 0.025
"""Share of the truths below an interval, and above it."""


def fit_area(nets: Sequence[FoundNet]) -> tuple[Values, tuple[float, float]]:
    """AREA_WEIGHTS and AREA_ERROR."""
    value = np.array([np.log(net.true_cm2 / net.marked_cm2) for net in nets])
    weights, rest = fit_weights(np.array([net.features for net in nets]), value)
    return weights, (conformal(-rest, 1 - TAIL), conformal(rest, 1 - TAIL))


def fit_mesh(nets: Sequence[FoundNet]) -> tuple[Values, tuple[float, float]]:
    """MESH_WEIGHTS and MESH_ERROR: the latter is what the interval by counting lacks."""
    measured = [net for net in nets if net.mesh_mm is not None and net.mesh_interval_mm is not None]
    value = np.array([np.log(net.true_mesh_mm / (net.mesh_mm or 1.0)) for net in measured])
    weights, rest = fit_weights(np.array([net.features for net in measured]), value)
    bounds = np.array([net.mesh_interval_mm for net in measured])
    counted = np.log(bounds[:, 1] / bounds[:, 0]) / 2
    (extra,) = fit_scale(np.abs(rest), lambda parameter: np.hypot(parameter, counted), (0.2,))
    return weights, (float(extra), float(extra))


def fit_weights(features: Values, value: Values) -> tuple[Values, Values]:
    """Weights of median regression on features (N, K), and what is left of nets that they were not fitted to, (N,)."""
    rest = np.empty(len(value))
    part = np.arange(len(value)) % FOLDS
    for fold in range(FOLDS):
        own = part == fold
        rest[own] = value[own] - features[own] @ quantile_fit(features[~own], value[~own])
    return quantile_fit(features, value), rest


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_net_area", description=__doc__)
    parser.add_argument("--films", type=int, default=200, help="number of films")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real films")
    parser.add_argument("--keep", type=Path, help="file that keeps what was found, or has it")
    options = parser.parse_args()
    nets = found_parts(options.films, options.data, options.keep).nets
    for name, (weights, error) in (("AREA", fit_area(nets)), ("MESH", fit_mesh(nets))):
        print(f"{name}_WEIGHTS: Final = ({', '.join(f'{weight:.3f}' for weight in weights)})")
        print(f"{name}_ERROR: Final = ({', '.join(f'{end:.3f}' for end in error)})")
    marked = np.median([net.marked_cm2 / net.true_cm2 for net in nets])
    print(f"{len(nets)} nets; marked over true area, median {marked:.3f}")


if __name__ == "__main__":
    main()
