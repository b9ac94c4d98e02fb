"""Things beside a limb lie in the air, and leave the limb as it is."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.surroundings import DRAWERS, SURROUNDINGS, surround

SHAPE = (240, 200)
AIR = np.ones(SHAPE, bool)
AIR[:, 90:150] = False
FILM = np.where(AIR, 100, 500).astype(np.float32)


def draw(name, seed=0):
    return surround(FILM, AIR, name, np.random.default_rng(seed))


def test_each_has_its_drawer():
    assert tuple(DRAWERS) == SURROUNDINGS


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_each_changes_where_it_lies_and_nothing_else(name):
    """The film that is given stays as it is, too."""
    before = FILM.copy()
    drawn, where = draw(name)

    assert where.any()
    assert not (where & ~AIR).any()
    assert np.array_equal(drawn[~where], FILM[~where])
    assert np.array_equal(FILM, before)


def test_haze_rises_by_a_quarter_of_the_step_to_the_limb():
    """From 100 at the top to 200 at the bottom, give and take 12 of clouds."""
    drawn, _ = draw("haze")

    assert drawn[0][AIR[0]].mean() == pytest.approx(100, abs=12)
    assert drawn[-1][AIR[-1]].mean() == pytest.approx(200, abs=12)


def test_a_plate_edge_runs_from_top_to_bottom():
    _, where = draw("plate edge")

    assert where.any(axis=1).all()
    assert where.sum(axis=1).max() <= 4


def test_a_label_box_holds_a_letter_as_bright_as_the_brightest():
    drawn, where = draw("label box")

    assert drawn[where].min() == pytest.approx(100 + 0.6 * 400)
    assert drawn[where].max() == 500


def test_padding_is_darker_than_the_air():
    """Columns at the left, where there is more air."""
    drawn, where = draw("padding")

    assert where[:, 0].all()
    assert drawn[where].max() < 100
