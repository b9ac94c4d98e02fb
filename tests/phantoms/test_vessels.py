"""Arteries branch, taper and are calcified as their specs say."""

import numpy as np
import pytest

from calcinet.phantoms.calcium_spec import VesselSpec
from calcinet.phantoms.vessels import (
    FAINT_WALL,
    THINNEST_MM,
    Branch,
    calcify,
    calcify_walls,
    grow_branches,
    make_tube,
    mark_calcified,
    vessel_deposit,
)

COURSE = np.array([[0.0, 30.0], [150.0, 30.0]])


def test_an_artery_without_tortuosity_keeps_its_course_and_tapers_evenly():
    """4 mm at the start, 0.5 times that at the end, 3 mm half way; it runs in the plane of the film."""
    (trunk,) = grow_branches(
        COURSE, VesselSpec(diameter_mm=4.0, taper=0.5, tortuosity=0.0, branches=0), np.random.default_rng(0)
    )

    assert trunk.path_mm[:, 1] == pytest.approx(np.full(len(trunk.path_mm), 30.0))
    assert trunk.diameter_mm[[0, -1]] == pytest.approx([4.0, 2.0])
    assert trunk.diameter_mm[len(trunk.diameter_mm) // 2] == pytest.approx(3.0, rel=0.01)
    assert trunk.tilt == pytest.approx(np.ones(len(trunk.tilt)))


def test_a_tortuous_artery_is_longer_in_space_than_as_projected():
    (trunk,) = grow_branches(COURSE, VesselSpec(tortuosity=1.0, branches=0), np.random.default_rng(1))

    assert trunk.tilt.min() >= 1
    assert trunk.tilt.max() > 1.05


@pytest.mark.parametrize("seed", range(5))
def test_branches_are_thinner_than_the_trunk_and_not_too_thin(seed):
    """A branch has 0.65 of the stem's diameter at most."""
    trunk, *branches = grow_branches(COURSE, VesselSpec(diameter_mm=4.0, branches=9), np.random.default_rng(seed))

    assert 0 < len(branches) <= 9
    assert max(branch.diameter_mm[0] for branch in branches) <= 0.65 * trunk.diameter_mm[0]
    assert min(branch.diameter_mm.min() for branch in branches) >= THINNEST_MM


def _branch(n=1000):
    path = np.stack([np.arange(n) * 0.4, np.zeros(n)], axis=1)
    return Branch(path, np.full(n, 3.0), np.ones(n))


@pytest.mark.parametrize("coverage", [0.3, 0.7])
def test_patches_cover_the_share_that_is_asked_for(coverage):
    """Calcium of each wall is more than half its own where the field is above the quantile."""
    left, _ = calcify_walls(_branch(), "patchy", coverage, np.random.default_rng(3))

    assert np.mean(left > 0.45) == pytest.approx(coverage, abs=0.06)


def test_a_continuous_wall_has_no_gap():
    left, right = calcify_walls(_branch(), "continuous", 1.0, np.random.default_rng(4))

    assert mark_calcified(left, right).all()


def test_rings_are_a_millimetre_or_two_apart():
    """Their pitch is 0.9 to 1.8 mm: 400 mm hold 222 to 444 of them."""
    left, _ = calcify_walls(_branch(), "rings", 1.0, np.random.default_rng(5))
    rising = np.diff(left > np.median(left))

    assert 222 * 0.8 < rising.sum() / 2 < 444 * 1.2


def test_calcium_that_hardly_shows_is_not_marked():
    """The wall with more decides: 0.2 is not enough, 0.21 is."""
    assert mark_calcified(np.array([0.2, 0.0]), np.array([0.1, 0.21])).tolist() == [False, True]


def test_a_tube_is_the_branch_on_the_grid_of_the_film():
    """At 0.2 mm a diameter of 3 mm is a radius of 7.5 px, and 10 mm from the corner is row 49.5."""
    spec = VesselSpec(wall_mm=0.5)
    branch = Branch(np.array([[10.0, 4.0], [20.0, 4.0]]), np.full(2, 3.0), np.ones(2))
    tube = make_tube(branch, spec, 0.2, np.random.default_rng(0))

    assert tube.path_px[0] == pytest.approx([49.5, 19.5])
    assert tube.outer_px == pytest.approx([7.5, 7.5])
    assert tube.wall_px == pytest.approx(2.5)


def test_a_wall_is_never_thicker_than_the_radius():
    """2 mm are asked for; half of 3 mm is 1.5 mm, which is 7.5 px."""
    branch = Branch(np.array([[10.0, 4.0], [20.0, 4.0]]), np.full(2, 3.0), np.ones(2))
    tube = make_tube(branch, VesselSpec(wall_mm=2.0), 0.2, np.random.default_rng(0))

    assert tube.wall_px == pytest.approx(7.5)


def test_the_deposit_of_no_tubes_is_empty():
    deposit = vessel_deposit([], (20, 30), pixel_mm=0.2, blur_px=0.7, contrast_in_noise=5.0)

    assert deposit.thickness_mm.shape == (20, 30)
    assert not deposit.footprint.any()


@pytest.mark.parametrize("seed", range(12))
def test_where_one_wall_holds_the_calcium_the_other_is_fainter_by_the_stated_factor(seed):
    """Both begin at 0.7 to 1.1 of a wall and fade alike; the other one is then 0 to 0.35 times as much: over 400 mm, at
    most half of the first on average, and between both limits over a dozen arteries."""
    left, right = calcify_walls(_branch(), "one wall", 1.0, np.random.default_rng(seed))

    assert right.mean() < 1.3 * FAINT_WALL[1] * left.mean()
    assert left.mean() > 0.4


def test_the_fainter_wall_is_not_always_equally_faint():
    walls = [calcify_walls(_branch(), "one wall", 1.0, np.random.default_rng(seed)) for seed in range(30)]
    ratios = [right.mean() / left.mean() for left, right in walls]

    assert min(ratios) < 0.1
    assert max(ratios) > 0.25


LUMEN_PX = 15 - 2.5
"""A straight artery of 6 mm with a wall of 0.5 mm, at 0.2 mm a pixel: 15 pixels to its edge, 12.5 to its lumen."""


def _straight(pattern, seed):
    path = np.stack([np.arange(300) * 0.4, np.full(300, 10.0)], axis=1)
    branch = Branch(path, np.full(300, 6.0), np.ones(300))
    spec = VesselSpec(diameter_mm=6.0, wall_mm=0.5, pattern=pattern, coverage=0.6, tortuosity=0.0, branches=0)
    return calcify(branch, spec, 0.2, np.random.default_rng(seed))


def _marked_in_lumen(grown):
    """Rows of the film on which something is marked less than 10 of the lumen's 12.5 pixels beside the middle."""
    deposit = vessel_deposit(list(grown.tubes), (600, 100), pixel_mm=0.2, blur_px=0.7, contrast_in_noise=5.0)
    middle = 10.0 / 0.2 - 0.5
    near = np.abs(np.arange(100) - middle) < 10
    return deposit.footprint[:, near].any(axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_plaques_reach_into_the_lumen_and_walls_do_not(seed):
    """Of walls in patches nothing is marked in the lumen; of plaques something is, and not all along."""
    assert len(_straight("patchy", seed).tubes) == 1
    assert not _marked_in_lumen(_straight("patchy", seed)).any()

    reached = _marked_in_lumen(_straight("plaques", seed))

    assert 0 < reached.mean() < 1


@pytest.mark.parametrize("seed", range(6))
def test_plaques_are_as_long_and_as_wide_as_stated(seed):
    """1 to 9 mm are 2.5 to 22.5 steps of 0.4 mm, four points at the least; half as wide as 0.9 radii, and 1.6 times
    that where a plaque is uneven. Their middle lies within the artery."""
    _, *plaques = _straight("plaques", seed).tubes

    assert plaques
    for plaque in plaques:
        assert 3 <= len(plaque.path_px) <= 23
        assert plaque.outer_px.max() <= 0.9 * 1.6 * 15
        assert plaque.wall_px >= plaque.outer_px.max()
        assert np.abs(plaque.path_px[:, 1] - 49.5).max() <= 0.75 * 15 + 1e-6


def test_an_artery_is_calcified_where_its_plaques_are():
    """Whatever its walls hold there."""
    grown = _straight("plaques", 0)
    rows = grown.path_px[:, 0]
    for plaque in grown.tubes[1:]:
        first, last = plaque.path_px[[0, -1], 0]
        assert grown.calcified[(rows >= first) & (rows <= last)].all()


def test_calcium_of_walls_alone_is_calcified_where_it_shows():
    """As `mark_calcified` says of the one tube."""
    grown = _straight("patchy", 1)
    (wall,) = grown.tubes

    assert np.array_equal(grown.calcified, mark_calcified(wall.left, wall.right))


def test_a_granular_wall_comes_and_goes_and_keeps_its_mean():
    """The path, diameter and pattern stay; along the wall the calcium varies by more than an even one's."""
    course = np.stack([np.linspace(0, 200, 500), np.full(500, 20.0)], axis=1)
    even, grained = (
        make_tube(
            grow_branches(course, VesselSpec(branches=0, tortuosity=0.0, granular=granular), np.random.default_rng(4))[0],
            VesselSpec(branches=0, granular=granular),
            0.2,
            np.random.default_rng(5),
        )
        for granular in (0.0, 1.0)
    )

    assert np.allclose(even.path_px, grained.path_px)
    assert np.std(grained.left) > 2 * np.std(even.left)
    assert np.mean(grained.left) == pytest.approx(np.mean(even.left), rel=0.2)
