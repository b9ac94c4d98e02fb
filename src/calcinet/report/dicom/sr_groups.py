"""Groups of measurements of a structured report: of an image, of a finding, of a segment, of the patient."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    CoordinatesForMeasurement,
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
from pydicom.uid import SegmentationStorage

from calcinet.arrays import Floats
from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.record.base import Point
from calcinet.report.dicom.common import concept, family, parameters
from calcinet.report.dicom.seg import seg_uid, segment_tracking
from calcinet.report.dicom.segments import Segment
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.dicom.viewer_groups import (
    CONTOUR,
    OF_LINES,
    OF_OUTLINES,
    annotation_group,
    frame_film,
    frame_volume,
    list_corners,
    split_rows,
)
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

PLACE_PX: Final = 64
"""Marks of one kind whose middles lie in one square of this side are taken for the same lesion.

Our choice: wider than what another version of the detector moves a mark by.
"""

UNIT_MEANS: Final = {"1": "no units", "{pixel}": "pixels", "%": "percent"}
"""Code Meaning of a UCUM unit; the others mean themselves."""

Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations


def image_group(record: Record, sourced: SourcedImage, edition: Edition) -> Group:
    """Everything that was measured on a film or a CT as a whole (TID 1501); slices are listed in the evidence alone."""
    sources = []
    if not sourced.slice_headers:
        sources.append(SourceImageForMeasurementGroup(sourced.origin.sop_class, sourced.origin.instance))
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(derived_uid(sourced.origin.instance, "image"), sourced.record.id),
        algorithm_id=identified(sourced.record, edition),
        finding_sites=_find_sites(sourced.record.anatomy, sourced.record.laterality),
        measurements=measurements(image_rows(sourced.record, record)),
        source_images=sources,
    )
    frame_image(group, sourced)
    return group


def frame_image(group: Group, sourced: SourcedImage) -> None:
    """Give a group of a whole film or CT the corners of that."""
    if sourced.record.ct is not None:
        frame_volume(group, sourced)
    else:
        frame_film(group, sourced)


def finding_groups(record: Record, sourced: SourcedImage, edition: Edition) -> Iterator[Group]:
    """Groups of each finding: a region, outline or centre line (TID 1410), or numbers without a place (TID 1501).

    The area of an outline and the length of a line stand in a group of their own, which has the same tracking
    identifier and the same coordinates (TID 1501, 300): it is what viewers take over as an annotation.
    """
    rows = rows_by_finding(sourced.record, record)
    uids = tracking_uids(sourced)
    for finding in sourced.record.findings:
        yield from _group_finding(finding, rows[finding.id], uids[finding.id], sourced, edition)


def segment_groups(sourced: SourcedImage, segments: Sequence[Segment], edition: Edition) -> Iterator[Group]:
    """One region a segment of the film's segmentation, so that viewers can step from the report to it."""
    for segment in segments:
        uid, identifier = segment_tracking(segment, sourced)
        reference = ReferencedSegmentationFrame(
            SegmentationStorage,
            seg_uid(sourced, edition),
            frame_number=segment.number,  # one frame a segment, in order
            segment_number=segment.number,
            source_image=SourceImageForSegmentation(sourced.origin.sop_class, sourced.origin.instance),
        )
        del reference[0].ReferencedSOPSequence[0].ReferencedFrameNumber  # not beside a segment number: PS3.3 10.3
        group = PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(uid, identifier),
            referenced_segment=reference,
            finding_type=concept(kind_code(segment.kind)),
            finding_category=concept(word_code("category")),
            finding_sites=_find_sites(sourced.record.anatomy, segment.side),
            algorithm_id=identified(sourced.record, edition),
        )
        frame_film(group, sourced, _find_box(segment))
        yield group


def _find_box(segment: Segment) -> Floats:
    """Corners of the box around the pixels of a segment, as `graphic` has them."""
    rows, columns = np.flatnonzero(segment.pixels.any(axis=1)), np.flatnonzero(segment.pixels.any(axis=0))
    return list_corners((columns[0], rows[0]), (columns[-1] + 1, rows[-1] + 1))


def patient_group(record: Record, sourced: SourcedImage, edition: Edition) -> list[Group]:
    """Prior and posterior, where there are any; laboratory values are no imaging measurements and are left to FHIR.

    They rest on all images; the corners of the first are its place, for viewers.
    """
    rows = [row for row in patient_rows(record) if row.quantity in ("prior", "posterior") and row.value is not None]
    if not rows:
        return []
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(edition.uid("patient"), "calciphylaxis, weighed"),
        algorithm_id=identified(None, edition),
        measurements=measurements(rows),
    )
    frame_image(group, sourced)
    return [group]


