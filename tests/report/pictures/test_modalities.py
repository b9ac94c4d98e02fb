"""The table of modalities: which entry an image has, and what it decides."""

import numpy as np
import pytest

from calcinet.record import ScintigramRecord
from calcinet.report.pictures.ct.tint import CT_WINDOW
from calcinet.report.pictures.modalities import CT, FILM, SCINTIGRAM, canvas_of, choose_drawing
from calcinet.report.pictures.viewport import close_view, whole_view
from tests.support import handmade, handmade_ct


@pytest.fixture
def scan():
    record = ScintigramRecord(views=("anterior", "posterior"), whole_body=True, counts=1.0)
    return handmade.examined_image().model_copy(update={"scintigram": record, "laterality": None})


def test_an_image_is_drawn_by_what_its_record_and_its_pixels_hold(pixels, ct, ct_image, scan):
    assert choose_drawing(handmade.examined_image(), pixels) is FILM
    assert choose_drawing(scan, pixels) is SCINTIGRAM
    assert choose_drawing(ct_image, ct) is CT
    assert choose_drawing(ct_image, pixels) is FILM  # its volume is not there


def test_only_a_film_gets_a_window_of_its_own_close_up(pixels, ct_film, scan):
    """Of the dark corner of a film; Hounsfield units and counts keep theirs."""
    film = canvas_of(handmade.examined_image(), pixels)
    view = close_view(film.shape, None, (0, 0, 60, 60), 100)
    counts = canvas_of(scan, pixels)

    assert film.modality.prepare_close_up(film, view).window != film.window
    assert counts.modality.prepare_close_up(counts, view).window == counts.window
    assert ct_film.modality.prepare_close_up(ct_film, view).window == ct_film.window == CT_WINDOW


def test_both_sides_are_written_only_on_a_whole_ct_that_names_none(ct, ct_image):
    both = canvas_of(ct_image.model_copy(update={"laterality": None}), ct)
    left = canvas_of(ct_image.model_copy(update={"laterality": "L"}), ct)
    lost = canvas_of(both.record, handmade_ct.examined(oriented=False))
    whole, part = whole_view(both.shape, None, 100), close_view(both.shape, None, (0, 0, 20, 20), 100)

    assert [CT.choose_side(both, whole), CT.choose_side(both, part)] == ["B", None]
    assert [CT.choose_side(left, whole), CT.choose_side(left, part)] == ["L", "L"]
    assert CT.choose_side(lost, whole) is None


def test_sides_are_written_on_every_view_of_a_whole_scan(pixels, scan):
    """Two views beside one another: letters in the upper corners of each; none on a close-up."""
    canvas = canvas_of(scan, pixels)
    view = whole_view(canvas.shape, None, 600)
    picture = np.zeros((*view.shape, 3), np.uint8)
    SCINTIGRAM.letter_views(picture, canvas, view, 14)
    quarter = view.shape[1] // 4
    close = np.zeros((100, 100, 3), np.uint8)
    SCINTIGRAM.letter_views(close, canvas, close_view(canvas.shape, None, (0, 0, 50, 50), 100), 14)

    assert [picture[:40, n * quarter : (n + 1) * quarter].any() for n in range(4)] == [True] * 4
    assert not close.any()
