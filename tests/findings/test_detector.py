"""Tiles must not show, and what is not tissue is not looked at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.findings import detector
from calcinet.findings.detector import calcium_maps
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.radiograph.limb import limb, random_spec

PHANTOM = limb(random_spec(8, anatomy="hand", net=True, vessels=True))


@pytest.fixture(scope="module")
def maps():
    """Of one phantom."""
    return calcium_maps(PHANTOM.image, find_regions(PHANTOM.image))


def test_maps_are_probabilities(maps):
    """All four, and not all alike."""
    for plane in (maps.vessel, maps.net, maps.focus, maps.patch):
        assert plane.min() >= 0
        assert plane.max() <= 1
    assert maps.vessel.max() > 0.5


def test_the_same_film_gives_the_same_maps(maps):
    """To the last bit."""
    again = calcium_maps(PHANTOM.image, find_regions(PHANTOM.image))

    assert np.array_equal(again.vessel, maps.vessel)
    assert np.array_equal(again.patch, maps.patch)


def test_tiles_do_not_show(maps, monkeypatch):
    """Other tiles, the same maps but for what lies beyond the halo."""
    monkeypatch.setattr(detector, "TILE_PX", 304)

    other = calcium_maps(PHANTOM.image, find_regions(PHANTOM.image))

    assert np.abs(other.vessel - maps.vessel).mean() < 1e-3
    assert ((other.vessel > 0.5) != (maps.vessel > 0.5)).mean() < 1e-3


def test_air_is_never_calcium(maps):
    """Maps are zero outside soft tissue and bone."""
    regions = find_regions(PHANTOM.image)
    outside = ~(regions[Tissue.SOFT] | regions[Tissue.BONE])

    assert maps.vessel.shape == outside.shape
    assert maps.vessel[outside].max() == 0


def test_a_film_without_tissue_gives_empty_maps():
    """Nothing is wanted, so no tile runs."""
    film = Image(np.zeros((1, 100, 90), dtype=np.float32), (1.0, 0.2, 0.2), "1")
    labels, depth = np.full((100, 90), Tissue.AIR, dtype=np.uint8), np.zeros((100, 90), dtype=np.float32)
    air = Regions(labels=labels, depth=depth, depth_unit="mm")

    assert calcium_maps(film, air).vessel.max() == 0


def test_tiles_hold_all_that_is_wanted_and_little_else():
    """A limb of 600 x 100 places in a film of 2000 x 1500: one tile, its corner moved out to a multiple of 32."""
    wanted = np.zeros((2000, 1500), dtype=bool)
    wanted[1000:1600, 700:800] = True

    assert list(detector._divide_into_tiles(wanted)) == [(slice(992, 1600), slice(672, 800))]


@given(places=st.lists(st.tuples(st.integers(0, 89), st.integers(0, 69)), max_size=8), longest=st.integers(16, 100))
def test_every_wanted_place_lies_in_one_tile(places, longest):
    """None is missed, none is looked at twice, and tiles begin where the network's halving does."""
    wanted = np.zeros((90, 70), dtype=bool)
    wanted[tuple(np.array(places, dtype=int).reshape(-1, 2).T)] = True
    seen = np.zeros(wanted.shape, dtype=int)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detector, "TILE_PX", longest)
        tiles = list(detector._divide_into_tiles(wanted))
    for at in tiles:
        seen[at] += 1

    assert (seen[wanted] == 1).all()
    assert seen.max(initial=0) <= 1
    assert all(of.start % detector.STEP_PX == 0 for at in tiles for of in at)
