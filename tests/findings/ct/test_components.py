"""Connected voxels of calcium, and the noise that they must stand clear of."""

import numpy as np
import pytest

from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.compartments import Layer
from calcinet.findings.ct.components import (
    DEFAULT_NOISE_HU,
    LONE_SIGMAS,
    SEED_SIGMAS,
    Muscle,
    find_components,
    measure_muscle,
)
from tests.support.ct_volumes import block, ct, grid

SHAPE = (10, 40, 40)


def _skeleton(near_bone=None):
    nothing = np.zeros(SHAPE, dtype=bool)
    return Skeleton(
        bone=nothing, near_bone=nothing if near_bone is None else near_bone, metal=nothing, near_metal=nothing
    )


def _find(pixels, muscle, skeleton=None):
    layers = np.full(SHAPE, Layer.DEEP, dtype=np.uint8)
    return find_components(ct(pixels), grid(pixels), layers, skeleton or _skeleton(), muscle, 130.0)


def test_muscle_has_the_mean_and_the_spread_of_its_voxels():
    """Noise of 12 HU about 55 HU."""
    pixels = np.random.default_rng(0).normal(55, 12, (20, 60, 60))
    layers = np.full(pixels.shape, Layer.DEEP, dtype=np.uint8)
    muscle = measure_muscle(ct(pixels), grid(np.full(pixels.shape, 55.0)), layers)

    assert muscle.mean_hu == pytest.approx(55, abs=0.3)
    assert muscle.noise_hu == pytest.approx(12, rel=0.03)


def test_without_muscle_the_noise_of_a_usual_scan_is_taken():
    """Fat alone."""
    pixels = np.full(SHAPE, -100.0)

    assert measure_muscle(ct(pixels), grid(pixels), np.full(SHAPE, Layer.SUBCUTIS)).noise_hu == DEFAULT_NOISE_HU


def test_the_seed_is_the_threshold_or_stands_clear_of_noise():
    """50 + 5.5 x 10 = 105 is below 130; 50 + 5.5 x 20 = 160 is above."""
    assert Muscle(50.0, 10.0).seed_hu(130.0) == 130
    assert Muscle(50.0, 20.0).seed_hu(130.0) == 50 + SEED_SIGMAS * 20


def test_a_lone_voxel_must_be_brighter_than_two_together():
    """With 20 HU of noise a seed has 160 HU and a lone voxel 190 HU."""
    muscle = Muscle(50.0, 20.0)
    pixels = np.full(SHAPE, 50.0)
    pixels[2, 10, 10] = 180
    pixels[5, 20, 20:22] = 180
    pixels[8, 30, 30] = 50 + LONE_SIGMAS * 20 + 1
    found = _find(pixels, muscle)

    assert [component.origin for component in found] == [(5, 20, 20), (8, 30, 30)]
    assert found[0].voxels().tolist() == [[5, 20, 20], [5, 20, 21]]


def test_nothing_is_found_in_bone_and_its_rim():
    """The same block, once near to bone."""
    pixels = np.full(SHAPE, 50.0)
    pixels[4:6, 10:14, 10:14] = 400
    near = np.zeros(SHAPE, dtype=bool)
    near[:, 5:20, 5:20] = True

    assert len(_find(pixels, Muscle(50.0, 10.0))) == 1
    assert not _find(pixels, Muscle(50.0, 10.0), _skeleton(near))


def test_a_component_knows_its_voxels_in_the_volume():
    """Two voxels from (3, 4, 5) on."""
    component = block((3, 4, 5), (4, 5, 7))

    assert component.origin == (3, 4, 5)
    assert component.voxels().tolist() == [[3, 4, 5], [3, 4, 6]]
