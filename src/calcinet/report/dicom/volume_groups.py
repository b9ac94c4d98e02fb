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
from pydicom.uid import SegmentationStorage

from calcinet.arrays import Floats
from calcinet.record import FindingRecord, Record
from calcinet.report.dicom.common import concept
from calcinet.report.dicom.seg import seg_uid
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.dicom.sr_groups import (
    evaluations,
    identified,
    in_compartment,
    measurement,
    measurements,
    rows_by_finding,
    sited,
)
from calcinet.report.dicom.viewer_groups import CONTOUR, PROBE, annotation_group, frame_volume, split_rows
from calcinet.report.dicom.volume_seg import volume_tracking
from calcinet.report.dicom.volume_segments import VolumeSegment
from calcinet.report.edition import Edition, derived_uid
from calcinet.report.quantities.codes import kind_code, level_code, word_code
from calcinet.report.quantities.table import QuantityRow, part_rows

PLACE_MM: Final = 10.0
"""Findings of one kind whose middles lie in one cube of this side are taken for the same lesion.

Our choice: wider than what another version of the finder moves a mark by.
"""

OF_LINES: Final = ("length_mm",)
"""Number of a line in space."""

OF_POINTS: Final = ("volume_mm3", "peak_hu", "probability", "depth_mm", "calibre_mm")
"""Numbers of a finding one of which is given to its point: the first that there is."""

Group = MeasurementsAndQualitativeEvaluations | VolumetricROIMeasurementsAndQualitativeEvaluations


def volume_groups(
    record: Record, sourced: SourcedImage, segments: Sequence[VolumeSegment], edition: Edition
) -> Iterator[Group]:
    """Parts and arteries (TID 1501), then findings and segments as volumes (TID 1411)."""
    yield from _group_parts(sourced, edition)
    rows = rows_by_finding(sourced.record, record)
    uids = tracking_uids(sourced)
    for finding in sourced.record.findings:
        yield from _group_finding(finding, rows[finding.id], uids[finding.id], sourced, edition)
    for segment in segments:
        yield _group_segment(segment, sourced, edition)


def tracking_uids(sourced: SourcedImage) -> dict[str, str]:
    """Give every finding an identifier that stays while its kind and its place in the patient stay."""
    seen: Counter[tuple[str, ...]] = Counter()
    uids = {}
    for finding in sourced.record.findings:
        place: tuple[str, ...] = (finding.kind,)
        if finding.place_mm:
            cube = np.floor(_find_middle(finding) / PLACE_MM).astype(int)
            place = (finding.kind, *map(str, cube))
        seen[place] += 1
        uids[finding.id] = finding.tracking_uid or derived_uid(sourced.origin.series, *place, str(seen[place]))
    return uids


def _group_parts(sourced: SourcedImage, edition: Edition) -> Iterator[Group]:
    """Calcium of each side, level and compartment, then each artery."""
    for part, rows in groupby(part_rows(sourced.record), key=_identify_part):
        kind, side, level, compartment = part
        words = [kind or "score", side, level, "" if kind else compartment]
        identifier = " ".join(filter(None, [sourced.record.id, *words]))
        group = MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(derived_uid(sourced.origin.series, "part", *words), identifier),
            algorithm_id=identified(sourced.record, edition),
            finding_sites=sited(level_code(level, sourced.record.anatomy), side or None),
            measurements=[_measure_part(row) for row in rows if row.value is not None],
            qualitative_evaluations=[in_compartment(compartment, on_ct=True)],
        )
        frame_volume(group, sourced)
        yield group


def _identify_part(row: QuantityRow) -> tuple[str, str, str, str]:
    return row.kind, row.side, row.level, row.compartment


def _measure_part(row: QuantityRow) -> Measurement:
    if row.quantity.endswith("agatston"):
        return measurement(row, method=concept(word_code("agatston_method")))
    return measurement(row)


def _group_finding(
    finding: FindingRecord, rows: Sequence[QuantityRow], uid: str, sourced: SourcedImage, edition: Edition
) -> Iterator[Group]:
    """A volume with its numbers, and groups of the same identifier for those that viewers take over as annotations.

    The numbers of a volume cannot have coordinates of their own (TID 1419), those of TID 1501 can (TID 300): a length
    has the line that it was taken along, one other number the point.
    """
    tracking = uid, f"{sourced.record.id} {finding.id} {finding.kind}"
    described: dict[str, Any] = {
        "finding_type": concept(kind_code(finding.kind)),
        "finding_category": concept(word_code("category")),
        "finding_sites": sited(level_code(finding.level, sourced.record.anatomy), finding.side),
        "algorithm_id": identified(sourced.record, edition),
    }
    judged = list(evaluations(finding, on_ct=True))
    if not finding.place_mm:
        group = MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(*tracking),
            measurements=measurements(rows),
            qualitative_evaluations=judged,
            **described,
        )
        frame_volume(group, sourced)
        yield group
        return
    rest = list(rows)
    for tool, graphic, points, names in _list_drawn(finding):
        drawn, rest = split_rows(rest, names)
        if drawn is not None:
            along = CoordinatesForMeasurement3D(graphic, points, _read_frame_of_reference(sourced))
            measured = [measurement(drawn, referenced_coordinates=[along])]
            yield annotation_group(
                finding, measured, tool=tool, tracking=tracking, rows=rows, edition=edition, **described
            )
    middle = _find_middle(finding)[None]
    yield VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(*tracking),
        referenced_volume_surface=VolumeSurface(
            "POINT", middle, _read_frame_of_reference(sourced), source_series=_refer_to_series(sourced)
        ),
        measurements=measurements(rest),
        qualitative_evaluations=judged,
        **described,
    )


def _list_drawn(finding: FindingRecord) -> Iterator[tuple[str, str, Floats, Sequence[str]]]:
    """What viewers draw of a finding: their tool, form and points, and the numbers one of which may be given to it."""
    yield PROBE, "POINT", _find_middle(finding)[None], OF_POINTS
    if len(finding.place_mm) > 1:
        yield CONTOUR, "POLYLINE", np.array(finding.place_mm, np.float64), OF_LINES


def _group_segment(segment: VolumeSegment, sourced: SourcedImage, edition: Edition) -> Group:
    uid, identifier = volume_tracking(segment, sourced)
    group = VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid, identifier),
        referenced_segment=ReferencedSegment(
            SegmentationStorage, seg_uid(sourced, edition), segment.number, source_series=_refer_to_series(sourced)
        ),
        finding_type=concept(kind_code(segment.kind)),
        finding_category=concept(word_code("category")),
        finding_sites=sited(level_code(None, sourced.record.anatomy), segment.side),
        algorithm_id=identified(sourced.record, edition),
        qualitative_evaluations=[in_compartment(segment.compartment, on_ct=True)],
    )
    assert sourced.volume is not None
    voxels = np.concatenate([sourced.volume.voxels[finding] for finding in segment.findings])
    frame_volume(group, sourced, voxels)
    return group


def _find_middle(finding: FindingRecord) -> Floats:
    """The middle point of its centre line, which lies on it."""
    return np.array(finding.place_mm[len(finding.place_mm) // 2], np.float64)


def _read_frame_of_reference(sourced: SourcedImage) -> str:
    return str(sourced.header.FrameOfReferenceUID)


def _refer_to_series(sourced: SourcedImage) -> SourceSeriesForSegmentation:
    return SourceSeriesForSegmentation(sourced.origin.series)