def tracking_uids(sourced: SourcedImage) -> dict[str, str]:
    """Give every finding of a film an identifier that stays while its kind and its place stay.

    It is that of the record, which a follow-up takes over from its baseline. Where an earlier version wrote the record,
    it comes from the film's own identifier, the kind, and the square of PLACE_PX that the middle of the outline lies
    in; further ones in the same square are counted in the order of the record.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    uids = {}
    for finding in sourced.record.findings:
        row, column = _find_square(finding)
        place = (finding.kind, str(row), str(column))
        seen[place] += 1
        uids[finding.id] = finding.tracking_uid or derived_uid(sourced.origin.instance, *place, str(seen[place]))
    return uids


def _find_square(finding: FindingRecord) -> tuple[int, int]:
    """Row and column of the square of PLACE_PX that the middle of a finding lies in; -1 of one without points."""
    points = finding.outline or finding.polyline
    if not points:
        return -1, -1
    row, column = np.mean(points, axis=0) // PLACE_PX
    return int(row), int(column)


def graphic(points: Sequence[Point], *, closed: bool = False) -> Floats:
    """Turn (row, column), 0 at the middle of the first pixel, to (column, row), 0 at its corner (PS3.3 C.18.6.1.2).

    >>> graphic([(0.0, 0.0), (1.0, 4.0)]).tolist()
    [[0.5, 0.5], [4.5, 1.5]]
    """
    data = np.asarray(points, dtype=np.float64)[:, ::-1] + 0.5
    if closed:
        return np.concatenate([data, data[:1]])
    return data


def _group_finding(
    finding: FindingRecord, rows: Sequence[QuantityRow], uid: str, sourced: SourcedImage, edition: Edition
) -> Iterator[Group]:
    tracking = uid, f"{sourced.record.id} {finding.id} {finding.kind}"
    described: dict[str, Any] = {
        "finding_type": concept(kind_code(finding.kind)),
        "finding_category": concept(word_code("category")),
        "finding_sites": _find_sites(sourced.record.anatomy, finding.side or sourced.record.laterality),
        "algorithm_id": identified(sourced.record, edition),
    }
    judged = list(evaluations(finding, on_ct=False))
    points = _find_graphic(finding, sourced)
    if points is None:
        group = MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(*tracking),
            measurements=measurements(rows),
            qualitative_evaluations=judged,
            **described,
        )
        frame_film(group, sourced)
        yield group
        return
    source = SourceImageForRegion(sourced.origin.sop_class, sourced.origin.instance)
    drawn, others = split_rows(rows, OF_OUTLINES if _is_closed(finding) else OF_LINES)
    if drawn is not None:
        along = CoordinatesForMeasurement("POLYLINE", points, source)
        measured = [measurement(drawn, referenced_coordinates=[along])]
        yield annotation_group(
            finding, measured, tool=CONTOUR, tracking=tracking, rows=rows, edition=edition, **described
        )
    yield PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(*tracking),
        referenced_region=ImageRegion("POLYLINE", points, source),
        measurements=measurements(others),
        qualitative_evaluations=judged,
        **described,
    )


def _find_graphic(finding: FindingRecord, sourced: SourcedImage) -> Floats | None:
    """The closed outline, else the centre line; none on several views, which are several frames."""
    scan = sourced.record.scintigram
    if scan is not None and len(scan.views) != 1:
        return None
    if _is_closed(finding):
        return graphic(finding.outline, closed=True)
    if len(finding.polyline) >= 2:
        return graphic(finding.polyline)
    return None


def _is_closed(finding: FindingRecord) -> bool:
    return len(finding.outline) >= 3


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


def rows_by_finding(image: ImageRecord, record: Record) -> dict[str, list[QuantityRow]]:
    """Gather the rows of each finding of an image, by its id; a finding without numbers has none."""
    rows: dict[str, list[QuantityRow]] = {finding.id: [] for finding in image.findings}
    for row in finding_rows(image, record):
        rows[row.finding].append(row)
    return rows


def measurements(rows: Iterable[QuantityRow], **rest: Any) -> list[Measurement]:
    """Write those rows that have a value, with what `rest` says of each."""
    return [measurement(row, **rest) for row in rows if row.value is not None]


def measurement(row: QuantityRow, **rest: Any) -> Measurement:
    """One number with its unit, its interval, and what else the standard lets it carry."""
    assert row.value is not None
    return Measurement(
        concept(quantity_code(row.quantity)),
        row.value,
        _make_unit(row.unit),
        properties=_describe_interval(row),
        **rest,
    )


def _describe_interval(row: QuantityRow) -> MeasurementProperties | None:
    """The ends of the 95 % interval (TID 311), themselves and not their distances: nothing is computed here."""
    if row.low95 is None or row.high95 is None:
        return None
    ends = [
        NumContentItem(concept(word_code(name)), value, _make_unit(row.unit), relationship_type="HAS PROPERTIES")
        for name, value in (("low95", row.low95), ("high95", row.high95))
    ]
    return MeasurementProperties(measurement_statistical_properties=MeasurementStatisticalProperties(ends))


def _make_unit(ucum: str) -> CodedConcept:
    return CodedConcept(ucum, "UCUM", UNIT_MEANS.get(ucum, ucum))


def _find_sites(anatomy: str, side: str | None) -> list[FindingSite] | None:
    return sited(site_code(anatomy), side)


def sited(site: Code | None, side: str | None) -> list[FindingSite] | None:
    """A part of the body and its side; None where no standard concept names the part."""
    if site is None:
        return None
    if not side:
        return [FindingSite(concept(site))]
    return [FindingSite(concept(site), laterality=concept(side_code(side)))]


def identified(image: ImageRecord | None, edition: Edition) -> AlgorithmIdentification:
    """Name calcinet, its version, how it marked the image, and the weights that it used for it (TID 4019).

    Without an image it is the weighing of findings that is named, which has no family of CID 7162 and no weights.
    """
    named: dict[str, Any] = {}
    if image is not None:
        named["family"] = family(image)
        used = [f"{name}={value}" for name, value in parameters(image, edition).items()]
        if used:
            named["parameters"] = used
    return AlgorithmIdentification(MODEL, edition.version, manufacturer=MANUFACTURER, **named)
