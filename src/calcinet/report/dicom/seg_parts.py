"""What the segmentations of films and of CTs are made of: the object round the pixels, and a segment's description."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from calcinet.report.dicom.common import algorithm, concept, contributing, finished, own_scheme, quietly, series
from calcinet.report.edition import MODEL, Edition
from calcinet.report.pictures.drawing import Colour
from calcinet.report.quantities.codes import kind_code, side_code, site_code, word_code
from calcinet.report.source_reference import Sourced
from calcinet.vocabulary import FindingKind, Side


@dataclass(frozen=True, slots=True)
class Named:
    """How one segment is called, drawn and followed."""

    number: int
    """Segment Number, from 1."""
    kind: FindingKind
    side: Side | None
    label: str
    """Segment Label, at most 64 characters (PS3.5 6.2: LO)."""
    tracking: tuple[UID, str]
    """Tracking UID and Tracking ID."""
    colour: Colour


def binary_segmentation(
    images: Sequence[Dataset],
    pixels: NDArray[Any],
    named: Sequence[Named],
    sourced: Sourced,
    issue: Edition,
    *,
    number: int,
) -> Dataset:
    """Write segments on the pixels of `images`; the same marks give the same object.

    Parameters
    ----------
    images
        Headers of the frames that the segments lie on.
    pixels
        Segment Numbers, shape (frames, Rows, Columns), or one plane a segment behind them.
    named
        The segments, by their numbers.
    sourced
        The film or CT, and its header.
    issue
        Identifiers and time.
    number
        Instance Number.
    """
    with quietly():
        made = Segmentation(
            list(images),
            pixels,
            "BINARY",
            [_described(segment, sourced, issue) for segment in named],
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


def _described(segment: Named, sourced: Sourced, issue: Edition) -> SegmentDescription:
    site = site_code(sourced.image.anatomy)
    described = SegmentDescription(
        segment.number,
        segment.label,
        concept(word_code("category")),
        concept(kind_code(segment.kind)),
        "AUTOMATIC",
        algorithm(sourced.image, issue),
        *segment.tracking,
        anatomic_regions=[concept(site)] if site else None,
        display_color=CIELabColor.from_rgb(*segment.colour),
    )
    if site and segment.side:  # laterality of an anatomic region: PS3.3 10.5, CID 244
        side = concept(side_code(segment.side))
        described.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [side]
    return described
