"""Tiles must not show, and what is not tissue is not looked at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.findings import detector
from calcinet.findings.detector import calcium_maps, network_maps
from calcinet.findings.network_input import Resolution
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.weights_manifest import MAMMOGRAM, NAME

PHANTOM = limb(random_spec(8, anatomy="hand", net=True, vessels=True))


WHOLE = Resolution(pixel_mm=0.2, finest_mm=0.15)
"""The phantom has pixels of 0.15 mm or more: it is taken as it is."""


def look(film, regions):
    """Whichever network gives four maps; what it finds on a hand is not asked here."""
    return calcium_maps(film, regions, name=MAMMOGRAM, resolution=WHOLE)


@pytest.fixture(scope="module")
def maps():
    """Of one phantom."""
    return look(PHANTOM.image, find_regions(PHANTOM.image))


def test_maps_are_probabilities(maps):
    """All four, and not all alike."""
    for plane in (maps.vessel, maps.net, maps.focus, maps.patch):
        assert plane.min() >= 0
        assert plane.max() <= 1
    assert maps.vessel.max() > maps.vessel.min()


def test_the_same_film_gives_the_same_maps(maps):
    """To the last bit."""
    again = look(PHANTOM.image, find_regions(PHANTOM.image))

    assert np.array_equal(again.vessel, maps.vessel)
    assert np.array_equal(again.patch, maps.patch)


@pytest.mark.parametrize("name", [NAME, MAMMOGRAM])
def test_tiles_do_not_show(name, monkeypatch):
    """Other tiles, the same maps but for what lies beyond the halo."""
    regions = find_regions(PHANTOM.image)
    tissue = regions[Tissue.SOFT] | regions[Tissue.BONE]
    whole = network_maps(PHANTOM.image, tissue, name=name, shrink=1.0)
    monkeypatch.setattr(detector, "TILE_PX", 304)
    other = network_maps(PHANTOM.image, tissue, name=name, shrink=1.0)

    assert np.abs(other - whole).mean(axis=(1, 2)).max() < 1e-3
    assert ((other > 0.5) != (whole > 0.5)).mean(axis=(1, 2)).max() < 1e-3


def test_a_shrunk_film_has_maps_of_its_size_on_the_same_tissue():
    """A quarter; nothing is said where the tissue, shrunk alike, is not."""
    tissue = np.zeros((160, 200), dtype=bool)
    tissue[40:120, 80:160] = True
    film = Image(np.random.default_rng(0).normal(100, 4, (1, 160, 200)).astype(np.float32), None, "1")

    maps = network_maps(film, tissue, name=NAME, shrink=0.25)

    assert maps.shape == (5, 40, 50)
    assert maps[:, 10:30, 20:40].any()
    maps[:, 10:30, 20:40] = 0
    assert not maps.any()


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

    assert look(film, air).vessel.max() == 0


def test_tiles_hold_all_that_is_wanted_and_little_else():
    """A limb of 600 x 100 places in a film of 2000 x 1500: one tile, its corner moved out to a multiple of 32."""
    wanted = np.zeros((2000, 1500), dtype=bool)
    wanted[1000:1600, 700:800] = True

    assert list(detector._divide_into_tiles(wanted)) == [(slice(992, 1600), slice(672, 800))]


@settings(deadline=None)
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
