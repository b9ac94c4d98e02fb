"""The label map of findings."""

import numpy as np
import pytest

from calcinet.findings.finding import LABELS, Finding, Kind, draw_label_map


def test_marks_are_drawn_in_their_boxes_and_the_last_one_counts():
    """A vessel of 2 x 2 pixels from (1, 1) on, and a focus over its last one."""
    vessel = Finding(kind=Kind.VESSEL, mask=np.ones((2, 2), bool), origin=(1, 1))
    focus = Finding(kind=Kind.FOCUS, mask=np.ones((1, 1), bool), origin=(2, 2))
    labels = draw_label_map((4, 4), [vessel.mark, focus.mark])

    assert labels.tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 3, 0], [0, 0, 0, 0]]
    assert labels.dtype == np.uint8


def test_a_volume_has_its_label_map_too():
    box = (slice(0, 1), slice(1, 2), slice(0, 2))
    labels = draw_label_map((2, 2, 2), [(Kind.NET, box, np.array([[[True, False]]]))])

    assert labels.tolist() == [[[0, 0], [2, 0]], [[0, 0], [0, 0]]]


def test_uptake_has_no_label():
    with pytest.raises(KeyError):
        draw_label_map((2, 2), [(Kind.UPTAKE, (slice(0, 1), slice(0, 1)), np.ones((1, 1), bool))])
    assert sorted(LABELS.values()) == [1, 2, 3]
