"""Fit how far calibres of traced arteries err beyond their fit: `calcinet.measure.calibre.tracing_error`.

Run `python -m benchmarks.fit_calibre_error` (ten minutes and more): prints the constants to paste. The films are not
those that `python -m benchmarks --only end-to-end` judges by.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.error_fit import fit_scale
from benchmarks.found_films import FoundArtery, found_parts
from calcinet.constants import NORMAL_95
from calcinet.measure.calibre.tracing_error import SHORT_MM
from calcinet.protocols.vessel_records import WIDEST_INTERVAL

Values = NDArray[np.float64]

HELD_HERE: Final = 0.965
"""Share that is held of the arteries that the numbers are fitted to. Our choice: four numbers fitted to some dozens
hold of others one or two in a hundred fewer."""

BOUNDS: Final = ((1.0, 4.0), (0.0, 0.5), (0.0, 1.0), (0.0, 2.0))
"""Of FIT, EVEN, APART and SHORT. Our choice: no interval is shorter than its fit's, and wide enough."""

LONGEST: Final = float(np.arcsinh(WIDEST_INTERVAL / 2))
"""Half-interval of the logarithm from which on no calibre is stated: e^h - e^-h is the widest."""

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def fit_error(arteries: Sequence[FoundArtery]) -> Values:
    """FIT, EVEN, APART and SHORT: the intervals hold the truth and are no longer than that takes."""
    error = np.array([abs(np.log(one.found_mm / one.true_mm)) for one in arteries])
    squares = error_squares(arteries)
    return fit_scale(
        error, lambda parameters: half_intervals(parameters, squares), BOUNDS, share=HELD_HERE, longest=LONGEST
    )


def error_squares(arteries: Sequence[FoundArtery]) -> Values:
    """What the square of each parameter is multiplied by, shape (N, 4)."""
    rows = []
    for one in arteries:
        apart = np.log(one.found_mm / one.first_mm)
        rows.append((one.fit_sd, 1.0, apart, (SHORT_MM / one.length_mm) ** 2))
    return np.asarray(np.square(np.array(rows)), dtype=np.float64)


def half_intervals(parameters: Values, squares: Values) -> Values:
    """Half of the 95 % interval of each calibre's logarithm, shape (N,)."""
    return np.asarray(NORMAL_95 * np.sqrt(squares @ np.square(parameters)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_calibre_error", description=__doc__)
    parser.add_argument("--films", type=int, default=200, help="number of films")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real films")
    parser.add_argument("--keep", type=Path, help="file that keeps what was found, or has it")
    options = parser.parse_args()
    arteries = found_parts(options.films, options.data, options.keep).arteries
    error = np.array([np.log(one.found_mm / one.true_mm) for one in arteries])
    parameters, squares = fit_error(arteries), error_squares(arteries)
    half, alone = half_intervals(parameters, squares), half_intervals(np.array([1.0, 0.0, 0.0, 0.0]), squares)
    for name, value in zip(("FIT", "EVEN", "APART", "SHORT"), parameters, strict=True):
        print(f"{name}: Final = {value:.3f}")
    films = len({one.film for one in arteries})
    print(f"{len(arteries)} arteries on {films} films; median relative error {np.median(error):+.3f}")
    stated = half < LONGEST
    print(f"stated {stated.mean():.3f}, of them held {np.mean((np.abs(error) <= half)[stated]):.3f}")
    print(f"held {np.mean(np.abs(error) <= half):.3f}, by the fit alone {np.mean(np.abs(error) <= alone):.3f}")
    print(f"median half-interval {np.median(half):.3f}, by the fit alone {np.median(alone):.3f}")


if __name__ == "__main__":
    main()
