"""The marks of one film as a DICOM Segmentation: binary, one segment a kind and side."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.report.dicom.common import quietly
from calcinet.report.dicom.seg_parts import SegmentText, binary_segmentation
from calcinet.report.dicom.segments import Segment
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.edition import Edition, derived_uid
from calcinet.report.pictures.annotation import STYLES
from calcinet.report.quantities.codes import kind_code, side_code

OF_SPACE: Final = (
    "FrameOfReferenceUID",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
)
"""A radiograph has no place in space; one that states a part of these would give half a description of planes."""

ON_ITS_PIXELS: Final = (1, 0, 0, 0, 1, 0)
"""Plane Orientation of a film's segmentation: its rows and columns are those of the film.

A film has no orientation in space, and the object names no frame of reference in which this could be one. The macro may
be present all the same (PS3.3 A.51.5.1), and OHIF reads no segmentation without it: it takes these very values for the
film, too.
"""


def seg_uid(sourced: SourcedImage, edition: Edition) -> str:
    """SOP Instance UID of a film's segmentation, for what refers to it."""
    return edition.uid(sourced.origin.instance, "seg")


def segment_tracking(segment: Segment, sourced: SourcedImage) -> tuple[str, str]:
    """Tracking UID and Tracking ID of a segment: they stay while the film, the kind and the side stay."""
    side = segment.side or ""
    identifier = " ".join([sourced.record.id, "all", segment.kind, side]).strip()
    return derived_uid(sourced.origin.instance, "segment", segment.kind, side), identifier


def segmentation(sourced: SourcedImage, segments: Sequence[Segment], edition: Edition, *, number: int = 1) -> Dataset:
    """Write the segments of one film, on its own pixels.

    A radiograph has no frame of reference, so that there are no places of planes and no pixel measures (PS3.3 A.51):
    the frames lie on the pixels of the source image, which the object refers to.

    Parameters
    ----------
    sourced
        The film and its header.
    segments
        At least one; an empty one is not written.
    edition
        Identifiers and time.
    number
        Instance Number.
    """
    pixels = np.stack([segment.pixels for segment in segments], axis=-1)[np.newaxis].astype(np.uint8)
    described = [_describe(segment, sourced) for segment in segments]
    made = binary_segmentation([_strip_place(sourced.header)], pixels, described, sourced, edition, number=number)
    with quietly():
        made.PatientOrientation = sourced.header.get("PatientOrientation")
    plane = Dataset()
    plane.ImageOrientationPatient = list(ON_ITS_PIXELS)
    made.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence = [plane]
    return made


def _strip_place(header: Dataset) -> Dataset:
    """The header without a place in space: the library places frames by what a radiograph does not have."""
    source = deepcopy(header)
    for keyword in OF_SPACE:
        source.pop(keyword, None)
    return source


def _describe(segment: Segment, sourced: SourcedImage) -> SegmentText:
    label = kind_code(segment.kind).meaning
    if segment.side:
        label += ", " + side_code(segment.side).meaning.lower()
    return SegmentText(
        number=segment.number,
        kind=segment.kind,
        side=segment.side,
        label=label,
        tracking=segment_tracking(segment, sourced),
        colour=STYLES[segment.kind].colour,
    )
