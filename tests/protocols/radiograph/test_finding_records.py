"""Findings of one film, numbered: nets, vessels, other calcium."""

import numpy as np

from calcinet.findings.finding import Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.radiograph.finding_records import number_findings, record_findings, sort_vessels
from calcinet.protocols.vessel_records import MeasuredProjection
from tests.support.limbs import block_image, block_regions, square

LINE = np.stack([np.arange(20.0, 31.0), np.full(11, 5.0)], axis=1)


def vessel(half_width_px: float) -> Finding:
    return Finding(
        kind=Kind.VESSEL,
        mask=np.ones((11, 4), bool),
        origin=(20, 4),
        centre_lines=(LINE,),
        half_width_px=(np.full(11, half_width_px),),
    )


CALCIUM = Calcium(
    findings=(vessel(1.0), square(40, 5), vessel(3.0), vessel(2.0)),
    labels=np.zeros((60, 40), np.uint8),
    net_score=0.1,
)


def test_vessels_come_widest_first_with_the_numbers_of_the_finder():
    """Widths of 6, 4 and 2 pixels."""
    assert [number for number, _ in sort_vessels(CALCIUM)] == [2, 3, 0]


def test_ids_go_through_vessels_and_then_other_calcium():
    projection = MeasuredProjection(image=block_image(), regions=block_regions(), optics=None, classes=CalibreClasses())
    found = record_findings(projection, CALCIUM, [], number_findings(CALCIUM, []))

    assert {number: entry.record.id for number, entry in found.vessels.items()} == {2: "f1", 3: "f2", 0: "f3"}
    assert [(one.id, one.kind) for one in found.records()] == [
        ("f1", "vessel"),
        ("f2", "vessel"),
        ("f3", "vessel"),
        ("f4", "focus"),
    ]
    assert found.foci[0].area_mm2 == 1.0
