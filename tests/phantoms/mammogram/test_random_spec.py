"""Breasts drawn at random have the grade asked for and stay within their limits."""

import numpy as np
import pytest

from calcinet.phantoms.mammogram.arteries import grade_of
from calcinet.phantoms.mammogram.random_spec import ATTENUATION, CONTRAST_IN_NOISE, random_arteries, random_breast
from calcinet.phantoms.mammogram.spec import MARKS


@pytest.mark.parametrize("grade", range(4))
def test_random_breasts_have_the_grade_asked_for(grade):
    assert all(grade_of(random_breast(seed, grade=grade).arteries) == grade for seed in range(30))


def test_the_same_seed_gives_the_same_breast():
    assert random_breast(3, grade=2, net=True) == random_breast(3, grade=2, net=True)
    assert random_breast(3) != random_breast(4)


def test_chance_shares_out_views_sides_and_grades():
    """Of 400 half each, four standard deviations are 10 %; of four grades a quarter each, within 9 %."""
    specs = [random_breast(seed) for seed in range(400)]
    grades = [grade_of(spec.arteries) for spec in specs]

    assert np.mean([spec.view == "CC" for spec in specs]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([spec.laterality == "L" for spec in specs]) == pytest.approx(0.5, abs=0.1)
    assert np.bincount(grades) / 400 == pytest.approx(0.25, abs=0.09)


def test_the_film_is_larger_than_the_breast():
    """By 10 mm in height and 25 in width at least."""
    for seed in range(40):
        spec = random_breast(seed)
        half, reach = spec.size_mm

        assert spec.field_mm[0] >= 2 * half + 10
        assert spec.field_mm[1] >= reach + 25
        assert set(spec.marks) <= set(MARKS)


def test_a_net_is_there_only_where_it_is_asked_for():
    assert not random_breast(5).nets
    assert len(random_breast(5, net=True).nets) == 1


def test_arteries_keep_their_limits():
    """Beads are not broken up into grains."""
    for seed in range(40):
        for artery in random_arteries(1 + seed % 3, np.random.default_rng(seed)):
            assert 1.0 <= artery.diameter_mm <= 3.2
            assert ATTENUATION[0] <= artery.attenuation <= ATTENUATION[1]
            assert CONTRAST_IN_NOISE[0] <= artery.contrast_in_noise <= CONTRAST_IN_NOISE[1]
            assert artery.calcium != "beads" or artery.grain == 0.0
