"""Entries of vessels: lengths, calibres, and why there is none."""

import numpy as np
import pytest

from calcinet.findings.finding import Finding, Kind
from calcinet.measure.calibre.calibre import Calibre
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.finding_fields import NO_SPACING
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.optics import NO_OPTICS
from calcinet.protocols.vessel_records import (
    MeasuredProjection,
    explain_calibres,
    interpolate_calibre,
    is_misleading,
    known_calibres_mm,
    measure_length,
    record_vessel,
)
from calcinet.record import FindingRecord
from tests.support.limbs import block_image, block_regions

LINE = np.stack([np.arange(20.0, 31.0), np.full(11, 5.0)], axis=1)
"""Ten steps of one row down."""

VESSEL = Finding(
    kind=Kind.VESSEL,
    mask=np.ones((11, 4), bool),
    origin=(20, 4),
    centre_lines=(LINE,),
    half_width_px=(np.full(11, 2.0),),
    probability=0.9,
)


def projection(*, spaced: bool) -> MeasuredProjection:
    regions = block_regions("mm" if spaced else "{pixel}")
    return MeasuredProjection(image=block_image(spaced=spaced), regions=regions, optics=None, classes=CalibreClasses())


def fitted(calibre_mm, interval=None) -> Calibre:
    return Calibre(
        calibre_class="medium",
        calibre_mm_interval=interval,
        length_mm_interval=(5.0, 5.0),
        position_mm=np.array([0.0, 5.0]),
        along_mm=np.array([2.0, 3.0]),
        along_mm_interval=np.zeros((2, 2)),
        calibre_mm=calibre_mm,
        length_mm=5.0,
        upper_limit_mm=None,
        fit_sd=0.05,
        window_sd_mm=0.1,
    )


def test_a_vessel_without_a_pixel_size_keeps_its_pixels_and_says_why():
    """Ten pixels long, twice two pixels wide."""
    bare = projection(spaced=False)
    vessel = record_vessel(bare, VESSEL, "f4", measure_length(bare.image, LINE))

    assert (vessel.record.id, vessel.record.length_px, vessel.record.calibre_px) == ("f4", 10.0, 4.0)
    assert (vessel.record.length_mm, vessel.record.calibre_mm) == (None, None)
    assert vessel.no_calibre == NO_SPACING


def test_a_vessel_on_a_film_without_optics_has_a_length_and_no_calibre():
    """Ten steps of half a millimetre."""
    spaced = projection(spaced=True)
    vessel = record_vessel(spaced, VESSEL, "f1", measure_length(spaced.image, LINE))

    assert vessel.record.length_mm == pytest.approx(5.0)
    assert vessel.record.calibre_mm is None
    assert vessel.no_calibre == NO_OPTICS
    assert vessel.record.polyline == tuple((float(row), 5.0) for row in range(20, 31))


def test_why_a_calibre_is_missing_is_said_under_the_id_of_the_vessel():
    bare = projection(spaced=False)
    measurements = Measurements()
    explain_calibres(measurements, [record_vessel(bare, VESSEL, "f4", measure_length(bare.image, LINE))])

    assert measurements.missing == {"f4.calibre_mm": NO_SPACING}


@pytest.mark.parametrize(
    ("calibre_mm", "interval", "misleading"),
    [(2.0, (1.0, 3.0), False), (2.0, (0.9, 3.0), True), (2.0, None, False), (None, (0.1, 9.0), False)],
)
def test_an_interval_wider_than_the_calibre_is_misleading(calibre_mm, interval, misleading):
    assert is_misleading(fitted(calibre_mm, interval)) is misleading


def test_the_calibre_is_interpolated_between_its_windows():
    """Windows at 0 and 5 mm of 2 and 3 mm: on a line of 5 mm the middle is 2.5 mm wide."""
    along = interpolate_calibre(fitted(2.5), LINE, np.array([0, 5, 10]), (0.5, 0.5))

    assert along == pytest.approx((2.0, 2.5, 3.0))


def test_only_calibres_that_were_measured_are_known():
    found = [FindingRecord(id=f"f{n}", kind="vessel", calibre_mm=mm) for n, mm in enumerate((2.0, None, 0.5))]

    assert known_calibres_mm(found) == [2.0, 0.5]
