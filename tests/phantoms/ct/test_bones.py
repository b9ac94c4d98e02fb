"""Sections of bones have the area and the brightness that their tables say."""

import numpy as np
import pytest

from calcinet.phantoms.ct.bones import MARROW_HU, cut_sections, find_window, paint_bones
from calcinet.phantoms.ct.limb import make_leg
from calcinet.phantoms.ct.texture import Texture

STEP = 0.25
Y = np.arange(-60, 60, STEP, dtype=np.float32)
X = np.arange(-60, 60, STEP, dtype=np.float32)


@pytest.fixture(scope="module")
def leg():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(2))


def test_the_shaft_of_the_tibia_is_an_ellipse(leg):
    """At 250 mm its half axes are 13 and 15 mm, its cortex 4.5 mm: pi x 13 x 15 = 612.6 mm2 times girth squared."""
    tibia, fibula = cut_sections(leg, 250.0, Y, X)
    area = (tibia.outside_mm < 0).sum() * STEP**2

    assert area == pytest.approx(612.6 * leg.girth**2, rel=0.02)
    assert tibia.cortex_mm == pytest.approx(4.5)
    assert (fibula.outside_mm < 0).sum() * STEP**2 == pytest.approx(np.pi * 36 * leg.girth**2, rel=0.03)


def test_the_end_of_a_bone_is_a_closing_plate(leg):
    """A tenth of a mm above its lower end the whole section of the tibia is cortex: as thick as it is wide."""
    sections = list(cut_sections(leg, 88.1, Y, X))

    assert max(section.cortex_mm for section in sections) > 15


def test_distance_grows_by_a_mm_a_mm_outside_of_a_bone(leg):
    """Along the row through its middle, beyond the surface: steps of 0.25 mm, within a fifth."""
    tibia = next(iter(cut_sections(leg, 250.0, Y, X)))
    row = tibia.outside_mm[tibia.outside_mm.shape[0] // 2]
    beyond = np.diff(row[row > 0][-8:])

    assert beyond == pytest.approx(STEP, rel=0.2)


def test_a_toe_is_a_rod(leg):
    """At 12.5 mm above the sole all toes are cut; a section of a rod is nowhere wider than its 4.2 mm."""
    y = np.arange(-200, -120, STEP, dtype=np.float32)
    sections = list(cut_sections(leg, 12.5, y, X))
    narrow = [(section.outside_mm < 0).any(axis=0).sum() * STEP for section in sections]

    assert len(sections) >= 5
    assert max(narrow) <= 2 * 4.6 * leg.girth + 2 * STEP


def test_above_the_leg_there_is_no_bone(leg):
    assert list(cut_sections(leg, 900.0, Y, X)) == []


def test_a_window_holds_what_is_within_reach():
    """Rows 3 to 7 and columns 1 to 3 are within 2 and 1 of (5, 2)."""
    axis = np.arange(10, dtype=np.float32)

    assert find_window(np.array([5.0, 2.0]), np.array([2.0, 1.0]), axis, axis) == (slice(3, 8), slice(1, 4))
    assert find_window(np.array([50.0, 2.0]), np.array([2.0, 1.0]), axis, axis) is None


def test_a_shaft_holds_marrow_within_its_cortex(leg):
    """-50 HU in the middle of the tibia at 250 mm; beside it nothing is painted."""
    hu, bone = np.full((len(Y), len(X)), 55.0, np.float32), np.zeros((len(Y), len(X)), np.float32)
    trabeculae = Texture((1.5, 1.3, 1.3), np.random.default_rng(0))
    paint_bones(hu, bone, leg, (250.0, Y, X), STEP, trabeculae)
    middle = leg.place(np.array(-14.0), np.array(-8.0))
    row, column = np.searchsorted(Y, middle[0]), np.searchsorted(X, middle[1])

    assert hu[row, column] == pytest.approx(MARROW_HU)
    assert hu.max() > 1200
    assert bone.sum() * STEP**2 == pytest.approx((612.6 + np.pi * 36) * leg.girth**2, rel=0.02)
    assert (hu[bone == 0] == 55.0).all()
