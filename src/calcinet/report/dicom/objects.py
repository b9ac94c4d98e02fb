"""The DICOM objects of an examination by name, each made when it is written: a table of objects."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.record import Record
from calcinet.report.dicom.capture import secondary_capture
from calcinet.report.dicom.encapsulated import encapsulated_pdf
from calcinet.report.dicom.seg import segmentation
from calcinet.report.dicom.segments import Segment, segments_of
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.dicom.sr import structured_report
from calcinet.report.dicom.volume_seg import volume_segmentation
from calcinet.report.dicom.volume_segments import VolumeSegment, lay_on_slices, volume_segments
from calcinet.report.edition import Edition

Content = Callable[[Record], bytes]
"""Makes a file's bytes once the record knows all its files."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ObjectMaterial:
    """What the objects of an examination are made from."""

    images: tuple[SourcedImage, ...]
    """Those that came from DICOM objects."""
    edition: Edition
    """Time and identifiers."""
    make_picture: Callable[[str], NDArray[np.uint8]]
    """Draws an image with its marks, by id: red, green and blue, shape (Y, X, 3)."""
    make_paper: Content
    """Sets the report as PDF."""
    anonymous: bool = False
    """Leaves out pictures of films that letters are burned into."""

    @property
    def studies(self) -> list["StudyImages"]:
        """The images study by study, in the order in which the first image of each comes."""
        names = list(dict.fromkeys(image.origin.study for image in self.images))
        return [self._take_study(number, study) for number, study in enumerate(names, start=1)]

    def _take_study(self, number: int, study: str) -> "StudyImages":
        own = tuple(image for image in self.images if image.origin.study == study)
        others = tuple(image for image in self.images if image.origin.study != study)
        return StudyImages(number=number, own=own, others=others)

    def may_show(self, image: SourcedImage) -> bool:
        """Whether a picture of an image may leave."""
        return not (self.anonymous and image.may_name_in_pixels)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StudyImages:
    """The images of one study, and those of the patient's other studies that were examined with them."""

    number: int
    """Among the studies, from 1."""
    own: tuple[SourcedImage, ...]
    """At least one."""
    others: tuple[SourcedImage, ...]

    @property
    def measurable(self) -> list[SourcedImage]:
        """Its images on which an object can say where something lies."""
        return [image for image in self.own if image.measurable]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The segments of all images that a segmentation is written of, by image id."""

    of_films: Mapping[str, tuple[Segment, ...]]
    of_volumes: Mapping[str, tuple[VolumeSegment, ...]]


@dataclass(frozen=True, slots=True)
class StudyObject:
    """An object of a whole study; from the second study on its file is numbered."""

    format: str
    ending: str
    is_possible: Callable[[ObjectMaterial, StudyImages], bool]
    make: Callable[[ObjectMaterial, Segments, StudyImages, Record], Dataset]


@dataclass(frozen=True, slots=True)
class ImageObject:
    """An object of one image; its number is the Instance Number, from 1."""

    format: str
    ending: str
    is_possible: Callable[[ObjectMaterial, Segments, SourcedImage], bool]
    make: Callable[[ObjectMaterial, Segments, SourcedImage, int], Dataset]


def dicom_objects(material: ObjectMaterial, has: Callable[[str], bool]) -> dict[str, Content]:
    """Name the objects that are wanted and how their bytes are made; none where no image came from a DICOM object.

    Every study has a structured report and a paper of its own, for an archive shows a study's objects with that study.

    Parameters
    ----------
    material
        What they are made from.
    has
        Whether a format is wanted.
    """
    if not material.images:
        return {}
    segments = _find_segments(material.images) if has("seg") else Segments({}, {})
    named: dict[str, Content] = {}
    if has(REPORT.format):
        named |= _name_study_object(REPORT, material, segments)
    for number, image in enumerate(material.images, start=1):
        for kind in IMAGE_OBJECTS:
            if has(kind.format) and kind.is_possible(material, segments, image):
                make = partial(kind.make, material, segments, image, number)
                named[f"{image.record.id}.{kind.ending}"] = partial(_encode_image_object, make)
    if has(PAPER.format):
        named |= _name_study_object(PAPER, material, segments)
    return named


def _name_study_object(kind: StudyObject, material: ObjectMaterial, segments: Segments) -> dict[str, Content]:
    named: dict[str, Content] = {}
    for study in material.studies:
        if kind.is_possible(material, study):
            make = partial(kind.make, material, segments, study)
            named[_name_file(study, kind.ending)] = partial(_encode_study_object, make)
    return named


def _name_file(study: StudyImages, ending: str) -> str:
    if study.number == 1:
        return f"report.{ending}"
    return f"report-{study.number}.{ending}"


def _find_segments(images: Sequence[SourcedImage]) -> Segments:
    of_films: dict[str, tuple[Segment, ...]] = {}
    of_volumes: dict[str, tuple[VolumeSegment, ...]] = {}
    for image in images:
        if image.volume is None and image.record.scintigram is None:
            of_films[image.record.id] = segments_of(image.record, image.pixels.mask)
        elif image.volume is not None and image.measurable:
            of_volumes[image.record.id] = volume_segments(image.record, image.volume)
    return Segments(of_films, of_volumes)


def _is_measurable(material: ObjectMaterial, study: StudyImages) -> bool:
    del material
    return bool(study.measurable)


def _make_report(material: ObjectMaterial, segments: Segments, study: StudyImages, record: Record) -> Dataset:
    return structured_report(
        record,
        study.measurable,
        material.edition,
        segments=segments.of_films,
        volumes=segments.of_volumes,
        others=study.others,
    )


def _may_show_all(material: ObjectMaterial, study: StudyImages) -> bool:
    """Whether the paper may leave: it shows the images of all studies."""
    del study
    return all(material.may_show(image) for image in material.images)


def _make_paper(material: ObjectMaterial, segments: Segments, study: StudyImages, record: Record) -> Dataset:
    del segments
    return encapsulated_pdf(material.make_paper(record), (*study.own, *study.others), material.edition)


def _has_segments(material: ObjectMaterial, segments: Segments, image: SourcedImage) -> bool:
    del material
    key = image.record.id
    return bool(segments.of_films.get(key) or segments.of_volumes.get(key))


def _make_segmentation(material: ObjectMaterial, segments: Segments, image: SourcedImage, number: int) -> Dataset:
    key = image.record.id
    if image.volume is None:
        return segmentation(image, segments.of_films[key], material.edition, number=number)
    own = segments.of_volumes[key]
    marked, used = lay_on_slices(own, image.volume, image.slice_headers)
    headers = [image.slice_headers[z] for z in used]
    return volume_segmentation(image, headers, marked, own, material.edition, number=number)


def _may_show_image(material: ObjectMaterial, segments: Segments, image: SourcedImage) -> bool:
    del segments
    return material.may_show(image)


def _make_capture(material: ObjectMaterial, segments: Segments, image: SourcedImage, number: int) -> Dataset:
    del segments
    return secondary_capture(material.make_picture(image.record.id), image, material.edition, number=number)


def _encode_study_object(make: Callable[[Record], Dataset], record: Record) -> bytes:
    return _encode(make(record))


def _encode_image_object(make: Callable[[], Dataset], record: Record) -> bytes:
    del record
    return _encode(make())


def _encode(dataset: Dataset) -> bytes:
    """Encode as a DICOM file (PS3.10)."""
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


REPORT: Final = StudyObject("sr", "sr.dcm", _is_measurable, _make_report)
IMAGE_OBJECTS: Final = (
    ImageObject("seg", "seg.dcm", _has_segments, _make_segmentation),
    ImageObject("sc", "sc.dcm", _may_show_image, _make_capture),
)
PAPER: Final = StudyObject("encapsulated-pdf", "pdf.dcm", _may_show_all, _make_paper)
"""All objects, in the order in which they are written and listed."""
