"""Shares of boxes that are marked, and marks beside them, counted by hand."""

import json

import numpy as np
import pytest

from benchmarks.limb_arteries import (
    Box,
    MarkedFilm,
    artery_tables,
    count_outside,
    parse_boxes,
    share_of_length_marked,
    write_recall,
)
from calcinet import weights_manifest

HIGH = Box(x0=2, y0=4, x1=6, y1=14)


def marks(*pixels):
    marked = np.zeros((20, 20), dtype=bool)
    for row, column in pixels:
        marked[row, column] = True
    return marked


def test_length_of_a_high_box_is_its_rows():
    """Of the ten rows 4 to 13 the marks lie in 4, 4 again, 9 and 13: 3/10. Row 14 and column 6 lie outside."""
    marked = marks((4, 2), (4, 5), (9, 3), (13, 5), (14, 3), (10, 6))

    assert share_of_length_marked(marked, HIGH) == pytest.approx(0.3)


def test_a_box_turned_on_its_side_has_the_same_share():
    """Rows and columns change places, and so do the box's sides."""
    marked = marks((4, 2), (4, 5), (9, 3), (13, 5), (14, 3), (10, 6))
    lying = Box(x0=4, y0=2, x1=14, y1=6)

    assert share_of_length_marked(marked.T, lying) == share_of_length_marked(marked, HIGH)


def test_nothing_marked_is_a_share_of_nothing():
    assert share_of_length_marked(marks(), HIGH) == 0


def test_an_artery_is_found_from_a_quarter_on():
    """Of shares 0.24, 0.25 and 1 two are found."""
    film = MarkedFilm(patient="A", name="film", shares=(0.24, 0.25, 1.0), outside=0)

    assert film.found == 2


def test_a_vessel_is_outside_where_it_touches_no_grown_box():
    """The box ends at column 6; grown by 2 it reaches column 8. A line at 8 touches it, one at 8.5 does not; a line
    that only passes through does."""
    beside = np.array([[4.0, 8.0], [12.0, 8.0]])
    away = np.array([[4.0, 8.5], [12.0, 8.5]])
    through = np.array([[0.0, 19.0], [9.0, 4.0], [19.0, 19.0]])

    assert count_outside([beside, away, through], [HIGH], by_px=2) == 1
    assert count_outside([beside], [], by_px=2) == 1
    assert count_outside([], [HIGH], by_px=2) == 0


def test_boxes_of_the_manifest_are_columns_before_rows():
    assert parse_boxes("2,4,6,14;1,2,3,4") == (HIGH, Box(x0=1, y0=2, x1=3, y1=4))


def test_without_the_films_the_part_is_left_out_with_a_sentence(tmp_path, capsys):
    assert artery_tables(tmp_path / "nowhere") == []
    assert "calcified arteries skipped" in capsys.readouterr().err


def test_what_was_counted_is_kept_with_the_weights(tmp_path):
    """Two films of one patient and one of another: three of five arteries are found."""
    films = [
        MarkedFilm(patient="a", name="1", shares=(0.5, 0.1), outside=0),
        MarkedFilm(patient="a", name="2", shares=(0.25,), outside=1),
        MarkedFilm(patient="b", name="3", shares=(0.9, 0.0), outside=0),
    ]
    write_recall(films, tmp_path / "radiograph.recall.json")

    kept = json.loads((tmp_path / "radiograph.recall.json").read_text("utf-8"))
    assert (kept["found"], kept["arteries"], kept["patients"]) == (3, 5, 2)
    assert kept["weights_sha256"] == weights_manifest.sha256()
