"""A planar bone scan divided: each limb segment's soft tissue and bone, view by view, and what was left out."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.bone import find_bone, map_to_pixels, measure_profile
from calcinet.findings.scintigram.contour import Contour, find_contour
from calcinet.findings.scintigram.landmarks import NO_BODY, Figure, Limb, find_figure
from calcinet.findings.scintigram.limb_segments import ARM, CORE, LEG, SHOULDER, SIDES, SegmentKey
from calcinet.findings.scintigram.limbs import LimbShape, measure_limb
from calcinet.findings.scintigram.spots import Spot, find_spots
from calcinet.image import Image, Projection
from calcinet.text import as_written, say
from calcinet.vocabulary import LimbPart

EDGE_MM: Final = 8.0
"""Left out inside the edge of a limb. Our choice: most of the camera's blur."""

AROUND_BONE_MM: Final = 6.0
"""Left out round bone. Our choice: with the profile's own smoothing, most of the camera's blur."""

LEAST_SOFT: Final = 0.08
"""A segment whose soft tissue is a smaller share of it is not measured. Our choice: it is all bone."""

TOGETHER: Final[tuple[LimbPart, ...]] = ("hand", "knee", "foot", *CORE)
"""Parts whose bones and soft tissue a gamma camera does not resolve; they are measured together."""

CUT_SHARE: Final = 0.25
"""A segment that touches the edge of the field in more of its rows is cut off. Our choice."""

LEAST_ROWS: Final = 0.95
"""A segment in fewer of whose rows the limb is seen was not found. Our choice: a stump ends before its levels do."""

NOT_FOUND: Final = say("this part of the limb was not found on the view")

SIDE_WORDS: Final = {"L": say("left"), "R": say("right")}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Segment:
    """One part of one limb on one view; masks have the shape of the view, (Y, X)."""

    key: SegmentKey
    whole: Mask
    soft: Mask
    """Soft tissue that neither bone nor air reaches; of `TOGETHER` all but the edge."""
    bone: Mask
    along: Floats
    """Place along the segment, 0 to 1; shape (Y,)."""
    across: Floats
    """Place across the limb, -1 to 1."""
    path_mm: Floats
    """Tissue that a pixel counts."""
    cut: bool
    """Cut off by the edge of the field."""
    is_complete: bool = True
    """Whether the limb is seen from the segment's first row to its last: a stump ends before."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ViewMap:
    """One view divided; turned so that the patient's left is on the right."""

    view: Projection
    counts: Floats
    contour: Contour
    figure: Figure
    segments: dict[SegmentKey, Segment]
    spots: tuple[Spot, ...]
    turned: bool
    """Whether the view was mirrored for it: one seen from behind."""

    def shown(self, mask: Mask) -> Mask:
        """A mask as it lies on the view itself."""
        if self.turned:
            return mask[:, ::-1]
        return mask


@dataclass(frozen=True, slots=True, eq=False)
class Scintigram:
    """All views that show a whole body."""

    views: tuple[ViewMap, ...]
    cautions: tuple[str, ...] = ()

    def spots(self) -> tuple[tuple[int, Spot], ...]:
        """Number of the view and spot, of all views."""
        found = []
        for number, view in enumerate(self.views):
            for spot in view.spots:
                found.append((number, spot))
        return tuple(found)


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
            views.append(_divide_view(plane, view, pixel_mm))
        except NotMeasurable as refusal:
            missing.append(str(refusal))
    if not views:
        raise NotMeasurable(missing[0])
    cautions = [say("the {view} view was left out: {why}", view=say("other"), why=why) for why in missing]
    return Scintigram(tuple(views), (*cautions, *_warn_of_cut_segments(views)))


def _divide_view(plane: Pixels, view: Projection, pixel_mm: tuple[float, float]) -> ViewMap:
    """Divide one view; a body that lies in a way nobody thought of is not measured, and ends no examination."""
    try:
        return _map_view(plane, view, pixel_mm)
    except (ArithmeticError, IndexError, ValueError, cv2.error) as error:
        raise NotMeasurable(NO_BODY) from error


