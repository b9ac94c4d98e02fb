"""Groups of measurements of a structured report: of an image, of a finding, of a segment, of the patient."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    FindingSite,
    ImageRegion,
    Measurement,
    MeasurementProperties,
    MeasurementsAndQualitativeEvaluations,
    MeasurementStatisticalProperties,
    NumContentItem,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    ReferencedSegmentationFrame,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    SourceImageForSegmentation,
    TrackingIdentifier,
)
from pydicom.uid import UID, SegmentationStorage

from calcinet.arrays import Floats
from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.record.base import Point
from calcinet.report.dicom.common import concept, family, parameters
from calcinet.report.dicom.seg import seg_uid, segment_tracking
from calcinet.report.dicom.segments import Segment
from calcinet.report.edition import MANUFACTURER, MODEL, Edition, derived_uid
from calcinet.report.quantities.codes import (
    Code,
    class_code,
    compartment_code,
    compartment_word,
    form_code,
    kind_code,
    quantity_code,
    side_code,
    site_code,
    word_code,
)
from calcinet.report.quantities.table import QuantityRow, finding_rows, image_rows, patient_rows
from calcinet.report.source_reference import Sourced

PLACE_PX: Final = 64
"""Marks of one kind whose middles lie in one square of this side are taken for the same lesion.

Our choice: wider than what another version of the detector moves a mark by.
"""

UNIT_MEANS: Final = {"1": "no units", "{pixel}": "pixels", "%": "percent"}
"""Code Meaning of a UCUM unit; the others mean themselves."""

Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations


def image_group(record: Record, one: Sourced, issue: Edition) -> Group:
    """Everything that was measured on a film or a CT as a whole (TID 1501); slices stand in the evidence alone."""
    rows = [row for row in image_rows(one.image, record) if row.value is not None]
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(derived_uid(one.origin.instance, "image"), one.image.id),
        algorithm_id=identified(one.image, issue),
        finding_sites=_sites(one.image.anatomy, one.image.laterality),
        measurements=[measurement(row) for row in rows],
        source_images=[] if one.slices else [SourceImageForMeasurementGroup(one.origin.sop_class, one.origin.instance)],
    )


def finding_groups(record: Record, one: Sourced, issue: Edition) -> Iterator[Group]:
    """One group a finding: a region, outline or centre line (TID 1410), or numbers without a place (TID 1501)."""
    rows = list(finding_rows(one.image, record))
    uids = tracking_uids(one)
    for finding in one.image.findings:
        own = [row for row in rows if row.finding == finding.id]
        yield _finding_group(finding, own, uids[finding.id], one, issue)


def segment_groups(one: Sourced, segments: Sequence[Segment], issue: Edition) -> Iterator[Group]:
    """One region a segment of the film's segmentation, so that viewers can step from the report to it."""
    for segment in segments:
        uid, identifier = segment_tracking(segment, one)
        reference = ReferencedSegmentationFrame(
            SegmentationStorage,
            seg_uid(one, issue),
            frame_number=segment.number,  # one frame a segment, in order
            segment_number=segment.number,
            source_image=SourceImageForSegmentation(one.origin.sop_class, one.origin.instance),
        )
        del reference[0].ReferencedSOPSequence[0].ReferencedFrameNumber  # not beside a segment number: PS3.3 10.3
        yield PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(uid, identifier),
            referenced_segment=reference,
            finding_type=concept(kind_code(segment.kind)),
            finding_category=concept(word_code("category")),
            finding_sites=_sites(one.image.anatomy, segment.side),
            algorithm_id=identified(one.image, issue),
        )


def patient_group(record: Record, issue: Edition) -> list[Group]:
    """Prior and posterior, where there are any; laboratory values are no imaging measurements and are left to FHIR."""
    rows = [row for row in patient_rows(record) if row.quantity in ("prior", "posterior") and row.value is not None]
    if not rows:
        return []
    return [
        MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(issue.uid("patient"), "calciphylaxis, weighed"),
            algorithm_id=identified(None, issue),
            measurements=[measurement(row) for row in rows],
        )
    ]


