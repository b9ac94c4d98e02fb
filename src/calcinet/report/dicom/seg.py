"""The marks of one film as a DICOM Segmentation: binary, one segment a kind and side."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

import numpy as np
from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from pydicom.dataset import Dataset
from pydicom.uid import UID

from calcinet.report.codes import Code, kind_code, side_code, site_code, word_code
from calcinet.report.dicom.common import algorithm, concept, contributing, finished, own_scheme, quietly, series
from calcinet.report.dicom.segments import Segment
from calcinet.report.issue import MODEL, Issue, derived_uid
from calcinet.report.marks import STYLES
from calcinet.report.origin import Sourced

OF_SPACE: Final = (
    "FrameOfReferenceUID",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
)
"""A radiograph lies nowhere in space; one that says so in part would give half a description of planes."""


def seg_uid(sourced: Sourced, issue: Issue) -> UID:
    """SOP Instance UID of a film's segmentation, for what refers to it."""
    return issue.uid(sourced.origin.instance, "seg")


def segment_tracking(segment: Segment, sourced: Sourced) -> tuple[UID, str]:
    """Tracking UID and Tracking ID of a segment: they stay while the film, the kind and the side stay."""
    side = segment.side or ""
    identifier = " ".join([sourced.image.id, "all", segment.kind, side]).strip()
    return derived_uid(sourced.origin.instance, "segment", segment.kind, side), identifier


def segmentation(sourced: Sourced, segments: Sequence[Segment], issue: Issue, *, number: int = 1) -> Dataset:
    """Write the segments of one film, on its own pixels.

    A radiograph has no frame of reference, so that there are no planes and no pixel measures (PS3.3 A.51): the frames
    lie on the pixels of the source image, which the object refers to.

    Parameters
    ----------
    sourced
        The film and its header.
    segments
        At least one; an empty one is not written.
    issue
        Identifiers and time.
    number
        Instance Number.
    """
    pixels = np.stack([segment.pixels for segment in segments], axis=-1)[np.newaxis]
    common = series("seg", sourced.parent, issue, number=number, instance=sourced.origin.instance)
    with quietly():
        made = Segmentation(
            [_source(sourced)],
            pixels.astype(np.uint8),
            "BINARY",
            [_described(segment, sourced, issue) for segment in segments],
            manufacturer_model_name=MODEL,
            software_versions=issue.version,
            device_serial_number=issue.weights[:16] or "none",
            content_label="CALCIUM",
            content_description="Calcium outside bone (research)",
            content_qualification="RESEARCH",
            contributing_equipment=contributing(issue),
            coding_schemes=[own_scheme()],
            **common,
        )
        organization = issue.uid(sourced.origin.instance, "seg", "dimensions")  # the library draws one by chance
        for item in (*made.DimensionOrganizationSequence, *made.DimensionIndexSequence):
            item.DimensionOrganizationUID = organization
        made.PatientOrientation = sourced.parent.get("PatientOrientation")
        return finished(made, sourced, issue)


def _source(sourced: Sourced) -> Dataset:
    """The header as it lies on the film: the library places frames by what a radiograph does not have."""
    source = deepcopy(sourced.parent)
    for keyword in OF_SPACE:
        source.pop(keyword, None)
    return source


def _described(segment: Segment, sourced: Sourced, issue: Issue) -> SegmentDescription:
    code = kind_code(segment.kind)
    label = code.meaning if segment.side is None else f"{code.meaning}, {side_code(segment.side).meaning.lower()}"
    site = site_code(sourced.image.anatomy)
    description = SegmentDescription(
        segment.number,
        label[:64],
        concept(word_code("category")),
        concept(code),
        "AUTOMATIC",
        algorithm(issue),
        *segment_tracking(segment, sourced),
        anatomic_regions=[concept(site)] if site else None,
        display_color=CIELabColor.from_rgb(*STYLES[segment.kind].colour),
    )
    if site and segment.side:
        description.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [_side(side_code(segment.side))]
    return description


def _side(code: Code) -> Dataset:
    """Laterality of an anatomic region (PS3.3 10.5, CID 244)."""
    return concept(code)
