"""The square of a film, and errors side by side, by hand."""

import numpy as np
import pytest

from benchmarks.agreement import Overlap
from benchmarks.limb_peers import SIDE_PX, error_ratio, find_window


def test_the_square_holds_the_calcium():
    """Calcium in the lower right corner of a film of twice its side."""
    mask = np.zeros((2 * SIDE_PX, 2 * SIDE_PX), dtype=np.uint8)
    mask[-50:-20, -300:-30] = 1
    rows, columns = find_window(mask)

    assert mask[rows, columns].shape == (SIDE_PX, SIDE_PX)
    assert mask[rows, columns].sum() == mask.sum()


def test_a_film_smaller_than_the_square_is_the_square():
    mask = np.zeros((100, 60), dtype=np.uint8)

    assert mask[find_window(mask)].shape == (100, 60)


def test_error_is_one_less_dice_over_that_of_the_peer():
    """Dice 0.8 and 0.5: 0.2 / 0.5 = 0.4. Dice of a / b right and a / c seen with a = 8, b = c = 10 is 0.8."""
    own, peer = [Overlap(8, 10, 8, 10)] * 2, [Overlap(5, 10, 5, 10)] * 2
    ratio = error_ratio(own, peer, ["A", "B"])

    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((0.4, 0.4, 0.4))


def test_no_error_of_the_peer_is_no_ratio():
    perfect = [Overlap(10, 10, 10, 10)]

    assert np.isnan(error_ratio(perfect, perfect, ["A"]).value)
