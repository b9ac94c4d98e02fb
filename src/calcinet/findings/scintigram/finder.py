"""A planar bone scan divided: each limb segment's soft tissue and bone, view by view, and what was left out."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram import limb_segments
from calcinet.findings.scintigram.bone import bone_of, mapped, profile
from calcinet.findings.scintigram.contour import Contour, find_contour
from calcinet.findings.scintigram.landmarks import NO_BODY, Figure, Limb, find_figure
from calcinet.findings.scintigram.limb_segments import Place
from calcinet.findings.scintigram.limbs import Shape, shape_of
from calcinet.findings.scintigram.spots import Spot, find_spots
from calcinet.image import Image, Projection
from calcinet.text import say
from calcinet.vocabulary import LimbPart, LimbSide

EDGE_MM: Final = 8.0
"""Left out inside the edge of a limb. Our choice: most of the camera's blur."""

AROUND_BONE_MM: Final = 6.0
"""Left out round bone. Our choice: with the profile's own smoothing, most of the camera's blur."""

LEAST_SOFT: Final = 0.08
"""A segment whose soft tissue is a smaller share of it is not measured. Our choice: it is all bone."""

TOGETHER: Final[tuple[LimbPart, ...]] = ("hand", "knee", "foot")
"""Parts whose bones and soft tissue a gamma camera does not tell apart; they are measured together."""

CUT_SHARE: Final = 0.25
"""A segment that touches the edge of the field in more of its rows is cut off. Our choice."""


LEAST_ROWS: Final = 0.95
"""A segment in fewer of whose rows the limb is seen was not found. Our choice: a stump ends before its levels do."""

NOT_FOUND: Final = say("this part of the limb was not found on the view")


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One part of one limb on one view; masks have the shape of the view, (Y, X)."""

    place: Place
    whole: Mask
    soft: Mask
    """Soft tissue that neither bone nor air reaches; of `TOGETHER` all but the edge."""
    bone: Mask
    along: Floats
    """Place along the segment, 0 to 1; shape (Y,)."""
    across: Floats
    path_mm: Floats
    cut: bool
    """Cut off by the edge of the field."""
    laid: bool = True
    """Whether the limb is seen from the segment's first row to its last: a stump ends before."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewMap:
    """One view divided; turned so that the patient's left is on the right."""

    view: Projection
    counts: Floats
    contour: Contour
    figure: Figure
    segments: dict[Place, Segment]
    spots: tuple[Spot, ...]
    turned: bool
    """Whether the view was mirrored for it: one seen from behind."""

    def shown(self, mask: Mask) -> Mask:
        """A mask as it lies on the view itself."""
        return mask[:, ::-1] if self.turned else mask


@dataclass(frozen=True, slots=True, eq=False)
class Scintigram:
    """All views that show a whole body."""

    views: tuple[ViewMap, ...]
    cautions: tuple[str, ...] = ()

    def spots(self) -> tuple[tuple[int, Spot], ...]:
        """Number of the view and spot, of all views."""
        return tuple((number, spot) for number, view in enumerate(self.views) for spot in view.spots)


def find_scintigram(image: Image) -> Scintigram:
    """Divide every view of a whole-body scan.

    Raises
    ------
    NotMeasurable
        If pixels are not counts, have no size, or show no whole body.
    """
    image.require_unit("{counts}")
    pixel_mm = image.require_pixel_mm()
    views, missing = [], []
    for view, plane in zip(image.emission.views or ("anterior",), image.pixels, strict=False):
        try:
            views.append(_divided(plane, view, pixel_mm))
        except NotMeasurable as refusal:
            missing.append(str(refusal))
    if not views:
        raise NotMeasurable(missing[0])
    cautions = [say("the {view} view was left out: {why}", view=say("other"), why=why) for why in missing]
    return Scintigram(tuple(views), (*cautions, *_cautions(views)))


def _divided(plane: Pixels, view: Projection, pixel_mm: tuple[float, float]) -> ViewMap:
    """Divide one view; a body that lies in a way nobody thought of is not measured, and ends no examination."""
    try:
        return _laid_out(plane, view, pixel_mm)
    except (ArithmeticError, IndexError, ValueError, cv2.error) as error:
        raise NotMeasurable(NO_BODY) from error


