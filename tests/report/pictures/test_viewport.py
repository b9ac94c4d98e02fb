"""What part of a film is shown, how large and how dark."""

import numpy as np
import pytest

from calcinet.report.pictures.viewport import close_view, tissue_window, whole_view


def test_large_film_is_reduced_to_the_longest_side():
    """4280 x 3520 at 1600: 1600 x round(3520 * 1600 / 4280) = 1316."""
    assert whole_view((4280, 3520), None, 1600).shape == (1600, 1316)


def test_small_film_is_enlarged_twice_at_most():
    """300 x 200 gives 600 x 400 although 1600 are allowed."""
    assert whole_view((300, 200), (0.2, 0.2), 1600).shape == (600, 400)


def test_pixels_become_square():
    """100 rows of 2 mm and 100 columns of 1 mm are twice as high as wide."""
    rows, columns = whole_view((100, 100), (2.0, 1.0), 200).shape

    assert rows == 2 * columns


def test_points_land_on_their_pixels():
    """A window from row 10, column 20 at scale 4: the middle of pixel (10, 20) lies at 1.5, 1.5 of its 4 x 4 block."""
    view = close_view((100, 100), None, (10, 20, 25, 25), 100)

    assert view.place(np.array([[10.0, 20.0], [11.0, 22.0]])).tolist() == [[1.5, 1.5], [9.5, 5.5]]


def test_close_view_stays_inside_the_film():
    """A box that hangs over the upper left corner is moved in."""
    view = close_view((100, 100), None, (-30, -5, 40, 40), 80)

    assert (view.top, view.left, view.rows, view.columns) == (0, 0, 40, 40)


def test_thin_line_survives_reduction():
    """One column of 1,000 still shows at a tenth of the size."""
    mask = np.zeros((1000, 1000), np.uint8)
    mask[:, 503] = 2
    shown = whole_view(mask.shape, None, 100).cut_mask(mask, 2)

    assert shown[:, 50].all()
    assert shown.sum() == 100


def test_bone_does_not_burn_out_and_air_is_black():
    """Greys of 0.05 air, 1 soft tissue, 1.9 bone, with a marker of 20 on 0.01 % of the film."""
    plane = np.full((500, 500), 0.05, np.float32)
    plane[:, 100:400] = 1.0
    plane[:, 220:300] = 1.9
    plane += np.random.default_rng(1).normal(0, 0.01, plane.shape).astype(np.float32)
    plane[:5, :5] = 20
    grey = tissue_window(plane).grey(plane)

    assert grey[:, :100].mean() < 10
    assert 80 < grey[:, 120:200].mean() < 150
    assert 200 < grey[50:, 230:290].mean() < 254


def test_padding_does_not_set_the_window():
    """A collimated border of one value, half the film, leaves the greys of the rest as they are."""
    rng = np.random.default_rng(2)
    inside = rng.uniform(1, 2, (200, 200)).astype(np.float32)
    padded = np.zeros((400, 200), np.float32)
    padded[:200] = inside

    assert tissue_window(padded).low == pytest.approx(tissue_window(inside).low, abs=0.02)


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_constant_film_is_drawn_all_the_same(value):
    """No division by zero: it is only a picture."""
    plane = np.full((20, 20), value, np.float32)

    assert np.isfinite(tissue_window(plane).high)
