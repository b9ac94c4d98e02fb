"""Which marks of a mammogram are arteries, by lines and dots drawn by hand."""

import cv2
import numpy as np
import pytest

from calcinet.findings.mammogram.arteries import find_arteries

MM = 0.1


def draw_lines(*lines, width=3, shape=(600, 900)):
    canvas = np.zeros(shape, np.uint8)
    for line in lines:
        cv2.polylines(canvas, [np.round(line[:, ::-1]).astype(np.int32)], False, 1, width)
    return canvas > 0


def wave(row, start=50, stop=850, swing=25.0, length=300.0):
    column = np.arange(start, stop, 2.0)
    return np.stack([row + swing * np.sin(2 * np.pi * column / length), column], axis=1)


def draw_boxes(*boxes, shape=(300, 900)):
    """Marks of (row, column, height, width)."""
    canvas = np.zeros(shape, bool)
    for row, column, height, width in boxes:
        canvas[row : row + height, column : column + width] = True
    return canvas


def test_two_walls_are_one_artery_as_wide_as_they_are_apart():
    """Walls 20 px apart and 3 px wide: an outer half-width of 11.5 px, a length of 80 mm and the waves."""
    (found,) = find_arteries(draw_lines(wave(300), wave(320)), MM)

    assert found.two_walls
    assert found.pattern == "coarse"
    assert np.median(found.half_width_px) == pytest.approx(11.5, abs=1.5)
    assert found.calcified_px * MM == pytest.approx(np.hypot(*np.diff(wave(310), axis=0).T).sum() * MM, rel=0.06)


def test_calcium_that_breaks_off_for_a_centimetre_is_still_one_artery():
    """Its length leaves the gap of 10 mm out."""
    left, right = wave(300, 50, 400), wave(300, 500, 850)
    (found,) = find_arteries(draw_lines(left, right), MM)
    whole = sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in (left, right)) * MM

    assert found.calcified_px * MM == pytest.approx(whole, rel=0.05)


def test_two_arteries_are_two():
    """40 mm apart, of 80 and 60 mm: the longer one comes first."""
    found = find_arteries(draw_lines(wave(100), wave(500, 50, 650)), MM)

    assert len(found) == 2
    assert found[0].calcified_px > found[1].calcified_px


def test_a_few_beads_in_a_row_are_punctate():
    """Five dots of 0.8 mm, 10 mm apart."""
    line = wave(300, 100, 560, swing=10)
    beads = [line[k : k + 4] for k in range(0, 230, 50)]
    (found,) = find_arteries(draw_lines(*beads), MM)

    assert found.pattern == "punctate"
    assert found.calcified_px * MM < 8


def test_a_scratch_is_no_artery():
    """Straight over 70 mm and nowhere broken; the same line when it winds is one."""
    straight = np.stack([np.linspace(100, 160, 400), np.linspace(50, 750, 400)], axis=1)

    assert find_arteries(draw_lines(straight), MM) == []
    assert len(find_arteries(draw_lines(wave(300, 50, 750)), MM)) == 1


def test_a_speck_is_no_artery():
    """A spot of 2 mm."""
    spot = np.zeros((300, 300), np.uint8)
    cv2.circle(spot, (150, 150), 10, 1, -1)

    assert find_arteries(spot > 0, MM) == []
    assert find_arteries(np.zeros((300, 300), bool), MM) == []


def test_a_row_of_small_round_grains_is_no_artery():
    """Five dots of 0.4 x 0.4 mm, 10 mm apart; of 0.4 x 1.2 mm along the row they are beads of an artery."""
    columns = range(100, 600, 100)
    round_ones = draw_boxes(*((150, column, 4, 4) for column in columns))
    long_ones = draw_boxes(*((150, column, 4, 12) for column in columns))

    assert find_arteries(round_ones, MM) == []
    (found,) = find_arteries(long_ones, MM)
    assert found.pattern == "punctate"


def test_two_beads_drawn_out_towards_one_another_are_an_artery():
    """Two of 0.4 x 1.2 mm, 18 mm apart along their length, each half beside the line from middle to middle; across it,
    or 30 mm apart, they are none."""
    along = draw_boxes((150, 100, 4, 12), (150, 280, 4, 12))
    (found,) = find_arteries(along, MM)

    assert found.pattern == "punctate"
    assert found.calcified_px * MM == pytest.approx(1.1, abs=0.2)
    assert find_arteries(draw_boxes((50, 100, 4, 12), (230, 100, 4, 12)), MM) == []
    assert find_arteries(draw_boxes((150, 100, 4, 12), (150, 400, 4, 12)), MM) == []


def test_large_round_dots_in_a_row_may_be_an_arterys():
    """0.8 mm across: 0.5 mm2."""
    canvas = np.zeros((300, 900), np.uint8)
    for column in range(100, 600, 100):
        cv2.circle(canvas, (column, 150), 4, 1, -1)
    (found,) = find_arteries(canvas > 0, MM)

    assert found.pattern == "punctate"


def test_two_beads_are_none_where_pixels_are_too_coarse_to_show_that_they_are_long():
    """2 x 6 pixels of 0.2 mm, as large as before; two round dots are none at any pixel."""
    assert find_arteries(draw_boxes((150, 100, 2, 6), (150, 150, 2, 6)), 0.2) == []
    assert find_arteries(draw_boxes((150, 100, 7, 7), (150, 200, 7, 7)), MM) == []


def test_a_large_dot_by_itself_is_an_artery_that_begins_to_calcify():
    """0.9 x 0.9 mm: 0.81 mm2, from end to end eight steps; one of 0.7 x 0.7 mm is none, nor one in a cluster, nor a
    strand of 0.5 x 2 mm."""
    (found,) = find_arteries(draw_boxes((150, 100, 9, 9)), MM)
    cluster = np.array([[140.0, 120.0], [170.0, 110.0], [150.0, 80.0]])

    assert found.pattern == "punctate"
    assert found.calcified_px == pytest.approx(8, abs=1.5)
    assert find_arteries(draw_boxes((150, 100, 7, 7)), MM) == []
    assert find_arteries(draw_boxes((150, 100, 9, 9)), MM, cluster) == []
    assert find_arteries(draw_boxes((150, 100, 5, 20)), MM) == []


@pytest.mark.parametrize(("pixels", "pattern"), [(40, "punctate"), (60, "coarse")])
def test_calcium_without_a_break_over_several_beads_is_coarse(pixels, pattern):
    """Between a bead at either end, 4 mm or 6 mm in one piece; 8 mm of calcium are coarse however broken."""
    (found,) = find_arteries(draw_boxes((150, 60, 4, 8), (150, 100, 4, pixels), (150, 190, 4, 8)), MM)

    assert found.pattern == pattern