def tracking_uids(one: Sourced) -> dict[str, UID]:
    """Give every finding of a film an identifier that stays while its kind and its place stay.

    It comes from the film's own identifier, the kind, and the square of PLACE_PX that the middle of the outline lies
    in; further ones in the same square are counted in the order of the record.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    uids = {}
    for finding in one.image.findings:
        points = finding.outline or finding.polyline
        middle = np.mean(points, axis=0) // PLACE_PX if points else np.array([-1, -1])
        place = (finding.kind, *(str(int(at)) for at in middle))
        seen[place] += 1
        uids[finding.id] = derived_uid(one.origin.instance, *place, str(seen[place]))
    return uids


def graphic(points: Sequence[Point], *, closed: bool = False) -> Floats:
    """Turn (row, column), 0 at the middle of the first pixel, to (column, row), 0 at its corner (PS3.3 C.18.6.1.2).

    >>> graphic([(0.0, 0.0), (1.0, 4.0)]).tolist()
    [[0.5, 0.5], [4.5, 1.5]]
    """
    data = np.asarray(points, dtype=np.float64)[:, ::-1] + 0.5
    return np.concatenate([data, data[:1]]) if closed else data


def _finding_group(
    finding: FindingRecord, rows: Sequence[QuantityRow], uid: UID, one: Sourced, issue: Edition
) -> Group:
    source = SourceImageForRegion(one.origin.sop_class, one.origin.instance)
    said: dict[str, Any] = {
        "tracking_identifier": TrackingIdentifier(uid, f"{one.image.id} {finding.id} {finding.kind}"),
        "finding_type": concept(kind_code(finding.kind)),
        "finding_category": concept(word_code("category")),
        "finding_sites": _sites(one.image.anatomy, finding.side or one.image.laterality),
        "algorithm_id": identified(one.image, issue),
        "measurements": [measurement(row) for row in rows],
        "qualitative_evaluations": list(evaluations(finding, on_ct=False)),
    }
    one_frame = one.image.scintigram is None or len(one.image.scintigram.views) == 1  # several lie in several frames
    region = _region(finding, source) if one_frame else None
    if region is None:
        return MeasurementsAndQualitativeEvaluations(**said)
    return PlanarROIMeasurementsAndQualitativeEvaluations(referenced_region=region, **said)


def _region(finding: FindingRecord, source: SourceImageForRegion) -> ImageRegion | None:
    """The closed outline, else the centre line."""
    if len(finding.outline) >= 3:
        return ImageRegion("POLYLINE", graphic(finding.outline, closed=True), source)
    if len(finding.polyline) >= 2:
        return ImageRegion("POLYLINE", graphic(finding.polyline), source)
    return None


def evaluations(finding: FindingRecord, *, on_ct: bool) -> Iterator[QualitativeEvaluation]:
    """Class, layer and form of a finding."""
    if finding.calibre_class is not None:
        yield QualitativeEvaluation(concept(word_code("calibre_class")), concept(class_code(finding.calibre_class)))
    yield in_compartment(finding.compartment, on_ct=on_ct)
    if finding.form is not None:
        yield QualitativeEvaluation(concept(word_code("form")), concept(form_code(finding.form)))


def in_compartment(compartment: str, *, on_ct: bool) -> QualitativeEvaluation:
    """Say which compartment calcium lies in: on a film a layer of depth, on CT a part of the body."""
    return QualitativeEvaluation(concept(compartment_word(on_ct=on_ct)), concept(compartment_code(compartment)))


def measurement(row: QuantityRow, **rest: Any) -> Measurement:
    """One number with its unit, its interval, and what else the standard lets it carry."""
    assert row.value is not None
    return Measurement(
        concept(quantity_code(row.quantity)),
        row.value,
        _unit(row.unit),
        properties=_interval(row),
        **rest,
    )


def _interval(row: QuantityRow) -> MeasurementProperties | None:
    """The ends of the 95 % interval (TID 311), themselves and not their distances: nothing is computed here."""
    if row.low95 is None or row.high95 is None:
        return None
    ends = [
        NumContentItem(concept(word_code(name)), value, _unit(row.unit), relationship_type="HAS PROPERTIES")
        for name, value in (("low95", row.low95), ("high95", row.high95))
    ]
    return MeasurementProperties(measurement_statistical_properties=MeasurementStatisticalProperties(ends))


def _unit(ucum: str) -> CodedConcept:
    return CodedConcept(ucum, "UCUM", UNIT_MEANS.get(ucum, ucum))


def _sites(anatomy: str, side: str | None) -> list[FindingSite] | None:
    return sited(site_code(anatomy), side)


def sited(site: Code | None, side: str | None) -> list[FindingSite] | None:
    """A part of the body and its side; None where no standard concept names the part."""
    if site is None:
        return None
    return [FindingSite(concept(site), laterality=concept(side_code(side)) if side else None)]


def identified(image: ImageRecord | None, issue: Edition) -> AlgorithmIdentification:
    """Name calcinet, its version, how it marked the image, and the weights that it used for it (TID 4019).

    Without an image it is the weighing of findings that is named, which has no family of CID 7162 and no weights.
    """
    named: dict[str, Any] = {}
    if image is not None:
        named = {"family": family(image)}
        used = [f"{name}={value}" for name, value in parameters(image, issue).items()]
        named |= {"parameters": used} if used else {}
    return AlgorithmIdentification(MODEL, issue.version, manufacturer=MANUFACTURER, **named)
