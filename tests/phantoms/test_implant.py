"""Calcium put into a film has the contrast that was asked for."""

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.phantoms.implant import implant_net, implant_vessel, local_noise

NOISE = 5.0


@pytest.fixture(scope="module")
def film():
    """A slope of 1 per pixel with white noise of SD 5."""
    rng = np.random.default_rng(4)
    return (np.arange(400.0)[:, None] + NOISE * rng.standard_normal((400, 300))).astype(np.float32)


def test_the_local_noise_of_white_noise_is_its_sd(film):
    """Less its own blur of 1.5 px, white noise keeps sqrt(1 - 2 x 0.0707 + 0.0354) = 0.945 of its SD: 4.73."""
    assert np.median(local_noise(film)) == pytest.approx(4.73, rel=0.05)


def test_net_lines_have_three_times_the_noise(film):
    """The upper quartile of the lines' contrast is three noise SD, and the mask keeps what exceeds two."""
    where = np.ones(film.shape, bool)
    made = implant_net(film, where, mesh_px=25, line_px=2.5, contrast_in_noise=3.0, fraction=0.5, seed=1)
    contrast = made.calcium / made.noise_sd

    assert np.percentile(contrast[made.mask == 2], 50) == pytest.approx(3.0, rel=0.2)
    assert contrast[made.mask == 2].min() >= 2.0
    assert np.array_equal(made.film, film + made.calcium)


def test_the_net_stays_where_it_may_lie(film):
    """Lines run only in the left half; the blur may spill a few pixels."""
    where = np.zeros(film.shape, bool)
    where[:, :150] = True
    made = implant_net(film, where, mesh_px=20, line_px=2.0, contrast_in_noise=4.0, patch_px2=20_000, seed=2)

    assert all(line[:, 1].max() < 150 for line in made.lines)
    assert not made.calcium[:, 160:].any()


def test_a_net_scales_with_the_film(film):
    """A film of twice the values has twice the noise and takes twice the calcium."""
    where = np.ones(film.shape, bool)
    one, two = (implant_net(k * film, where, mesh_px=25, line_px=2.5, contrast_in_noise=3.0, seed=1) for k in (1, 2))

    assert two.calcium == pytest.approx(2 * one.calcium, rel=1e-4, abs=1e-3)
    assert np.array_equal(one.mask, two.mask)


def test_a_vessel_has_two_walls_its_diameter_apart(film):
    """Diameter 20 px about column 150: the outer edges of the mask lie at 140 and 160."""
    path = np.array([[20.0, 150.0], [380.0, 150.0]])
    made = implant_vessel(film, path, diameter_px=20.0, wall_px=3.0, contrast_in_noise=20.0)
    columns = np.flatnonzero((made.mask[100:300] == 1).mean(axis=0) > 0.5)

    assert columns.min() == pytest.approx(140, abs=1)
    assert columns.max() == pytest.approx(160, abs=1)
    assert not made.mask[100:300, 150].any()


def test_nothing_to_draw_on_is_refused(film):
    """An empty region, shapes that differ, a path of one point."""
    with pytest.raises(BadInput, match="region is empty"):
        implant_net(film, np.zeros(film.shape, bool), mesh_px=10, line_px=2, contrast_in_noise=3)
    with pytest.raises(BadInput, match="the same"):
        implant_net(film, np.ones((3, 3), bool), mesh_px=10, line_px=2, contrast_in_noise=3)
    with pytest.raises(BadInput, match="two points"):
        implant_vessel(film, np.zeros((1, 2)), diameter_px=3, wall_px=1, contrast_in_noise=3)
