"""Calcium grown at random lies where it may and is what it says it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.errors import BadInput
from calcinet.phantoms.calcium_spec import VesselSpec
from calcinet.phantoms.implant import Response, implant
from calcinet.phantoms.random_deposits import DIAMETER_MM, KINDS, MESH_MM, grow, grow_artery
from calcinet.phantoms.truth import NET, OTHER, VESSEL

LABEL = {"vessel": VESSEL, "net": NET, "focus": OTHER}


@given(st.sampled_from(KINDS), st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_calcium_stays_in_its_region(kind, seed):
    """Only the middle of the film may hold any."""
    where = np.zeros((220, 200), dtype=bool)
    where[40:180, 30:170] = True

    made = grow(kind, where, np.random.default_rng(seed))

    assert made.deposit.label == LABEL[kind]
    assert not made.deposit.thickness_mm[~where].any()
    assert not made.deposit.footprint[~where].any()


def test_sizes_lie_within_what_is_told():
    """Forty trees and forty nets."""
    where = np.ones((300, 300), dtype=bool)
    trees = [grow("vessel", where, np.random.default_rng(seed)) for seed in range(40)]
    nets = [grow("net", where, np.random.default_rng(seed)) for seed in range(40)]

    widest = [max(vessel.diameter_mm.max() for vessel in tree.vessels) for tree in trees]
    assert DIAMETER_MM[0] <= min(widest)
    assert max(widest) <= DIAMETER_MM[1]
    assert all(MESH_MM[0] <= grown.nets[0].mesh_mm <= MESH_MM[1] for grown in nets)


def test_nothing_thinner_than_is_asked_for_grows():
    """Trunks of 1.5 mm and more; six times that is the narrowest mesh, 9 mm."""
    where = np.ones((300, 300), dtype=bool)
    trees = [grow("vessel", where, np.random.default_rng(seed), least_mm=1.5) for seed in range(20)]
    nets = [grow("net", where, np.random.default_rng(seed), least_mm=1.5) for seed in range(20)]

    assert min(tree.vessels[0].diameter_mm[0] for tree in trees) >= 1.5
    assert min(grown.nets[0].mesh_mm for grown in nets) >= 9


def test_an_artery_is_grown_as_it_is_asked_for():
    """5 mm wide, half as wide at its end, its walls whole; the region is crossed, and what lies outside stays."""
    spec = VesselSpec(diameter_mm=5.0, taper=0.5, pattern="continuous", tortuosity=0.0, branches=0)
    where = np.zeros((300, 300), dtype=bool)
    where[100:200, 100:200] = True
    grown = grow_artery(spec, where, np.random.default_rng(0))
    (vessel,) = grown.vessels
    rows, columns = np.rint(vessel.centre_line).astype(int).T
    on_film = (rows >= 0) & (rows < 300) & (columns >= 0) & (columns < 300)

    assert vessel.diameter_mm[[0, -1]] == pytest.approx([5.0, 2.5])
    assert vessel.calcified.all()
    assert where[rows[on_film], columns[on_film]].any()
    assert grown.deposit.footprint[~where].any()


def test_nothing_grows_nowhere():
    """An empty region."""
    with pytest.raises(BadInput, match="somewhere to lie"):
        grow("vessel", np.zeros((50, 50), dtype=bool), np.random.default_rng(0))


def test_one_call_gives_mask_lines_diameters_and_mesh():
    """A film of a slope; an artery, a net and stones."""
    rng = np.random.default_rng(2)
    film = (np.linspace(200, 600, 300)[:, None] + rng.normal(0, 4, (300, 260))).astype(np.float32)

    made = implant(film, np.ones(film.shape, dtype=bool), ("vessel", "net", "focus"), seed=3)

    assert {1, 2, 3} <= set(np.unique(made.mask))
    assert len(made.nets) == 1
    assert all(len(vessel.centre_line) == len(vessel.diameter_mm) for vessel in made.vessels)
    assert (made.calcium[made.mask > 0] >= 2 * made.noise_sd[made.mask > 0]).all()
    assert np.array_equal(
        made.film, implant(film, np.ones(film.shape, dtype=bool), ("vessel", "net", "focus"), seed=3).film
    )


def test_calcium_adds_the_same_to_the_exposure_and_less_to_a_film_that_is_nearly_white():
    """On the logistic curve from 0 to 100 the slope is 4 p (1 - p): 1 at 50, 0.36 at 10 and at 90.

    At 90, ln(0.9 / 0.1) = 2.197; a step of 4 x 5 / 100 = 0.2 gives 1 / (1 + exp(-2.397)) = 0.9166, so 1.66 for 5.
    """
    response = Response(0.0, 100.0)
    film = np.array([50.0, 10.0, 90.0], dtype=np.float32)

    assert response.slope(film) == pytest.approx([1.0, 0.36, 0.36])
    assert response.with_added(film, np.full(3, 5.0, np.float32))[2] - 90 == pytest.approx(1.66, abs=0.01)


@given(st.floats(0.1, 30), st.floats(-500, 500))
@settings(max_examples=20, deadline=None)
def test_the_response_moves_with_the_grey_scale(gain, offset):
    """Films of another scale and zero are answered alike."""
    film = np.linspace(0, 100, 400, dtype=np.float32).reshape(20, 20)
    added = np.full(film.shape, 3.0, np.float32)

    one = Response.of(film).with_added(film, added) - film
    two = np.float32(gain) * film + np.float32(offset)
    other = Response.of(two).with_added(two, np.float32(gain) * added) - two

    assert other / gain == pytest.approx(one, rel=0.02, abs=0.02)
