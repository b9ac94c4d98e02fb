"""What is drawn on an image for its findings: outlines, dotted gaps, arrows with numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask
from calcinet.record import MASK_LABELS, FindingRecord, ImageRecord, VesselCourse
from calcinet.report.pictures import drawing
from calcinet.report.pictures.arrows import ArrowSize, Target, place_arrows
from calcinet.report.pictures.ct.compartments import COLOURS
from calcinet.report.pictures.drawing import Colour, Picture
from calcinet.report.pictures.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of finding is drawn: colours of Okabe and Ito, which colour-blind readers tell apart, and a line
    that tells them apart without colour.
    """

    colour: Colour
    dashed: bool = False


STYLES: Final[Mapping[str, Style]] = {
    "vessel": Style((86, 180, 233)),
    "net": Style((240, 178, 40), dashed=True),
    "focus": Style((226, 140, 190)),
    "uptake": Style((0, 190, 140)),
}

FRAMED: Final = ("net", "uptake")
"""Kinds that are drawn by the outline of the record, and not by that of their pixels."""


def colour_of(finding: FindingRecord) -> Colour:
    """Colour of a finding: on CT by its compartment, on a film by its kind."""
    if finding.form is None:
        return STYLES[finding.kind].colour
    return COLOURS[finding.compartment]


def number_of(finding: FindingRecord) -> str:
    """Name a finding on a picture or page: the digits of its id, so that 3 is f3 in the record.

    >>> number_of(FindingRecord(id="f12", kind="vessel"))
    '12'
    """
    return "".join(filter(str.isdigit, finding.id)) or finding.id


def shape_points(finding: FindingRecord) -> Sequence[tuple[float, float]]:
    """Points (row, column) that show where a finding lies: the centre line of a vessel, the outline of the others."""
    if finding.kind == "vessel" and finding.polyline:
        return finding.polyline
    return finding.outline or finding.polyline


def outline_findings(
    picture: Picture, image: ImageRecord, mask: NDArray[np.uint8], view: Viewport, size: float
) -> Mask:
    """Outline vessels and foci along their pixels and frame nets; returns the pixels that arrows must leave free."""
    width, margin = _choose_line(view, size)
    occupied = np.zeros(view.shape, dtype=bool)
    for kind, label in MASK_LABELS.items():
        shown = view.cut_mask(mask, label)
        if kind == "vessel":
            shown |= _fill_vessels(image.findings, view)
        occupied |= shown
        if kind != "net":
            for loop in drawing.outlines(shown, margin):
                drawing.line(picture, loop, STYLES[kind].colour, width=width, closed=True)
    for finding in image.findings:
        if finding.kind in FRAMED and finding.outline:
            loop = view.place(np.array(finding.outline, np.float64))
            drawing.dashed(picture, loop, STYLES[finding.kind].colour, width=width + 1, dash=size / 110)
            occupied |= _fill_loop(loop, view)
    return occupied


def dot_gaps(picture: Picture, courses: Sequence[VesselCourse], view: Viewport, size: float) -> None:
    """Lead over the gaps of each vessel."""
    width, margin = _choose_line(view, size)
    for course in courses:
        for gap in course.gaps:
            ends = view.place(np.array(gap, np.float64))
            drawing.dotted(picture, ends, STYLES["vessel"].colour, radius=1.5 * width, inset=3 * margin)


def draw_arrows(
    picture: Picture, view: Viewport, pointed_at: Sequence[FindingRecord], occupied: Mask, size: float
) -> None:
    """Point at findings with numbered arrows that leave the `occupied` pixels free."""
    label = max(9, round(size / 75))
    targets = [_aim_at(finding, view, size / 160) for finding in pointed_at]
    grey = np.asarray(picture[..., 1])
    arrows = place_arrows(targets, occupied, grey, ArrowSize(length=size / 15, label=label))
    for finding, arrow in zip(pointed_at, arrows, strict=True):
        if arrow is not None:
            colour = colour_of(finding)
            drawing.arrow(picture, arrow, colour, width=max(2, round(size / 500)), head=size / 55)
            drawing.badge(picture, arrow.tail, number_of(finding), colour, label)


def line_width(view: Viewport, size: float) -> int:
    """Width of the lines round marks, in pixels of the picture."""
    return max(1, round(min(size, 1.3 * max(view.shape)) / 1300))


def _choose_line(view: Viewport, size: float) -> tuple[int, int]:
    """Width of the lines round marks, and their distance from them, in pixels of the picture."""
    return line_width(view, size), max(3, round(max(view.shape) / 300))


def _fill_vessels(findings: Sequence[FindingRecord], view: Viewport) -> Mask:
    """Fill the vessels between their walls, so that the outline runs round the vessel and not round each wall."""
    filled = np.zeros(view.shape, np.uint8)
    for finding in findings:
        if finding.kind == "vessel" and len(finding.polyline) > 1 and finding.calibre_px:
            centre = np.rint(view.place(np.array(finding.polyline, np.float64))).astype(np.int32)
            cv2.polylines(filled, [centre], False, 1, max(1, round(finding.calibre_px * max(view.scale))))
    return filled.astype(bool)


def _fill_loop(loop: Floats, view: Viewport) -> Mask:
    filled = np.zeros(view.shape, np.uint8)
    cv2.fillPoly(filled, [np.rint(loop).astype(np.int32)], 1)
    return filled.astype(bool)


def _aim_at(finding: FindingRecord, view: Viewport, gap: float) -> Target:
    points = view.place(np.array(shape_points(finding), np.float64).reshape(-1, 2))
    half_width = 0.0
    if finding.kind == "vessel":
        half_width = (finding.calibre_px or 0) / 2 * max(view.scale)
    return Target(points, half_width + gap)
