"""The marks of one CT as a DICOM Segmentation: binary, one segment a kind, compartment and side."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from calcinet.report.dicom.seg_parts import Named, binary_segmentation
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.edition import Edition, derived_uid
from calcinet.report.pictures.ct.compartments import COLOURS
from calcinet.report.quantities.codes import compartment_code, side_code
from calcinet.report.source_reference import Sourced
from calcinet.vocabulary import FindingKind

KIND_WORDS: Final[Mapping[FindingKind, str]] = {
    "vessel": "vascular calcification",
    "net": "net-like calcification",
    "focus": "other calcification",
}
"""In Segment Label, which has room for 64 characters; the code beside it has the meaning in full."""


def volume_tracking(segment: VolumeSegment, sourced: Sourced) -> tuple[UID, str]:
    """Tracking UID and Tracking ID: they stay while the series, the kind, the compartment and the side stay."""
    identifier = " ".join(filter(None, [sourced.image.id, "all", *segment.key]))
    return derived_uid(sourced.origin.series, "segment", *segment.key), identifier


def segment_label(segment: VolumeSegment) -> str:
    """Name a segment by side and compartment, which viewers that cut a label still show, then by kind.

    >>> segment_label(VolumeSegment(1, "net", "subcutis", "L", ()))
    'Left, subcutaneous tissue, net-like calcification'
    """
    side = [side_code(segment.side).meaning] if segment.side else []
    label = ", ".join([*side, compartment_code(segment.compartment).meaning, KIND_WORDS[segment.kind]])
    return label[0] + label[1:].lower()


def volume_segmentation(
    sourced: Sourced,
    parents: Sequence[Dataset],
    marked: NDArray[np.uint8],
    segments: Sequence[VolumeSegment],
    issue: Edition,
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
    named = [_named(segment, sourced) for segment in segments]
    return binary_segmentation(parents, marked, named, sourced, issue, number=number)


def _named(segment: VolumeSegment, sourced: Sourced) -> Named:
    tracking, colour = volume_tracking(segment, sourced), COLOURS[segment.compartment]
    return Named(segment.number, segment.kind, segment.side, segment_label(segment), tracking, colour)
