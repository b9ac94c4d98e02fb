"""Marks and calcium of other kinds are drawn where they belong."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.phantoms.mammogram.confounders import DRAWERS, draw_extras, grains_on
from calcinet.phantoms.mammogram.spec import MARKS, BreastSpec
from calcinet.phantoms.mammogram.tissue import METAL_PER_MM, project_tissue
from calcinet.phantoms.truth import OTHER

SPEC = BreastSpec(seed=3, pixel_mm=0.2, field_mm=(110.0, 80.0), size_mm=(45.0, 50.0), ducts=0, ligaments=0, veins=0)
BREAST = project_tissue(SPEC, np.random.default_rng(1))


def _draw(seed=0, **more):
    return draw_extras(replace(SPEC, **more), BREAST, np.random.default_rng(seed))


def test_every_mark_has_its_drawer():
    assert set(DRAWERS) == set(MARKS)


def test_a_plain_breast_has_nothing_on_it():
    extras = _draw()

    assert not extras.metal.any()
    assert not extras.film.any()
    assert not extras.other.footprint.any()


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_is_metal_film_or_calcium(mark):
    """Letters, clips and wires are metal, scratches and plate edges are on the film, beads of the skin are calcium."""
    extras = _draw(marks=(mark,))
    made_of = {"scratches": "film", "plate edge": "film", "skin beads": "calcium"}.get(mark, "metal")

    assert extras.metal.any() == (made_of == "metal")
    assert extras.film.any() == (made_of == "film")
    assert extras.other.thickness_mm.any() == (made_of == "calcium")


def test_a_clip_is_a_bar_of_metal():
    """0.7 mm thick on its axis."""
    assert _draw(marks=("clips",)).metal.max() == pytest.approx(0.7 * METAL_PER_MM, rel=0.15)


def test_the_letters_stand_beside_the_breast_at_its_top():
    """In the upper half; right of the skin but for a mm."""
    rows, columns = np.nonzero(_draw(marks=("letter",)).metal > 0.1)
    skin = np.flatnonzero(BREAST.inside[rows.min() : rows.max() + 1].any(axis=0))

    assert rows.max() < SPEC.shape[0] / 2
    assert columns.min() >= min(skin[-1] - 6, SPEC.shape[1] - 3.4 * 6 * 1.5 / 0.2) - 2


def test_the_edge_of_the_plate_runs_along_the_chest_wall():
    """0.3 to 3 mm wide: up to 15 columns, all rows alike."""
    film = _draw(marks=("plate edge",)).film
    columns = np.flatnonzero(film.any(axis=0))

    assert columns.tolist() == list(range(len(columns)))
    assert 1 <= len(columns) <= 15
    assert np.ptp(film[:, 0]) == 0


def test_a_cluster_lies_within_a_few_centimetres():
    """Spread 2 to 8 mm, up to three times that along a row of them: four spreads to each side."""
    rows, columns = np.nonzero(_draw(clusters=1).other.footprint)

    assert len(rows)
    assert max(np.ptp(rows), np.ptp(columns)) * 0.2 < 2 * 4 * 8 * 3


def test_beads_of_the_skin_are_near_its_line():
    """0.4 to 3 mm under it, of radii up to 0.7 mm; points are chosen on a grid of 0.8 mm."""
    depth = BREAST.depth_mm[_draw(marks=("skin beads",)).other.footprint]

    assert depth.max() < 3 + 0.7 + 1.0


def test_grains_for_another_film_lie_on_their_square():
    for seed in range(10):
        deposit = grains_on((200, 200), 0.1, np.random.default_rng(seed))

        assert deposit.label == OTHER
        assert deposit.footprint.any()
        assert 5 <= deposit.contrast_in_noise <= 40
        assert (deposit.thickness_mm[deposit.footprint] > 0).all()
