"""What is drawn of a bone scan: outlines of body, segments and bright places, and its findings."""

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.findings.scintigram.finder import SIDE_WORDS, Scintigram, ViewMap
from calcinet.findings.scintigram.limb_segments import SegmentKey
from calcinet.findings.scintigram.spots import Spot
from calcinet.image import Image
from calcinet.record import FindingRecord, LeftOut, UptakeSegment
from calcinet.text import say
from calcinet.vocabulary import BodyLevel

POINTS: Final = 90
"""Points of an outline that are kept. Our choice: a limb is smooth."""

LABELS: Final = {
    "bladder": say("bladder"),
    "injection site": say("likely injection site"),
    "urine contamination": say("likely urine on the skin"),
    "outside the body": say("bag, catheter or contamination beside the body"),
}

PART_WORDS: Final = {"hand": say("hand or wrist")}
"""Parts whose name says too little of where a spot lies."""

LEVELS: Final[dict[str, BodyLevel]] = {"thigh": "thigh", "lower leg": "lower leg", "foot": "foot"}

Outline = tuple[tuple[float, float], ...]


def outlines_of_body(found: Scintigram, image: Image) -> tuple[Outline, ...]:
    """The silhouette of every view, in the picture."""
    return tuple(loop for view in found.views for loop in _outlines(view, view.contour.body, image))


def outlines_of_segment(found: Scintigram, place: SegmentKey, image: Image) -> tuple[Outline, ...]:
    """One segment on every view, in the picture."""
    return tuple(loop for view in found.views for loop in _outlines(view, view.segments[place].whole, image)[:1])


def left_out(found: Scintigram, image: Image) -> tuple[LeftOut, ...]:
    """Bright places that are no tissue, each once: of two views the first that shows it."""
    seen: dict[tuple[Any, ...], LeftOut] = {}
    for number, spot in found.spots():
        loops = _outlines(found.views[number], spot.mask, image)
        told = LeftOut(
            kind=spot.kind, label=_label(spot), part=spot.part, side=spot.side, outline=loops[0] if loops else ()
        )
        seen.setdefault((spot.kind, spot.part, spot.side), told)
    return tuple(seen.values())


def _label(spot: Spot) -> str:
    what = LABELS[spot.kind]
    if spot.part is None or spot.side is None:
        return what
    part = PART_WORDS.get(spot.part, say(spot.part))
    return say("{what} ({side} {part})", what=what, side=SIDE_WORDS[spot.side], part=part)


def marks(image: Image, segments: Sequence[UptakeSegment], found: Scintigram) -> tuple[FindingRecord, ...]:
    """One finding a segment that has a sign, the brightest beside the other side first."""
    signed = sorted((one for one in segments if one.signs), key=lambda one: -(one.other_side or 0.0))
    return tuple(_mark(number, one, image, found) for number, one in enumerate(signed, start=1))


def _mark(number: int, segment: UptakeSegment, image: Image, found: Scintigram) -> FindingRecord:
    pixels = float(found.views[0].segments[(segment.part, segment.side)].soft.sum())
    down, right = image.require_pixel_mm()
    return FindingRecord(
        id=f"f{number}",
        kind="uptake",
        side=segment.side,
        level=LEVELS.get(segment.part),
        area_mm2=pixels * down * right,
        area_px=pixels,
        outline=segment.outlines[0] if segment.outlines else (),
    )


def _outlines(view: ViewMap, mask: Mask, image: Image) -> list[Outline]:
    """Outlines of a mask in the picture, the longest first."""
    shown = np.ascontiguousarray(view.shown(mask)).astype(np.uint8)
    offset = image.emission.views.index(view.view) * mask.shape[1] if view.view in image.emission.views else 0
    contours, _ = cv2.findContours(shown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    loops = sorted((contour[:, 0] for contour in contours if len(contour) >= 8), key=len, reverse=True)
    return [_thinned(loop, offset) for loop in loops]


def _thinned(loop: NDArray[Any], offset: int) -> Outline:
    step = max(1, len(loop) // POINTS)
    return tuple((float(row), float(column + offset)) for column, row in loop[::step])
