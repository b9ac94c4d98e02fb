"""Arrows point at their finding from free space."""

import numpy as np
import pytest

from calcinet.report.pictures.arrows import ArrowSize, Target, place_arrows

SIZE = ArrowSize(length=40, label=8)
DARK = np.zeros((200, 200), np.uint8)


def line_at(x: float) -> Target:
    """A vertical line of 40 pixels."""
    return Target(np.stack([np.full(40, x), np.linspace(80, 120, 40)], axis=1), gap=6)


def test_tip_stops_short_of_the_finding():
    """Gap 6 from the point aimed at, label 46 from it."""
    taken = np.zeros((200, 200), bool)
    (arrow,) = place_arrows([line_at(100)], taken, DARK, SIZE)
    nearest = np.linalg.norm(line_at(100).points - np.array(arrow.tip), axis=1).min()

    assert nearest == pytest.approx(6, abs=0.5)
    assert np.hypot(*np.subtract(arrow.tip, arrow.tail)) == pytest.approx(40)


def test_arrow_comes_from_the_free_side():
    """Everything left of column 100 is taken."""
    taken = np.zeros((200, 200), bool)
    taken[:, :98] = True
    (arrow,) = place_arrows([line_at(100)], taken, DARK, SIZE)

    assert arrow.tail[0] > arrow.tip[0] > 100


def test_arrow_prefers_dark_ground():
    """Bright bone lies to the right."""
    grey = DARK.copy()
    grey[:, 104:] = 230
    (arrow,) = place_arrows([line_at(100)], np.zeros((200, 200), bool), grey, SIZE)

    assert arrow.tail[0] < 100


@pytest.mark.parametrize("x", [2, 197])
def test_label_stays_in_the_picture(x):
    """A finding at the edge gets its arrow from inside."""
    (arrow,) = place_arrows([line_at(x)], np.zeros((200, 200), bool), DARK, SIZE)

    assert 12 <= arrow.tail[0] <= 187


def test_labels_do_not_cover_each_other():
    """Four lines side by side, labels of radius 8."""
    arrows = place_arrows([line_at(x) for x in (90, 97, 104, 111)], np.zeros((200, 200), bool), DARK, SIZE)
    tails = np.array([arrow.tail for arrow in arrows])
    apart = np.linalg.norm(tails[:, None] - tails, axis=2)[np.triu_indices(4, 1)]

    assert apart.min() > 16


def test_finding_outside_the_view_gets_no_arrow():
    """A close-up shows only some of them."""
    assert place_arrows([line_at(-50)], np.zeros((200, 200), bool), DARK, SIZE) == [None]
