"""Body and air on drawn grids."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import make_coarse_grid
from calcinet.findings.skin_line import depth_under_skin, find_body

SIZE = (200, 300)
ACROSS = np.abs(np.arange(SIZE[1]) - 149.5)
NO_BORDER = np.zeros(SIZE, bool)


def draw_limb(radius=50.0, noise=0.01):
    """A vertical cylinder in air, as thick as its chord; 1 mm pixels."""
    chord = np.sqrt(np.maximum(radius**2 - ACROSS**2, 0)) / radius
    pixels = np.tile(chord, (SIZE[0], 1)) + np.random.default_rng(0).normal(0, noise, SIZE)
    return make_coarse_grid(pixels.astype(np.float32), (1.0, 1.0))


def test_a_cylinder_is_body_as_wide_as_it_is():
    """100 columns within a pixel at either side, in every row; all else is air."""
    body = find_body(draw_limb(), NO_BORDER)

    assert body.mask.sum(axis=1) == pytest.approx(np.full(200, 100), abs=4)
    assert np.array_equal(body.air, ~body.mask)


def test_what_is_outside_the_field_is_neither_body_nor_air():
    """A border of ten columns at both sides."""
    border = NO_BORDER.copy()
    border[:, :10] = border[:, -10:] = True
    body = find_body(draw_limb(), border)

    assert not (body.mask & border).any()
    assert not (body.air & border).any()


def test_a_dark_hole_within_the_body_is_not_air():
    """Gas in a limb does not reach the edge of the field."""
    grid = draw_limb()
    grid.plane[95:105, 145:155] = 0
    body = find_body(grid, NO_BORDER)

    assert body.mask[95:105, 145:155].all()


def test_depth_is_the_distance_from_air():
    """The first column of tissue is half a pixel deep, the third two and a half; in mm, 0 outside the tissue."""
    grid = draw_limb()
    tissue = np.zeros(SIZE, bool)
    tissue[:, 100:] = True
    depth = depth_under_skin(grid, tissue, ~tissue)

    assert depth[50, 98:103].tolist() == pytest.approx([0, 0, 0.5, 1.5, 2.5])
    assert not depth_under_skin(grid, tissue, NO_BORDER).any()


def test_noise_on_a_curved_slope_holds_no_body():
    v, u = np.ogrid[0:1:200j, 0:1:300j]
    noise = np.random.default_rng(1).normal(0, 0.05, SIZE)
    grid = make_coarse_grid((v * v + 0.5 * u * v + noise).astype(np.float32), (1.0, 1.0))

    with pytest.raises(NotMeasurable, match="nothing but air or noise"):
        find_body(grid, NO_BORDER)
    with pytest.raises(NotMeasurable, match="the exposed field is empty"):
        find_body(grid, ~NO_BORDER)


def find_body_of(air, *, padding=0):
    """The cylinder over air of a given grey; columns of padding at the left are black."""
    chord = np.sqrt(np.maximum(50.0**2 - ACROSS**2, 0)) / 50.0
    pixels = np.maximum(air, 0) + chord + np.random.default_rng(0).normal(0, 0.005, SIZE)
    pixels[:, :padding] = -0.2
    return find_body(make_coarse_grid(pixels.astype(np.float32), (1.0, 1.0)), NO_BORDER)


def test_haze_that_rises_along_the_film_is_air():
    """By a quarter of the cylinder's grey, from top to bottom; the middle 90 columns are body, the outer 80 air."""
    body = find_body_of(np.linspace(0.0, 0.25, SIZE[0])[:, None])

    assert body.mask[:, 105:195].all()
    assert body.air[:, :80].mean() > 0.99
    assert body.air[:, -80:].mean() > 0.99


def test_air_is_found_beside_black_padding():
    """40 columns of padding are as dark as nothing else; the air beside them is grey and covers more.

    Within two centimetres of padding that is not known for border the level of air is drawn down.
    """
    body = find_body_of(np.float32(0.1), padding=40)

    assert body.air[:, 65:90].mean() > 0.99
    assert body.mask[:, 105:195].all()


def test_dark_thighs_beside_a_dense_pelvis_are_body():
    """Thighs of a fifth of the pelvis's grey cover as much as the air between them: both grow with the grey level.

    The air is the gap of 80 columns between the thighs, whose chords rise from their skin to their middles.
    """
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    inside = np.clip(np.abs(columns - 149.5) - 40, 0, None)
    thighs = 0.06 * (inside > 0) + 0.16 * np.sqrt(np.clip(inside, 0, 55) / 55)
    pelvis = 0.6 + 0.4 * np.cos((columns - 149.5) / 100)
    pixels = np.where(rows < 70, pelvis, thighs) + np.random.default_rng(0).normal(0, 0.004, SIZE)
    body = find_body(make_coarse_grid(pixels.astype(np.float32), (1.0, 1.0)), NO_BORDER)

    assert body.air[90:, 120:180].mean() > 0.99
    assert body.mask[80:, :100].mean() > 0.99
    assert body.mask[80:, 200:].mean() > 0.99


def test_air_without_a_valley_to_the_tissue_is_found():
    """A wedge that thickens from nothing: each grey level is as frequent as the next, only air is more so."""
    wedge = np.clip(np.arange(SIZE[1]) / 200 - 0.25, 0, None) * np.ones((SIZE[0], 1))
    wedge += np.random.default_rng(0).normal(0, 0.01, SIZE)
    body = find_body(make_coarse_grid(wedge.astype(np.float32), (1.0, 1.0)), NO_BORDER)

    assert body.air[:, :45].mean() > 0.99
    assert body.mask[:, 100:].all()
