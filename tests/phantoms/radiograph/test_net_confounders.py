"""Confounders are drawn where and as they are said to be."""

import cv2
import numpy as np
import pytest

from calcinet.phantoms.radiograph.net_confounders import LINE_CONFOUNDERS, NET_CONFOUNDERS, add_confounder

CONFOUNDERS = NET_CONFOUNDERS | LINE_CONFOUNDERS
SIDE = 200


@pytest.mark.parametrize("name", CONFOUNDERS)
def test_every_confounder_draws_something_and_not_everything(name):
    """Over twenty seeds, on a square of 200 pixels."""
    drawn = [CONFOUNDERS[name](200, np.random.default_rng(seed)) for seed in range(20)]

    assert all(mask.shape == (200, 200) for mask in drawn)
    assert any(0 < mask.mean() < 1 for mask in drawn)


@pytest.mark.parametrize("name", CONFOUNDERS)
def test_a_confounder_scales_with_the_noise_of_the_film(name):
    """Twice the noise, twice what is added; nothing is taken away."""
    film = np.zeros((150, 120), dtype=np.float32)
    one, two = (
        add_confounder(film, np.full(film.shape, sd, np.float32), name, np.random.default_rng(1)) for sd in (2, 4)
    )

    assert two == pytest.approx(2 * one, abs=1e-4)
    assert one.min() > -1e-4


def test_an_unknown_confounder_is_refused():
    """Names are those of the two tables."""
    film = np.zeros((50, 50), dtype=np.float32)
    with pytest.raises(KeyError):
        add_confounder(film, film + 1, "zebra", np.random.default_rng(0))


def _draw(name, seeds=20):
    return [np.asarray(CONFOUNDERS[name](SIDE, np.random.default_rng(seed))) for seed in range(seeds)]


def _longest_run(flags):
    """Of True along each row, the longest."""
    longest = 0
    for row in flags:
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(int)))
        longest = max([longest, *(edges[1::2] - edges[::2]).tolist()])
    return longest


def test_scratches_are_long_and_no_wider_than_two_pixels():
    """A square of 5 x 5 fits in nothing but a crossing at a small angle; most are longer than a fifth of the film."""
    scratches = _draw("scratch")
    left = [cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).sum() for mask in scratches]
    extents = [np.hypot(*np.ptp(np.argwhere(mask), axis=0)) for mask in scratches if mask.any()]

    assert sum(left) < 0.02 * sum(mask.sum() for mask in scratches)
    assert np.median(extents) > SIDE / 5


def test_links_of_a_chain_are_of_one_size():
    """What hangs together off the film's edge has as many pixels as one link, the smallest, or as some that touch."""
    seen = 0
    for mask in _draw("chain"):
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        left, top, width, height, area = stats[1:].T
        whole = (left > 0) & (top > 0) & (left + width < SIDE) & (top + height < SIDE)
        if whole.sum() < 8:
            continue
        seen += 1
        links = area[whole] / area[whole].min()
        assert np.mean(np.abs(links - np.rint(links)) <= 0.1 * links) > 0.9

    assert seen >= 3


def test_a_label_has_a_frame():
    """Of at least a dozen pixels a side, drawn along the rows and the columns."""
    for mask in _draw("label"):
        assert _longest_run(mask) >= 12
        assert _longest_run(mask.T) >= 12


def test_a_fold_is_sharp_at_one_side_and_fades_to_the_other():
    """It begins with 1, so that steps of more than a half lie on one line alone, and falls by a factor of e over 3 to
    40 pixels: beside each other on its fading side, values are never farther apart than 1 - exp(-1 / 3) = 0.28."""
    for band in _draw("fold"):
        steps = np.abs(np.diff(band, axis=0))
        between = band[1:][(steps > 0.29)], band[:-1][steps > 0.29]

        assert band.min() >= 0
        assert band.max() <= 1
        assert np.minimum(*between).max(initial=0.0) == 0
        assert (steps > 0.29).sum() <= 2 * SIDE
