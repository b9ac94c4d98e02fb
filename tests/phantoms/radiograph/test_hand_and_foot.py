"""Hands and feet have their bones, two arteries for each digit, and flesh about them."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.hand_and_foot import draw_foot, draw_hand


def _inside(limb, points, margin=0.0):
    """Which points are within any rod of flesh."""
    best = np.full(len(points), -np.inf)
    for rod in limb.soft:
        away = np.linalg.norm(points[:, None] - rod.path_mm[None], axis=2)
        best = np.maximum(best, (rod.radius_mm[None] - away).max(axis=1))
    return best > margin


@pytest.fixture(scope="module", params=range(3))
def hand(request):
    return draw_hand(np.random.default_rng(request.param))


@pytest.fixture(scope="module", params=range(3))
def foot(request):
    return draw_foot(np.random.default_rng(request.param))


def test_a_hand_has_twenty_nine_bones(hand):
    """Four fingers of 1 + 3, a thumb of 1 + 2, eight carpals, radius and ulna: 16 + 3 + 8 + 2."""
    assert len(hand.bones) == 29


def test_a_foot_has_twenty_seven_bones(foot):
    """Four toes of 1 + 3, a great toe of 1 + 2, and eight blocks of the tarsus: 16 + 3 + 8."""
    assert len(foot.bones) == 27


def test_arteries_are_two_of_the_limb_and_two_of_each_digit(hand, foot):
    """The thumb's are left out: 2 + 8, and 2 + 10."""
    assert len(hand.arteries) == 10
    assert len(foot.arteries) == 12


def test_bones_lie_within_the_flesh(hand, foot):
    for limb in (hand, foot):
        middles = np.array([bone.path_mm[30] for bone in limb.bones])
        assert _inside(limb, middles, margin=2.0).all()


def test_arteries_run_within_the_flesh(hand, foot):
    """Nine of ten points at least: those of fingers end near their tips."""
    for limb in (hand, foot):
        assert _inside(limb, np.concatenate(limb.arteries)).mean() > 0.9


def test_the_great_toe_is_the_thickest(foot):
    """Its metatarsal is the last before the tarsus, 6.2 mm of radius instead of 3.5 (before the size of the person)."""
    metatarsals = [foot.bones[4 * k].radius_mm.min() for k in range(5)]

    assert metatarsals[4] / metatarsals[0] == pytest.approx(6.2 / 3.5)


def test_persons_are_of_different_size():
    """0.8 to 0.98 of the drawing: metatarsals of two persons differ by less than a quarter."""
    shafts = [draw_foot(np.random.default_rng(seed)).bones[0].radius_mm.min() for seed in range(30)]

    assert len(set(shafts)) == 30
    assert max(shafts) / min(shafts) <= 0.98 / 0.8
    assert min(shafts) >= 3.5 * 0.8
