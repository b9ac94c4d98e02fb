"""Mesh sizes of drawn nets with edges missing, beside the mesh that they were drawn with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import bootstrap, clopper_pearson
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import NotMeasurable
from calcinet.measure.net.geometry import net_geometry
from calcinet.phantoms.nets import Net, lay_net

PIXEL_MM: Final = 0.2
MESHES_MM: Final = (2.5, 4.0, 6.0, 9.0)
MISSING: Final = (0.0, 0.25, 0.5)
"""Share of the edges that are left out."""

NETS: Final = 20
"""Of each mesh and share."""

PATCH_CM2: Final = (20.0, 50.0)
STRETCH: Final = (1.0, 1.6)
"""Length of the cells over their breadth."""

LINE_MM: Final = (0.4, 0.8)
"""Width of a marked line: the detector's own at least."""


@dataclass(frozen=True, slots=True)
class MeasuredNet:
    """One net."""

    true_mm: float
    missing: float
    found_mm: float | None
    interval_mm: tuple[float, float] | None

    @property
    def relative(self) -> float:
        """Error over the true mesh."""
        return (self.found_mm or float("nan")) / self.true_mm - 1


def mesh_tables(count: int = NETS) -> list[Table]:
    """Draw nets and measure their meshes."""
    progress(f"meshes of {count * len(MESHES_MM) * len(MISSING)} nets")
    cases = [(mesh, missing, seed) for mesh in MESHES_MM for missing in MISSING for seed in range(count)]
    return [mesh_table([measured_net(*case) for case in cases])]


def measured_net(mesh_mm: float, missing: float, seed: int) -> MeasuredNet:
    """Draw one net as lines of even width and measure it."""
    rng = np.random.default_rng([seed, round(10 * mesh_mm), round(100 * missing)])
    side = round(130 / PIXEL_MM)
    net = lay_net(
        np.ones((side, side), dtype=bool),
        mesh_px=mesh_mm / PIXEL_MM,
        area_px2=rng.uniform(*PATCH_CM2) * 100 / PIXEL_MM**2,
        broken=missing,
        rng=rng,
        stretch=rng.uniform(*STRETCH),
    )
    lines, patch = _drawn(net, side, rng.uniform(*LINE_MM) / PIXEL_MM)
    try:
        found = net_geometry(lines, patch, (PIXEL_MM, PIXEL_MM))
    except NotMeasurable:
        return MeasuredNet(mesh_mm, missing, None, None)
    return MeasuredNet(mesh_mm, missing, found.mesh_mm, found.mesh_mm_interval)


def _drawn(net: Net, side: int, width_px: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pixels of the lines, and of the patch."""
    lines, patch = np.zeros((side, side), np.uint8), np.zeros((side, side), np.uint8)
    for line in net.lines:
        points = np.rint(line[:, ::-1] * 8).astype(np.int32)
        cv2.polylines(lines, [points], isClosed=False, color=1, thickness=max(1, round(width_px)), shift=3)
    cv2.fillPoly(patch, [np.rint(net.outline[:, ::-1]).astype(np.int32)], 1)
    return lines > 0, patch > 0


def mesh_table(nets: Sequence[MeasuredNet]) -> Table:
    """Bias, spread and coverage by share of missing edges and by mesh."""
    strata = [(f"{missing:.0%} missing, all meshes", [n for n in nets if n.missing == missing]) for missing in MISSING]
    worst = max(MISSING)
    strata += [
        (f"{worst:.0%} missing, {mesh:g} mm", [n for n in nets if n.missing == worst and n.true_mm == mesh])
        for mesh in MESHES_MM
    ]
    note = (
        "Bias: mean of found over drawn, less 1, bootstrap over nets. Mesh: side of a square as large as a mean cell."
    )
    columns = ("nets", "of them", "measured", "bias", "mean |error|", "coverage of 95 % intervals")
    return Table("Mesh of broken nets", columns, tuple(_row(*stratum) for stratum in strata), note)


def _row(name: str, nets: Sequence[MeasuredNet]) -> tuple[Cell, ...]:
    given = [net for net in nets if net.found_mm is not None]
    error = np.array([net.relative for net in given])
    held = sum(net.interval_mm is not None and net.interval_mm[0] <= net.true_mm <= net.interval_mm[1] for net in given)
    bias = bootstrap(lambda chosen: float(error[chosen].mean()) if error.size else float("nan"), len(error))
    size = bootstrap(lambda chosen: float(np.abs(error[chosen]).mean()) if error.size else float("nan"), len(error))
    return (name, len(nets), len(given), bias, size, clopper_pearson(held, len(given)))
