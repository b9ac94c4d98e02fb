"""Where slices stand: regular, with gaps, tilted, off their line."""

import numpy as np
import pytest

from calcinet.image import Image
from calcinet.io import Refusal, read, read_all
from tests.support.ctfiles import SHAPE, SPACING_MM, body, series, slice_file


def images(items):
    return [item for item in items if isinstance(item, Image)]


def codes(items):
    return [item.code for item in items if isinstance(item, Refusal)]


def said(image, words):
    return any(words in caution for caution in image.cautions)


def test_distance_of_slices_is_that_of_their_places_not_their_thickness(tmp_path):
    """Slices of 5 mm every 2 mm overlap; the distance is 2 mm."""
    image = read(series(tmp_path, body(), SliceThickness=5))

    assert image.spacing_mm[0] == pytest.approx(2)
    assert image.acquisition.slice_thickness_mm == 5


def test_slices_that_leave_gaps_are_remarked(tmp_path):
    """1 mm every 2 mm: half of the body was not seen."""
    assert said(read(series(tmp_path, body(), SliceThickness=1)), "was not seen")


def test_places_rounded_to_a_tenth_are_regular(tmp_path):
    """Every 0.625 mm, written as 0.6, 1.2 (1.25), 1.9 (1.875): none is interpolated."""
    hu = body()
    for index, plane in enumerate(hu):
        slice_file(tmp_path / f"{index}", plane, (0, 0, round(0.625 * index - 1e-9, 2)), index)
    image = read(tmp_path)

    assert np.array_equal(image.pixels, hu)
    assert image.spacing_mm[0] == pytest.approx(0.625, abs=0.002)


def test_one_missing_slice_is_interpolated_and_said(tmp_path):
    """The mean of its neighbours stands at its place."""
    hu = body()
    films = read_all([series(tmp_path, hu, leave_out=[5])])
    image = films[0]

    assert image.pixels.shape == SHAPE
    assert np.allclose(image.pixels[5], (hu[4] + hu[6]) / 2)
    assert np.array_equal(np.delete(image.pixels, 5, 0), np.delete(hu, 5, 0))
    assert said(image, "1 of 12 was interpolated, every 2.00 mm")
    assert films.source_headers(0) == []


def test_a_longer_gap_is_refused(tmp_path):
    """Two slices missing are 6 mm, three times the usual 2."""
    result = read_all([series(tmp_path, body(), leave_out=[5, 6])])[0]

    assert result.code == "ct-gap"
    assert "2.00 to 6.00 mm apart, usually 2.00" in result.reason


def test_slices_too_far_apart_to_be_one_volume_are_refused(tmp_path):
    """Every 40 mm."""
    assert codes(read_all([series(tmp_path, body(), step=(0, 0, 40))])) == ["ct-gap"]


def test_unequal_slices_are_brought_to_the_finest_regular_distance(tmp_path):
    """At 0, 2, 4, 6 and 9, 12, 15 mm; every 2 mm makes 0 to 15 in 8 steps of 15 / 8 mm: values rise with the place."""
    places = (0, 2, 4, 6, 9, 12, 15)
    plane = body()[0]
    inside = (plane > -500) & (plane < 200)
    for index, place in enumerate(places):
        slice_file(tmp_path / f"{index}", np.where(inside, 10 * place, plane), (0, 0, place), index)
    image = read(tmp_path)
    middle = image.pixels[:, inside].mean(axis=1)

    assert image.spacing_mm[0] == pytest.approx(15 / 8)
    assert np.allclose(middle, np.linspace(0, 150, 9), atol=0.01 * 150)


def test_slices_off_their_line_are_refused(tmp_path):
    """One lies 3 mm to the left of the others."""
    hu = body()
    slice_file(series(tmp_path, hu, leave_out=[5]) / "5", hu[5], (-7, -20, 110), 5)

    assert codes(read_all([tmp_path])) == ["ct-geometry"]


def test_more_tilt_than_a_gantry_has_is_refused(tmp_path):
    """40 degrees."""
    down = [0, round(np.cos(0.698), 6), round(np.sin(0.698), 6)]

    assert codes(read_all([series(tmp_path, body(), ImageOrientationPatient=[1, 0, 0, *down])])) == ["ct-tilt"]


def test_one_slice_is_an_image_and_no_volume(tmp_path):
    """Its thickness stands for the distance that it has not."""
    image = read(slice_file(tmp_path / "one.dcm", body()[0], (0, 0, 0), 1))

    assert image.pixels.shape == (1, *SHAPE[1:])
    assert image.spacing_mm == pytest.approx(SPACING_MM)
    assert said(image, "one slice: no volume")
