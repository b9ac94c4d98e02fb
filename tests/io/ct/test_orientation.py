"""A volume turned so that Z rises to the head, Y to the back and X to the left."""

import numpy as np
import pytest

from calcinet.io import read
from calcinet.io.ct.orientation import turn_of
from tests.support.ctfiles import body, series


def said(image, words):
    return any(words in caution for caution in image.cautions)


def test_z_rises_to_the_head_y_to_the_back_and_x_to_the_left(tmp_path):
    """Voxel (1, 2, 3) lies 2 mm above, 1.6 mm behind and 2.1 mm left of the first, which lies at (-10, -20, 100)."""
    image = read(series(tmp_path, body()))

    assert image.affine @ (1, 2, 3, 1) == pytest.approx((-7.9, -18.4, 102, 1))


def test_oblique_slices_keep_their_exact_places(tmp_path):
    """Turned by 20 degrees about the long axis: nearest axes, the affine as the header has it, and a sentence."""
    c, s = np.cos(np.radians(20)).round(6), np.sin(np.radians(20)).round(6)
    image = read(series(tmp_path, body(), ImageOrientationPatient=[c, s, 0, -s, c, 0]))

    assert image.affine @ (0, 0, 10, 1) == pytest.approx((-10 + 7 * c, -20 + 7 * s, 100, 1))
    assert said(image, "20 degrees oblique")


def test_a_turned_volume_comes_back():
    """Source axes run to the left, the feet and the back: Z is the second of them, turned round."""
    affine = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    turn = turn_of(affine)
    volume = np.arange(24.0).reshape(2, 3, 4)

    assert (turn.order, turn.flipped) == ((1, 2, 0), (True, False, False))
    assert np.array_equal(turn.theirs(turn.ours(volume)), volume)
    assert turn.ours(volume)[2, 0, 0] == volume[0, 0, 0]
    assert np.allclose(turn.affine(affine, (2, 3, 4)) @ (2, 0, 0, 1), (0, 0, 0, 1))
