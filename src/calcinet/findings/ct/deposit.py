"""One component of calcium with its kind, compartment, form, depth and side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.compartments import Layer
from calcinet.findings.ct.components import Component
from calcinet.findings.ct.nets import Net
from calcinet.findings.ct.shape import LINE_STEP_MM, Shape, average_slabs, depth_mm, measure_shape
from calcinet.findings.finding import Kind
from calcinet.image import Image
from calcinet.vocabulary import Compartment, DepositForm, LimbSide

SIDE: Final[dict[int, LimbSide | None]] = {0: None, 1: "R", 2: "L"}

UNDER_SKIN_MM: Final = 0.3
"""Calcium is in the skin as far as this below its edge. Our choice: half a pixel."""

FASCIA_MM: Final = 1.0
"""Nothing under the fascia is this near to the skin. Our choice."""

TRUNK_WALL_MM: Final = 70.0
"""What is deeper in the trunk is inside it, though fat is all about it. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Deposit:
    """One component of calcium, one net, or one artery as far as its calcium shows it."""

    kind: Kind
    compartment: Compartment
    form: DepositForm
    part: Component
    shape: Shape
    depth_mm: float
    side: LimbSide | None
    peak_hu: float
    net: Net | None = None
    """The net, unrolled; None of other deposits."""
    pieces: tuple["Deposit", ...] = ()
    """Walls and plaques of an artery that are this one vessel; empty of what is one component, and of a net."""


def locate_deposit(
    image: Image, anatomy: Anatomy, component: Component, spacing_mm: Spacing, skin_mm: float
) -> Deposit:
    """Compartment, depth and side of a component; what is under the fascia is unknown until arteries are known.

    Parameters
    ----------
    image, anatomy
        The volume and its map.
    component
        Connected voxels of calcium.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    skin_mm
        Thickness of the skin.
    """
    shape = measure_shape(component, spacing_mm)
    voxels = component.voxels()
    coarse_depth = float(np.median(anatomy.grid.at(anatomy.depth_mm, voxels)))
    depth = depth_mm(image, component, spacing_mm, coarse_depth, anatomy.grid, anatomy.body)
    side = np.bincount(anatomy.side_at(voxels), minlength=3).argmax()
    return Deposit(
        kind=Kind.FOCUS,
        compartment=_find_compartment(anatomy, component, shape, depth, skin_mm),
        form=shape.form,
        part=component,
        shape=shape,
        depth_mm=depth,
        side=SIDE[int(side)],
        peak_hu=float(image.pixels[component.box][component.mask].max()),
    )


def _find_compartment(
    anatomy: Anatomy, component: Component, shape: Shape, depth_mm: float, skin_mm: float
) -> Compartment:
    """Skin or subcutis; "unknown" under the fascia and inside the trunk."""
    if depth_mm <= skin_mm + UNDER_SKIN_MM:
        return "skin"
    layer = anatomy.grid.at(anatomy.layers, component.voxels())
    mostly_deep = (layer == Layer.DEEP).mean() + (layer == Layer.BONE).mean() > 0.5
    under_fascia = mostly_deep and depth_mm > skin_mm + FASCIA_MM
    inside_trunk = anatomy.trunk_at(shape.centre[0]) and depth_mm > TRUNK_WALL_MM
    if under_fascia or inside_trunk:
        return "unknown"
    return "subcutis"


def join_net(deposits: Sequence[Deposit], net: Net, skin_mm: float) -> Deposit:
    """One deposit of all components of a net."""
    members = [deposits[n] for n in net.members]
    weights = [member.part.mask.sum() for member in members]
    depth = float(np.average([member.depth_mm for member in members], weights=weights))
    compartment: Compartment = "subcutis"
    if depth <= skin_mm + UNDER_SKIN_MM:
        compartment = "skin"
    largest = members[int(np.argmax(weights))]
    return replace(
        largest,
        kind=Kind.NET,
        form="net-like",
        compartment=compartment,
        part=_unite([member.part for member in members]),
        depth_mm=depth,
        peak_hu=max(member.peak_hu for member in members),
        net=net,
    )


def join_artery(pieces: Sequence[Deposit], line_mm: Floats, spacing_mm: Spacing) -> Deposit:
    """One vessel of all walls and plaques of an artery.

    Parameters
    ----------
    pieces
        Its deposits; one alone stays what it is.
    line_mm
        Middle of the artery in mm from the first voxel (Z, Y, X), shape (N, 3), Z rising.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    """
    if len(pieces) == 1:
        return replace(pieces[0], kind=Kind.VESSEL, compartment="artery")
    weights = [piece.part.mask.sum() for piece in pieces]
    united = _unite([piece.part for piece in pieces])
    shape = _follow_line(measure_shape(united, spacing_mm), line_mm, spacing_mm)
    return replace(
        pieces[int(np.argmax(weights))],
        kind=Kind.VESSEL,
        compartment="artery",
        form=shape.form,
        part=united,
        shape=shape,
        depth_mm=float(np.average([piece.depth_mm for piece in pieces], weights=weights)),
        peak_hu=max(piece.peak_hu for piece in pieces),
        pieces=tuple(pieces),
    )


def _follow_line(shape: Shape, line_mm: Floats, spacing_mm: Spacing) -> Shape:
    """The shape of an artery's calcium, whose length is that of its course; a vessel longer than wide is a tube."""
    line = average_slabs(line_mm, line_mm[:, 0], LINE_STEP_MM)
    along = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    length = max(along, float(np.ptp(line_mm[:, 0]))) + spacing_mm[0]
    form = shape.form
    if length >= shape.extent_mm[1]:
        form = "tubular"
    return replace(shape, form=form, length_mm=length, line=line / spacing_mm)


def _unite(components: Sequence[Component]) -> Component:
    """All voxels of several components as one."""
    voxels = np.concatenate([component.voxels() for component in components])
    low, high = voxels.min(axis=0), voxels.max(axis=0) + 1
    box = (slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2])))
    mask = np.zeros(high - low, dtype=bool)
    mask[tuple((voxels - low).T)] = True
    return Component(mask, box)
