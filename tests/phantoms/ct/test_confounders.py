"""Confounders of a CT are as bright and as large as they are in truth."""

import numpy as np
import pytest

from calcinet.phantoms.ct.confounders import (
    BROUGHT_TO_THE_LEG,
    CAST_HU,
    CLOTH_HU,
    CONFOUNDERS,
    METAL_HU,
    TABLE_HU,
    dress,
    lay_table,
    place_pieces,
)
from calcinet.phantoms.ct.limb import make_leg

WHOLE = (0.0, 560.0)


@pytest.fixture(scope="module")
def leg():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(2))


def _place(leg, span, *names):
    return list(place_pieces(leg, span, names, np.random.default_rng(1)))


def test_every_confounder_that_is_a_body_is_placed(leg):
    names = {piece.name for piece in _place(leg, WHOLE, *CONFOUNDERS)}

    assert names == set(CONFOUNDERS) - set(BROUGHT_TO_THE_LEG)


def test_what_lies_beyond_the_span_is_left_out(leg):
    """Sesamoids are at 8 and 478 mm: between 100 and 300 mm there is none."""
    assert _place(leg, (100.0, 300.0), "sesamoid") == []


def test_a_plate_is_a_box_of_metal(leg):
    """50 x 10 x 3.2 mm = 1,600 mm3, in cells of 0.2 mm."""
    (piece,) = _place(leg, (180.0, 300.0), "plate")

    assert piece.bodies[0].cells.volume_mm3 == pytest.approx(1600, rel=0.08)
    assert piece.bodies[0].hu == METAL_HU


def test_a_screw_is_a_rod_with_a_head(leg):
    """36 mm (times girth) of radius 1.9 mm are 408 mm3; head and round end add less than 300."""
    (piece,) = _place(leg, (180.0, 300.0), "screw")
    shaft = np.pi * 1.9**2 * 36 * leg.girth

    assert shaft < piece.bodies[0].cells.volume_mm3 < shaft + 300


def test_a_phlebolith_has_a_dark_middle(leg):
    """Stones come in pairs: the outer ball is brighter and larger than the core."""
    (piece,) = _place(leg, (180.0, 300.0), "phlebolith")
    for stone, core in zip(piece.bodies[::2], piece.bodies[1::2], strict=True):
        assert stone.hu > core.hu == 60.0
        assert stone.cells.volume_mm3 > core.cells.volume_mm3
        assert stone.cells.centre == pytest.approx(core.cells.centre, abs=0.05)


def test_a_cannula_goes_in_under_the_skin(leg):
    """It begins 4 mm within and ends 1.5 mm outside: its middles are on both sides of the skin."""
    (piece,) = _place(leg, (180.0, 300.0), "cannula")
    heights = piece.bodies[0].cells.points[:, 0]

    assert heights.max() - heights.min() == pytest.approx(50 + 2 * 0.7, abs=0.8)


def test_a_cast_is_a_shell_and_cloth_a_skin():
    """5 mm thick, 2.5 mm off the skin; cloth only where the fold lies."""
    depth = np.tile(np.linspace(-12, 5, 171, dtype=np.float32), (4, 1))
    hu = np.full(depth.shape, -1000.0, np.float32)
    dress(hu, depth, ("cast",), np.zeros_like(depth))

    assert depth[hu == CAST_HU].min() == pytest.approx(-7.4, abs=0.11)
    assert depth[hu == CAST_HU].max() == pytest.approx(-2.6, abs=0.11)

    bare = np.full(depth.shape, -1000.0, np.float32)
    dress(bare, depth, ("cloth",), np.full_like(depth, -1.0))
    assert (bare == -1000).all()
    dress(bare, depth, ("cloth",), np.ones_like(depth))
    assert depth[bare == CLOTH_HU].max() < -0.5


def test_a_table_has_a_shell_and_foam_and_only_replaces_air():
    """3 mm of shell, then foam down to 25 mm, below 10 mm."""
    y, x = np.arange(0, 60, 1.0), np.array([0.0])
    hu = np.full((60, 1), -1000.0)
    hu[12] = 55.0
    lay_table(hu, y, x, 10.0)

    assert hu[11, 0] == TABLE_HU[0]
    assert hu[12, 0] == 55.0
    assert hu[20, 0] == TABLE_HU[1]
    assert (hu[36:] == -1000).all()
    assert (hu[:11] == -1000).all()
