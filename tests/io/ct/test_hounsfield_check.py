"""Air, fat and muscle stand where physics puts them, or the values are refused."""

import numpy as np
import pytest

from calcinet.errors import Unreadable
from calcinet.io.ct.hounsfield_check import require_hounsfield, without_padding
from tests.support.ctfiles import body

NOT_HU = {
    "stored values without their rescale": lambda hu: hu + 1024,
    "ten times too large": lambda hu: hu * 10,
    "a magnetic resonance image": lambda hu: np.where(hu > -500, 300 + 2 * hu, 5),
    "an iodine map": lambda hu: np.where(hu > 200, 80.0, np.where(hu > -500, 10.0, 0.0)),
    "cut off at a window": lambda hu: np.clip(hu, -160, 240),
    "shares of one": lambda hu: (hu + 1024) / 4096,
    "a mask": lambda hu: (hu > 200).astype(float),
    "one value": lambda hu: np.zeros_like(hu),
    "shifted by the intercept twice": lambda hu: hu - 1024,
    "no numbers": lambda hu: np.where(hu > 200, np.nan, hu),
}


@pytest.mark.parametrize("kind", NOT_HU)
def test_values_that_are_no_hounsfield_units_are_refused(kind):
    """Air, fat and muscle must stand where physics puts them."""
    volume = NOT_HU[kind](body((12, 64, 64))).astype(np.float32)

    with pytest.raises(Unreadable, match="not Hounsfield units") as caught:
        require_hounsfield(volume)

    assert caught.value.code == "ct-not-hu"


def test_a_real_ct_passes_and_so_does_a_cut_out_of_it(ct_hu):
    """With and without air in the picture; the middle of the trunk alone."""
    hu = ct_hu.astype(np.float32)
    require_hounsfield(hu)
    middle = np.ascontiguousarray(hu[30:60, 35:65, 40:85])
    require_hounsfield(middle)

    assert (hu < -900).mean() > 0.1
    assert (middle < -900).mean() < 0.05


def test_noise_of_the_sharpest_kernels_is_no_other_scale():
    """Air scattered by 120 HU about -1000, not cut off at -1024."""
    hu = body((12, 64, 64)) + np.random.default_rng(1).normal(0, 120, (12, 64, 64))
    told = hu.astype(np.float32)
    require_hounsfield(told)

    assert told.mean() == pytest.approx(hu.mean(), rel=1e-4)  # it was looked at and left alone


@pytest.mark.parametrize("noise", [0, 20, 60, 120])
@pytest.mark.parametrize("intercept", [1000, 1024])
def test_values_without_their_intercept_are_refused_however_noisy(noise, intercept):
    """Air at 0 looks like soft tissue, its noise like fat; but then muscle is as dense as cortical bone."""
    hu = body((12, 64, 64)) + np.random.default_rng(1).normal(0, noise, (12, 64, 64)) + intercept

    with pytest.raises(Unreadable, match="not Hounsfield units"):
        require_hounsfield(hu.astype(np.float32))


def test_a_window_within_a_bone_and_its_muscle_is_hu():
    """Cortex of 1200, marrow of 300 and fat about muscle, no air: as much spongy bone as dense."""
    rng = np.random.default_rng(2)
    hu = rng.choice([1200.0, 350.0, 50.0, -100.0], p=[0.15, 0.15, 0.4, 0.3], size=(12, 64, 64))

    assert require_hounsfield((hu + rng.normal(0, 20, hu.shape)).astype(np.float32)) is None


def test_padding_becomes_air_in_place():
    """-2000 is what devices write; the second pixel is named by the header."""
    hu = np.array([-2000.0, 7.0, 40.0, -1000.0], dtype=np.float32)
    without_padding(hu, np.array([False, True, False, False]))

    assert hu.tolist() == [-1024, -1024, 40, -1000]
