"""Calcium of every kind grown at random on a film's grid: trees of arteries, nets of arterioles, foci."""

from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal, get_args

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, draw
from calcinet.phantoms.calcium_spec import Pattern, VesselSpec
from calcinet.phantoms.chance import log_uniform, random_pixel, wander
from calcinet.phantoms.curves import directions
from calcinet.phantoms.nets import lay_net, net_deposit
from calcinet.phantoms.other_calcium import draw_pieces
from calcinet.phantoms.truth import OTHER, NetTruth, VesselTruth
from calcinet.phantoms.vessels import STEP_MM, CalcifiedBranch, calcify, grow_branches, vessel_deposit

Kind = Literal["vessel", "net", "focus"]
KINDS: Final = get_args(Kind)

DIAMETER_MM: Final = (0.3, 8.0)
"""Outer diameters of the arteries: from the thinnest that is no arteriole to a femoral artery."""

WALLS_IN_NOISE: Final = (3.5, 16.0)
"""Contrast of calcified walls. Our choice: from what a reader finds on a second look to what nobody overlooks."""

MESH_MM: Final = (2.0, 12.0)
LINE_MM: Final = (0.1, 0.8)
PATCH_MM2: Final = (100.0, 6000.0)
"""Nets: mesh, width of the lines, and size of the patch."""

MESH_OF_LEAST: Final = 6.0
"""Least mesh over the thinnest artery. Our choice: narrower ones run together where it is a pixel wide."""

LINES_IN_NOISE: Final = (2.5, 7.0)
"""Contrast of a net's lines. Our choice: below, the truth keeps hardly a pixel of them."""

