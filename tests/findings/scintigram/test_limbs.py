"""Width of a limb, and the tissue that the camera sees through it."""

import numpy as np
import pytest

from calcinet.constants import WATER_ATTENUATION_140_KEV_PER_MM
from calcinet.findings.scintigram.contour import Contour
from calcinet.findings.scintigram.landmarks import Limb
from calcinet.findings.scintigram.limbs import measure_limb

PIXEL_MM = (2.0, 2.0)
RADIUS_MM = 40.0
MU = WATER_ATTENUATION_140_KEV_PER_MM


def _cylinder(brightness=1.0):
    """A round limb of 40 mm radius in the middle of 100 columns, seen without blur."""
    offset_mm = (np.arange(100) - 49.5) * 2.0
    thick = 2 * np.sqrt(np.maximum(RADIUS_MM**2 - offset_mm**2, 0))
    line = brightness * (1 - np.exp(-MU * thick)) / MU
    smooth = np.tile(line, (80, 1)).astype(np.float32)
    contour = Contour(counts=smooth, smooth=smooth, body=smooth > 0, air=0.0, soft=float(smooth.max()), field=(0, 99))
    mask = np.zeros(smooth.shape, dtype=bool)
    mask[10:70, 31:69] = True
    return Limb("R", mask, (10, 30, 50, 70)), contour


def test_a_cylinder_is_as_wide_as_it_is():
    """Counts fall to a quarter of the middle's near its edge, 38 mm or more from the middle of 40."""
    shape = measure_limb(*_cylinder(), PIXEL_MM)

    assert shape.half_mm[40] == pytest.approx(RADIUS_MM, abs=2.0)
    assert shape.across[40, 49] == pytest.approx(-1.0 / shape.half_mm[40], abs=0.01)
    assert shape.across[40, 31] < -0.9


def test_tissue_is_the_attenuated_thickness():
    """In the middle (1 - exp(-2 mu r)) / mu with the measured r; beside the limb nothing."""
    shape = measure_limb(*_cylinder(), PIXEL_MM)
    expected = (1 - np.exp(-2 * MU * shape.half_mm[40])) / MU

    assert shape.path_mm[40, 49] == pytest.approx(expected, rel=1e-3)
    assert not shape.path_mm[:, :31].any()
    assert not shape.path_mm[:10].any()


def test_a_brighter_limb_is_no_wider():
    """Three times the counts."""
    dim, bright = (measure_limb(*_cylinder(times), PIXEL_MM) for times in (1.0, 3.0))

    assert bright.half_mm == pytest.approx(dim.half_mm, rel=1e-5)


def test_a_limb_that_is_not_there_has_no_width():
    """An empty mask."""
    limb, contour = _cylinder()
    shape = measure_limb(Limb("R", limb.mask & False, limb.levels), contour, PIXEL_MM)

    assert not shape.half_mm.any()
    assert not shape.path_mm.any()
    assert shape.across.shape == limb.mask.shape
