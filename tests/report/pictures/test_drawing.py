"""Letters go where they are asked for and nowhere else."""

import numpy as np
import pytest

from calcinet.report.pictures import drawing


def written(at, anchor="la"):
    """A black picture of 60 x 80 with a word on it."""
    picture = np.zeros((60, 80, 3), np.uint8)
    drawing.letters(picture, at, "10 mm", drawing.WHITE, size=12, anchor=anchor)
    return picture.any(axis=2)


@pytest.mark.parametrize(("down", "right"), [(0, 1), (7, 20), (30, 3)])
def test_letters_move_with_their_place(down, right):
    """The same pixels, so many rows and columns further."""
    first = written((5, 5))

    assert first.any()
    assert np.array_equal(written((5 + right, 5 + down)), np.roll(first, (down, right), axis=(0, 1)))


def test_letters_are_cut_at_the_edge_of_the_picture():
    """What fits is there; a word that lies outside altogether leaves no mark."""
    whole, cut = written((5, 5)), written((-10, 5))

    assert np.array_equal(cut[:, :40], whole[:, 15:55])
    assert not written((200, 5)).any()
    assert not written((5, -100)).any()
