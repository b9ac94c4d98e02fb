"""The DICOM objects of an examination by name, each made when it is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.record import Record
from calcinet.report.dicom.anonymous import NO_TIME, anonymous_parent
from calcinet.report.dicom.capture import secondary_capture
from calcinet.report.dicom.encapsulated import encapsulated_pdf
from calcinet.report.dicom.seg import segmentation
from calcinet.report.dicom.segments import Segment, segments_of
from calcinet.report.dicom.sr import structured_report
from calcinet.report.dicom.volume_seg import volume_segmentation
from calcinet.report.dicom.volume_segments import VolumeSegment, on_slices, volume_segments
from calcinet.report.edition import Edition
from calcinet.report.pictures.viewport import ExaminedVolume
from calcinet.report.source_reference import Sourced, shows_burned_in

__all__ = ["NO_TIME", "Shown", "anonymous_parent", "dicom_objects"]

Content = Callable[[Record], bytes]
"""Makes a file's bytes once the record knows all its files."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One examined film that came from a DICOM object."""

    sourced: Sourced
    mask: Callable[[], NDArray[np.uint8]]
    """Label map, shape (Y, X)."""
    picture: Callable[[], NDArray[np.uint8]]
    """The film with its marks, red, green and blue, shape (Y, X, 3)."""
    volume: ExaminedVolume | None = None
    """Of a CT: what lies behind the picture."""

    @property
    def id(self) -> str:
        """Of the image in the record."""
        return self.sourced.image.id

    @property
    def named_in_pixels(self) -> bool:
        """Whether letters that may be a name are part of the picture."""
        return shows_burned_in(self.sourced.parent)


def dicom_objects(
    shown: Sequence[Shown], has: Callable[[str], bool], issue: Edition, *, paper: Content, anonymous: bool = False
) -> dict[str, Content]:
    """Name the objects that are wanted and how their bytes are made; none where no film came from a DICOM object.

    Parameters
    ----------
    shown
        The films that objects can refer to.
    has
        Whether a format is wanted.
    issue
        Time and identifiers.
    paper
        The report as PDF.
    anonymous
        Leave out pictures of films that letters are burned into.
    """
    if not shown:
        return {}
    pictured = [one for one in shown if not (anonymous and one.named_in_pixels)]
    films = [one for one in shown if one.volume is None and one.sourced.image.scintigram is None]
    volumes = [one for one in shown if one.volume is not None and one.sourced.measurable]
    segments = {one.id: segments_of(one.sourced.image, one.mask()) for one in films} if has("seg") else {}
    in_space = {one.id: _volume_segments(one) for one in volumes} if has("seg") else {}
    named: dict[str, Content] = {}
    measurable = [one.sourced for one in shown if one.sourced.measurable]
    if has("sr") and measurable:
        named["report.sr.dcm"] = lambda record: _bytes(
            structured_report(record, measurable, issue, segments=segments, volumes=in_space)
        )
    for number, one in enumerate(shown, start=1):
        if segments.get(one.id):
            named[f"{one.id}.seg.dcm"] = _seg(one, segments[one.id], issue, number)
        if in_space.get(one.id):
            named[f"{one.id}.seg.dcm"] = _volume_seg(one, in_space[one.id], issue, number)
        if has("sc") and one in pictured:
            named[f"{one.id}.sc.dcm"] = _capture(one, issue, number)
    if has("encapsulated-pdf") and len(pictured) == len(shown):
        sources = [one.sourced for one in shown]
        named["report.pdf.dcm"] = lambda record: _bytes(encapsulated_pdf(paper(record), sources, issue))
    return named


def _seg(one: Shown, segments: Sequence[Segment], issue: Edition, number: int) -> Content:
    return lambda _: _bytes(segmentation(one.sourced, segments, issue, number=number))


def _volume_segments(one: Shown) -> tuple[VolumeSegment, ...]:
    return volume_segments(one.sourced.image, one.volume) if one.volume is not None else ()


def _volume_seg(one: Shown, segments: Sequence[VolumeSegment], issue: Edition, number: int) -> Content:
    def content(_: Record) -> bytes:
        assert one.volume is not None
        slices = one.sourced.slices
        marked, used = on_slices(segments, one.volume, slices)
        parents = [slices[z] for z in used]
        return _bytes(volume_segmentation(one.sourced, parents, marked, segments, issue, number=number))

    return content


def _capture(one: Shown, issue: Edition, number: int) -> Content:
    return lambda _: _bytes(secondary_capture(one.picture(), one.sourced, issue, number=number))


def _bytes(dataset: Dataset) -> bytes:
    """Encode as a DICOM file (PS3.10)."""
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
