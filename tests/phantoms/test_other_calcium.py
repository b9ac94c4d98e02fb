"""Stones, phleboliths, nodes, granulomas, ossicles: each in its radii, about its place."""

import numpy as np
import pytest

from calcinet.phantoms import other_calcium
from calcinet.phantoms.other_calcium import KINDS, draw_pieces

MIDDLE = np.array([200.0, 150.0])
MM = 0.25
SEEDS = range(40)

BY_NAME = {kind.__name__.removeprefix("_draw_"): kind for kind in KINDS}


@pytest.fixture
def drawn(monkeypatch):
    """Pieces of one kind over many seeds, all about one place."""

    def draw(name):
        monkeypatch.setattr(other_calcium, "KINDS", (BY_NAME[name],))
        return [draw_pieces(lambda: MIDDLE, np.random.default_rng(seed), MM) for seed in SEEDS]

    return draw


def reach_mm(tube):
    """How far a tube reaches from its place."""
    return float((np.hypot(*(tube.path_px - MIDDLE).T) + tube.outer_px).max()) * MM


def test_every_kind_is_drawn_now_and_then():
    assert set(BY_NAME) == {"stone", "phlebolith", "node", "granuloma", "ossicle"}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_same_seed_draws_the_same(drawn, name):
    first, again = drawn(name), drawn(name)

    for one, other in zip(first, again, strict=True):
        assert all(np.array_equal(a.path_px, b.path_px) for a, b in zip(one, other, strict=True))


def test_stones_are_rods_of_half_a_millimetre_to_four(drawn):
    """A radius of 0.5 to 4 mm, uneven by a fifth; as a rod up to 1.2 radii longer on both sides. One to five."""
    made = drawn("stone")
    widths = [float(tube.outer_px.max()) * MM for pieces in made for tube in pieces]

    assert {len(pieces) for pieces in made} == {1, 2, 3, 4, 5}
    assert 0.5 * 0.8 <= min(widths) <= max(widths) <= 4.0 * 1.2
    assert max(widths) > 2
    assert all(reach_mm(tube) <= 4.0 * (1.2 + 1.2) for pieces in made for tube in pieces)


def test_phleboliths_are_round_and_mostly_clear_in_the_middle(drawn):
    """0.8 to 3 mm in radius, the same at every point; seven of ten are shells."""
    tubes = [tube for pieces in drawn("phlebolith") for tube in pieces]
    radii = [float(tube.outer_px[0]) * MM for tube in tubes]

    assert 0.8 <= min(radii) <= max(radii) <= 3.0
    assert all(np.ptp(tube.outer_px) == 0 for tube in tubes)
    assert all(reach_mm(tube) <= 1.1 * radius + 1e-9 for tube, radius in zip(tubes, radii, strict=True))
    assert 0.5 < np.mean([tube.wall_px < tube.outer_px[0] for tube in tubes]) < 0.9


def test_a_node_is_a_heap_of_grains(drawn):
    """8 to 29 grains within 3 to 9 mm, each up to 0.3 of that, and 1.4 of its own size beyond its middle."""
    for pieces in drawn("node"):
        assert 8 <= len(pieces) < 30
        assert max(map(reach_mm, pieces)) <= 9.0 * (1 + 0.3 * 1.4)
        assert all(0.08 * 3.0 <= float(tube.outer_px[0]) * MM <= 0.3 * 9.0 for tube in pieces)


def test_a_granuloma_is_a_shell(drawn):
    """A thin rim of 0.3 to 1.2 mm about a middle that is left free; 2 to 12 mm, uneven by some tenths."""
    for (shell,) in drawn("granuloma"):
        away = np.hypot(*(shell.path_px - MIDDLE).T) * MM
        thickness = 2 * float(shell.outer_px[0]) * MM

        assert 0.3 <= thickness <= 1.2
        assert away.max() <= 12.0 * 1.4
        assert away.min() > 0.3 * away.max() / 1.4


def test_an_ossicle_is_a_dense_rim_about_a_fainter_middle(drawn):
    """One oval drawn twice: 1.5 to 5 mm in radius, up to 0.8 radii longer on both sides; 1 in the rim, 0.3 within."""
    for rim, inside in drawn("ossicle"):
        radius = float(rim.outer_px[0]) * MM

        assert 1.5 <= radius <= 5.0
        assert np.array_equal(rim.path_px, inside.path_px)
        assert 0.3 <= rim.wall_px * MM <= 1.2
        assert inside.wall_px >= inside.outer_px.max()
        assert (rim.left.min(), inside.left.max()) == (1.0, 0.3)
        assert reach_mm(rim) <= 1.8 * radius + 1e-9


def test_each_stone_asks_for_a_place_of_its_own(monkeypatch):
    """As many as there are stones."""
    monkeypatch.setattr(other_calcium, "KINDS", (BY_NAME["stone"],))
    asked = []

    def place():
        asked.append(MIDDLE + 30 * len(asked))
        return asked[-1]

    pieces = draw_pieces(place, np.random.default_rng(1), MM)

    assert len(asked) == len(pieces)
    for middle, tube in zip(asked, pieces, strict=True):
        assert tube.path_px.mean(axis=0) == pytest.approx(middle)
