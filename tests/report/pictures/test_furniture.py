"""Scale bar and sides of a picture."""

import numpy as np
import pytest

from calcinet.report.pictures.furniture import draw_furniture, letter_height
from calcinet.report.pictures.viewport import Viewport

SIZE = 20


def blank() -> np.ndarray:
    return np.zeros((300, 400, 3), np.uint8)


def view(scale: float) -> Viewport:
    return Viewport(top=0, left=0, rows=300, columns=400, scale=(scale, scale))


@pytest.mark.parametrize(("px_per_mm", "mm"), [(1.0, 100), (1.9, 50), (4.0, 20), (60.0, 1)])
def test_the_bar_is_the_longest_round_length_within_a_quarter(px_per_mm, mm):
    """A quarter of 400 columns is 100; a pixel of the image is 1 mm."""
    picture = blank()
    draw_furniture(picture, None, (1.0, 1.0), view(px_per_mm), SIZE)
    white = np.flatnonzero((picture[300 - SIZE] == 255).all(axis=1))

    assert np.ptp(white) == pytest.approx(mm * px_per_mm, abs=5)


def test_a_bar_longer_than_a_quarter_is_not_drawn():
    """1 mm would be 150 pixels."""
    picture = blank()

    assert not draw_furniture(picture, None, (1.0, 1.0), view(150.0), SIZE).any()
    assert not picture.any()


@pytest.mark.parametrize(("side", "at_left", "at_right"), [("L", False, True), ("R", False, True), ("B", True, True)])
def test_one_side_is_written_at_the_right_and_both_at_their_ends(side, at_left, at_right):
    covered = draw_furniture(blank(), side, None, view(1.0), SIZE)

    assert covered[:60, :60].any() == at_left
    assert covered[:60, -60:].any() == at_right
    assert not covered[60:].any()


def test_covered_pixels_are_those_that_changed():
    picture = blank()
    covered = draw_furniture(picture, "L", (1.0, 1.0), view(1.0), SIZE)

    assert np.array_equal(covered, picture.any(axis=2))


def test_letters_grow_with_the_picture_and_stay_legible():
    """1600 / 64 = 25; small pictures have 14 pixels."""
    assert letter_height(1600) == 25
    assert letter_height(100) == 14
