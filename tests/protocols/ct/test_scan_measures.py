"""Measures of a whole CT, and why they are missing."""

from dataclasses import replace

import pytest

from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.image import Acquisition
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.ct.volume_error import KnownVolume
from calcinet.protocols.ct.finding_records import measure_deposits
from calcinet.protocols.ct.scan import COMPARTMENTS, Scan, measure_path
from calcinet.protocols.ct.scan_measures import (
    MAY_BE_BLOOD,
    NO_CALIBRATION,
    measure_artery_lengths,
    measure_mass,
    measure_nets,
    measure_volumes,
)
from calcinet.protocols.measurements import Measurements


@pytest.fixture(scope="module")
def measured_scan(scan):
    image, _ = scan
    found = find_calcium_on_ct(image)
    return Scan(image, found, measure_deposits(image, found, CalibreClasses()))


def test_lengths_are_those_of_all_arteries_and_their_share_is_calcified(measured_scan):
    measurements = Measurements()
    measure_artery_lengths(measurements, measured_scan)
    whole = sum(path.length_mm for path in measured_scan.found.paths)
    calcified = sum(measure_path(measured_scan, path).mm for path in measured_scan.found.paths)
    low, high = measurements.intervals["ct.calcified_length_mm"]

    assert measurements.measures == {
        "ct.artery_length_mm": pytest.approx(whole),
        "ct.calcified_length_mm": pytest.approx(calcified),
        "ct.calcified_percent": pytest.approx(100 * calcified / whole),
    }
    assert low < calcified < high


def test_the_volume_of_all_is_known_better_than_that_of_one(measured_scan):
    """Errors of parts average out, but for what a scan has in common."""
    measurements = Measurements()
    measure_volumes(measurements, measured_scan)
    total = measurements.measures["ct.volume_mm3"]
    low, high = measurements.intervals["ct.volume_mm3"]
    widest = max(piece.volume.spread for piece in measured_scan.pieces_in(*COMPARTMENTS))

    assert low < total < high
    assert high / low < KnownVolume(total, widest).interval[1] / KnownVolume(total, widest).interval[0]


def test_without_arteries_there_is_no_length(measured_scan):
    measurements = Measurements()
    measure_artery_lengths(measurements, replace(measured_scan, found=replace(measured_scan.found, paths=())))

    assert set(measurements.measures.values()) == {None}
    assert "no artery's course" in measurements.missing["ct.artery_length_mm"]


def test_what_may_be_blood_has_no_volume_and_is_counted(measured_scan):
    given = replace(measured_scan.image, acquisition=Acquisition(contrast=True))
    measurements = Measurements()
    measure_volumes(measurements, replace(measured_scan, image=given))

    assert measurements.measures["ct.lesions"] == sum(len(one.pieces) for one in measured_scan.measured)
    assert measurements.missing["ct.volume_mm3"] == MAY_BE_BLOOD


def test_twice_the_slope_is_twice_the_mass(measured_scan):
    """Mass is proportional to the density that a Hounsfield unit stands for."""
    masses = []
    for slope in (0.8, 1.6):
        calibrated = replace(measured_scan.image, acquisition=Acquisition(mg_per_cm3_per_hu=slope))
        measurements = Measurements()
        measure_mass(measurements, replace(measured_scan, image=calibrated))
        masses.append(measurements.measures["ct.mass_mg"])
    uncalibrated = Measurements()
    measure_mass(uncalibrated, measured_scan)

    assert masses[1] == pytest.approx(2 * masses[0])
    assert uncalibrated.missing == {"ct.mass_mg": NO_CALIBRATION}


@pytest.mark.parametrize(
    ("resolvable_mm", "area", "words"),
    [(0.2, 0.0, None), (0.5, None, "finer than 0.50 mm"), (None, None, "no net was found")],
)
def test_an_area_of_zero_is_said_only_where_a_net_could_have_been_seen(measured_scan, resolvable_mm, area, words):
    without_nets = replace(measured_scan, measured=[one for one in measured_scan.measured if one.record.kind != "net"])
    measurements = Measurements()
    measure_nets(measurements, without_nets, resolvable_mm)

    assert measurements.measures["net.area_cm2"] == area
    assert measurements.measures["net.probability"] is None
    if words is not None:
        assert words in measurements.missing["net.area_cm2"]
