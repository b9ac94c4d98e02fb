"""What the segmentations of films and of CTs are made of: the object round the pixels, and a segment's description."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.report.dicom.common import algorithm, concept, contributing, finished, own_scheme, quietly, series
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.edition import MODEL, Edition
from calcinet.report.pictures.drawing import Colour
from calcinet.report.quantities.codes import kind_code, side_code, site_code, word_code
from calcinet.vocabulary import FindingKind, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentText:
    """How one segment is called, drawn and followed."""

    number: int
    """Segment Number, from 1."""
    kind: FindingKind
    side: Side | None
    label: str
    """Segment Label, at most 64 characters (PS3.5 6.2: LO)."""
    tracking: tuple[str, str]
    """Tracking UID and Tracking ID."""
    colour: Colour


def binary_segmentation(
    images: Sequence[Dataset],
    pixels: NDArray[Any],
    described: Sequence[SegmentText],
    sourced: SourcedImage,
    edition: Edition,
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
    described
        The segments, by their numbers.
    sourced
        The film or CT, and its header.
    edition
        Identifiers and time.
    number
        Instance Number.
    """
    with quietly():
        made = Segmentation(
            list(images),
            pixels,
            "BINARY",
            [_describe(segment, sourced, edition) for segment in described],
            manufacturer_model_name=MODEL,
            software_versions=edition.version,
            device_serial_number=edition.weights[:16] or "none",
            content_label="CALCIUM",
            content_description="Calcium outside bone (research)",
            content_qualification="RESEARCH",
            contributing_equipment=contributing(edition),
            coding_schemes=[own_scheme()],
            **series("seg", sourced.header, edition, number=number, instance=sourced.origin.instance),
        )
        organization = edition.uid(sourced.origin.instance, "seg", "dimensions")  # the library draws one by chance
        for item in (*made.DimensionOrganizationSequence, *made.DimensionIndexSequence):
            item.DimensionOrganizationUID = organization
        return finished(made, sourced, edition)


def _describe(segment: SegmentText, sourced: SourcedImage, edition: Edition) -> SegmentDescription:
    site = site_code(sourced.record.anatomy)
    description = SegmentDescription(
        segment.number,
        segment.label,
        concept(word_code("category")),
        concept(kind_code(segment.kind)),
        "AUTOMATIC",
        algorithm(sourced.record, edition),
        *segment.tracking,
        anatomic_regions=[concept(site)] if site else None,
        display_color=CIELabColor.from_rgb(*segment.colour),
    )
    if site and segment.side:  # laterality of an anatomic region: PS3.3 10.5, CID 244
        side = concept(side_code(segment.side))
        description.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [side]
    return description
