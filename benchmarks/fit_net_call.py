"""Fit how the map's and the geometry's word on a net are weighed together: `measure.net_probability.net_call`.

Run `python -m benchmarks.fit_net_call FILMS` (a quarter of an hour): prints the coefficients to paste. The films are
those that the weights were trained on, so that films kept for testing stay unseen: each as it is, with a trap, with a
net, and with a net and an artery.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.tables import progress
from calcinet.errors import BadInput, NotMeasurable, Unreadable
from calcinet.findings.finding import Finding
from calcinet.findings.finding import Kind as Found
from calcinet.findings.radiograph.finder import find_calcium
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.mask_labels import Tissue
from calcinet.measure.net.geometry import net_geometry
from calcinet.measure.net.probability import call_features, net_probability
from calcinet.phantoms.implant import implant, local_noise
from calcinet.phantoms.radiograph.net_confounders import NET_CONFOUNDERS, add_confounder
from calcinet.phantoms.random_deposits import Kind
from calcinet.phantoms.truth import NET

PATTERNS: Final = ("chest/muhammedtalo*", "breast/*")
FIRST_SEED: Final = 500_000
PENALTY: Final = 0.01
"""Ridge weight a sample: the patches of one film are alike."""

OVERLAP: Final = 0.3
"""Share of a patch that must be near lines of a true net for it to be one."""

Rows = list[tuple[NDArray[np.float64], bool]]


def patches(film: Image, number: int) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """Features and truth of every patch that is found on a film in its four states."""
    rng = np.random.default_rng([FIRST_SEED, number])
    soft = find_regions(film)[Tissue.SOFT]
    none = np.zeros(soft.shape, dtype=bool)
    yield from _found(film.plane, none)
    yield from _found(
        add_confounder(film.plane, local_noise(film.plane), str(rng.choice(list(NET_CONFOUNDERS))), rng), none
    )
    states: tuple[tuple[Kind, ...], ...] = (("net",), ("net", "vessel"))
    for kinds in states:
        made = implant(film.plane, soft, kinds, seed=FIRST_SEED + 2 * number + len(kinds))
        near = cv2.dilate((made.mask == NET).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
        yield from _found(made.film, near)


def _found(plane: NDArray[np.float32], net: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.float64], bool]]:
    image = Image(plane[None], None, "1")
    for finding in find_calcium(image, find_regions(image)).findings:
        if finding.kind is Found.NET and finding.patch is not None:
            yield _features(finding), bool(_part(net, finding)[finding.patch].mean() > OVERLAP)


def _part(mask: NDArray[np.bool_], finding: Finding) -> NDArray[np.bool_]:
    (row, column), (rows, columns) = finding.origin, finding.mask.shape
    return mask[row : row + rows, column : column + columns]


def _features(finding: Finding) -> NDArray[np.float64]:
    shape = net_geometry(finding.mask, finding.patch)
    return call_features(finding.probability or 0.0, net_probability(shape.topology))


def fit(rows: Rows) -> NDArray[np.float64]:
    """Ridge logistic regression: intercept, then a weight for each feature."""
    design = np.array([np.r_[1.0, features] for features, _ in rows])
    truth = np.array([float(true) for _, true in rows])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = design @ w
        penalty = PENALTY * np.r_[0.0, w[1:]]
        error = 1 / (1 + np.exp(-margin)) - truth
        value = np.mean(np.logaddexp(0, margin) - truth * margin) + 0.5 * float(penalty @ w)
        return float(value), design.T @ error / len(truth) + penalty

    return np.asarray(minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_net_call", description=__doc__)
    parser.add_argument("films", type=Path, help="folder of the training's films")
    parser.add_argument("--every", type=int, default=3, help="take every so many-th film")
    options = parser.parse_args()
    paths = sorted(path for pattern in PATTERNS for path in options.films.glob(pattern))[:: options.every]
    rows: Rows = []
    for number, path in enumerate(paths):
        progress(f"film {number + 1} of {len(paths)}: {len(rows)} patches, {sum(true for _, true in rows)} of nets")
        try:
            rows += patches(read(path, modality="DX"), number)
        except (BadInput, NotMeasurable, Unreadable) as refusal:
            progress(f"  left out: {refusal}")
    if all(true for _, true in rows):
        print(f"{len(rows)} patches, all of nets: nothing to fit")
        return
    weights = fit(rows)
    print(f"{len(rows)} patches, {sum(true for _, true in rows)} of nets; intercept and weights: {weights.round(3)}")


if __name__ == "__main__":
    main()
