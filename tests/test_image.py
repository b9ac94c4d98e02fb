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


def test_a_film_of_an_array_keeps_its_values_and_sides():
    """Rows 0.2 mm apart, columns 0.1 mm; bone is bright unless it is said to be dark."""
    bright = Image.from_array([[0, 1, 2], [3, 4, 10]], modality="CR", spacing_mm=(0.2, 0.1), laterality="L", view="AP")
    dark = Image.from_array([[0, 1, 2], [3, 4, 10]], modality="CR", bone="dark")

    assert bright.plane.tolist() == [[0, 1, 2], [3, 4, 10]]
    assert dark.plane.tolist() == [[10, 9, 8], [7, 6, 0]]
    assert (bright.pixel_mm, bright.spacing_basis) == ((0.2, 0.1), "user")
    assert (dark.pixel_mm, dark.spacing_basis) == (None, "none")
    assert (bright.modality, bright.unit, bright.laterality, bright.view) == ("CR", "1", "L", "AP")


def test_a_ct_of_an_array_is_in_hounsfield_units_and_says_which_way_it_lies():
    volume = Image.from_array(pixels(2, 3, 4), modality="CT", spacing_mm=(5, 0.7, 0.6), anatomy=" Lower  Leg ")

    assert volume.pixels.shape == (2, 3, 4)
    assert (volume.unit, volume.spacing_mm, volume.anatomy) == ("[hnsf'U]", (5.0, 0.7, 0.6), "lower leg")
    assert volume.affine is None
    assert any("to the head" in caution for caution in volume.cautions)


def test_the_array_stays_as_it_is_and_the_image_keeps_its_own():
    values = pixels(3, 4)
    image = Image.from_array(values, modality="DX", bone="dark")
    values[0, 0] = 99

    assert image.plane[0, 0] == 11
    assert values[2, 3] == 11


def test_the_name_of_an_array_hangs_on_values_shape_and_sides():
    """And on nothing else: not on the kind of number, nor on the order in memory."""
    values = pixels(3, 4)
    names = {
        Image.from_array(array, modality="DX", spacing_mm=spacing).sha256
        for array, spacing in [(values, None), (values.reshape(4, 3), None), (values + 1, None), (values, 0.2)]
    }
    same = Image.from_array(np.asfortranarray(values.astype(np.int16)), modality="DX")

    assert len(names) == 4
    assert same.sha256 in names
    assert same.source == same.sha256[:12]


@pytest.mark.parametrize(
    ("values", "words", "message"),
    [
        (np.zeros((2, 3, 4)), {"modality": "DX"}, r"\(rows, columns\), got \(2, 3, 4\)"),
        (np.zeros((2, 3, 3)), {"modality": "MG"}, "no axis of length 1 more"),
        (np.zeros((3, 4)), {"modality": "CT", "spacing_mm": (1, 1, 1)}, r"\(slices, rows, columns\), got \(3, 4\)"),
        (np.zeros((0, 4)), {"modality": "DX"}, "empty"),
        (np.zeros((3, 4), complex), {"modality": "DX"}, "complex128"),
        (np.zeros((3, 4), bool), {"modality": "DX"}, "bool"),
        ([["a", "b"]], {"modality": "DX"}, "whole numbers or floats"),
        ([[1, 2], [3]], {"modality": "DX"}, "different lengths|object"),
        ([[1.0, np.nan]], {"modality": "DX"}, "not finite"),
        ([[1.0, np.inf]], {"modality": "DX"}, "not finite"),
        ([[1.0, 1e300]], {"modality": "DX"}, "not finite"),
        (np.ma.masked_less(np.arange(12.0).reshape(3, 4), 3), {"modality": "DX"}, "masked"),
        (np.zeros((3, 4)), {"modality": "NM"}, "modality must be one of CR, DX, MG, CT"),
        (np.zeros((3, 4)), {"modality": "dx"}, "modality must be one of"),
        (np.zeros((3, 4)), {"modality": "DX", "spacing_mm": 0}, "each above 0"),
        (np.zeros((3, 4)), {"modality": "DX", "spacing_mm": (0.1, np.nan)}, "each above 0"),
        (np.zeros((3, 4)), {"modality": "DX", "spacing_mm": (1, 1, 1)}, "got 3 numbers"),
        (np.zeros((3, 4)), {"modality": "DX", "spacing_mm": "fine"}, "one number or"),
        (np.zeros((2, 3, 4)), {"modality": "CT"}, "a CT needs spacing_mm"),
        (np.zeros((2, 3, 4)), {"modality": "CT", "spacing_mm": 1}, "got 1 numbers"),
        (np.zeros((2, 3, 4)), {"modality": "CT", "spacing_mm": (1, 1, 1), "bone": "dark"}, "bone is bright"),
        (np.zeros((3, 4)), {"modality": "DX", "bone": "white"}, '"bright" or "dark"'),
        (np.zeros((3, 4)), {"modality": "DX", "laterality": "left"}, "L, R, B"),
        (np.zeros((3, 4)), {"modality": "DX", "anatomy": None}, "in words"),
    ],
)
def test_an_array_that_cannot_be_such_an_image_is_refused(values, words, message):
    with pytest.raises(BadInput, match=message):
        Image.from_array(values, **words)
