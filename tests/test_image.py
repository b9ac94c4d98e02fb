"""Pixels that know their unit and their size in millimetres."""

import numpy as np
import pytest

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image


def pixels(*shape: int) -> np.ndarray:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_a_film_is_its_one_slice():
    """Three rows of four; rows are 0.2 mm apart, columns 0.1 mm."""
    film = Image(pixels(1, 3, 4), (1.0, 0.2, 0.1), "1")

    assert film.plane.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert film.picture is not film.pixels
    assert film.pixel_mm == (0.2, 0.1)
    assert film.require_pixel_mm() == (0.2, 0.1)
    assert film.require_spacing_mm() == (1.0, 0.2, 0.1)


def test_two_views_of_a_bone_scan_are_shown_side_by_side():
    """The second view is to the right of the first."""
    scan = Image(pixels(2, 1, 2), None, "{counts}", modality="NM")

    assert scan.picture.tolist() == [[0, 1, 2, 3]]


def test_a_volume_has_no_single_plane():
    with pytest.raises(NotMeasurable, match="one slice, this one has 2"):
        _ = Image(pixels(2, 3, 4), None, "[hnsf'U]", modality="CT").plane


def test_an_image_without_a_spacing_measures_no_lengths():
    film = Image(pixels(1, 3, 4), None, "1")

    assert film.pixel_mm is None
    for require in (film.require_pixel_mm, film.require_spacing_mm):
        with pytest.raises(NotMeasurable, match="--spacing-mm"):
            require()


def test_another_unit_is_refused_with_both_named():
    with pytest.raises(NotMeasurable, match=r"needs pixels in \[hnsf'U\], this image has 1"):
        Image(pixels(1, 3, 4), None, "1").require_unit("[hnsf'U]")


@pytest.mark.parametrize("spacing", [(1.0, 0.0, 0.1), (1.0, -0.1, 0.1), (1.0, np.inf, 0.1), (1.0, np.nan, 0.1)])
def test_a_spacing_that_cannot_be_is_refused(spacing):
    with pytest.raises(BadInput, match="positive millimetres"):
        Image(pixels(1, 3, 4), spacing, "1")


def test_pixels_have_three_axes():
    with pytest.raises(BadInput, match=r"shape \(Z, Y, X\), got \(3, 4\)"):
        Image(pixels(3, 4), None, "1")
