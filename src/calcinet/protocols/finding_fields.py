"""Fields that every finding of a projection image has in the record: position, area, outline."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.findings.finding import Finding
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.burden import depth_class
from calcinet.protocols.polylines import thin_outline, trace_outlines
from calcinet.record import FindingRecord, Point
from calcinet.text import say
from calcinet.vocabulary import Compartment, Side

POINTS: Final = 200
"""Points of a polyline or outline that are kept. Our choice: a curve over a whole film stays smooth."""

ON_BONE: Final = 0.5
"""A finding with this share of its pixels on bone is called "bone overlap". Our choice."""

NO_SPACING: Final = say("pixel spacing unknown: lengths in mm need --spacing-mm or a calibrated image")
"""Why a number in mm is missing of an image that is no export; `Image.why_no_mm` says it of every image."""


def generate_ids() -> Iterator[str]:
    """Ids of the findings of one image: f1, f2, ..."""
    for number in count(1):
        yield f"f{number}"


def locate_finding(image: Image, regions: Regions, finding: Finding) -> dict[str, Any]:
    """Depth under the skin, compartment and side."""
    row, column = finding.origin
    rows, columns = finding.mask.shape
    box = slice(row, row + rows), slice(column, column + columns)
    on_bone = float((regions.labels[box][finding.mask] == Tissue.BONE).mean())
    depth = None
    if regions.depth_known:
        depth = float(np.median(regions.depth[box][finding.mask]))
    if regions.depth_unit == "mm":
        depths = {"depth_mm": depth}
        compartment = name_compartment(depth, on_bone)
    else:
        depths = {"depth_px": depth}
        compartment = name_compartment(None, on_bone)
    return {**depths, "compartment": compartment, "side": side_of(image)}


def name_compartment(depth_mm: float | None, on_bone: float) -> Compartment:
    """Skin or subcutis by projected depth; deeper than that one projection cannot tell."""
    if on_bone > ON_BONE:
        return "bone overlap"
    if depth_mm is None:
        return "unknown"
    layer = depth_class(depth_mm)
    if layer in ("skin", "subcutis"):
        return layer
    return "unknown"


def side_of(image: Image) -> Side | None:
    """Side of everything on an image that shows one side alone."""
    if image.laterality == "L":
        return "L"
    if image.laterality == "R":
        return "R"
    return None


def measure_area(image: Image, mask: Mask) -> dict[str, Any]:
    """Area of a mask in pixels, and in mm² where the size of a pixel is known."""
    pixels = float(mask.sum())
    if image.pixel_mm is None:
        return {"area_px": pixels}
    return {"area_px": pixels, "area_mm2": pixels * image.pixel_mm[0] * image.pixel_mm[1]}


def outline_mask(mask: Mask, origin: tuple[int, int]) -> tuple[Point, ...]:
    """Outline of the largest part of a mask whose first pixel is `origin` of the image."""
    longest = max(trace_outlines(mask), key=len)
    return thin_outline(longest, POINTS, origin)


def record_focus(image: Image, regions: Regions, finding: Finding, finding_id: str) -> FindingRecord:
    """The entry of calcium that is neither vessel nor net."""
    return FindingRecord(
        id=finding_id,
        kind="focus",
        probability=finding.probability,
        outline=outline_mask(finding.mask, finding.origin),
        **locate_finding(image, regions, finding),
        **measure_area(image, finding.mask),
    )
