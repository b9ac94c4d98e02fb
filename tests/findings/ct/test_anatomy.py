"""The map of a volume: side, trunk, axis of a limb."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.ct.anatomy import find_anatomy
from calcinet.findings.ct.compartments import Layer
from tests.support.ct_volumes import LIMB_MM, ct, disc, limb


@pytest.fixture(scope="module")
def anatomy():
    return find_anatomy(replace(ct(limb(), LIMB_MM), laterality="L"))


def test_a_limb_is_no_trunk_and_has_the_side_of_its_file(anatomy):
    """One limb of 100 mm, said to be left."""
    assert not anatomy.trunk.any()
    assert not anatomy.trunk_at(59)
    assert anatomy.side_at(np.array([[0, 60, 60], [59, 60, 99]])).tolist() == [2, 2]
    assert not anatomy.cropped


def test_compartments_are_where_they_were_drawn(anatomy):
    """Fat of 45 mm radius, muscle of 20 mm, bone, air; voxels of the volume."""
    points = np.array([[30, 60, 107], [30, 60, 85], [30, 60, 40], [30, 2, 2]])

    assert anatomy.grid.at(anatomy.layers, points).tolist() == [
        Layer.SUBCUTIS,
        Layer.DEEP,
        Layer.BONE,
        Layer.OUTSIDE,
    ]


def test_the_axis_of_a_limb_is_its_middle(anatomy):
    """Row and column 60 in every slice; a side that is not there has none."""
    assert anatomy.limb_axis(2) == pytest.approx(np.tile([60.0, 60.0], (60, 1)), abs=1.0)
    assert not anatomy.limb_axis(1).any()


def test_a_slanting_limb_has_a_slanting_axis():
    """A disc that moves one column a slice; away from the ends the axis follows."""
    pixels = np.full((60, 120, 160), -1000.0)
    for z in range(60):
        pixels[z, disc((120, 160), (60, 50 + z), 40)] = 50
    axis = find_anatomy(ct(pixels, LIMB_MM)).limb_axis(0)

    assert axis[10:50, 1] == pytest.approx(50 + np.arange(10, 50), abs=1.5)


def test_wide_slices_with_bone_in_the_middle_are_trunk():
    """An ellipse of 300 x 200 mm with a spine, at 2 mm; without the spine it is two legs that touch."""
    rows, columns = np.indices((120, 170))
    body = ((rows - 60) / 50) ** 2 + ((columns - 85) / 75) ** 2 <= 1
    with_spine = np.where(body, 40.0, -1000.0)
    with_spine[disc((120, 170), (85, 85), 12)] = 400
    without = np.where(body, 40.0, -1000.0)

    assert find_anatomy(ct(np.tile(with_spine, (30, 1, 1)), (2.0, 2.0, 2.0))).trunk.all()
    assert not find_anatomy(ct(np.tile(without, (30, 1, 1)), (2.0, 2.0, 2.0))).trunk.any()


def test_a_picture_that_cuts_the_body_on_both_sides_is_cropped():
    """The middle 60 columns of the limb."""
    assert find_anatomy(ct(limb()[:, :, 30:90], LIMB_MM)).cropped


def test_bones_that_the_caller_knows_are_bone():
    """A block in the muscle."""
    bones = np.zeros((60, 120, 120), dtype=bool)
    bones[20:30, 70:80, 70:80] = True
    found = find_anatomy(ct(limb(), LIMB_MM), bones)

    assert found.skeleton.bone[12, 37, 37]


def test_voxels_without_a_size_are_refused():
    """Millimetres are not guessed."""
    with pytest.raises(NotMeasurable, match="size of a pixel"):
        find_anatomy(replace(ct(limb(4)), spacing_mm=None))
