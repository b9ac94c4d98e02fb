"""Samples for the second look."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.truth import AIR, NET, SOFT, VESSEL, VesselTruth
from tests.support.extras import of_extra

of_extra("train", "torch")

from calcinet.training.samples.base import Source, draw  # noqa: E402
from calcinet.training.samples.second_stage import (  # noqa: E402
    BARE_SEED,
    POLICY,
    bare_source,
    fill_vessels,
    grow_bank,
    phantom_source,
    with_calcium,
)


def _straight(calcified):
    """From column 10 to 50 along row 30.5, 4 mm wide."""
    line = np.stack([np.full(41, 30.5), np.arange(10.0, 51.0)], axis=1)
    return VesselTruth(centre_line=line, diameter_mm=np.full(41, 4.0), compartment="unknown", calcified=calcified)


def test_the_inside_of_a_vessel_is_its_walls_and_its_lumen():
    """Four millimetres at 0.5 mm a pixel are eight rows; forty columns of it, and round ends of up to four pixels."""
    drawn = fill_vessels([_straight(np.ones(41, dtype=bool))], (60, 60), 0.5)

    rows = np.flatnonzero(drawn[:, 30])
    assert rows.mean() == pytest.approx(30.5, abs=0.5)
    assert rows.size == pytest.approx(8, abs=1)
    assert not drawn[:, 55:].any()


def test_only_what_is_calcified_counts():
    """Nothing of a vessel without calcium."""
    calcified = np.zeros(41, dtype=bool)

    assert not fill_vessels([_straight(calcified)], (60, 60), 0.5).any()

    calcified[:10] = True
    drawn = fill_vessels([_straight(calcified)], (60, 60), 0.5)
    assert drawn[30, 15]
    assert not drawn[30, 30]


def test_the_walls_of_what_is_grown_lie_inside_of_its_vessels():
    """Nearly all: a wall's edge may touch one pixel more; nets are no vessels."""
    grown = [grow_bank(seed) for seed in range(30)]
    walls = [one for one in grown if one.growth.deposit.label == VESSEL]
    nets = [one for one in grown if one.growth.deposit.label == NET]

    assert np.mean([one.patch[one.growth.deposit.footprint].mean() for one in walls]) > 0.7
    assert not any(one.patch.any() for one in nets)


def test_a_phantom_answers_with_the_inside_of_its_vessels():
    """Its walls lie in it, its net need not."""
    answer = phantom_source(100_000).answer

    assert answer.patch[answer.mask == VESSEL].mean() > 0.7
    assert answer.patch[answer.mask == NET].mean() < 0.5


def test_every_second_film_is_degraded_before_calcium_goes_in():
    """The same calcium twice: put into the film as it is, and into a changed one."""
    film = Source(plane=np.random.default_rng(0).normal(100, 2, (300, 300)).astype(np.float16))
    differ = []
    for number in (6, 14, 22):
        plain, degraded = (with_calcium(film, each).plane.astype(np.float32) for each in (number, number + 1))
        differ.append(not np.array_equal(plain, degraded))
        assert np.array_equal(plain, film.plane)

    assert any(differ)


def test_samples_are_wide_and_repeatable():
    """The side that the manner names; the same seed, the same sample."""
    film = Source(plane=np.random.default_rng(1).normal(100, 4, (700, 500)).astype(np.float16))
    grown = [grow_bank(seed) for seed in range(4)]

    first, second = (draw([film], grown, np.random.default_rng(5), POLICY) for _ in range(2))

    assert first.channels.shape == (3, POLICY.crop_px, POLICY.crop_px)
    assert np.array_equal(first.channels, second.channels)
    assert np.array_equal(first.target, second.target)


def test_bare_limbs_hold_no_vessels_and_calcium_stays_out_of_their_air():
    """The phantom of the same spec tells where air lies: what is put in changes less than a hundredth of it."""
    source = bare_source(3)
    spec = random_spec(3 + BARE_SEED, net=False, vessels=False)
    truth = limb(replace(spec, border="black" if spec.border == "white" else spec.border)).truth

    assert source.answer is None
    assert not truth.vessels
    assert source.floor is not None
    assert source.plane.max() == pytest.approx(255, abs=0.5)
    assert (source.plane[truth.regions == AIR] > source.floor).mean() < 0.011
    assert (source.plane[truth.regions == SOFT] > source.floor).mean() > 0.9
