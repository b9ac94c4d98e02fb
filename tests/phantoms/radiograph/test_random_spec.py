"""Specs of limbs drawn at random are what was asked for, within their limits."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.random_spec import MOST_FAT_MM, NET_LIKE, WIDEST_MM, random_spec


def test_half_of_the_negative_films_carry_a_confounder():
    """Of 60 films without a net about 30 carry something net-like; the interval is that of a binomial."""
    specs = [random_spec(seed, net=False, confounders=True) for seed in range(60)]
    carried = sum(bool(set(s.confounders) & {"gauze", "venous", "weave", "plaster", "grid"}) for s in specs)

    assert not any(s.nets for s in specs)
    assert 15 <= carried <= 40


def test_the_same_seed_and_options_give_the_same_spec():
    assert random_spec(8, net=True, confounders=True) == random_spec(8, net=True, confounders=True)
    assert random_spec(8) != random_spec(9)


@pytest.mark.parametrize(("net", "vessels"), [(True, True), (True, False), (False, True), (False, False)])
def test_nets_and_vessels_are_there_or_not_as_asked_for(net, vessels):
    for seed in range(20):
        spec = random_spec(seed, net=net, vessels=vessels)

        assert bool(spec.nets) == net
        assert bool(spec.vessels) == vessels
        assert len(spec.vessels) <= 4


def test_chance_shares_out_anatomies_nets_and_vessels():
    """Of 400: half lower legs, half with a net, 65 % with vessels; four standard deviations are 10 and 9.5 %."""
    specs = [random_spec(seed) for seed in range(400)]

    assert np.mean([spec.anatomy == "lower leg" for spec in specs]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([bool(spec.nets) for spec in specs]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([bool(spec.vessels) for spec in specs]) == pytest.approx(0.65, abs=0.095)


@pytest.mark.parametrize("anatomy", ["lower leg", "foot", "hand"])
def test_fat_and_arteries_have_room_in_their_limb(anatomy):
    for seed in range(30):
        spec = random_spec(seed, anatomy=anatomy, vessels=True)

        assert spec.anatomy == anatomy
        assert 3 <= spec.fat_mm <= MOST_FAT_MM[anatomy]
        assert max(vessel.diameter_mm for vessel in spec.vessels) <= WIDEST_MM[anatomy]


def test_a_net_holds_two_dozen_cells():
    """25 cells of its mesh at least: an area of 25 m^2 / 100 cm2."""
    for seed in range(60):
        (net,) = random_spec(seed, net=True).nets

        assert net.area_cm2 >= min(25 * net.mesh_mm**2 / 100, 60) - 1e-9
        assert net.line_mm <= max(0.25, 0.16 * net.mesh_mm)


def test_without_a_border_there_is_no_margin():
    for seed in range(60):
        spec = random_spec(seed)

        assert (spec.border == "none") == (spec.margin_mm == (0.0, 0.0))


def test_a_film_with_a_net_carries_nothing_that_looks_like_one_but_skin_folds():
    """Those are drawn on any film."""
    like_nets = set(NET_LIKE) - {"skin folds"}

    assert not any(like_nets & set(random_spec(seed, net=True, confounders=True).confounders) for seed in range(60))
