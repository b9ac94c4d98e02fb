"""Tiles must not show, and what is not tissue is not looked at."""

import numpy as np
import pytest

from calcinet.findings import detector
from calcinet.findings.detector import calcium_maps
from calcinet.findings.regions import Regions, Tissue, find_regions
from calcinet.image import Image
from calcinet.phantoms.limb import limb, random_spec

PHANTOM = limb(random_spec(4, anatomy="hand", net=True, vessels=True))


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
    air = Regions(np.full((100, 90), Tissue.AIR, dtype=np.uint8), np.zeros((100, 90), dtype=np.float32), "mm")

    assert calcium_maps(film, air).vessel.max() == 0
