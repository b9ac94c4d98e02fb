"""What is about a component: fat, air, a bundle of vessels, a lumen."""

import numpy as np
import pytest

from calcinet.findings.ct.components import Component
from calcinet.findings.ct.surroundings import Surroundings, measure_surroundings
from tests.support.ct_volumes import block, ct


def _bundle(fat_mm):
    """Muscle of 55 HU with calcium in a round vessel of blood of 4 mm, in fat of some thickness."""
    y, x = np.mgrid[:100, :100] * 0.5 - 25
    away = np.hypot(y, x)
    plane = np.where(away < 4 + fat_mm, -90.0, 55.0)
    plane[away < 4] = 45
    calcium = np.hypot(y, x - 3) < 1
    plane[calcium] = 800
    pixels = np.tile(plane, (6, 1, 1))
    box = (slice(1, 5), slice(40, 60), slice(45, 65))
    return ct(pixels), Component(np.tile(calcium[box[1:]], (4, 1, 1)), box)


def test_calcium_in_a_vessel_that_fat_surrounds_is_bundled():
    """A sheath of 2 mm, and none."""
    sheathed = measure_surroundings(*_bundle(2.0), 55.0)
    bare = measure_surroundings(*_bundle(0.0), 55.0)

    assert sheathed.bundled == 1
    assert sheathed.fat > 0.1
    assert bare.bundled == 0
    assert bare.fat == 0


def test_a_ring_is_hollow():
    """Calcium round 3 mm of blood."""
    y, x = np.mgrid[:60, :60] * 0.5 - 15
    ring = np.abs(np.hypot(y, x) - 3) < 0.8
    pixels = np.tile(np.where(ring, 900.0, 50.0), (4, 1, 1))
    box = (slice(0, 4), slice(0, 60), slice(0, 60))

    assert measure_surroundings(ct(pixels), Component(np.tile(ring, (4, 1, 1)), box), 55.0).hollow == 1


def test_what_is_on_the_skin_touches_air():
    """A tube of which half is in air."""
    pixels = np.full((4, 40, 40), 40.0)
    pixels[:, :20] = -1000
    pixels[:, 18:22, 18:22] = 300

    assert measure_surroundings(ct(pixels), block((0, 18, 18), (4, 22, 22)), 55.0).air == pytest.approx(0.5, abs=0.15)


def test_a_vessel_is_a_bundle_or_a_lumen():
    """The larger share of both."""
    assert Surroundings(fat=0.0, air=0.0, bundled=0.2, hollow=0.6).vessel == 0.6
