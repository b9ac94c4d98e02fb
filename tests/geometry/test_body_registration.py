"""CTs laid on one another: generated legs that were turned and moved, a real trunk, and what must be refused."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("SimpleITK")

from calcinet.errors import BadInput, NotMeasurable
from calcinet.geometry.body_registration import Volume, register_bodies
from calcinet.io.reader import read_all
from calcinet.phantoms.ct.leg import Build, make_legs, scan_legs
from calcinet.phantoms.ct.scanner import Scanner
from tests.support.turned import Turned

pytestmark = pytest.mark.slow

SPACING = (1.5, 0.8, 0.8)

ALONG_MM = 2.0
"""A generated shaft looks alike along itself: of ten legs the median error was 0.3 mm, the largest 1.4 mm."""


def as_volume(image):
    return Volume(hu=image.pixels, affine=image.affine)


def find_bone(image, count=200):
    """Points of bone, (N, 3) in mm of the patient."""
    voxels = np.argwhere(image.pixels > 400)
    chosen = voxels[np.random.default_rng(1).choice(len(voxels), count)]
    return np.c_[chosen, np.ones(count)] @ image.affine[:3].T


def scan_twice(seed, side, span_mm):
    """One pair of legs on two scanners."""
    legs = make_legs(seed, Build("lower leg", side, span_mm=span_mm))
    one, _ = scan_legs(legs, SPACING)
    other, _ = scan_legs(legs, (1.25, 0.7, 0.7), Scanner(noise_hu=14.0, blur_fwhm_mm=0.8), (0.0, 0.3, 0.2))
    return one, other


@pytest.fixture(scope="module")
def leg():
    return scan_twice(7301, "L", (150.0, 270.0))


def measure_error(one, other, turned, film):
    """Distances in mm of where bone is laid from where it went."""
    laid = register_bodies(as_volume(one), as_volume(film))
    points = find_bone(one)
    assert laid.go_back(laid.follow(points)) == pytest.approx(points, abs=1e-6)
    return np.linalg.norm(laid.follow(points) - turned.move(points), axis=1), laid


def test_leg_that_was_turned_lies_on_itself(leg):
    """Turned by 8 degrees about its long axis and 4 about the others, 40 mm away, a third of it out of the field."""
    one, other = leg
    turned = Turned(other, (4, -3, 8), (12, -30, 25))
    film = turned.film(other, slice(20, None))

    errors, laid = measure_error(one, other, turned, film)

    assert np.median(errors) < ALONG_MM
    assert laid.limbs[0].angle_deg == pytest.approx(np.degrees(np.arccos((np.trace(turned.turn) - 1) / 2)), abs=1.0)


def test_two_legs_are_laid_each_for_itself():
    """The left leg was moved by 14 mm along itself and 5 mm outwards, the right one stayed."""
    one, other = scan_twice(7302, "B", (150.0, 260.0))
    middle = other.pixels.shape[2] // 2
    moved = np.full_like(other.pixels, -1000.0)
    moved[:, :, :middle] = other.pixels[:, :, :middle]
    moved[11:, :, middle + 7 :] = other.pixels[:-11, :, middle:-7]
    film = Volume(hu=moved, affine=other.affine)

    laid = register_bodies(as_volume(one), film)
    points = find_bone(one)
    left = points[:, 0] > laid.between_mm[0]
    truth = points + np.where(left[:, None], [7 * 0.7, 0, 11 * 1.25], 0)

    assert len(laid.limbs) == 2
    assert 0.3 < left.mean() < 0.7
    assert np.median(np.linalg.norm(laid.follow(points) - truth, axis=1)[left]) < ALONG_MM
    assert np.median(np.linalg.norm(laid.follow(points) - truth, axis=1)[~left]) < ALONG_MM


@pytest.mark.parametrize("change", ["another leg", "mirrored"])
def test_other_bodies_are_refused(leg, change):
    one, other = leg
    if change == "another leg":
        other, _ = scan_twice(7303, "L", (150.0, 270.0))
        film = as_volume(other)
    else:
        film = Volume(hu=np.ascontiguousarray(other.pixels[:, :, ::-1]), affine=other.affine)

    with pytest.raises(NotMeasurable, match="not laid on one another"):
        register_bodies(as_volume(one), film)


def test_tilted_scan_and_scan_without_bone_are_refused(leg):
    one, _ = leg
    tilted = one.affine.copy()
    tilted[1, 0] = 0.4
    soft = Volume(hu=np.minimum(one.pixels, 100), affine=one.affine)

    with pytest.raises(BadInput, match="tilted"):
        register_bodies(as_volume(one), Volume(hu=one.pixels, affine=tilted))
    with pytest.raises(BadInput, match="no bone"):
        register_bodies(as_volume(one), soft)


def test_real_trunk_lies_on_itself_and_on_no_other(shared_data):
    """A trunk, another stretch, turned by 5 degrees, with noise of 15 HU more; and the trunk of another body."""
    names = ("totalseg_aorta_report_ct_cropped.nii.gz", "totalseg_example_ct.nii.gz")
    trunk, other = read_all([shared_data / "ct" / name for name in names], modality="CT")
    trunk, other = (replace(image, pixels=image.pixels[:count]) for image, count in ((trunk, 80), (other, 40)))
    turned = Turned(trunk, (3, -2, 4), (20, 10, -35))
    film = turned.film(trunk, slice(12, 75))
    film.pixels[:] += np.random.default_rng(3).normal(0, 15, film.pixels.shape)

    errors, _ = measure_error(trunk, trunk, turned, film)

    assert np.median(errors) < 0.5
    with pytest.raises(NotMeasurable, match="not laid on one another"):
        register_bodies(as_volume(trunk), as_volume(other))
