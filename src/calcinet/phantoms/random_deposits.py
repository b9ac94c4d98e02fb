"""Calcium of every kind grown at random on a film's grid: trees of arteries, nets of arterioles, foci."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, Tube, draw
from calcinet.phantoms.nets import net_deposit, net_lines
from calcinet.phantoms.radiograph.spec import Pattern, VesselSpec
from calcinet.phantoms.texture import wander
from calcinet.phantoms.truth import OTHER, NetTruth, VesselTruth
from calcinet.phantoms.vessels import STEP_MM, calcified, tree, tube, vessel_deposit

Kind = Literal["vessel", "net", "focus"]
KINDS: Final = get_args(Kind)

DIAMETER_MM: Final = (0.3, 8.0)
"""Outer diameters of the arteries that are grown: from the thinnest that is no arteriole to a femoral artery."""

WALLS_IN_NOISE: Final = (3.5, 16.0)
"""Contrast of calcified walls. Our choice: from what a reader finds on a second look to what nobody overlooks."""

MESH_MM: Final = (2.0, 12.0)
LINE_MM: Final = (0.1, 0.8)
PATCH_MM2: Final = (100.0, 6000.0)
"""Nets: mesh, width of the lines, and size of the patch."""

LINES_IN_NOISE: Final = (2.5, 7.0)
"""Contrast of a net's lines. Our choice: below, the truth keeps hardly a pixel of them."""

FOCI_IN_NOISE: Final = (4.0, 30.0)


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """Calcium of one kind and its truth, on the grid that it was grown for."""

    deposit: Deposit
    lines: tuple[Floats, ...]
    """Centre lines, each (N, 2): row and column."""

    vessels: tuple[VesselTruth, ...] = ()
    nets: tuple[NetTruth, ...] = ()


def grow(kind: Kind, where: Mask, rng: np.random.Generator, *, pixel_mm: float = 0.2, blur_px: float = 0.7) -> Growth:
    """Grow calcium of one kind, its size, pattern and contrast at random.

    Parameters
    ----------
    kind
        "vessel": a tree of one artery; "net": one patch; "focus": a few stones, plaques or flakes.
    where
        Shape (Y, X): where it may lie.
    rng
        Source of all chance.
    pixel_mm
        Of a film without a spacing any number will do: sizes are then in units of it.
    blur_px
        Standard deviation of the film's own blur.

    Raises
    ------
    BadInput
        If `where` is empty, or too small for a net.
    """
    if not where.any():
        raise BadInput("calcium needs somewhere to lie: the region is empty")
    made = {"vessel": _artery, "net": _net, "focus": _foci}[kind](where, rng, pixel_mm, blur_px)
    made.deposit.thickness_mm[~where] = 0
    made.deposit.footprint[~where] = False
    return made


def _artery(where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    pattern: Pattern = rng.choice(np.array(get_args(Pattern))).item()
    diameter = _log_uniform(rng, DIAMETER_MM)
    spec = VesselSpec(
        diameter_mm=diameter,
        taper=float(rng.uniform(0.45, 0.95)),
        wall_mm=float(rng.uniform(0.15, 0.3 + 0.12 * diameter)),
        pattern=pattern,
        coverage=float(rng.uniform(0.35, 0.9)) if pattern == "patchy" else 1.0,
        contrast_in_noise=_log_uniform(rng, WALLS_IN_NOISE),
        tortuosity=float(rng.uniform(0.0, 1.0)),
        branches=int(rng.integers(0, 5)),
    )
    branches = tree(_course(where, rng, mm), spec, rng)
    tubes = [tube(branch, spec, mm, rng) for branch in branches]
    deposit = vessel_deposit(
        tubes, _shape(where), pixel_mm=mm, blur_px=blur_px, contrast_in_noise=spec.contrast_in_noise
    )
    truths = tuple(
        VesselTruth(drawn.path_px, branch.diameter_mm, "unknown", calcified(drawn.left, drawn.right))
        for branch, drawn in zip(branches, tubes, strict=True)
    )
    return Growth(deposit, tuple(one.path_px for one in tubes), vessels=truths)


def _course(where: Mask, rng: np.random.Generator, mm: float) -> Floats:
    """A gently bending way through a random point of the region, to its end on both sides; in mm."""
    spots = np.flatnonzero(where)
    middle = np.array(divmod(int(spots[rng.integers(len(spots))]), where.shape[1]), float) * mm
    reach = int(rng.uniform(0.3, 1.0) * max(where.shape) * mm / STEP_MM) + 8
    heading = rng.uniform(0, 2 * np.pi)
    turn = heading + 0.5 * wander(2 * reach, 60 / STEP_MM, rng)
    steps = np.stack([np.sin(turn), np.cos(turn)], axis=1) * STEP_MM
    path = np.cumsum(steps, axis=0)
    course = middle + path - path[reach]
    inside = ((course >= -10.0) & (course < np.array(where.shape) * mm + 10.0)).all(axis=1)
    kept: Floats = course[inside]
    return kept if len(kept) >= 8 else np.asarray(course[reach - 8 : reach + 8])


def _net(where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    mesh, line = _log_uniform(rng, MESH_MM), _log_uniform(rng, LINE_MM)
    line = min(line, 0.16 * mesh)
    area = float(np.clip(_log_uniform(rng, PATCH_MM2), 12 * mesh**2, PATCH_MM2[1]))
    stretch = float(np.exp(rng.normal(0, 0.2)))
    laid = net_lines(
        where, mesh_px=mesh / mm, area_px2=area / mm**2, broken=rng.uniform(0, 0.5), rng=rng, stretch=stretch
    )
    contrast = float(rng.uniform(*LINES_IN_NOISE))
    deposit = net_deposit(
        laid, _shape(where), line_px=line / mm, pixel_mm=mm, blur_px=blur_px, contrast_in_noise=contrast, rng=rng
    )
    truth = NetTruth(mesh, line, float("nan"), laid.lines, laid.outline)
    return Growth(deposit, laid.lines, nets=(truth,))


def _foci(where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    """Solid stones, stones with a clear core, and flakes."""
    thickness, footprint = np.zeros(where.shape, np.float32), np.zeros(where.shape, bool)
    spots = np.flatnonzero(where)
    lines = []
    for _ in range(int(rng.integers(1, 6))):
        at = np.array(divmod(int(spots[rng.integers(len(spots))]), where.shape[1]), float)
        radius, angle = _log_uniform(rng, (0.5, 4.0)) / mm, rng.uniform(0, np.pi)
        long = radius * rng.uniform(0.05, 1.2)
        path = at + np.linspace(-long, long, 6)[:, None] * np.array([np.sin(angle), np.cos(angle)])
        uneven = np.clip(rng.normal(1.0, 0.25, 6), 0.4, 1.6)
        wall = radius * (1.0 if rng.random() < 0.6 else rng.uniform(0.25, 0.6))
        stone = Tube(path, radius * rng.uniform(0.8, 1.2, 6), wall, uneven, uneven, np.ones(6))
        draw(stone, thickness, footprint, pixel_mm=mm, blur_px=blur_px)
        lines.append(path)
    deposit = Deposit(thickness, footprint, OTHER, _log_uniform(rng, FOCI_IN_NOISE), 75.0)
    return Growth(deposit, tuple(lines))


def _log_uniform(rng: np.random.Generator, limits: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(*np.log(limits))))


def _shape(where: Mask) -> tuple[int, int]:
    return where.shape[0], where.shape[1]
