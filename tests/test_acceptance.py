"""What a release must reach on forty phantoms that took no part in training."""

import numpy as np
import pytest

from benchmarks.accuracy import judge
from benchmarks.agreement import auc, pooled
from benchmarks.phantoms import ACCEPTANCE_SEEDS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("acceptance")]


@pytest.fixture(scope="module")
def judged():
    """Forty phantoms, half of them with a net, half of the others with something that looks like one."""
    return [judge(seed, peers=False) for seed in ACCEPTANCE_SEEDS]


@pytest.mark.xfail(reason="the present weights do not reach it: half of the drawn walls lie over bone", strict=True)
def test_vessel_masks_agree_with_truth(judged):
    """Dice over all pixels of all phantoms."""
    dice = pooled(one.vessel for one in judged).dice

    print(f"vessel Dice {dice:.3f}")
    assert dice >= 0.6


@pytest.mark.xfail(
    reason="weights that see real arteries at every scale draw the walls of phantoms less exactly: 0.35 and 0.71",
    strict=True,
)
def test_masks_are_no_worse_than_they_were(judged):
    """What was reached, 0.54 and 0.77, must not be lost again; the best ridge filter has 0.27 and 0.22."""
    assert pooled(one.vessel for one in judged).dice >= 0.50
    assert pooled(one.net_lines for one in judged).dice >= 0.72


def test_films_with_a_net_rank_above_those_without(judged):
    """Area under the receiver operating characteristic of the net's probability."""
    present = np.array([one.has_net for one in judged])
    area = auc(np.array([one.net_probability for one in judged]), present)

    print(f"net AUC {area:.3f}")
    assert present.sum() == 20
    assert area >= 0.9


def test_calibres_are_right_from_1_to_7_mm(judged):
    """Median of the absolute error over all vessels found."""
    pairs = [pair for one in judged for pair in one.calibres if pair.judged]
    errors = np.array([abs(pair.found_mm - pair.true_mm) for pair in pairs])

    print(f"median calibre error {np.median(errors):.2f} mm over {errors.size} vessels")
    assert errors.size >= 20
    assert np.median(errors) <= 0.3


def test_bone_and_body_are_told_apart(judged):
    """Dice of the region map."""
    assert np.median([one.bone.dice for one in judged]) >= 0.85
    assert np.median([one.body.dice for one in judged]) >= 0.95