FOCI_IN_NOISE: Final = (4.0, 30.0)
"""Contrast of other calcium."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Growth:
    """Calcium of one kind and its truth, on the grid that it was grown for."""

    deposit: Deposit
    lines: tuple[Floats, ...]
    """Centre lines, each (N, 2): row and column."""

    vessels: tuple[VesselTruth, ...] = ()
    nets: tuple[NetTruth, ...] = ()


def grow(
    kind: Kind,
    where: Mask,
    rng: np.random.Generator,
    *,
    pixel_mm: float = 0.2,
    blur_px: float = 0.7,
    least_mm: float = DIAMETER_MM[0],
) -> Growth:
    """Grow calcium of one kind, its size, pattern and contrast at random.

    Parameters
    ----------
    kind
        "vessel": a tree of one artery; "net": one patch; "focus": a few stones, plaques or flakes.
    where
        Shape (Y, X): where calcium may be.
    rng
        Source of all chance.
    pixel_mm
        Of a film without a spacing any number will do: sizes are then in units of it.
    blur_px
        Standard deviation of the film's own blur.
    least_mm
        Outer diameter of the thinnest artery; a net's meshes are at least `MESH_OF_LEAST` times as wide.

    Raises
    ------
    BadInput
        If `where` is empty, or too small for a net.
    """
    if not where.any():
        raise BadInput("calcium needs somewhere to lie: the region is empty")
    if kind == "vessel":
        growth = grow_artery(_draw_vessel_spec(rng, least_mm), where, rng, pixel_mm=pixel_mm, blur_px=blur_px)
    elif kind == "net":
        growth = _grow_net(where, rng, pixel_mm, blur_px, least_mm)
    else:
        growth = _grow_foci(where, rng, pixel_mm, blur_px)
    growth.deposit.thickness_mm[~where] = 0
    growth.deposit.footprint[~where] = False
    return growth


def grow_artery(
    spec: VesselSpec, where: Mask, rng: np.random.Generator, *, pixel_mm: float = 0.2, blur_px: float = 0.7
) -> Growth:
    """Grow an artery as it is asked for, with its branches, on a course of its own through the region `where` (Y, X).

    What of it lies outside of the region is not cut off.
    """
    branches = grow_branches(_draw_course(where, rng, pixel_mm), spec, rng)
    calcified = [calcify(branch, spec, pixel_mm, rng) for branch in branches]
    deposit = vessel_deposit(
        list(chain.from_iterable(branch.tubes for branch in calcified)),
        _get_shape(where),
        pixel_mm=pixel_mm,
        blur_px=blur_px,
        contrast_in_noise=spec.contrast_in_noise,
    )
    lines = tuple(branch.path_px for branch in calcified)
    return Growth(deposit=deposit, lines=lines, vessels=tuple(_describe(branch) for branch in calcified))


def _draw_vessel_spec(rng: np.random.Generator, least_mm: float) -> VesselSpec:
    pattern: Pattern = rng.choice(np.array(get_args(Pattern))).item()
    diameter = log_uniform(rng, (least_mm, DIAMETER_MM[1]))
    taper = float(rng.uniform(0.45, 0.95))
    wall = float(rng.uniform(0.15, 0.3 + 0.12 * diameter))
    coverage = 1.0
    if pattern not in ("continuous", "rings"):
        coverage = float(rng.uniform(0.35, 0.95))
    return VesselSpec(
        diameter_mm=diameter,
        taper=taper,
        wall_mm=wall,
        pattern=pattern,
        coverage=coverage,
        contrast_in_noise=log_uniform(rng, WALLS_IN_NOISE),
        tortuosity=float(rng.uniform(0.0, 1.0)),
        branches=int(rng.integers(0, 5)),
        granular=float(rng.uniform(0.2, 1.0)),
    )


def _describe(branch: CalcifiedBranch) -> VesselTruth:
    return VesselTruth(
        centre_line=branch.path_px,
        diameter_mm=branch.diameter_mm,
        compartment="unknown",
        calcified=branch.calcified,
    )


def _draw_course(where: Mask, rng: np.random.Generator, mm: float) -> Floats:
    """A gently bending course through a random point of the region, to its end on both sides; in mm."""
    middle = random_pixel(where, rng) * mm
    reach = int(rng.uniform(0.3, 1.0) * max(where.shape) * mm / STEP_MM) + 8
    heading = rng.uniform(0, 2 * np.pi)
    turn = heading + 0.5 * wander(2 * reach, 60 / STEP_MM, rng)
    path = np.cumsum(directions(turn) * STEP_MM, axis=0)
    course = middle + path - path[reach]
    on_film = ((course >= -10.0) & (course < np.array(where.shape) * mm + 10.0)).all(axis=1)
    if on_film.sum() < 8:
        return np.asarray(course[reach - 8 : reach + 8])
    return np.asarray(course[on_film])


def _grow_net(where: Mask, rng: np.random.Generator, mm: float, blur_px: float, least_mm: float) -> Growth:
    mesh = log_uniform(rng, (max(MESH_MM[0], MESH_OF_LEAST * least_mm), MESH_MM[1]))
    line = log_uniform(rng, LINE_MM)
    line = min(line, 0.16 * mesh)
    area = float(np.clip(log_uniform(rng, PATCH_MM2), 12 * mesh**2, PATCH_MM2[1]))
    stretch = float(np.exp(rng.normal(0, 0.2)))
    broken = rng.uniform(0, 0.5)
    net = lay_net(where, mesh_px=mesh / mm, area_px2=area / mm**2, broken=broken, rng=rng, stretch=stretch)
    contrast = float(rng.uniform(*LINES_IN_NOISE))
    deposit = net_deposit(
        net, _get_shape(where), line_px=line / mm, pixel_mm=mm, blur_px=blur_px, contrast_in_noise=contrast, rng=rng
    )
    truth = NetTruth(mesh_mm=mesh, line_mm=line, depth_mm=float("nan"), lines=net.lines, outline=net.outline)
    return Growth(deposit=deposit, lines=net.lines, nets=(truth,))


def _grow_foci(where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    """A few pieces of other calcium of one kind."""
    thickness, footprint = np.zeros(where.shape, np.float32), np.zeros(where.shape, bool)
    lines: list[Floats] = []
    for piece in draw_pieces(lambda: random_pixel(where, rng), rng, mm):
        draw(piece, thickness, footprint, pixel_mm=mm, blur_px=blur_px)
        lines.append(piece.path_px)
    deposit = Deposit(
        thickness_mm=thickness,
        footprint=footprint,
        label=OTHER,
        contrast_in_noise=log_uniform(rng, FOCI_IN_NOISE),
    )
    return Growth(deposit=deposit, lines=tuple(lines))


def _get_shape(where: Mask) -> tuple[int, int]:
    return where.shape[0], where.shape[1]
