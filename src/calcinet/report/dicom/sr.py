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
from pydicom.uid import SegmentationStorage

from calcinet.record import Record
from calcinet.report.dicom.common import contributing, finished, own_scheme, quietly, series
from calcinet.report.dicom.seg import seg_uid
from calcinet.report.dicom.segments import Segment
from calcinet.report.dicom.sr_groups import finding_groups, image_group, patient_group, segment_groups
from calcinet.report.dicom.sr_words import spoken
from calcinet.report.dicom.volume_groups import volume_groups
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.edition import MANUFACTURER, MODEL, Edition, derived_uid
from calcinet.report.source_reference import Sourced

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
    sourced: Sequence[Sourced],
    issue: Edition,
    *,
    segments: Mapping[str, Sequence[Segment]] | None = None,
    volumes: Mapping[str, Sequence[VolumeSegment]] | None = None,
) -> Dataset:
    """Write all numbers of the images, the probability, and the sentences beside them.

    A finding is a planar region (TID 1410) with its outline as coordinates, which every viewer draws. The template
    allows either coordinates or a segment in one group, so that each segment has a group of its own beside them. What
    an image showed as a whole is a group of TID 1501; what could not be measured is a sentence under the name of the
    quantity, never a number. On CT a finding is a volume (TID 1411), given by a point in the frame of reference, its
    length has its centre line there, and each side, level and compartment is a group of TID 1501.

    Parameters
    ----------
    record
        What was found.
    sourced
        The examined films that came from DICOM objects, at least one; the report lies in the study of the first.
    issue
        Identifiers, time and language.
    segments
        Of the segmentations of films that are written too, by image id.
    volumes
        The same of CTs.
    """
    segments, volumes = segments or {}, volumes or {}
    groups: list[Any] = []
    for one in sourced:
        groups.append(image_group(record, one, issue))
        if one.image.ct is not None:
            groups += volume_groups(record, one, volumes.get(one.image.id, ()), issue)
            continue
        groups += finding_groups(record, one, issue)
        groups += segment_groups(one, segments.get(one.image.id, ()), issue)
    groups += patient_group(record, issue)
    with quietly():
        report = MeasurementReport(
            ObservationContext(observer_device_context=_device(issue)),
            PROCEDURE.get(sourced[0].image.modality, RADIOGRAPHY),
            imaging_measurements=groups,
            title=TITLE,
            language_of_content_item_and_descendants=LanguageOfContentItemAndDescendants(LANGUAGES[issue.language]),
            referenced_images=[one.parent for one in sourced if _describable(one.parent)] or None,
        )
        report[0].ContentSequence.append(spoken(record, issue.language))
        made = Comprehensive3DSR(
            _evidence(sourced, {**segments, **volumes}, issue),
            _head(report[0]),
            is_complete=True,
            contributing_equipment=contributing(issue),
            coding_schemes=[own_scheme()],
            **series("sr", sourced[0].parent, issue),
        )
        made.ContentSequence = report[0].ContentSequence
        return finished(made, sourced[0], issue)


def _head(content: Dataset) -> Dataset:
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


def _device(issue: Edition) -> ObserverContext:
    return ObserverContext(
        codes.DCM.Device,
        DeviceObserverIdentifyingAttributes(
            derived_uid("device", issue.version, issue.weights),
            name=MODEL,
            manufacturer_name=MANUFACTURER,
            model_name=f"{MODEL} {issue.version}",
        ),
    )


def _describable(parent: Dataset) -> bool:
    """Whether the header holds what the library puts into an image library entry (TID 1603); nothing is made up."""
    return len(parent.get("PatientOrientation") or ()) == 2 and "ImagerPixelSpacing" in parent


def _evidence(sourced: Sequence[Sourced], segments: Mapping[str, Sequence[object]], issue: Edition) -> list[Dataset]:
    """The films and slices, and the segmentations that lie beside the report."""
    return [
        *(parent for one in sourced for parent in one.instances),
        *(_of_seg(one, issue) for one in sourced if segments.get(one.image.id)),
    ]


def _of_seg(one: Sourced, issue: Edition) -> Dataset:
    written = series("seg", one.parent, issue, instance=one.origin.instance)
    header = deepcopy(one.parent)
    header.SOPClassUID, header.SOPInstanceUID = SegmentationStorage, seg_uid(one, issue)
    header.SeriesInstanceUID = written["series_instance_uid"]
    return header