def _map_view(plane: Pixels, view: Projection, pixel_mm: tuple[float, float]) -> ViewMap:
    turned = view == "posterior"
    if turned:
        plane = plane[:, ::-1]
    counts = np.ascontiguousarray(plane)
    contour = find_contour(counts, pixel_mm)
    figure = find_figure(contour, pixel_mm)
    spots = tuple(find_spots(contour, figure, pixel_mm))
    above = contour.smooth.astype(np.float64) - contour.air
    scene = _Scene(contour=contour, above=above, spots=spots, pixel_mm=pixel_mm)
    return ViewMap(
        view=view,
        counts=counts.astype(np.float64),
        contour=contour,
        figure=figure,
        segments={
            **_divide_pair(scene, figure.arms, ARM),
            **_divide_pair(scene, figure.legs, LEG),
            **_divide_core(scene, figure),
        },
        spots=spots,
        turned=turned,
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Scene:
    """What all segments of a view share."""

    contour: Contour
    above: Floats
    """Smoothed counts above those of air."""
    spots: tuple[Spot, ...]
    pixel_mm: tuple[float, float]

    def mask_spots(self) -> Mask:
        """All spots with what their blur reaches."""
        mask = np.zeros(self.contour.body.shape, dtype=bool)
        for spot in self.spots:
            mask |= spot.halo
        return mask


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Stretch:
    """A part of a limb before bone is told from soft tissue."""

    key: SegmentKey
    limb: Limb
    shape: LimbShape
    rows: tuple[int, int]
    """First row, and the row after the last."""
    profile: Floats | None
    """Counts along and across it; None where the limb is not seen from its first row to its last."""
    cut: bool
    """Cut off by the edge of the field."""


def _divide_pair(scene: _Scene, limbs: tuple[Limb, Limb], parts: tuple[LimbPart, ...]) -> dict[SegmentKey, Segment]:
    """All segments of both arms or both legs; the bones of one are found by comparing it with the other."""
    right, left = limbs
    right_shape = measure_limb(right, scene.contour, scene.pixel_mm)
    left_shape = measure_limb(left, scene.contour, scene.pixel_mm)
    segments: dict[SegmentKey, Segment] = {}
    for number, part in enumerate(parts):
        on_right = _cut_stretch(scene, right, right_shape, number, part)
        on_left = _cut_stretch(scene, left, left_shape, number, part)
        segments[on_right.key] = _divide_stretch(scene, on_right, other=on_left)
        segments[on_left.key] = _divide_stretch(scene, on_left, other=on_right)
    return segments


def _divide_core(scene: _Scene, figure: Figure) -> dict[SegmentKey, Segment]:
    """Halves of trunk and head, each parted in its own middle: counts a pixel, for their depth is not known."""
    extent, body = figure.extent, scene.contour.body
    shoulders = extent.row(SHOULDER)
    rows = {"head": (extent.top, shoulders), "trunk": (shoulders, figure.crotch)}
    core = body & ~figure.mask_limbs()
    segments: dict[SegmentKey, Segment] = {}
    for part in CORE:
        first, end = rows[part]
        middle = float(np.median(np.nonzero(core[first:end])[1])) if core[first:end].any() else extent.midline
        on_right = np.arange(body.shape[1]) < middle
        for side in SIDES:
            half = core & (on_right if side == "R" else ~on_right)
            limb = Limb(side, half, (first, end))
            whole = limb.cut(first, end)
            segments[part, side] = Segment(
                key=(part, side),
                whole=whole,
                soft=whole & ~scene.mask_spots(),
                bone=np.zeros_like(whole),
                along=(np.arange(whole.shape[0]) - first) / max(1, end - first),
                across=np.zeros(whole.shape),
                path_mm=whole.astype(np.float64),
                cut=_is_cut(limb, (first, end), scene.contour),
                is_complete=_is_complete(limb, (first, end)),
            )
    return segments


def _cut_stretch(scene: _Scene, limb: Limb, shape: LimbShape, number: int, part: LimbPart) -> _Stretch:
    rows = (limb.levels[number], limb.levels[number + 1])
    profile = None
    if _is_complete(limb, rows):
        profile = measure_profile(scene.above, shape.path_mm, shape.across, rows)
    cut = _is_cut(limb, rows, scene.contour)
    return _Stretch(key=(part, limb.side), limb=limb, shape=shape, rows=rows, profile=profile, cut=cut)


def _divide_stretch(scene: _Scene, stretch: _Stretch, *, other: _Stretch) -> Segment:
    """Tell bone from soft tissue; the other side is compared where it is seen whole."""
    if stretch.profile is None:
        return _make_empty_segment(stretch)
    mirrored = None
    if other.profile is not None and not other.cut:
        mirrored = other.profile[:, ::-1]
    part, _ = stretch.key
    first, end = stretch.rows
    whole = stretch.limb.cut(first, end)
    found = find_bone(part, stretch.profile, mirrored)
    bone = map_to_pixels(found, stretch.shape.across, whole, stretch.rows)
    spots = scene.mask_spots()
    return Segment(
        key=stretch.key,
        whole=whole,
        soft=whole & ~spots & _find_soft_tissue(part, bone, stretch.shape, scene.pixel_mm),
        bone=bone & ~spots,
        along=(np.arange(whole.shape[0]) - first) / max(1, end - first),
        across=stretch.shape.across,
        path_mm=stretch.shape.path_mm,
        cut=stretch.cut,
    )


def _find_soft_tissue(part: LimbPart, bone: Mask, shape: LimbShape, pixel_mm: tuple[float, float]) -> Mask:
    """Pixels that the blur of the limb's edge does not reach, nor that of bone where bone can be told."""
    inside = shape.half_mm[:, None] * (1 - np.abs(shape.across)) >= EDGE_MM
    if part in TOGETHER:
        return np.asarray(inside)
    rows, columns = (2 * round(AROUND_BONE_MM / mm) + 1 for mm in pixel_mm)
    near_bone = cv2.dilate(bone.astype(np.uint8), np.ones((rows, columns), np.uint8)) > 0
    return np.asarray(inside & ~near_bone)


def _make_empty_segment(stretch: _Stretch) -> Segment:
    """A segment that was not found: no pixel is of it."""
    shape = stretch.shape
    nothing = np.zeros(shape.across.shape, dtype=bool)
    return Segment(
        key=stretch.key,
        whole=nothing,
        soft=nothing,
        bone=nothing,
        along=np.zeros(shape.half_mm.shape),
        across=shape.across,
        path_mm=shape.path_mm,
        cut=False,
        is_complete=False,
    )


def _is_complete(limb: Limb, rows: tuple[int, int]) -> bool:
    """Whether the limb is seen from the first row of a segment to its last."""
    seen = limb.mask[rows[0] : rows[1]].any(axis=1)
    return bool(seen.size and seen.mean() >= LEAST_ROWS)


def _is_cut(limb: Limb, rows: tuple[int, int], contour: Contour) -> bool:
    """Whether a part of a limb reaches the edge of the field."""
    first, last = contour.field
    segment = limb.mask[rows[0] : rows[1]]
    if not segment.any():
        return True
    at_left = segment[:, first : first + 2].any(axis=1)
    at_right = segment[:, max(0, last - 1) : last + 1].any(axis=1)
    return bool((at_left | at_right).mean() > CUT_SHARE)


def _warn_of_cut_segments(views: list[ViewMap]) -> list[str]:
    """A sentence that names the segments that the field cuts off; none where it cuts none."""
    keys: set[SegmentKey] = set()
    for view in views:
        keys.update(key for key, segment in view.segments.items() if segment.cut)
    if not keys:
        return []
    parts = [say("{part}, {side}", part=as_written(part), side=SIDE_WORDS[side]) for part, side in sorted(keys)]
    return [say("cut off by the edge of the field, and not compared: {parts:; }", parts=parts)]
