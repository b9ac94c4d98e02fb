"""Rules of the trunk, one site at a time."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.ct.anatomy import find_anatomy
from calcinet.findings.ct.classify_trunk import (
    ILIAC_MM,
    Site,
    _is_bone,
    _is_in_artery,
    _is_in_bowel,
    _is_in_pelvis,
    _is_in_wall,
    classify_in_trunk,
    find_trunk,
)
from calcinet.findings.ct.exclusions import distance_from_bone
from tests.support.ct_volumes import block, ct, deposit, deposits_of, disc

MM = (2.0, 2.0, 2.0)


def _site(**changes):
    """Inside the trunk, far from bone, 60 mm above the crest, where no artery runs."""
    fields = {
        "deposit": deposit(block((0, 0, 0), (3, 3, 3)), depth_mm=80.0),
        "nearest_bone_mm": 40.0,
        "farthest_bone_mm": 45.0,
        "is_spur": False,
        "above_crest_mm": 60.0,
        "ahead_mm": 20.0,
        "aside_mm": 60.0,
        "ahead_of_crest_mm": 20.0,
        "aside_of_crest_mm": 60.0,
    }
    return Site(**{**fields, **changes})


def test_the_aorta_is_before_the_spine():
    """20 mm before it; not 60 mm beside it, 50 mm before it or behind its front, nor below where it forks."""
    assert _is_in_artery(_site(aside_mm=5.0))
    assert not _is_in_artery(_site())
    assert not _is_in_artery(_site(aside_mm=5.0, ahead_mm=50.0))
    assert not _is_in_artery(_site(aside_mm=5.0, ahead_mm=-2.0))
    assert not _is_in_artery(_site(aside_mm=5.0, above_crest_mm=-40.0))


@pytest.mark.parametrize("row", range(1, len(ILIAC_MM)))
def test_an_iliac_artery_follows_its_course(row):
    """At each point of the course, and not 25 mm beside it."""
    below, aside, ahead = ILIAC_MM[row]
    there = {"above_crest_mm": -below, "ahead_of_crest_mm": ahead, "ahead_mm": 100.0}

    assert _is_in_artery(_site(**there, aside_of_crest_mm=aside))
    assert not _is_in_artery(_site(**there, aside_of_crest_mm=aside + 25))


def test_a_spur_that_stays_near_is_bone_though_it_is_before_the_spine():
    """Within 8 mm of bone; one that reaches farther is a plaque that touches."""
    assert not _is_in_artery(_site(aside_mm=5.0, is_spur=True, farthest_bone_mm=6.0))
    assert _is_in_artery(_site(aside_mm=5.0, is_spur=True, farthest_bone_mm=20.0))
    assert _is_bone(_site(is_spur=True))


def test_near_to_bone_is_bone_but_not_in_the_skin():
    """10 mm beside a rib."""
    site = _site(nearest_bone_mm=10.0)

    assert _is_bone(site)
    assert not _is_bone(replace(site, deposit=replace(site.deposit, compartment="skin")))


def test_cartilage_of_ribs_is_bone_in_the_wall_of_the_chest_alone():
    """50 mm from a rib, 30 mm deep, long or under the fascia: above the crest it is, below it is not."""
    deep = replace(_site().deposit, depth_mm=30.0)
    shallow = replace(deep, compartment="subcutis")

    assert _is_bone(_site(deposit=deep, nearest_bone_mm=50.0))
    assert not _is_bone(_site(deposit=deep, nearest_bone_mm=50.0, above_crest_mm=10.0))
    assert not _is_bone(_site(deposit=shallow, nearest_bone_mm=50.0))
    assert _is_bone(_site(deposit=replace(shallow, form="tubular"), nearest_bone_mm=50.0))
    assert _is_bone(_site(deposit=shallow, nearest_bone_mm=20.0))


def test_wall_pelvis_and_bowel():
    """By depth, by height, and by the distance before the spine; where no spine is seen nothing is in the bowel."""
    assert _is_in_wall(_site(deposit=replace(_site().deposit, compartment="subcutis")))
    assert _is_in_wall(_site(deposit=replace(_site().deposit, depth_mm=20.0)))
    assert not _is_in_wall(_site())
    assert _is_in_pelvis(_site(above_crest_mm=-90.0))
    assert not _is_in_pelvis(_site(above_crest_mm=np.inf))
    assert _is_in_bowel(_site(ahead_mm=60.0))
    assert not _is_in_bowel(_site(ahead_mm=np.nan))


def test_a_trunk_made_by_hand_is_classified():
    """An ellipse of 300 x 200 mm with a spine: a plaque 16 mm before it, a stone 70 mm beside it, one in the bowel."""
    rows, columns = np.indices((120, 170))
    plane = np.where(((rows - 60) / 50) ** 2 + ((columns - 85) / 75) ** 2 <= 1, 40.0, -1000.0)
    plane[disc(plane.shape, (85, 85), 12)] = 400
    pixels = np.tile(plane, (30, 1, 1))
    components = [block((15, row, column), (17, row + 2, column + 2)) for row, column in ((65, 85), (66, 48), (36, 85))]
    for component in components:
        pixels[component.box] = 900
    anatomy, found = deposits_of(ct(pixels, MM), components)
    trunk, from_bone = find_trunk(anatomy), distance_from_bone(find_anatomy(ct(pixels, MM)))

    assert [classify_in_trunk(trunk, one, from_bone) for one in found] == ["artery", "stone", "bowel"]
    assert trunk.crest is None
