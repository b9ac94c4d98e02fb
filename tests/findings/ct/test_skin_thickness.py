"""Thickness of the skin, seen where it turns to fat."""

import numpy as np
import pytest

from calcinet.findings.ct.anatomy import find_anatomy
from calcinet.findings.ct.skin_thickness import LIMITS_MM, USUAL_MM, skin_thickness_mm
from tests.support.ct_volumes import ct, disc


def _leg(skin_mm, *, fat_mm=10.0, depth=30):
    """A leg of 40 mm radius in pixels of 0.5 mm: skin of 60 HU, fat, muscle."""
    shape = (200, 200)
    plane = np.full(shape, -1000.0)
    for radius_mm, hu in ((40.0, 60), (40.0 - skin_mm, -100), (40.0 - skin_mm - fat_mm, 55)):
        plane[disc(shape, (100, 100), radius_mm / 0.5)] = hu
    image = ct(np.tile(plane, (depth, 1, 1)), (1.0, 0.5, 0.5))
    return image, find_anatomy(image)


@pytest.mark.parametrize("skin_mm", [1.5, 2.0, 2.5])
def test_the_skin_is_as_thick_as_it_was_drawn(skin_mm):
    """Within half a pixel."""
    assert skin_thickness_mm(*_leg(skin_mm)) == pytest.approx(skin_mm, abs=0.3)


def test_thicker_skin_than_is_believed_ends_at_the_limit():
    """2.9 mm of skin are within the limits."""
    low, high = LIMITS_MM

    assert low < skin_thickness_mm(*_leg(2.9)) <= high


def test_without_fat_the_usual_thickness_is_taken():
    """Muscle begins under the skin: nothing turns dark."""
    assert skin_thickness_mm(*_leg(2.0, fat_mm=0.0)) == USUAL_MM
