"""The marks of one film as a DICOM Segmentation: binary, one segment a kind and side."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID

from calcinet.report.dicom.common import quietly
from calcinet.report.dicom.seg_parts import Named, binary_segmentation
from calcinet.report.dicom.segments import Segment
from calcinet.report.edition import Edition, derived_uid
from calcinet.report.pictures.annotation import STYLES
from calcinet.report.quantities.codes import kind_code, side_code
from calcinet.report.source_reference import Sourced

OF_SPACE: Final = (
    "FrameOfReferenceUID",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
)
"""A radiograph lies nowhere in space; one that says so in part would give half a description of planes."""


def seg_uid(sourced: Sourced, issue: Edition) -> UID:
    """SOP Instance UID of a film's segmentation, for what refers to it."""
    return issue.uid(sourced.origin.instance, "seg")


def segment_tracking(segment: Segment, sourced: Sourced) -> tuple[UID, str]:
    """Tracking UID and Tracking ID of a segment: they stay while the film, the kind and the side stay."""
    side = segment.side or ""
    identifier = " ".join([sourced.image.id, "all", segment.kind, side]).strip()
    return derived_uid(sourced.origin.instance, "segment", segment.kind, side), identifier


def segmentation(sourced: Sourced, segments: Sequence[Segment], issue: Edition, *, number: int = 1) -> Dataset:
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
    pixels = np.stack([segment.pixels for segment in segments], axis=-1)[np.newaxis].astype(np.uint8)
    named = [_named(segment, sourced) for segment in segments]
    made = binary_segmentation([_source(sourced)], pixels, named, sourced, issue, number=number)
    with quietly():
        made.PatientOrientation = sourced.parent.get("PatientOrientation")
    return made


def _source(sourced: Sourced) -> Dataset:
    """The header as it lies on the film: the library places frames by what a radiograph does not have."""
    source = deepcopy(sourced.parent)
    for keyword in OF_SPACE:
        source.pop(keyword, None)
    return source


def _named(segment: Segment, sourced: Sourced) -> Named:
    words = [kind_code(segment.kind).meaning, *([side_code(segment.side).meaning.lower()] if segment.side else [])]
    tracking, colour = segment_tracking(segment, sourced), STYLES[segment.kind].colour
    return Named(segment.number, segment.kind, segment.side, ", ".join(words), tracking, colour)
