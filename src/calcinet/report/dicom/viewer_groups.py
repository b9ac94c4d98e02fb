"""What viewers need of a group to draw it: coordinates in every group, and a finding as Cornerstone3D writes its own.

OHIF takes a finding over as an annotation where its group is named after a tool of Cornerstone3D and the first number
has the coordinates that it was taken from (TID 300). It joins groups of one Tracking Unique Identifier, and it gives
up a whole report (3.13) where one group has no coordinates at all.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

import numpy as np
from highdicom.sr import (
    CodedConcept,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    Scoord3DContentItem,
    ScoordContentItem,
    SourceImageForRegion,
    TextContentItem,
    TrackingIdentifier,
)
from pydicom.sequence import Sequence as Items
from pydicom.sr.codedict import codes

from calcinet.arrays import Floats, Indices
from calcinet.record import FindingRecord
from calcinet.report.dicom.common import concept
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.edition import Edition
from calcinet.report.labels import KINDS
from calcinet.report.language import translator
from calcinet.report.quantities.codes import word_code
from calcinet.report.quantities.table import QuantityRow

TOOLS: Final = "Cornerstone3DTools@^0.1.0"
"""How Cornerstone3D's adapters name their family of tools (cornerstone3DTag of @cornerstonejs/adapters 5.14)."""

CONTOUR: Final = "PlanarFreehandROI"
"""Its tool for outlines and lines."""

PROBE: Final = "Probe"
"""Its tool for points."""

OF_OUTLINES: Final = ("area_mm2", "area_px")
"""Numbers that an outline may carry: Cornerstone3D shows the first number of a closed contour as its area."""

OF_LINES: Final = ("length_mm", "length_px")
"""Numbers that a line may carry."""

SAID: Final = ("calibre_mm", "calibre_px", "upper_limit_mm", "volume_mm3", "peak_hu")
"""Numbers of a finding that its label repeats, where viewers show no others."""


def split_rows(rows: Sequence[QuantityRow], drawn: Sequence[str]) -> tuple[QuantityRow | None, list[QuantityRow]]:
    """Take out the first number that has a value and one of the names `drawn`; None where there is none.

    The only number is left where it is: a group that has coordinates and no number would be taken for a second
    annotation.
    """
    if sum(row.value is not None for row in rows) < 2:
        return None, list(rows)
    for name in drawn:
        for row in rows:
            if row.quantity == name and row.value is not None:
                return row, [other for other in rows if other is not row]
    return None, list(rows)


def annotation_group(
    finding: FindingRecord,
    measured: Sequence[Measurement],
    *,
    tool: str,
    tracking: tuple[str, str],
    rows: Sequence[QuantityRow],
    edition: Edition,
    **described: Any,
) -> MeasurementsAndQualitativeEvaluations:
    """Make the group of TID 1501 that viewers take over as an annotation of their own.

    Parameters
    ----------
    finding
        What is drawn.
    measured
        One number, with its coordinates.
    tool
        CONTOUR or PROBE.
    tracking
        Tracking Unique Identifier and Tracking Identifier that the finding has elsewhere.
    rows
        Numbers of the finding; those of SAID stand in the label, too.
    edition
        Language of the label.
    described
        Type, category and site of the finding, and the algorithm.
    """
    uid, identifier = tracking
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid, f"{TOOLS}:{tool}:{identifier}"),
        measurements=list(measured),
        **described,
    )
    label = TextContentItem(
        CodedConcept.from_code(codes.DCM.Comment), _say_label(finding, rows, edition), relationship_type="CONTAINS"
    )
    group[0].ContentSequence.append(label)
    return group


def _say_label(finding: FindingRecord, rows: Sequence[QuantityRow], edition: Edition) -> str:
    """Number, kind and size of a finding."""
    _ = translator(edition.language)
    parts = [finding.id, _(KINDS[finding.kind])]
    for row in rows:
        if row.quantity in SAID and row.value is not None:
            parts.append(f"{_(row.label)} {_.written(row.value, _choose_form(row.value))} {row.unit}")
    return ", ".join(parts)


def _choose_form(value: float) -> str:
    """Three digits, and no power of ten."""
    if abs(value) >= 100:
        return ",.0f"
    return ".3g"


def frame_film(group: Any, sourced: SourcedImage, corners: Floats | None = None) -> None:
    """Give a group of a film the corners of what it is of.

    Parameters
    ----------
    group
        One group without coordinates; changed in place.
    sourced
        The film.
    corners
        Column and row, 0 at the corner of the first pixel, shape (N, 2); those of the whole film where left out.
    """
    if corners is None:
        rows, columns = int(sourced.header.Rows), int(sourced.header.Columns)
        corners = list_corners((0, 0), (columns, rows))
    item = ScoordContentItem(concept(word_code("corners")), "MULTIPOINT", corners, relationship_type="CONTAINS")
    item.ContentSequence = Items([SourceImageForRegion(sourced.origin.sop_class, sourced.origin.instance)])
    group[0].ContentSequence.append(item)


def frame_volume(group: Any, sourced: SourcedImage, voxels: Indices | None = None) -> None:
    """Give a group of a CT the corners of what it is of: the middles of the eight outermost voxels.

    Parameters
    ----------
    group
        One group without coordinates; changed in place.
    sourced
        The CT.
    voxels
        (Z, Y, X), shape (N, 3), what the group is of; the whole CT where left out.
    """
    volume = sourced.volume
    assert volume is not None
    if voxels is None:
        voxels = np.array([(0, 0, 0), np.array(volume.shape) - 1])
    corners = np.array(list(product(*zip(voxels.min(axis=0), voxels.max(axis=0), strict=True))))
    item = Scoord3DContentItem(
        concept(word_code("corners")),
        "MULTIPOINT",
        (np.c_[corners, np.ones(len(corners))] @ volume.affine.T)[:, :3],
        str(sourced.header.FrameOfReferenceUID),
        relationship_type="CONTAINS",
    )
    group[0].ContentSequence.append(item)


def list_corners(low: tuple[float, float], high: tuple[float, float]) -> Floats:
    """Four corners of a box, once round.

    >>> list_corners((0, 0), (4, 2)).tolist()
    [[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [0.0, 2.0]]
    """
    (left, top), (right, bottom) = low, high
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
