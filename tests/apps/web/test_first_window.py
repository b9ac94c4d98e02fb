"""The window that a film is shown in first: of the field, not of its border; of the file, where that shows the film."""

import json
from dataclasses import replace

import numpy as np
import pytest

from calcinet.apps.web.data_folder import HEADER
from calcinet.apps.web.first_window import choose_first_window
from calcinet.apps.web.view_pixels import view_image, write_view
from calcinet.image import Image
from calcinet.io import read
from calcinet.phantoms.radiograph.limb import limb
from calcinet.phantoms.radiograph.spec import LimbSpec

MARGIN_MM = 35.0

PADDED_BELOW = 1500.0


@pytest.fixture(scope="module", params=["white", "black"])
def bordered(request) -> tuple[np.ndarray, np.ndarray, float]:
    """A generated film whose border takes two thirds of it, its field, and the size of a pixel.

    Black is padding far below the air, as detectors write it.
    """
    spec = LimbSpec(seed=4, border=request.param, margin_mm=(MARGIN_MM, MARGIN_MM))
    plane = np.asarray(limb(spec).image.plane, np.float32)
    if request.param == "black":
        plane = np.where(plane > 0, plane + PADDED_BELOW, 0).astype(np.float32)
    inset = round((MARGIN_MM + 2) / spec.pixel_mm)
    return plane, plane[inset:-inset, inset:-inset], spec.pixel_mm


def shown(values, window) -> np.ndarray:
    """Greys from 0 to 1."""
    return np.clip((values - window[0]) / (window[1] - window[0]), 0, 1)


def test_border_takes_no_greys(bordered):
    """What the field's own percentiles give within 5 % of its range; the whole film's are elsewhere, or as good."""
    plane, field, mm = bordered

    low, high = choose_first_window(plane, (mm, mm), None)

    own_low, own_high = np.percentile(field[field > 0], (0.1, 99.5))
    assert low == pytest.approx(own_low, abs=0.05 * (own_high - own_low))
    assert high == pytest.approx(own_high, abs=0.05 * (own_high - own_low))


def test_limb_has_more_greys_than_with_the_border(bordered):
    """Spread of the field's greys, 10 to 90 %: never less than in a window over the whole film."""
    plane, field, mm = bordered
    before = tuple(np.percentile(plane, (0.5, 99.5)))

    after = choose_first_window(plane, (mm, mm), None)

    spread = [np.subtract(*np.percentile(shown(field, window), (90, 10))) for window in (before, after)]
    assert spread[1] > spread[0]


def test_window_of_the_file_comes_first_where_it_shows_the_film(bordered):
    plane, field, mm = bordered
    low, high = (float(end) for end in np.percentile(field, (2, 98)))

    assert choose_first_window(plane, (mm, mm), (low, high)) == (low, high)


@pytest.mark.parametrize("times", [(-3.0, -2.0), (2.0, 3.0), (-20.0, 20.0), (0.5, 0.51)])
def test_window_of_the_file_that_shows_next_to_nothing_is_passed_over(bordered, times):
    """Beside the values, five times as wide as all of them, or a hundredth: in shares of the field's range."""
    plane, field, mm = bordered
    low, high = float(field.min()), float(field.max())
    stated = tuple(low + share * (high - low) for share in times)

    assert choose_first_window(plane, (mm, mm), stated) == choose_first_window(plane, (mm, mm), None)


def test_window_over_all_that_the_film_holds_is_passed_over(bordered):
    """Many files state the range of their bits: that leaves nothing out, the border least of all."""
    plane, _, mm = bordered
    own = choose_first_window(plane, (mm, mm), None)

    assert choose_first_window(plane, (mm, mm), (float(plane.min()), float(plane.max()))) == own


def test_film_of_one_grey_has_a_window():
    low, high = choose_first_window(np.full((64, 64), 7.0, np.float32), None, None)

    assert np.isfinite([low, high]).all()
    assert low <= high


def test_film_that_is_all_border_is_shown_whole():
    """Half black, half white: no field is left, and both are told apart."""
    plane = np.zeros((100, 100), np.float32)
    plane[:, 50:] = 100

    low, high = choose_first_window(plane, None, None)

    assert low == pytest.approx(0, abs=1)
    assert high == pytest.approx(100, abs=1)


def test_viewer_is_given_the_window_of_the_file(bordered, tmp_path):
    """From the image to the header beside the pixels."""
    plane, field, mm = bordered
    low, high = (float(end) for end in np.percentile(field, (3, 97)))
    given = replace(Image.from_array(plane, modality="DX", spacing_mm=mm), shown_between=(low, high))

    write_view(tmp_path, view_image(given))

    assert json.loads((tmp_path / HEADER).read_bytes())["window"] == {"low": low, "high": high}


def test_real_calf_is_shown_as_its_file_says(shared_data, tmp_path):
    """MONOCHROME1, 10 bits: its window of centre 550 and width 1024 is turned with the values."""
    image = read(shared_data / "xray" / "wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm")

    write_view(tmp_path, view_image(image))

    window = json.loads((tmp_path / HEADER).read_bytes())["window"]
    assert (window["low"], window["high"]) == image.shown_between
    assert ((image.plane > window["low"]) & (image.plane < window["high"])).mean() > 0.5
