"""Calcium of every morphology in a generated limb, where it was asked to be."""

from typing import get_args

import numpy as np
import pytest

from benchmarks.limb_calcium import (
    MORPHOLOGIES,
    THIN_WALL_MM,
    THIN_WALLS,
    WIDE_MM,
    draw_spec,
    find_body,
    measure_room,
    put_calcium,
    shown_at,
)
from benchmarks.line_matching import distance_to, pixels_of
from calcinet.phantoms.calcium_spec import Pattern
from calcinet.phantoms.radiograph.limb import limb, random_spec


@pytest.fixture(scope="module")
def film():
    """A generated limb without calcium."""
    return limb(random_spec(7001, net=False, vessels=False, confounders=False)).image


@pytest.fixture(scope="module")
def made(film):
    return put_calcium(film, film.require_pixel_mm()[0], 3, net=False)


def test_every_pattern_of_the_phantoms_is_a_morphology():
    """A pattern that is added there is judged here."""
    assert set(get_args(Pattern)) < set(MORPHOLOGIES)
    assert THIN_WALLS in MORPHOLOGIES


@pytest.mark.parametrize("morphology", MORPHOLOGIES)
def test_an_artery_has_the_pattern_of_its_morphology(morphology):
    spec = draw_spec(morphology, WIDE_MM, np.random.default_rng(1))

    assert spec.pattern == ("continuous" if morphology == THIN_WALLS else morphology)
    assert WIDE_MM[0] <= spec.diameter_mm <= WIDE_MM[1]
    if morphology == THIN_WALLS:
        assert THIN_WALL_MM[0] <= spec.wall_mm <= THIN_WALL_MM[1]


def test_same_seed_same_calcium(film, made):
    again = put_calcium(film, film.require_pixel_mm()[0], 3, net=False)

    assert np.array_equal(again.image.pixels, made.image.pixels)
    assert not np.array_equal(made.image.pixels, film.pixels)


def test_calcified_points_lie_on_the_film_and_in_its_limb(film, made):
    """None lies beside the limb, whatever the course did."""
    body = find_body(film.plane, np.zeros(film.plane.shape, dtype=bool))
    for line in made.lines:
        at = line.path_px[line.calcified]

        assert ((at > -0.5) & (at < np.array(body.shape) - 0.5)).all()
        assert body[pixels_of(at, body.shape)].all()


def test_air_is_no_body():
    """Left half at 10, right half at 100: what is brighter than air by 6 % of the range is the limb."""
    plane = np.full((100, 200), 10, dtype=np.float32)
    plane[:, 100:] = 100
    body = find_body(plane, np.zeros(plane.shape, dtype=bool))

    assert not body[:, :85].any()
    assert body[:, 100:].all()


def test_room_is_the_length_whose_walls_lie_inside():
    """A strip of rows 10 to 30, columns 0 to 49: along row 20 a tube of radius 5 fits up to 5 px from its end."""
    where = np.zeros((41, 100), dtype=bool)
    where[10:31, :50] = True
    path = np.stack([np.full(100, 20.0), np.arange(100.0)], axis=1)

    assert measure_room(path, distance_to(~where), 5.0) == pytest.approx(45, abs=1)
    assert measure_room(path, distance_to(~where), 15.0) == 0


def test_a_film_shown_at_twice_its_pixel_has_half_the_rows(film):
    """What it states is the new size; a mean of grey levels is kept."""
    mm = film.require_pixel_mm()[0]
    image, _ = shown_at(film, 2 * mm, [])

    assert image.plane.shape == tuple(round(side / 2) for side in film.plane.shape)
    assert image.require_pixel_mm() == (2 * mm, 2 * mm)
    assert image.plane.mean() == pytest.approx(film.plane.mean(), rel=0.01)
