"""One slice of a leg: skin, fat, muscle and arteries where they are, and as bright as they are."""

import numpy as np
import pytest

from calcinet.phantoms.ct.limb import make_leg
from calcinet.phantoms.ct.tissue import FAT_HU, MUSCLE_HU, SEPTUM_HU, SKIN_HU, make_leg_tissue, paint

STEP = 0.5
Y = np.arange(-70, 75, STEP, dtype=np.float32)
X = np.arange(-70, 70, STEP, dtype=np.float32)


@pytest.fixture(scope="module")
def tissue():
    leg = make_leg("L", (0.0, 0.0), np.random.default_rng(2))
    return make_leg_tissue(leg, 350.0, np.random.default_rng(3))


@pytest.fixture(scope="module")
def seen(tissue):
    return paint(tissue, 250.0, Y, X, STEP)


def test_the_body_fills_the_area_of_its_outline(tissue, seen):
    """By Gauss's formula, within a per cent."""
    y, x = tissue.leg.outline(250.0).T
    area = abs(np.dot(y, np.roll(x, 1)) - np.dot(x, np.roll(y, 1))) / 2

    assert seen.body.sum() * STEP**2 == pytest.approx(area, rel=0.01)


def test_skin_is_skin_to_its_thickness(tissue, seen):
    within = (seen.depth_mm > STEP) & (seen.depth_mm < tissue.leg.skin_mm - STEP)

    assert seen.hu[within] == pytest.approx(SKIN_HU, abs=1e-3)


def test_under_the_skin_is_fat_with_septa(tissue, seen):
    """Between the skin and the fascia, clear of both: from fat to septa, mostly fat."""
    fat = (seen.depth_mm > tissue.leg.skin_mm + 1) & (seen.depth_mm < tissue.leg.skin_mm + 3)
    hu = seen.hu[fat]

    assert hu.min() >= FAT_HU - 1e-3
    assert hu.max() <= SEPTUM_HU + 1e-3
    assert np.median(hu) == pytest.approx(FAT_HU, abs=2)


def test_deep_tissue_is_mostly_muscle(seen):
    deep = (seen.depth_mm > 25) & (seen.bone == 0)

    assert np.median(seen.hu[deep]) == pytest.approx(MUSCLE_HU, abs=8)


def test_the_lumen_of_an_artery_is_as_bright_as_its_blood(tissue, seen):
    """350 HU in the middle of the posterior tibial artery at 250 mm, of radius 1.9 mm."""
    artery = tissue.leg.arteries()[2]
    middle = artery.centre(np.array([250.0]))[0]

    assert seen.hu[np.argmin(np.abs(Y - middle[0])), np.argmin(np.abs(X - middle[1]))] == pytest.approx(350.0)


def test_outside_depth_is_negative_and_there_is_no_body(seen):
    assert seen.depth_mm[0, 0] < 0
    assert seen.body[0, 0] == 0
    assert (seen.bone <= seen.body).all()
