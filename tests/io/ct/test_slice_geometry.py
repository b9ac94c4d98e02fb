"""Where slices stand: regular, with gaps, tilted, off their line."""

import numpy as np
import pytest

from calcinet.image import Image
from calcinet.io import Refusal, read, read_all
from calcinet.measure.ct.agatston import agatston_score
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


UNEQUAL = (0, 2, 4, 6, 9, 12, 15)
"""Places of slices in mm; the finest regular row has 9, every 15 / 8 mm."""


def test_unequal_slices_are_put_into_the_finest_regular_row(tmp_path):
    """At 0, 1.875, ... 15 mm: seven are the slices next to there, as acquired; at 7.5 and 13.125 mm lie means.

    Half of 60 and 90 is 75; 13.125 is 3/8 of the way from 120 to 150. The farthest, of 12 mm, is put at 11.25 mm.
    """
    plane = body()[0]
    inside = (plane > -500) & (plane < 200)
    for index, place in enumerate(UNEQUAL):
        slice_file(tmp_path / f"{index}", np.where(inside, 10 * place, plane), (0, 0, place), index)
    image = read(tmp_path)

    assert image.spacing_mm[0] == pytest.approx(15 / 8)
    assert np.allclose(image.pixels[:, inside].T, [0, 20, 40, 60, 75, 90, 120, 131.25, 150], atol=0.01)
    assert said(image, "2 of 9 were interpolated, every 1.88 mm")
    assert said(image, "up to 0.75 mm beside")


@pytest.mark.parametrize("head_first", [False, True])
def test_slices_are_scored_as_acquired_each_over_its_own_height(tmp_path, head_first):
    """A patch of 3 x 3 mm and 700 HU, weight 4, at 6, 9 and 12 mm: they stand for 2.5, 3 and 3 mm; 36 x 8.5 / 3 = 102.

    The slice that lies between those of 12 and 15 mm shows it fainter, and is not scored.
    """
    for index, place in enumerate(UNEQUAL):
        plane = np.full((48, 48), -1000.0)
        plane[6:42, 6:42] = 40.0
        if 6 <= place <= 12:
            plane[20:23, 30:33] = 700.0
        z = -place if head_first else place
        slice_file(tmp_path / f"{index}", plane, (0, 0, z), index, PixelSpacing=[1, 1])
    image = read(tmp_path)
    found = agatston_score(image, np.ones(image.pixels.shape, bool), contrast=False)

    assert (found.score, found.lesion_area_mm2, found.lesion_count) == (pytest.approx(102), 27, 3)
    assert "each over half the way" in found.cautions[0]


def test_beside_a_missing_slice_two_stand_for_more(tmp_path):
    """Every 2 mm without the sixth: its neighbours stand for 3 mm each, the filled one for nothing."""
    image = read(series(tmp_path, body(), leave_out=[5]))

    assert image.scored_mm == pytest.approx((2, 2, 2, 2, 3, 0, 3, 2, 2, 2, 2, 2))
    assert read(series(tmp_path / "whole", body())).scored_mm is None


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


def test_slices_nearer_than_any_scan_are_said(tmp_path):
    """Places in cm: 0.2 between slices of 2 mm."""
    image = read(series(tmp_path, body(), step=(0, 0, 0.2)))

    assert any("are their places in mm?" in caution for caution in image.cautions)
