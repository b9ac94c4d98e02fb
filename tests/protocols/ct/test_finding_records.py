"""Entries of deposits: position in the patient, outline of their shadow."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.ct.finding_records import (
    NOT_TUBULAR,
    POINTS,
    locate_deposit,
    measure_deposits,
    outline_shadow,
    place_in_patient,
)


@pytest.fixture(scope="module")
def found(scan):
    return find_calcium_on_ct(scan[0])


@pytest.fixture(scope="module")
def measured(scan, found):
    return measure_deposits(scan[0], found, CalibreClasses())


def test_ids_follow_the_order_of_the_finder(found, measured):
    assert [one.record.id for one in measured] == [f"f{n}" for n in range(1, len(found.lesions) + 1)]
    assert all(one.deposit is lesion for one, lesion in zip(measured, found.lesions, strict=True))


def test_a_vessel_has_a_calibre_or_a_reason(measured):
    vessels = [one for one in measured if one.record.kind == "vessel"]

    assert vessels
    for vessel in vessels:
        assert (vessel.record.calibre_mm is None) == (vessel.no_calibre is not None)
        if vessel.record.form != "tubular":
            assert vessel.no_calibre == NOT_TUBULAR


def test_what_is_no_vessel_needs_no_reason(measured):
    assert {one.no_calibre for one in measured if one.record.kind != "vessel"} <= {None}


def test_a_picture_that_cuts_the_body_has_no_depth_no_side_and_no_level(scan, found):
    cut = replace(found, anatomy=replace(found.anatomy, body=np.ones_like(found.anatomy.body)))
    shallow = replace(found.lesions[0], compartment="subcutis")

    assert locate_deposit(scan[0], cut, shallow, ["thigh"]) == {
        "depth_mm": None,
        "compartment": "unknown",
        "side": None,
        "level": "unknown",
    }


def test_places_go_through_the_affine(scan):
    """A voxel step of 1, 0.7 and 0.7 mm: the affine of an image without orientation gives no place."""
    image, _ = scan
    line = np.array([[0.0, 0.0, 0.0], [2.0, 3.0, 4.0]])
    first, second = place_in_patient(image, line)

    assert np.linalg.norm(np.subtract(second, first)) == pytest.approx(np.hypot(2.0, np.hypot(2.1, 2.8)))
    assert place_in_patient(replace(image, affine=None), line) == ()


def test_the_outline_is_drawn_where_the_voxels_are_in_the_projection(scan, found):
    """Rows run against Z, columns along X."""
    image, _ = scan
    slices = image.pixels.shape[0]
    for deposit in found.lesions:
        outline = np.array(outline_shadow(image, deposit))
        voxels = deposit.part.voxels()

        assert len(outline) <= 2 * POINTS
        assert outline[:, 0].min() >= slices - 1 - voxels[:, 0].max()
        assert outline[:, 1].max() <= voxels[:, 2].max()
