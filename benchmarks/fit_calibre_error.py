"""Fit how far calibres of traced arteries err beyond their fit: `calcinet.measure.calibre.tracing_error`.

Run `python -m benchmarks.fit_calibre_error` (ten minutes and more): prints the constants to paste. The films are not
those that `python -m benchmarks --only end-to-end` judges by.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.error_fit import fit_scale
from benchmarks.found_films import FoundArtery, found_parts
from calcinet.constants import NORMAL_95

Values = NDArray[np.float64]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def fit_error(arteries: Sequence[FoundArtery]) -> Values:
    """EVEN, PATH_PX and APART with which 95 % of the intervals hold the truth and are no longer than that takes."""
    error = np.array([abs(np.log(one.found_mm / one.true_mm)) for one in arteries])
    return fit_scale(error, lambda parameters: half_intervals(parameters, arteries), (0.05, 0.3, 0.4))


def half_intervals(parameters: Values, arteries: Sequence[FoundArtery]) -> Values:
    """Half of the 95 % interval of each calibre's logarithm, shape (N,)."""
    even, path_px, apart = parameters
    fit = np.array([one.fit_sd for one in arteries])
    pixels = np.array([one.pixel_mm / one.found_mm for one in arteries])
    distance = np.array([np.log(one.found_mm / one.first_mm) for one in arteries])
    return np.asarray(NORMAL_95 * np.sqrt(fit**2 + even**2 + (path_px * pixels) ** 2 + (apart * distance) ** 2))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_calibre_error", description=__doc__)
    parser.add_argument("--films", type=int, default=200, help="number of films")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real films")
    parser.add_argument("--keep", type=Path, help="file that keeps what was found, or has it")
    options = parser.parse_args()
    arteries = found_parts(options.films, options.data, options.keep).arteries
    error = np.array([np.log(one.found_mm / one.true_mm) for one in arteries])
    parameters = fit_error(arteries)
    half, alone = half_intervals(parameters, arteries), half_intervals(np.zeros(3), arteries)
    for name, value in zip(("EVEN", "PATH_PX", "APART"), parameters, strict=True):
        print(f"{name}: Final = {value:.3f}")
    films = len({one.film for one in arteries})
    print(f"{len(arteries)} arteries on {films} films; median relative error {np.median(error):+.3f}")
    print(f"held {np.mean(np.abs(error) <= half):.3f}, by the fit alone {np.mean(np.abs(error) <= alone):.3f}")
    print(f"median half-interval {np.median(half):.3f}, by the fit alone {np.median(alone):.3f}")


if __name__ == "__main__":
    main()
