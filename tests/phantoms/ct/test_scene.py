"""Planes of legs, bones, casts and the table, before they are scanned."""

import numpy as np
import pytest

from calcinet.phantoms.ct.confounders import CAST_HU, TABLE_HU
from calcinet.phantoms.ct.deposit import Grid
from calcinet.phantoms.ct.limb import make_leg
from calcinet.phantoms.ct.scene import draw_scene
from calcinet.phantoms.ct.tissue import AIR_HU, make_leg_tissue


@pytest.fixture(scope="module")
def tissue():
    leg = make_leg("L", (0.0, 0.0), np.random.default_rng(2))
    return make_leg_tissue(leg, 350.0, np.random.default_rng(3))


def _draw(tissue, *confounders, thickness=1.0, first=240.0):
    grid = Grid(first=(first, -80.0, -80.0), spacing_mm=(10.0, 1.0, 1.0), shape=(2, 190, 160), thickness_mm=thickness)
    return draw_scene([tissue], grid, confounders, np.random.default_rng(5))


def test_bone_lies_in_the_body_and_the_body_in_air(tissue):
    hu, bone, body = _draw(tissue)

    assert bone.any()
    assert body[bone].all()
    assert (hu[:, :3] == AIR_HU).all()
    assert np.median(hu[body & ~bone]) > -150


def test_the_body_has_the_area_of_its_outline(tissue):
    """Of pixels that it fills by half, within a per cent."""
    _, _, body = _draw(tissue)
    y, x = tissue.leg.outline(240.0).T
    area = abs(np.dot(y, np.roll(x, 1)) - np.dot(x, np.roll(y, 1))) / 2

    assert body[0].sum() == pytest.approx(area, rel=0.01)


def test_a_table_lies_under_the_leg(tissue):
    """6 mm below its backmost point."""
    hu, _, body = _draw(tissue, "table")
    backmost = np.flatnonzero(body[0].any(axis=1)).max()
    foam = np.flatnonzero((hu[0] == TABLE_HU[1]).any(axis=1))

    assert foam.min() >= backmost + 6
    assert not (_draw(tissue)[0] == TABLE_HU[1]).any()


def test_a_cast_is_about_the_leg(tissue):
    hu, _, body = _draw(tissue, "cast")
    cast = hu == CAST_HU

    assert cast.sum() > 1000
    assert not (cast & body).any()


def test_a_thick_slice_is_the_mean_of_its_planes(tissue):
    """2 mm are two planes, half a mm above and below its middle."""
    thick, _, _ = _draw(tissue, thickness=2.0)
    below, above = (_draw(tissue, first=height)[0] for height in (239.5, 240.5))

    assert thick[0] == pytest.approx((below[0] + above[0]) / 2, abs=1e-2)


def test_below_the_sole_there_is_nothing_but_air(tissue):
    hu, bone, body = _draw(tissue, first=-30.0)

    assert (hu == AIR_HU).all()
    assert not body.any()
    assert not bone.any()
