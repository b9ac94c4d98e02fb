"""Groups of measurements of a CT: of each part of the body, artery, finding in space, and segment."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np
from highdicom.sr import (
    CoordinatesForMeasurement3D,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    ReferencedSegment,
    SourceSeriesForSegmentation,
    TrackingIdentifier,
    VolumeSurface,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)
from pydicom.uid import UID, SegmentationStorage

from calcinet.arrays import Floats
from calcinet.record import FindingRecord, Record
from calcinet.report.dicom.common import concept
from calcinet.report.dicom.seg import seg_uid
from calcinet.report.dicom.sr_groups import evaluations, identified, in_compartment, measurement, sited
from calcinet.report.dicom.volume_seg import volume_tracking
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.edition import Edition, derived_uid
from calcinet.report.quantities.codes import kind_code, level_code, word_code
from calcinet.report.quantities.table import QuantityRow, finding_rows, part_rows
from calcinet.report.source_reference import Sourced

PLACE_MM: Final = 10.0
"""Findings of one kind whose middles lie in one cube of this side are taken for the same lesion.

Our choice: wider than what another version of the finder moves a mark by.
"""

Group = MeasurementsAndQualitativeEvaluations | VolumetricROIMeasurementsAndQualitativeEvaluations


def volume_groups(record: Record, one: Sourced, segments: Sequence[VolumeSegment], issue: Edition) -> Iterator[Group]:
    """Parts and arteries (TID 1501), then findings and segments as volumes (TID 1411)."""
    yield from _parts(one, issue)
    rows = list(finding_rows(one.image, record))
    uids = tracking_uids(one)
    for finding in one.image.findings:
        own = [row for row in rows if row.finding == finding.id]
        yield from _finding(finding, own, uids[finding.id], one, issue)
    for segment in segments:
        yield _segment(segment, one, issue)


def tracking_uids(one: Sourced) -> dict[str, UID]:
    """Give every finding an identifier that stays while its kind and its place in the patient stay."""
    seen: Counter[tuple[str, ...]] = Counter()
    uids = {}
    for finding in one.image.findings:
        cube = np.floor(_middle(finding) / PLACE_MM).astype(int) if finding.place_mm else ()
        place = (finding.kind, *map(str, cube))
        seen[place] += 1
        uids[finding.id] = derived_uid(one.origin.series, *place, str(seen[place]))
    return uids


def _parts(one: Sourced, issue: Edition) -> Iterator[Group]:
    """Calcium of each side, level and compartment, then each artery."""
    for (kind, side, level, compartment), rows in groupby(
        part_rows(one.image), key=lambda row: (row.kind, row.side, row.level, row.compartment)
    ):
        words = [kind or "score", side, level, "" if kind else compartment]
        identifier = " ".join(filter(None, [one.image.id, *words]))
        yield MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(derived_uid(one.origin.series, "part", *words), identifier),
            algorithm_id=identified(one.image, issue),
            finding_sites=sited(level_code(level, one.image.anatomy), side or None),
            measurements=[_of_part(row) for row in rows if row.value is not None],
            qualitative_evaluations=[in_compartment(compartment, on_ct=True)],
        )


def _of_part(row: QuantityRow) -> Measurement:
    method = concept(word_code("agatston_method")) if row.quantity.endswith("agatston") else None
    return measurement(row, method=method)


def _finding(
    finding: FindingRecord, rows: Sequence[QuantityRow], uid: UID, one: Sourced, issue: Edition
) -> Iterator[Group]:
    """A volume with its numbers, and a group of the same identifier for the length, with the line it was taken along.

    The numbers of a volume cannot have lines of their own (TID 1419), those of TID 1501 can (TID 300).
    """
    measured: dict[str, Any] = {
        "tracking_identifier": TrackingIdentifier(uid, f"{one.image.id} {finding.id} {finding.kind}"),
        "finding_type": concept(kind_code(finding.kind)),
        "finding_category": concept(word_code("category")),
        "finding_sites": sited(level_code(finding.level, one.image.anatomy), finding.side),
        "algorithm_id": identified(one.image, issue),
    }
    said: dict[str, Any] = {"qualitative_evaluations": list(evaluations(finding, on_ct=True))}
    if not finding.place_mm:
        yield MeasurementsAndQualitativeEvaluations(measurements=[measurement(row) for row in rows], **said, **measured)
        return
    along = [row for row in rows if row.quantity == "length_mm" and len(finding.place_mm) > 1]
    surface = VolumeSurface("POINT", _middle(finding)[None], _frame(one), source_series=_series(one))
    yield VolumetricROIMeasurementsAndQualitativeEvaluations(
        referenced_volume_surface=surface,
        measurements=[measurement(row) for row in rows if row not in along],
        **said,
        **measured,
    )
    if along:
        line = CoordinatesForMeasurement3D("POLYLINE", np.array(finding.place_mm, np.float64), _frame(one))
        lengths = [measurement(row, referenced_coordinates=[line]) for row in along]
        yield MeasurementsAndQualitativeEvaluations(measurements=lengths, **measured)


def _segment(segment: VolumeSegment, one: Sourced, issue: Edition) -> Group:
    uid, identifier = volume_tracking(segment, one)
    return VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid, identifier),
        referenced_segment=ReferencedSegment(
            SegmentationStorage, seg_uid(one, issue), segment.number, source_series=_series(one)
        ),
        finding_type=concept(kind_code(segment.kind)),
        finding_category=concept(word_code("category")),
        finding_sites=sited(level_code(None, one.image.anatomy), segment.side),
        algorithm_id=identified(one.image, issue),
        qualitative_evaluations=[in_compartment(segment.compartment, on_ct=True)],
    )


def _middle(finding: FindingRecord) -> Floats:
    """The middle point of its centre line, which lies on it."""
    return np.array(finding.place_mm[len(finding.place_mm) // 2], np.float64)


def _frame(one: Sourced) -> str:
    return str(one.parent.FrameOfReferenceUID)


def _series(one: Sourced) -> SourceSeriesForSegmentation:
    return SourceSeriesForSegmentation(one.origin.series)
