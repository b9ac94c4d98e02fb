"""A CT with all that was found on it."""

from dataclasses import replace

import pytest

from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.image import Acquisition
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.ct.finding_records import measure_deposits, sum_volumes
from calcinet.protocols.ct.scan import COMPARTMENTS, Scan


@pytest.fixture(scope="module")
def measured_scan(scan):
    image, _ = scan
    found = find_calcium_on_ct(image)
    return Scan(image, found, measure_deposits(image, found, CalibreClasses()))


def test_the_compartments_divide_the_deposits(measured_scan):
    parts = [measured_scan.in_compartment(name) for name in COMPARTMENTS]

    assert sum(len(part) for part in parts) == len(measured_scan.measured)
    volumes = [sum_volumes(measured_scan.pieces_in(name)).mm3 for name in COMPARTMENTS]
    assert sum(volumes) == pytest.approx(sum_volumes(measured_scan.pieces_in(*COMPARTMENTS)).mm3)


def test_the_mask_of_all_deposits_is_the_label_map_of_the_finder(measured_scan):
    mask = measured_scan.mask_of(measured_scan.measured)

    assert (mask == (measured_scan.found.labels() > 0)).all()


def test_contrast_of_the_header_without_a_pool_may_be_blood(measured_scan):
    given = replace(measured_scan.image, acquisition=Acquisition(contrast=True))

    assert not measured_scan.blood_is_marked
    assert replace(measured_scan, image=given).blood_is_marked
    assert not measured_scan.is_single_slice
