"""Generated films laid on one another: the truth is the turn and shift by which they were drawn."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import BadInput, NotMeasurable
from calcinet.phantoms.radiograph.limb import limb, random_spec

pytest.importorskip("SimpleITK")
from calcinet.geometry.registration import register

PIXEL_MM = 0.2


def draw(seed, angle_deg=0.0, shift_mm=(0.0, 0.0)):
    spec = random_spec(seed, net=True, vessels=True, anatomy="lower leg")
    plain = {"confounders": (), "border": "none", "margin_mm": (0.0, 0.0), "letter": "", "pixel_mm": PIXEL_MM}
    spec = replace(spec, field_mm=(160.0, 120.0), angle_deg=angle_deg, shift_mm=shift_mm, **plain)
    return limb(spec)


@pytest.fixture(scope="module")
def baseline():
    return draw(8000)


def lay(first, plane):
    return register(first.image.plane, plane, (PIXEL_MM, PIXEL_MM), (PIXEL_MM, PIXEL_MM))


def test_points_of_the_limb_are_found_again_within_a_millimetre(baseline):
    """Drawn 5 degrees further and 4 and 3 mm away: p -> (p - middle) turned + middle + shift."""
    later = draw(8000, angle_deg=5.0, shift_mm=(4.0, -3.0))
    inside = np.argwhere(baseline.truth.depth_mm > 2)[::997].astype(float)
    angle = np.radians(5.0)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array([80.0, 60.0])
    truth = ((inside * PIXEL_MM - middle) @ turn + middle + (4.0, -3.0)) / PIXEL_MM

    laid = lay(baseline, later.image.plane)

    residual_mm = np.linalg.norm(laid.follow(inside) - truth, axis=1) * PIXEL_MM
    assert np.median(residual_mm) <= 1.0
    assert abs(laid.angle_deg) == pytest.approx(5.0, abs=0.5)


def test_another_limb_is_refused(baseline):
    with pytest.raises(NotMeasurable, match="do not fit on one another"):
        lay(baseline, draw(8105).image.plane)


@pytest.mark.parametrize("plane", [np.zeros((400, 400), np.float32), np.full((400, 400), np.nan, np.float32)])
def test_a_film_of_nothing_is_refused(baseline, plane):
    with pytest.raises(BadInput):
        lay(baseline, plane)
