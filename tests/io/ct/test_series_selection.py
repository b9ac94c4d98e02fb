"""Which of several series of one body is examined, and why."""

import numpy as np
import pytest

from calcinet.image import Image
from calcinet.io import Refusal, read_all
from tests.support.ctfiles import SHAPE, body, series


def images(items):
    return [item for item in items if isinstance(item, Image)]


def codes(items):
    return [item.code for item in items if isinstance(item, Refusal)]


BETTER = [
    ({"SliceThickness": 5}, {}, "its slices are 3 mm or thinner"),
    ({"ConvolutionKernel": "B70s"}, {}, "its kernel is softer"),
    ({"ContrastBolusAgent": "Iohexol"}, {}, "no contrast agent is stated"),
    ({"ImageType": ["DERIVED", "SECONDARY", "REFORMATTED"]}, {}, "not made from other slices"),
    ({"ContrastBolusAgent": "Iohexol"}, {"SliceThickness": 5}, "no contrast agent is stated"),
    ({"SliceThickness": 5}, {"ConvolutionKernel": "BONE"}, "its slices are 3 mm or thinner"),
]


@pytest.mark.parametrize(("worse", "better", "why"), BETTER)
def test_of_several_series_of_one_body_the_better_is_examined(tmp_path, worse, better, why):
    """Both are told why; the place of the folder does not matter."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1", **worse)
    series(tmp_path / "b", body(seed=1), SeriesInstanceUID="1.2.3.2", **better)
    refused, image = read_all([tmp_path])

    assert np.array_equal(image.pixels, body(seed=1))
    assert why in image.acquisition.why
    assert refused.code == "other-series"
    assert why in refused.reason


def test_more_slices_decide_among_equals_but_not_below_four_tenths_of_a_millimetre(tmp_path):
    """Every 1 mm beats every 2 mm; every 0.2 mm is no better than every 0.4 mm."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body((23, 40, 48)), step=(0, 0, 1), SeriesInstanceUID="1.2.3.2")
    coarse, fine = read_all([tmp_path])
    other = tmp_path / "other"
    series(other / "a", body(), step=(0, 0, 0.4), SeriesInstanceUID="1.2.3.1")
    series(other / "b", body((23, 40, 48)), step=(0, 0, 0.2), SeriesInstanceUID="1.2.3.2")
    first, second = read_all([other])

    assert (coarse.code, fine.pixels.shape[0]) == ("other-series", 23)
    assert (first.pixels.shape[0], second.code) == (12, "other-series")
    assert "comes first among equals" in first.acquisition.why


def test_a_test_slice_does_not_stand_for_the_body(tmp_path):
    """Bolus tracking is thin and soft, but shows one place; it is refused, not the body of 5 mm."""
    series(tmp_path / "a", body()[:1], SliceThickness=1, SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), SliceThickness=5, SeriesInstanceUID="1.2.3.2")
    items = read_all([tmp_path])

    assert codes(items) == ["other-series"]
    assert images(items)[0].pixels.shape == SHAPE


@pytest.mark.parametrize(
    ("start", "tags"),
    [
        ((-10, -20, 120), {}),
        ((300, -20, 100), {}),
        ((-10, -20, 100), {"FrameOfReferenceUID": "1.2.3.8"}),
    ],
)
def test_other_parts_of_the_body_are_images_of_their_own(tmp_path, start, tags):
    """Higher up with an overlap of 2 mm, the other leg, or another frame of reference."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), start=start, SeriesInstanceUID="1.2.3.2", **tags)

    assert len(images(read_all([tmp_path]))) == 2


def test_a_series_that_cannot_be_read_does_not_win(tmp_path):
    """Thin but with a gap; the thick one is examined."""
    series(tmp_path / "a", body(), leave_out=[5, 6], SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), SliceThickness=5, SeriesInstanceUID="1.2.3.2")
    items = read_all([tmp_path])

    assert codes(items) == ["ct-gap"]
    assert images(items)[0].acquisition.slice_thickness_mm == 5


def test_the_next_best_stands_in_for_a_series_that_holds_no_hounsfield_units(tmp_path):
    """The thin one is a map that does not say so; of the others the softer is examined, the sharp one is not."""
    series(tmp_path / "a", np.clip(body(), 0, 100), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), SliceThickness=5, ConvolutionKernel="B70f", SeriesInstanceUID="1.2.3.2")
    series(tmp_path / "c", body(seed=1), SliceThickness=5, SeriesInstanceUID="1.2.3.3")
    films = read_all([tmp_path])
    image = images(films)[0]

    assert [item.code for item in (films[1], films[0])] == ["other-series", "ct-not-hu"]
    assert np.array_equal(image.pixels, body(seed=1))
    assert "could not be read" in image.acquisition.why
