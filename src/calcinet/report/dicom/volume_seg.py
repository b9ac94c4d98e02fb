"""The marks of one CT as a DICOM Segmentation: binary, one segment a kind, compartment and side."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.report.dicom.seg_parts import SegmentText, binary_segmentation
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.edition import Edition, derived_uid
from calcinet.report.pictures.ct.compartments import COLOURS
from calcinet.report.quantities.codes import compartment_code, side_code
from calcinet.vocabulary import FindingKind

KIND_WORDS: Final[Mapping[FindingKind, str]] = {
    "vessel": "vascular calcification",
    "net": "net-like calcification",
    "focus": "other calcification",
}
"""In Segment Label, which has room for 64 characters; the code beside it has the meaning in full."""


def volume_tracking(segment: VolumeSegment, sourced: SourcedImage) -> tuple[str, str]:
    """Tracking UID and Tracking ID: they stay while the series, the kind, the compartment and the side stay."""
    identifier = " ".join(filter(None, [sourced.record.id, "all", *segment.key]))
    return derived_uid(sourced.origin.series, "segment", *segment.key), identifier


def segment_label(segment: VolumeSegment) -> str:
    """Name a segment by side and compartment, which viewers that cut a label still show, then by kind.

    >>> segment_label(VolumeSegment(number=1, kind="net", compartment="subcutis", side="L", findings=()))
    'Left, subcutaneous tissue, net-like calcification'
    """
    parts = [compartment_code(segment.compartment).meaning, KIND_WORDS[segment.kind]]
    if segment.side:
        parts.insert(0, side_code(segment.side).meaning)
    label = ", ".join(parts)
    return label[0] + label[1:].lower()


def volume_segmentation(
    sourced: SourcedImage,
    headers: Sequence[Dataset],
    marked: NDArray[np.uint8],
    segments: Sequence[VolumeSegment],
    edition: Edition,
    *,
    number: int = 1,
) -> Dataset:
    """Write the segments of one CT, on the pixels of its slices and in their frame of reference.

    Parameters
    ----------
    sourced
        The CT and the header of its first slice.
    headers
        Headers of the slices that bear marks.
    marked
        Segment Numbers on them, shape (slices, Rows, Columns).
    segments
        At least one; an empty one is not written.
    edition
        Identifiers and time.
    number
        Instance Number.
    """
    described = [_describe(segment, sourced) for segment in segments]
    return binary_segmentation(headers, marked, described, sourced, edition, number=number)


def _describe(segment: VolumeSegment, sourced: SourcedImage) -> SegmentText:
    return SegmentText(
        number=segment.number,
        kind=segment.kind,
        side=segment.side,
        label=segment_label(segment),
        tracking=volume_tracking(segment, sourced),
        colour=COLOURS[segment.compartment],
    )
