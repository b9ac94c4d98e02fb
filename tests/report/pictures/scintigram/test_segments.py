"""A bone scan as a picture: dark where it counts, its segments and its sides on it."""

import numpy as np
import pytest

from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body
from calcinet.record import ScintigramRecord
from calcinet.record.scintigram import UptakeSegment
from calcinet.report.pictures.scintigram.segments import counts_window, letter_views, outline_segments
from calcinet.report.pictures.viewport import Viewport

VIEW = Viewport(top=0, left=0, rows=100, columns=100, scale=(1.0, 1.0))


def test_no_counts_are_white():
    """Inverted: 0 is white, the brightest percent black."""
    plane = whole_body(WholeBody(seed=52, person=52)).image.pixels[0]
    grey = counts_window(plane).grey(plane)

    assert grey[plane == 0].min() == 255
    assert grey[plane >= plane.max()].max() == 0


def test_a_bright_place_has_its_ring_on_the_picture():
    """A place at row 50, column 60 of a blank picture: its ring of 5 pixels is drawn, its middle is left free."""
    segment = UptakeSegment(part="lower leg", side="L", focus=(50.0, 60.0))
    scan = ScintigramRecord(views=("anterior",), whole_body=True, counts=1.0, segments=(segment,))
    picture = np.full((100, 100, 3), 255, np.uint8)
    outline_segments(picture, scan, VIEW, 1)

    assert (picture[50, 60] == 255).all()
    assert (picture[55, 60] < 255).any()


def test_a_scan_without_counts_is_white():
    plane = np.zeros((5, 5), np.float32)

    assert (counts_window(plane).grey(plane) == 255).all()


@pytest.mark.parametrize(("seen_from", "same"), [("anterior", False), ("posterior", True)])
def test_from_behind_the_left_is_at_the_left(seen_from, same):
    """The left corner bears what the right one of the other view bears: L behind, R in front."""
    scan = ScintigramRecord(views=(seen_from,), whole_body=True, counts=1.0)
    behind = ScintigramRecord(views=("posterior",), whole_body=True, counts=1.0)
    pictures = [np.zeros((100, 100, 3), np.uint8) for _ in range(2)]
    letter_views(pictures[0], scan, VIEW, 100, 14)
    letter_views(pictures[1], behind, VIEW, 100, 14)

    assert np.array_equal(*pictures) == same


def test_a_view_from_elsewhere_names_no_side():
    scan = ScintigramRecord(views=("other",), whole_body=False, counts=1.0)
    picture = np.zeros((100, 100, 3), np.uint8)
    letter_views(picture, scan, VIEW, 100, 14)

    assert not picture.any()
