"""Cuts are found where marking gives the best Dice."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training.calibration import STEPS, _choose_best, _count, cuts, cuts_of_samples  # noqa: E402
from calcinet.training.network import CalciumNet  # noqa: E402
from calcinet.training.samples.base import Sample, Source, make_empty_answer  # noqa: E402


def _stripe(rows, columns=20):
    mask = np.zeros((columns, columns), dtype=bool)
    mask[5 : 5 + rows] = True
    return mask


def test_the_cut_is_the_probability_above_which_the_true_pixels_lie():
    """True pixels at 0.3, others at 0.2: cuts in (0.2, 0.3] are right; of 64 steps the first is 13 / 64 = 0.203."""
    true = _stripe(3)
    found = np.where(true, 0.3, 0.2).astype(np.float32)

    counts = np.stack([_count(found, true)] * 2)

    assert _choose_best(counts) == pytest.approx(13 / STEPS)


def test_counts_are_pixels_above_each_step():
    """Of 400 pixels 60 are true; from step 0 all are marked, above 0.3 none."""
    true = _stripe(3)
    found = np.where(true, 0.3, 0.2).astype(np.float32)

    marked, right, all_true = _count(found, true)

    assert marked[[0, 13, 19, 20]].tolist() == [400, 60, 60, 0]
    assert right[[0, 13, 19, 20]].tolist() == [60, 60, 60, 0]
    assert set(all_true.tolist()) == {60}


def test_where_nothing_true_is_marked_the_cut_stays_in_the_middle():
    """A map that never answers."""
    assert _choose_best(np.zeros((2, 3, STEPS + 1), dtype=np.int64)) == 0.5


def test_every_map_gets_a_cut():
    """A network that has learned nothing, on two small films and a phantom without calcium."""
    torch.manual_seed(0)
    film = Source(plane=np.random.default_rng(0).normal(100, 4, (96, 80)).astype(np.float16))
    phantom = Source(plane=film.plane, answer=make_empty_answer((96, 80)))

    found = cuts(CalciumNet(), [phantom], [film, film], put_in=lambda film, _: phantom)

    assert len(found) == 4
    assert all(0 < cut < 1 for cut in found)


class _SaysItsImage(torch.nn.Module):
    """Whatever a sample's channels hold is what the network says: their logits."""

    def forward(self, image):
        return torch.logit(image)


class _SameAgain:
    """One sample for every draw: true pixels, their weight, and what the network will say of each."""

    def __init__(self, said, true, weight=None):
        weight = np.ones(said.shape, np.float32) if weight is None else weight
        self.sample = Sample(said.astype(np.float32), true.astype(np.float32), weight)

    def draw(self, rng):
        return self.sample


def test_each_map_of_samples_is_cut_where_its_true_pixels_begin():
    """Three maps whose true pixels are at 0.3, 0.6 and 0.9, all others 0.1 below: the first of 64 steps above 0.2, 0.5
    and 0.8 are 13, 33 and 52."""
    true = np.stack([_stripe(3)] * 3)
    high = np.array([0.3, 0.6, 0.9])[:, None, None]

    found = cuts_of_samples(_SaysItsImage(), _SameAgain(np.where(true, high, high - 0.1), true), count=2)

    assert found == pytest.approx([13 / STEPS, 33 / STEPS, 52 / STEPS])


def test_what_is_neither_right_nor_wrong_to_mark_decides_no_cut():
    """60 pixels at 0.3, all true; 100 at 0.2, 30 of them true: cut above 0.2 Dice is 120 / (60 + 90) = 0.8, below it
    180 / (160 + 90) = 0.72. 200 true pixels without weight, were they counted, would turn that round: 120 / 350 against
    180 / 450."""
    said, true, weight = np.full((1, 20, 20), 0.01), np.zeros((1, 20, 20), bool), np.ones((1, 20, 20), np.float32)
    said.reshape(-1)[:60], true.reshape(-1)[:90] = 0.3, True
    said.reshape(-1)[60:160] = 0.2
    said.reshape(-1)[200:], true.reshape(-1)[200:], weight.reshape(-1)[200:] = 0.9, True, 0

    (cut,) = cuts_of_samples(_SaysItsImage(), _SameAgain(said, true, weight), count=2)

    assert cut == pytest.approx(13 / STEPS)


def test_the_network_is_left_ready_to_learn():
    net = _SaysItsImage().train()
    true = np.stack([_stripe(3)])
    cuts_of_samples(net, _SameAgain(np.where(true, 0.6, 0.2), true), count=1)

    assert net.training
