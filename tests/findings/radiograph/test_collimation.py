"""The field that the beam exposed, on drawn films."""

import numpy as np
import pytest

from calcinet.findings.coarse_grid import make_coarse_grid
from calcinet.findings.radiograph.collimation import find_border

SHAPE = (300, 400)


def draw_film():
    """Grey noise, with a black and a white pixel block in its middle that set the grey scale."""
    film = 0.5 + np.random.default_rng(4).normal(0, 0.02, SHAPE)
    film[140:150, 190:200], film[150:160, 190:200] = 0.0, 1.0
    return film


def border_of(film):
    return find_border(make_coarse_grid(film.astype(np.float32), (1.0, 1.0)))


def test_a_film_exposed_to_its_edges_has_no_border():
    assert not border_of(draw_film()).any()


@pytest.mark.parametrize("level", [0.0, 1.0], ids=["black", "white"])
def test_padding_round_the_field_is_border(level):
    """40 pixels above and below, 60 at the left and 50 at the right."""
    film = draw_film()
    film[:40] = film[-40:] = level
    film[:, :60] = film[:, -50:] = level
    border = border_of(film)

    assert border[:38].all()
    assert border[:, :58].all()
    assert border[:, -48:].all()
    assert not border[45:-45, 65:-55].any()


def test_a_field_rotated_by_ten_degrees_has_slanting_sides():
    """Its corners are outside of the upright box round it."""
    y, x = np.mgrid[:300, :400] - np.array([149.5, 199.5])[:, None, None]
    angle = np.deg2rad(10)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    outside = (np.abs(along) > 150) | (np.abs(across) > 100)
    film = np.where(outside, 0.0, draw_film())
    border = border_of(film)

    assert (border == outside).mean() > 0.98


def test_a_mirrored_film_has_the_mirrored_border():
    film = draw_film()
    film[:, :60] = 0.0
    border = border_of(film)

    assert (border_of(film[:, ::-1])[:, ::-1] == border).mean() > 0.99
