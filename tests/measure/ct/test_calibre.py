"""Diameter of drawn tubes whose diameter follows from how they were drawn."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.measure.ct.calibre import ct_calibre

SPACING = (1.0, 0.5, 0.5)
LENGTH_MM = 40.0


def _tube(outer_mm, wall_mm, lean=0.0, half=False):
    """Voxels of a tube of 40 mm along Z that leans sideways by `lean` mm for each mm, and its volume."""
    z, y, x = np.mgrid[:40, :60, :160].astype(float)
    away = np.hypot(y * SPACING[1] - 15, (x * SPACING[2] - 20 - lean * z * SPACING[0]) / np.hypot(1, lean))
    inside = (away <= outer_mm / 2) & (away > outer_mm / 2 - wall_mm)
    if half:
        inside &= y * SPACING[1] > 15 + outer_mm / 2 - wall_mm
    area = np.pi / 4 * (outer_mm**2 - max(0.0, outer_mm - 2 * wall_mm) ** 2)
    return np.argwhere(inside), area * LENGTH_MM * np.hypot(1, lean)


@pytest.mark.parametrize("outer_mm", [4.0, 6.0, 8.0])
@pytest.mark.parametrize("lean", [0.0, 0.5])
def test_a_wall_about_a_lumen_has_its_outer_diameter(outer_mm, lean):
    """Variances of (R2 + r2)/2 and a section of pi (R2 - r2): at 6 mm and a wall of 1 mm, 6.5 and 15.7, so R = 3."""
    found = ct_calibre(*_with_spacing(_tube(outer_mm, 1.0, lean)), LENGTH_MM * np.hypot(1, lean))

    assert found.hollow
    assert found.calibre_mm == pytest.approx(outer_mm, abs=0.25)


@pytest.mark.parametrize("outer_mm", [1.5, 3.0])
def test_a_rod_is_as_thick_as_its_volume_says(outer_mm):
    """A cylinder's volume is pi/4 d2 L, however the voxels cut it."""
    found = ct_calibre(*_with_spacing(_tube(outer_mm, outer_mm)), LENGTH_MM)

    assert not found.hollow
    assert found.calibre_mm == pytest.approx(outer_mm)


def test_a_plaque_on_one_side_is_no_tube():
    """It is wide one way and thin the other: its own thickness is given."""
    voxels, _ = _tube(6.0, 1.0, half=True)
    volume = len(voxels) * np.prod(SPACING)

    assert not ct_calibre(voxels, SPACING, volume, LENGTH_MM).hollow


def test_thinner_than_two_pixels_is_not_resolved():
    """Pixels of 0.5 mm resolve 1 mm; a rod of 0.6 mm is refused, and the sentence says what would be."""
    voxels, _ = _tube(1.0, 1.0)
    with pytest.raises(NotMeasurable, match=r"1\.0 mm"):
        ct_calibre(voxels, SPACING, np.pi / 4 * 0.6**2 * LENGTH_MM, LENGTH_MM)


def test_a_part_without_length_has_no_calibre():
    """One voxel is no tube."""
    with pytest.raises(NotMeasurable):
        ct_calibre(np.array([[0, 0, 0]]), SPACING, 1.0, 0.0)


def _with_spacing(made):
    voxels, volume = made
    return voxels, SPACING, volume
