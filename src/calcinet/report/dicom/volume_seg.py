"""The marks of one CT as a DICOM Segmentation: binary, one segment a kind, compartment and side."""

from collections.abc import Sequence

import numpy as np
from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from calcinet.report.codes import compartment_code, kind_code, side_code, site_code, word_code
from calcinet.report.ct.compartments import COLOURS
from calcinet.report.dicom.common import algorithm, concept, contributing, finished, own_scheme, quietly, series
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.issue import MODEL, Issue, derived_uid
from calcinet.report.origin import Sourced


def volume_tracking(segment: VolumeSegment, sourced: Sourced) -> tuple[UID, str]:
    """Tracking UID and Tracking ID: they stay while the series, the kind, the compartment and the side stay."""
    identifier = " ".join(filter(None, [sourced.image.id, "all", *segment.key]))
    return derived_uid(sourced.origin.series, "segment", *segment.key), identifier


def volume_segmentation(
    sourced: Sourced,
    parents: Sequence[Dataset],
    marked: NDArray[np.uint8],
    segments: Sequence[VolumeSegment],
    issue: Issue,
    *,
    number: int = 1,
) -> Dataset:
    """Write the segments of one CT, on the pixels of its slices and in their frame of reference.

    Parameters
    ----------
    sourced
        The CT and the header of its first slice.
    parents
        Headers of the slices that bear marks.
    marked
        Segment Numbers on them, shape (slices, Rows, Columns).
    segments
        At least one; an empty one is not written.
    issue
        Identifiers and time.
    number
        Instance Number.
    """
    with quietly():
        made = Segmentation(
            list(parents),
            marked,
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
            **series("seg", sourced.parent, issue, number=number, instance=sourced.origin.instance),
        )
        organization = issue.uid(sourced.origin.instance, "seg", "dimensions")  # the library draws one by chance
        for item in (*made.DimensionOrganizationSequence, *made.DimensionIndexSequence):
            item.DimensionOrganizationUID = organization
        return finished(made, sourced, issue)


def _described(segment: VolumeSegment, sourced: Sourced, issue: Issue) -> SegmentDescription:
    code, site = kind_code(segment.kind), site_code(sourced.image.anatomy)
    words = [code.meaning, compartment_code(segment.compartment).meaning.lower()]
    words += [side_code(segment.side).meaning.lower()] if segment.side else []
    described = SegmentDescription(
        segment.number,
        ", ".join(words)[:64],
        concept(word_code("category")),
        concept(code),
        "AUTOMATIC",
        algorithm(issue),
        *volume_tracking(segment, sourced),
        anatomic_regions=[concept(site)] if site else None,
        display_color=CIELabColor.from_rgb(*COLOURS[segment.compartment]),
    )
    if site and segment.side:
        side = concept(side_code(segment.side))
        described.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [side]
    return described
