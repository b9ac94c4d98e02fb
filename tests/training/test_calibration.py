"""Cuts are found where marking gives the best Dice."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training.calibration import STEPS, _choose_best, _count, _count_clear, cuts  # noqa: E402
from calcinet.training.network import CalciumNet  # noqa: E402
from calcinet.training.samples.base import Answer, Source  # noqa: E402


def _answer(mask):
    return Answer(mask.astype(np.uint8), mask > 9, mask > 9)


def test_the_cut_is_the_probability_above_which_the_true_pixels_lie():
    """True pixels at 0.3, others at 0.2: cuts in (0.2, 0.3] are right; of 64 steps the first is 13 / 64 = 0.203."""
    mask = np.zeros((20, 20), dtype=int)
    mask[5:8] = 1
    found = np.where(mask == 1, 0.3, 0.2).astype(np.float32)

    counts = np.stack([_count(found, _answer(mask), 1)] * 2)

    assert _choose_best(counts) == pytest.approx(13 / STEPS)


def test_counts_are_pixels_above_each_step():
    """Of 400 pixels 60 are true; from step 0 all are marked, above 0.3 none."""
    mask = np.zeros((20, 20), dtype=int)
    mask[5:8] = 1
    found = np.where(mask == 1, 0.3, 0.2).astype(np.float32)

    marked, right, true = _count(found, _answer(mask), 1)

    assert marked[[0, 13, 19, 20]].tolist() == [400, 60, 60, 0]
    assert right[[0, 13, 19, 20]].tolist() == [60, 60, 60, 0]
    assert set(true.tolist()) == {60}


def test_where_nothing_true_is_marked_the_cut_stays_in_the_middle():
    """A map that never answers."""
    assert _choose_best(np.zeros((2, 3, STEPS + 1), dtype=np.int64)) == 0.5


def test_marks_that_are_nowhere_clear_do_not_count():
    """Two lines of 0.9, one with a pixel of 0.999. Cut at 51 / 64 = 0.8 the odds 9 become 9 / 3.9 = 2.3 and 999 become
    255, more than the 32 of a probability of 0.97; cut at 63 / 64 they become 16. Below 0.9 / 33 = 0.21 all is clear.
    """
    mask = np.zeros((60, 60), dtype=int)
    mask[10, 5:55] = 1
    found = np.zeros((60, 60), dtype=np.float32)
    found[[10, 40], 5:55] = 0.9
    found[10, 20] = 0.999

    marked, right, true = _count_clear(found, _answer(mask), 1)

    assert marked[[10, 51, 63]].tolist() == [100, 50, 0]
    assert right[[10, 51, 63]].tolist() == [50, 50, 0]
    assert set(true.tolist()) == {50}


def test_every_map_gets_a_cut():
    """A network that has learned nothing, on two small films and a phantom without calcium."""
    torch.manual_seed(0)
    film = Source(plane=np.random.default_rng(0).normal(100, 4, (96, 80)).astype(np.float16))
    phantom = Source(plane=film.plane, answer=_answer(np.zeros((96, 80), dtype=int)))

    found = cuts(CalciumNet(), [phantom], [film, film])

    assert len(found) == 4
    assert all(0 < cut < 1 for cut in found)
