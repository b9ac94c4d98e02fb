"""Position, area and outline of a finding on a projection image."""

from itertools import islice

import numpy as np
import pytest

from calcinet.mask_labels import Tissue
from calcinet.protocols.finding_fields import (
    generate_ids,
    locate_finding,
    measure_area,
    name_compartment,
    outline_mask,
    side_of,
)
from tests.support.limbs import block_image, block_regions, square, uniform_regions


@pytest.mark.parametrize(
    ("row", "depth_mm", "compartment"),
    [(11, 1.25, "skin"), (20, 5.75, "subcutis"), (50, 20.75, "unknown")],
)
def test_depth_is_the_distance_to_the_air_and_names_the_layer(row, depth_mm, compartment):
    """Two rows of half a millimetre: their depths are (row - 9) / 2 and half a millimetre more; the middle of both."""
    found = locate_finding(block_image(), block_regions(), square(row, 5))

    assert found == {"depth_mm": depth_mm, "compartment": compartment, "side": "L"}


def test_without_a_pixel_size_depth_is_in_pixels_and_names_no_layer():
    """Row 11 is two pixels deep, row 12 three."""
    found = locate_finding(block_image(spaced=False), block_regions("{pixel}"), square(11, 5))

    assert found == {"depth_px": 2.5, "compartment": "unknown", "side": "L"}


def test_calcium_mostly_on_bone_is_called_so():
    """Bone begins at column 30: of four columns from 27 one is bone, from 29 three are."""
    assert locate_finding(block_image(), block_regions(), square(20, 27, 4))["compartment"] == "subcutis"
    assert locate_finding(block_image(), block_regions(), square(20, 29, 4))["compartment"] == "bone overlap"


def test_without_air_there_is_no_depth():
    soft = uniform_regions(Tissue.SOFT)
    found = locate_finding(block_image(), soft, square(20, 5))

    assert (found["depth_mm"], found["compartment"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("depth_mm", "layer"), [(None, "unknown"), (0.0, "skin"), (2.0, "subcutis"), (15.0, "unknown")]
)
def test_skin_ends_at_2_mm_and_subcutis_at_15_mm(depth_mm, layer):
    assert name_compartment(depth_mm, on_bone=0.0) == layer


def test_area_is_pixels_times_their_size():
    """Six pixels of a quarter of a square millimetre."""
    mask = np.ones((2, 3), bool)

    assert measure_area(block_image(), mask) == {"area_px": 6.0, "area_mm2": 1.5}
    assert measure_area(block_image(spaced=False), mask) == {"area_px": 6.0}


def test_the_outline_is_that_of_the_largest_part_in_the_image():
    mask = np.zeros((6, 6), bool)
    mask[0, 0] = True
    mask[3:6, 3:6] = True

    assert set(outline_mask(mask, (100, 200))) == {
        (100.0 + row, 200.0 + column) for row in (3, 4, 5) for column in (3, 4, 5) if (row, column) != (4, 4)
    }


@pytest.mark.parametrize(("given", "side"), [("L", "L"), ("R", "R"), ("B", None), (None, None)])
def test_a_film_of_both_sides_gives_its_findings_none(given, side):
    assert side_of(block_image(side=given)) == side


def test_ids_begin_at_one():
    assert list(islice(generate_ids(), 3)) == ["f1", "f2", "f3"]
