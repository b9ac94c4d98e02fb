"""How large and how fine a net is of which a program marked part: true over marked, and how sure that is.

With m the logarithm of the patch's area in meshes, between `FEWEST_MESHES` and `MOST_MESHES`, and b = 1 less the
share of the net's edges that are there:

    log(true area / marked area) = constant + slope m + share b, and between that less and plus the errors
    log(true mesh / measured mesh) = the same with its own numbers

A program marks less than there is: the rim of a net, which has fewer lines, and stretches that hardly show.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.net.geometry import NetGeometry

FEWEST_MESHES: Final = 4.0
MOST_MESHES: Final = 400.0
"""Sizes beyond these count as these. Our choice: about what the fit has seen."""

AREA_WEIGHTS: Final = (0.36, 0.0, 0.0)
"""Constant, slope and share of the area; see `AREA_ERROR`."""

AREA_ERROR: Final = (0.5, 0.6)
"""95 % of the true areas lie between these below and above, as logarithms. Our own fit to films with a known net, by
benchmarks/fit_net_area.py, which prints these numbers."""

MESH_WEIGHTS: Final = (0.0, 0.0, 0.0)
"""As `AREA_WEIGHTS`, of the mesh."""

MESH_ERROR: Final = (0.2, 0.2)
"""As `AREA_ERROR`, of the mesh: beyond what counting ends and junctions leaves open."""


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
    return _make_factor(geometry, AREA_WEIGHTS, AREA_ERROR)


def mesh_factor(geometry: NetGeometry) -> Factor:
    """True over measured mesh of a net; what counting leaves open is not in its interval."""
    return _make_factor(geometry, MESH_WEIGHTS, MESH_ERROR)


def correct_mesh(geometry: NetGeometry) -> NetGeometry:
    """The geometry with the mesh of the whole net, of which part was marked, and its 95 % interval."""
    if geometry.mesh_px is None:
        return geometry
    factor = mesh_factor(geometry)
    corrected = replace(geometry, mesh_px=factor.typical * geometry.mesh_px)
    if geometry.mesh_mm is None or geometry.mesh_mm_interval is None:
        return corrected
    low, high = geometry.mesh_mm_interval
    below = np.hypot(np.log(geometry.mesh_mm / low), np.log(factor.typical / factor.lower))
    above = np.hypot(np.log(high / geometry.mesh_mm), np.log(factor.upper / factor.typical))
    mesh_mm = factor.typical * geometry.mesh_mm
    interval = (float(mesh_mm * np.exp(-below)), float(mesh_mm * np.exp(above)))
    return replace(corrected, mesh_mm=mesh_mm, mesh_mm_interval=interval)


def part_features(geometry: NetGeometry) -> Floats:
    """One, the logarithm of the area in meshes, and the share of edges that are missing; shape (3,)."""
    missing = 0.0
    if geometry.intact is not None:
        missing = 1 - geometry.intact
    return np.array([1.0, np.log(np.clip(geometry.meshes, FEWEST_MESHES, MOST_MESHES)), missing])


def _make_factor(geometry: NetGeometry, weights: tuple[float, ...], error: tuple[float, float]) -> Factor:
    typical = float(np.dot(weights, part_features(geometry)))
    below, above = error
    return Factor(
        typical=float(np.exp(typical)), lower=float(np.exp(typical - below)), upper=float(np.exp(typical + above))
    )
