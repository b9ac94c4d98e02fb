"""The lower leg is drawn with its bones and arteries where they belong."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.lower_leg import LEG_ARTERIES, LEG_LENGTH_MM, draw_lower_leg


@pytest.fixture(scope="module", params=range(4))
def leg(request):
    return draw_lower_leg(np.random.default_rng(request.param))


def test_it_has_tibia_fibula_and_malleolus_and_six_bones_of_the_foot(leg):
    assert len(leg.bones) == 9
    assert len(leg.arteries) == len(LEG_ARTERIES) == 4


def test_the_fibula_is_lateral_and_thinner(leg):
    """Half way up: it lies 30 mm and more beside the tibia and has less than half of its radius."""
    tibia, _, fibula = leg.bones[:3]

    assert fibula.path_mm[80, 1] - tibia.path_mm[80, 1] > 30
    assert fibula.radius_mm[80] < 0.5 * tibia.radius_mm[80]


def test_its_cortex_is_thick_in_the_shaft_and_thin_at_the_joint(leg):
    """5 mm and 0.6 mm of the tibia."""
    tibia = leg.bones[0]

    assert tibia.cortex_mm.max() == pytest.approx(5.0, abs=0.1)
    assert tibia.cortex_mm[-1] == pytest.approx(0.65, abs=0.06)


def test_bones_and_arteries_lie_in_the_flesh(leg):
    """At every height above the ankle joint, the edges of the bones are within the skin."""
    skin = leg.soft[0]
    for rod in (leg.bones[0], leg.bones[2]):
        half = np.interp(rod.path_mm[:, 0], skin.path_mm[:, 0], skin.radius_mm)
        assert (np.abs(rod.path_mm[:, 1] - 2) + rod.radius_mm < half + 6).all()
    for course in leg.arteries:
        half = np.interp(course[:, 0], skin.path_mm[:, 0], skin.radius_mm)
        assert (np.abs(course[:, 1] - 2) < half + 3).all()


def test_the_skin_reaches_from_the_knee_to_below_the_joint(leg):
    rows = leg.soft[0].path_mm[:, 0]

    assert rows[-1] - rows[0] == pytest.approx(LEG_LENGTH_MM + 60)
