"""A record as a structured report: Comprehensive 3D SR, TID 1500 (PS3.16)."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from highdicom.sr import (
    CodedConcept,
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    LanguageOfContentItemAndDescendants,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import Comprehensive3DSRStorage, SegmentationStorage

from calcinet.record import Record
from calcinet.report.dicom.common import contributing, finished, own_scheme, quietly, refer_to_replaced, series
from calcinet.report.dicom.seg import seg_uid
from calcinet.report.dicom.segments import Segment
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.dicom.sr_groups import finding_groups, image_group, patient_group, segment_groups
from calcinet.report.dicom.sr_words import spoken
from calcinet.report.dicom.volume_groups import volume_groups
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.edition import MANUFACTURER, MODEL, Edition, derived_uid

TITLE: Final = CodedConcept("126000", "DCM", "Imaging Measurement Report")

PROCEDURE: Final = {
    "MG": CodedConcept("71651007", "SCT", "Mammography"),
    "CT": CodedConcept("77477000", "SCT", "Computed tomography"),
    "NM": CodedConcept("NM", "DCM", "Nuclear Medicine"),
}
RADIOGRAPHY: Final = CodedConcept("168537006", "SCT", "Plain radiography")
"""What was done, by modality; every other projection image is a plain radiograph."""

LANGUAGES: Final = {
    "en": CodedConcept("en", "RFC5646", "English"),
    "zh-Hant": CodedConcept("zh-Hant", "RFC5646", "Chinese (Traditional)"),
}
"""Of the sentences; code meanings stay English."""


def structured_report(
    record: Record,
    sourced: Sequence[SourcedImage],
    edition: Edition,
    *,
    segments: Mapping[str, Sequence[Segment]] | None = None,
    volumes: Mapping[str, Sequence[VolumeSegment]] | None = None,
    others: Sequence[SourcedImage] = (),
) -> Dataset:
    """Write all numbers of the images, the probability, and the sentences beside them.

    A finding is a planar region (TID 1410) with its outline as coordinates, which every viewer draws. The template
    allows either coordinates or a segment in one group, so that each segment has a group of its own beside them. What
    an image showed as a whole is a group of TID 1501; what could not be measured is a sentence under the name of the
    quantity, never a number. On CT a finding is a volume (TID 1411), given by a point in the frame of reference, its
    length has its centre line there, and each side, level and compartment is a group of TID 1501.

    A report tells of the images of one study: they and their segmentations are the evidence of its procedure (PS3.3
    C.17.2, Current Requested Procedure Evidence). The summary and the probability are the patient's and rest on the
    images of all studies that were examined together; those of the others are named, beside the content, as other
    evidence (Pertinent Other Evidence).

    A report that takes the place of another names it as its predecessor (PS3.3 C.17.2, Predecessor Documents).

    Parameters
    ----------
    record
        What was found.
    sourced
        The examined images of one study that came from DICOM objects, at least one; the report lies in that study.
    edition
        Identifiers, time and language.
    segments
        Of the segmentations of films that are written too, by image id.
    volumes
        The same of CTs.
    others
        Images of the patient's other studies that were examined together with these.
    """
    segments, volumes = segments or {}, volumes or {}
    groups = _list_groups(record, sourced, segments, volumes, edition)
    first = sourced[0]
    with quietly():
        report = MeasurementReport(
            ObservationContext(observer_device_context=_describe_device(edition)),
            PROCEDURE.get(first.record.modality, RADIOGRAPHY),
            imaging_measurements=groups,
            title=TITLE,
            language_of_content_item_and_descendants=LanguageOfContentItemAndDescendants(LANGUAGES[edition.language]),
            referenced_images=[image.header for image in sourced if _is_describable(image.header)] or None,
        )
        report[0].ContentSequence.append(spoken(_leave_out(record, others), edition.language))
        made = Comprehensive3DSR(
            [*_list_evidence(sourced, {**segments, **volumes}, edition), *_list_instances(others)],
            _cut_head(report[0]),
            is_complete=True,
            contributing_equipment=contributing(edition),
            coding_schemes=[own_scheme()],
            previous_versions=refer_to_replaced(edition, Comprehensive3DSRStorage, str(first.header.StudyInstanceUID))
            or None,
            **series("sr", first.header, edition),
        )
        made.ContentSequence = report[0].ContentSequence
        return finished(made, first, edition)


def _leave_out(record: Record, others: Sequence[SourcedImage]) -> Record:
    """The record without the images of other studies."""
    elsewhere = {image.record.id for image in others}
    kept = tuple(image for image in record.images if image.id not in elsewhere)
    return record.model_copy(update={"images": kept})


def _list_groups(
    record: Record,
    sourced: Sequence[SourcedImage],
    segments: Mapping[str, Sequence[Segment]],
    volumes: Mapping[str, Sequence[VolumeSegment]],
    edition: Edition,
) -> list[Any]:
    """List the groups of every image, then that of the patient."""
    groups: list[Any] = []
    for image in sourced:
        key = image.record.id
        groups.append(image_group(record, image, edition))
        if image.record.ct is not None:
            groups += volume_groups(record, image, volumes.get(key, ()), edition)
        else:
            groups += finding_groups(record, image, edition)
            groups += segment_groups(image, segments.get(key, ()), edition)
    return groups + patient_group(record, sourced[0], edition)


def _cut_head(content: Dataset) -> Dataset:
    """The root of the content with its first item alone.

    The library copies what it is given, makes its items anew and searches them twice for what they refer to, which
    takes most of the time where there are hundreds of groups; the whole content is put in its place afterwards.
    """
    head = Dataset()
    for element in content:
        if element.keyword != "ContentSequence":
            head.add(element)
    head.ContentSequence = [deepcopy(content.ContentSequence[0])]
    return head


def _describe_device(edition: Edition) -> ObserverContext:
    return ObserverContext(
        codes.DCM.Device,
        DeviceObserverIdentifyingAttributes(
            derived_uid("device", edition.version, edition.weights),
            name=MODEL,
            manufacturer_name=MANUFACTURER,
            model_name=f"{MODEL} {edition.version}",
        ),
    )


def _is_describable(header: Dataset) -> bool:
    """Whether the header holds what the library puts into an image library entry (TID 1603); nothing is made up."""
    return len(header.get("PatientOrientation") or ()) == 2 and "ImagerPixelSpacing" in header


def _list_evidence(
    sourced: Sequence[SourcedImage], segments: Mapping[str, Sequence[object]], edition: Edition
) -> list[Dataset]:
    """The films and slices, and the segmentations that are written beside the report."""
    evidence = _list_instances(sourced)
    for image in sourced:
        if segments.get(image.record.id):
            evidence.append(_refer_to_segmentation(image, edition))
    return evidence


def _list_instances(sourced: Sequence[SourcedImage]) -> list[Dataset]:
    instances: list[Dataset] = []
    for image in sourced:
        instances += image.instances
    return instances


def _refer_to_segmentation(image: SourcedImage, edition: Edition) -> Dataset:
    written = series("seg", image.header, edition, instance=image.origin.instance)
    header = deepcopy(image.header)
    header.SOPClassUID, header.SOPInstanceUID = SegmentationStorage, seg_uid(image, edition)
    header.SeriesInstanceUID = written["series_instance_uid"]
    return header
