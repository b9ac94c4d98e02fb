"""Confounders add what they are made of, and nothing else."""

import numpy as np
import pytest

from calcinet.phantoms import exposure as beam
from calcinet.phantoms.radiograph.body import Body
from calcinet.phantoms.radiograph.confounders import DRAWERS, draw_confounders
from calcinet.phantoms.radiograph.spec import CONFOUNDERS, LimbSpec
from calcinet.phantoms.truth import AIR, BONE, SOFT

METAL = ("clips", "staples")
CALCIUM = ("phleboliths", "venous")


def _body(spec):
    """A limb in the middle of the film, with bone in its middle."""
    rows, columns = spec.shape
    across = np.abs(np.arange(columns) - columns / 2)
    depth = np.tile(np.maximum(columns / 3 - across, 0) * spec.pixel_mm, (rows, 1)).astype(np.float32)
    regions = np.where(depth > 0, SOFT, AIR).astype(np.uint8)
    regions[:, across < columns / 20] = BONE
    return Body(np.zeros(spec.shape, np.float32), regions, depth)


def _draw(*names, seed=0):
    spec = LimbSpec(field_mm=(90.0, 90.0), confounders=names)
    return draw_confounders(spec, _body(spec), np.random.default_rng(seed))


def test_every_confounder_has_its_drawer():
    assert tuple(DRAWERS) == CONFOUNDERS


@pytest.mark.parametrize("name", CONFOUNDERS)
def test_each_is_made_of_its_own_stuff(name):
    """Clips and staples of metal, phleboliths and venous calcium of calcium, the rest of what attenuates a little."""
    clutter = _draw(name)

    assert clutter.metal.any() == (name in METAL)
    assert clutter.calcium_mm.any() == (name in CALCIUM)
    assert clutter.attenuation.any() == (name not in METAL + CALCIUM)


def test_a_film_of_which_no_confounder_is_asked_has_none():
    clutter = _draw()

    assert not clutter.metal.any()
    assert not clutter.calcium_mm.any()
    assert not clutter.attenuation.any()


def test_phleboliths_are_round_and_of_2_to_5_mm():
    """Radii of 0.9 to 2.4 mm: two to six stones cover at most 6 x pi x 2.4 x (2.4 + 0.8) mm2; each has one at least."""
    for seed in range(5):
        covered_mm2 = (_draw("phleboliths", seed=seed).calcium_mm > 0).sum() * 0.04

        assert 2 * np.pi * 0.8**2 * 0.5 < covered_mm2 < 6 * np.pi * 2.6 * 3.4


def test_clips_are_bars_of_metal():
    """0.8 mm thick: the beam crosses 0.8 mm of metal on their axis."""
    assert _draw("clips").metal.max() >= 0.75 * 0.8 * beam.METAL_PER_MM


def test_a_grid_repeats_itself():
    """Its lines are 0.45 to 1.2 mm apart: the spectrum of a row or a column peaks there."""
    clutter = _draw("grid")
    rows = np.abs(np.fft.rfft(clutter.attenuation - clutter.attenuation.mean(), axis=0)).mean(axis=1)
    columns = np.abs(np.fft.rfft(clutter.attenuation - clutter.attenuation.mean(), axis=1)).mean(axis=0)
    spectrum = rows if rows[40:].max() > columns[40:].max() else columns
    pitch_mm = 90.0 / (40 + spectrum[40:].argmax())

    assert 0.44 < pitch_mm < 1.25


def test_plaster_covers_the_limb_and_not_the_air():
    clutter = _draw("plaster")
    inside = clutter.body.depth_mm > 0

    assert clutter.attenuation[inside].mean() == pytest.approx(0.12, rel=0.1)
    assert not clutter.attenuation[~inside].any()


def test_a_spot_is_deep_enough_and_beside_bone():
    clutter = _draw(seed=3)
    for _ in range(30):
        row, column = clutter.choose_spot(4.0).astype(int)

        assert clutter.body.regions[row, column] == SOFT
        assert clutter.body.depth_mm[row, column] > 4


def test_where_the_body_is_all_air_a_spot_is_in_the_middle():
    """Of 450 x 450 pixels: number 101,250, the first of row 225."""
    clutter = _draw()
    clutter.body.regions[:] = AIR

    assert clutter.choose_spot().tolist() == [225.0, 0.0]


def test_a_line_holds_its_length_of_metal():
    """Radius 1 mm (5 px), 0.5 a mm: pi x 25 px2 a column, times 0.5 x 0.2."""
    clutter = _draw()
    path = np.array([[200.0, -30.0], [200.0, 480.0]])
    clutter.draw_line(clutter.metal, path, 1.0, 0.5)

    assert clutter.metal[:, 225].sum() == pytest.approx(np.pi * 25 * 0.1, rel=1e-3)
