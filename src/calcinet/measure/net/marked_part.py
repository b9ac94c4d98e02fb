"""How large and how fine a net is of which a program marked part: true over marked, and how sure that is.

With m the logarithm of the patch's area in meshes, between `FEWEST_MESHES` and `MOST_MESHES`, and b = 1 less the
share of the net's edges that are there:

    log(true area / marked area) = weights (1, m, b),
    95 % of them from that - below spread to that + above spread,  spread = max(spread weights (1, m, b), LEAST_SPREAD)

and the same of true over measured mesh with its own numbers. A program marks less than there is: the rim of a net has
fewer lines, and stretches hardly show; the more of what is marked is broken, the less is known.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.net.geometry import NetGeometry
from calcinet.measure.net.mesh_size import LEAST_INTACT

FEWEST_MESHES: Final = 4.0
MOST_MESHES: Final = 400.0
"""Sizes beyond these count as these. Our choice: about what the fit has seen."""

LEAST_SPREAD: Final = 0.1
"""Least relative spread. Our choice: no outline is known better."""

AREA_WEIGHTS: Final = (-0.736, -0.040, 2.189)
AREA_SPREAD: Final = (0.204, 0.0, 0.139)
AREA_ERROR: Final = (2.044, 1.977)
"""Weights, spread weights, and below and above, of the area. Our own fit to films with a known net, by
benchmarks/fit_net_area.py, which prints these numbers and those of the mesh."""

MESH_WEIGHTS: Final = (-0.203, 0.0, 1.164)
MESH_SPREAD: Final = (0.212, 0.0, 0.0)
MESH_ERROR: Final = (1.711, 3.182)
"""The same of the mesh."""

UNKNOWN_MISSING: Final = 1 - LEAST_INTACT
"""Share of edges missing where it cannot be told: as many as can be. Our choice: there is then hardly a junction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorModel:
    """Numbers of one quantity."""

    weights: tuple[float, ...]
    spread: tuple[float, ...]
    error: tuple[float, float]
    """Below and above, in spreads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What a marked number is to be multiplied by."""

    typical: float
    lower: float
    """Lower end of its 95 % interval."""

    upper: float

    def apply(self, value: float) -> tuple[float, tuple[float, float]]:
        """The true number and its 95 % interval."""
        return self.typical * value, (self.lower * value, self.upper * value)


def area_factor(geometry: NetGeometry) -> Factor:
    """True over marked area of a net."""
    return _make_factor(geometry, ErrorModel(weights=AREA_WEIGHTS, spread=AREA_SPREAD, error=AREA_ERROR))


def mesh_factor(geometry: NetGeometry) -> Factor:
    """True over measured mesh of a net."""
    return _make_factor(geometry, ErrorModel(weights=MESH_WEIGHTS, spread=MESH_SPREAD, error=MESH_ERROR))


def correct_mesh(geometry: NetGeometry) -> NetGeometry:
    """The geometry with the mesh of the whole net, of which part was marked, and its 95 % interval.

    The interval by counting is not added: what is counted is in the spread, and the errors were read from such counts.
    """
    if geometry.mesh_px is None:
        return geometry
    factor = mesh_factor(geometry)
    corrected = replace(geometry, mesh_px=factor.typical * geometry.mesh_px)
    if geometry.mesh_mm is None:
        return corrected
    mesh_mm, interval = factor.apply(geometry.mesh_mm)
    return replace(corrected, mesh_mm=mesh_mm, mesh_mm_interval=interval)


def part_features(geometry: NetGeometry) -> Floats:
    """One, the logarithm of the area in meshes, and the share of edges that are missing; shape (3,)."""
    missing = UNKNOWN_MISSING
    if geometry.intact is not None:
        missing = 1 - geometry.intact
    return np.array([1.0, np.log(np.clip(geometry.meshes, FEWEST_MESHES, MOST_MESHES)), missing])


def _make_factor(geometry: NetGeometry, model: ErrorModel) -> Factor:
    features = part_features(geometry)
    typical = float(np.dot(model.weights, features))
    spread = max(float(np.dot(model.spread, features)), LEAST_SPREAD)
    below, above = model.error
    return Factor(
        typical=float(np.exp(typical)),
        lower=float(np.exp(typical - below * spread)),
        upper=float(np.exp(typical + above * spread)),
    )
