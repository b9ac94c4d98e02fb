"""Training samples: truth beside what is drawn."""

import numpy as np
import pytest

from calcinet.phantoms.truth import NET, VESSEL
from calcinet.training.data import CROP_PX, Source, draw, phantom_source


@pytest.fixture(scope="module")
def phantoms():
    """One with a net, one without."""
    return [phantom_source(100_000), phantom_source(100_001)]


@pytest.fixture(scope="module")
def deposits(phantoms):
    return [phantom.deposit for phantom in phantoms if phantom.deposit.mask.any()]


def _bare_film():
    noise = np.random.default_rng(1).normal(100, 4, (400, 300))
    return Source(noise.astype(np.float16), None)


def test_a_sample_has_the_shapes_the_network_takes(phantoms, deposits):
    """Three channels, four maps, one weight for each."""
    sample = draw(phantoms, deposits, np.random.default_rng(0))

    assert sample.channels.shape == (3, CROP_PX, CROP_PX)
    assert sample.target.shape == sample.weight.shape == (4, CROP_PX, CROP_PX)
    assert np.isfinite(sample.channels).all()


def test_the_same_seed_draws_the_same_sample(phantoms, deposits):
    """A run can be repeated."""
    first, second = (draw(phantoms, deposits, np.random.default_rng(5)) for _ in range(2))

    assert np.array_equal(first.channels, second.channels)
    assert np.array_equal(first.target, second.target)


def test_half_of_the_real_films_stay_empty(deposits):
    """60 fair draws give 18 to 42 at four deviations of 3.9."""
    rng = np.random.default_rng(2)

    empty = sum(not draw([_bare_film()], deposits, rng).weight[0].all() for _ in range(60))

    assert 14 <= empty <= 46


def test_what_was_implanted_is_brighter_than_what_lies_beside(phantoms, deposits):
    """Fine detail on marked pixels exceeds that of unmarked ones, on average over samples."""
    rng = np.random.default_rng(3)
    samples = [draw([_bare_film()], deposits, rng) for _ in range(40)]

    marked = np.concatenate([s.channels[0][s.target[0] > 0] for s in samples])
    beside = np.concatenate([s.channels[0][(s.target[:3].sum(0) == 0) & (s.weight[0] > 0)] for s in samples])

    assert marked.mean() > beside.mean() + 0.5


def test_faint_calcium_is_neither_right_nor_wrong(phantoms):
    """Where a phantom holds calcium below what counts as visible, the weight is zero and the target too."""
    source = phantoms[0]
    faint = (source.deposit.contrast > 0.7) & (source.deposit.mask == 0)

    sample = draw([source], [], np.random.default_rng(1))

    assert faint.any()
    assert not (sample.target[:3].max(0)[sample.weight[0] == 0]).any()


def test_the_patch_covers_its_net(phantoms):
    """Lines of a net lie in its patch, vessels need not."""
    deposit = phantoms[0].deposit

    assert deposit.patch[deposit.mask == NET].mean() > 0.95
    assert not deposit.patch[deposit.mask == VESSEL].all()
