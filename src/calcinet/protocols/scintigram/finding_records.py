"""What is drawn of a bone scan: outlines of body, segments and bright places, and its findings."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.findings.scintigram.finder import SIDE_WORDS, Scintigram, ViewMap
from calcinet.findings.scintigram.limb_segments import SegmentKey
from calcinet.findings.scintigram.spots import Spot
from calcinet.image import Image
from calcinet.protocols.corrections import sort_signed
from calcinet.protocols.polylines import thin_outline, trace_outlines
from calcinet.protocols.scintigram.scan import first_column
from calcinet.record import FindingRecord, LeftOut, UptakeSegment
from calcinet.record.scintigram import Outline
from calcinet.text import as_written, say
from calcinet.vocabulary import BodyLevel

POINTS: Final = 90
"""Points of an outline that are kept. Our choice: a limb is smooth."""

SHORTEST_OUTLINE: Final = 8
"""An outline of fewer points is a speck and is not drawn. Our choice."""

LABELS: Final = {
    "bladder": say("bladder"),
    "injection site": say("likely injection site"),
    "urine contamination": say("likely urine on the skin"),
    "outside the body": say("bag, catheter or contamination beside the body"),
}
"""What a bright place that is no tissue is taken for."""

PART_WORDS: Final = {"hand": say("hand or wrist")}
"""Parts whose name says too little of where a spot is."""

LEVELS: Final[Mapping[str, BodyLevel]] = {"thigh": "thigh", "lower leg": "lower leg", "foot": "foot"}


def outline_body(found: Scintigram, image: Image) -> tuple[Outline, ...]:
    """The silhouette of every view, in the picture."""
    outlines: list[Outline] = []
    for view in found.views:
        outlines += _outline_mask(view, view.contour.body, image)
    return tuple(outlines)


def outline_segment(found: Scintigram, place: SegmentKey, image: Image) -> tuple[Outline, ...]:
    """One segment on every view, in the picture."""
    outlines: list[Outline] = []
    for view in found.views:
        outlines += _outline_mask(view, view.segments[place].whole, image)[:1]
    return tuple(outlines)


def record_left_out(found: Scintigram, image: Image) -> tuple[LeftOut, ...]:
    """Bright places that are no tissue, each once: of two views the first that shows it."""
    left_out: dict[tuple[Any, ...], LeftOut] = {}
    for number, spot in found.spots():
        same_spot = (spot.kind, spot.part, spot.side)
        if same_spot not in left_out:
            left_out[same_spot] = _record_spot(found.views[number], spot, image)
    return tuple(left_out.values())


def _record_spot(view: ViewMap, spot: Spot, image: Image) -> LeftOut:
    outline: Outline = ()
    outlines = _outline_mask(view, spot.mask, image)
    if outlines:
        outline = outlines[0]
    return LeftOut(kind=spot.kind, label=_label_spot(spot), part=spot.part, side=spot.side, outline=outline)


def _label_spot(spot: Spot) -> str:
    what = LABELS[spot.kind]
    if spot.part is None or spot.side is None:
        return what
    part = PART_WORDS.get(spot.part, as_written(spot.part))
    return say("{what} ({side} {part})", what=what, side=SIDE_WORDS[spot.side], part=part)


def record_findings(
    image: Image, segments: Sequence[UptakeSegment], found: Scintigram, ids: Mapping[SegmentKey, str]
) -> tuple[FindingRecord, ...]:
    """One finding a segment that has a sign, by its id; the brightest beside the other side first."""
    findings = []
    for segment in sort_signed(segments):
        findings.append(_record_finding(ids[(segment.part, segment.side)], segment, image, found))
    return tuple(findings)


def _record_finding(finding_id: str, segment: UptakeSegment, image: Image, found: Scintigram) -> FindingRecord:
    area_px = float(found.views[0].segments[(segment.part, segment.side)].soft.sum())
    row_mm, column_mm = image.require_pixel_mm()
    outline: Outline = ()
    if segment.outlines:
        outline = segment.outlines[0]
    return FindingRecord(
        id=finding_id,
        kind="uptake",
        side=segment.side,
        level=LEVELS.get(segment.part),
        area_mm2=area_px * row_mm * column_mm,
        area_px=area_px,
        outline=outline,
    )


def _outline_mask(view: ViewMap, mask: Mask, image: Image) -> list[Outline]:
    """Outlines of a mask in the picture, the longest first."""
    shown = np.ascontiguousarray(view.shown(mask))
    outlines = [outline for outline in trace_outlines(shown) if len(outline) >= SHORTEST_OUTLINE]
    outlines.sort(key=len, reverse=True)
    offset = (0, first_column(view, image))
    return [thin_outline(outline, POINTS, offset) for outline in outlines]