def _laid_out(plane: Pixels, view: Projection, pixel_mm: tuple[float, float]) -> ViewMap:
    turned = view == "posterior"
    counts = np.ascontiguousarray(plane[:, ::-1] if turned else plane)
    contour = find_contour(counts, pixel_mm)
    figure = find_figure(contour, pixel_mm)
    spots = tuple(find_spots(contour, figure, pixel_mm))
    segments: dict[Place, Segment] = {}
    for pair, parts in ((figure.arms, limb_segments.ARM), (figure.legs, limb_segments.LEG)):
        shapes = {limb.side: shape_of(limb, contour, pixel_mm) for limb in pair}
        for number, part in enumerate(parts):
            segments |= _pair(contour, pair, shapes, spots, (number, part), pixel_mm)
    return ViewMap(view, counts.astype(np.float64), contour, figure, segments, spots, turned)


def _pair(
    contour: Contour,
    limbs: tuple[Limb, Limb],
    shapes: dict[LimbSide, Shape],
    spots: tuple[Spot, ...],
    which: tuple[int, LimbPart],
    pixel_mm: tuple[float, float],
) -> dict[Place, Segment]:
    """The same part on both sides: bone is found by comparing them."""
    number, part = which
    rows = {limb.side: (limb.levels[number], limb.levels[number + 1]) for limb in limbs}
    above = contour.smooth.astype(np.float64) - contour.air
    seen = [limb.side for limb in limbs if _laid(limb, rows[limb.side])]
    lines = {side: profile(above, shapes[side].path_mm, shapes[side].across, rows[side]) for side in seen}
    found: dict[Place, Segment] = {}
    for limb, other in zip(limbs, limbs[::-1], strict=True):
        shape, span = shapes[limb.side], rows[limb.side]
        if limb.side not in seen:
            found[(part, limb.side)] = _nowhere((part, limb.side), shape)
            continue
        alone = other.side not in seen or _cut(other, rows[other.side], contour)
        mirrored = None if alone else lines[other.side][:, ::-1]
        whole = np.zeros_like(limb.mask)
        whole[span[0] : span[1]] = limb.mask[span[0] : span[1]]
        bone = mapped(bone_of(part, lines[limb.side], mirrored), shape.across, whole, span)
        found[(part, limb.side)] = _segment(
            (part, limb.side), whole, bone, shape, span, spots, _cut(limb, span, contour), pixel_mm
        )
    return found


def _laid(limb: Limb, rows: tuple[int, int]) -> bool:
    """Whether the limb is seen from the first row of a segment to its last."""
    seen = limb.mask[rows[0] : rows[1]].any(axis=1)
    return bool(seen.size and seen.mean() >= LEAST_ROWS)


def _nowhere(place: Place, shape: Shape) -> Segment:
    """A segment that was not found: no pixel is of it."""
    nothing = np.zeros(shape.across.shape, dtype=bool)
    along = np.zeros(shape.half_mm.shape)
    return Segment(place, nothing, nothing, nothing, along, shape.across, shape.path_mm, cut=False, laid=False)


def _segment(
    place: Place,
    whole: Mask,
    bone: Mask,
    shape: Shape,
    rows: tuple[int, int],
    spots: tuple[Spot, ...],
    cut: bool,
    pixel_mm: tuple[float, float],
) -> Segment:
    edge = shape.half_mm[:, None] * (1 - np.abs(shape.across)) >= EDGE_MM
    left_out = np.zeros_like(whole)
    for spot in spots:
        left_out |= spot.halo
    soft = whole & edge & ~left_out
    if place[0] not in TOGETHER:
        reach = [2 * round(AROUND_BONE_MM / mm) + 1 for mm in pixel_mm]
        near = cv2.dilate(bone.astype(np.uint8), np.ones((reach[0], reach[1]), np.uint8)) > 0
        soft &= ~near
    along = (np.arange(whole.shape[0]) - rows[0]) / max(1, rows[1] - rows[0])
    return Segment(place, whole, soft, bone & ~left_out, along, shape.across, shape.path_mm, cut)


def _cut(limb: Limb, rows: tuple[int, int], contour: Contour) -> bool:
    """Whether a part of a limb reaches the edge of the field."""
    first, last = contour.field
    part = limb.mask[rows[0] : rows[1]]
    if not part.any():
        return True
    touching = part[:, first : first + 2].any(axis=1) | part[:, max(0, last - 1) : last + 1].any(axis=1)
    return bool(touching.mean() > CUT_SHARE)


def _cautions(views: list[ViewMap]) -> list[str]:
    cut = {segment.place for view in views for segment in view.segments.values() if segment.cut}
    if not cut:
        return []
    return [
        say(
            "cut off by the edge of the field, and not compared: {parts:; }",
            parts=[say("{part}, {side}", part=say(part), side=SIDE_WORDS[side]) for part, side in sorted(cut)],
        )
    ]


SIDE_WORDS: Final = {"L": say("left"), "R": say("right")}
