"""One part of calcium with its kind, compartment, form, depth and side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.compartments import Layer
from calcinet.findings.ct.components import Part
from calcinet.findings.ct.nets import Net
from calcinet.findings.ct.shape import Shape, depth_mm
from calcinet.findings.finding import Kind
from calcinet.image import Image
from calcinet.vocabulary import Compartment, DepositForm

SIDE: Final[dict[int, Literal["L", "R"] | None]] = {0: None, 1: "R", 2: "L"}

UNDER_SKIN_MM: Final = 0.3
"""Calcium is in the skin as far as this below its edge. Our choice: half a pixel."""

FASCIA_MM: Final = 1.0
"""Nor does anything lie under the fascia that is this near to the skin. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Deposit:
    """One part of calcium, or one net."""

    kind: Kind
    compartment: Compartment
    form: DepositForm
    part: Part
    shape: Shape
    depth_mm: float
    side: Literal["L", "R"] | None
    peak_hu: float
    net: Net | None = None
    """Of a net: it is laid flat there."""


def placed(image: Image, anatomy: Anatomy, part: Part, shape: Shape, skin_mm: float) -> Deposit:
    """Where a part lies; what lies under the fascia is unknown until arteries are known.

    Parameters
    ----------
    image, anatomy
        The volume and its map.
    part, shape
        A part of calcium and its form.
    skin_mm
        Thickness of the skin.
    """
    voxels = part.voxels()
    layer = anatomy.grid.at(anatomy.layers, voxels)
    coarse_depth = float(np.median(anatomy.grid.at(anatomy.depth_mm, voxels)))
    assert image.spacing_mm is not None
    depth = depth_mm(image, part, image.spacing_mm, coarse_depth, anatomy.grid, anatomy.body)
    deep = (layer == Layer.DEEP).mean() + (layer == Layer.BONE).mean() > 0.5
    deep = (deep and depth > skin_mm + FASCIA_MM) or (anatomy.trunk_at(shape.centre[0]) and depth > TRUNK_WALL_MM)
    compartment: Compartment = "skin" if depth <= skin_mm + UNDER_SKIN_MM else "unknown" if deep else "subcutis"
    side = np.bincount(anatomy.side_at(voxels), minlength=3).argmax()
    peak = float(image.pixels[part.box][part.mask].max())
    return Deposit(Kind.FOCUS, compartment, shape.form, part, shape, depth, SIDE[int(side)], peak)


TRUNK_WALL_MM: Final = 70.0
"""What lies deeper in the trunk lies inside it, though fat is all about it. Our choice."""


def joined(lesions: Sequence[Deposit], net: Net, skin_mm: float) -> Deposit:
    """One lesion of all parts of a net."""
    members = [lesions[n] for n in net.members]
    low = np.min([m.part.origin for m in members], axis=0)
    high = np.max([[at.stop for at in m.part.box] for m in members], axis=0)
    mask = np.zeros(high - low, dtype=bool)
    for m in members:
        inner = tuple(slice(at.start - at0, at.stop - at0) for at, at0 in zip(m.part.box, low, strict=True))
        mask[inner] |= m.part.mask
    box = (slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2])))
    weights = [m.part.mask.sum() for m in members]
    depth = float(np.average([m.depth_mm for m in members], weights=weights))
    largest = members[int(np.argmax(weights))]
    return replace(
        largest,
        kind=Kind.NET,
        form="net-like",
        compartment="skin" if depth <= skin_mm + UNDER_SKIN_MM else "subcutis",
        part=Part(mask, box),
        depth_mm=depth,
        peak_hu=max(m.peak_hu for m in members),
        net=net,
    )
