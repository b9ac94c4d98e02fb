"""How much calcium a radiograph shows."""

import numpy as np
import pytest

from calcinet.findings.finding import LABELS, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.mask_labels import Tissue
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.radiograph.burden import measure_burden
from tests.support.limbs import block_image, block_regions, square, uniform_regions


def burden_of(image, regions, labels) -> Measurements:
    measurements = Measurements()
    measure_burden(
        measurements, image, regions, Calcium(findings=(square(20, 5),), labels=labels, net_score=0.0), labels
    )
    return measurements


@pytest.fixture
def labels():
    """A square of four pixels in the subcutis."""
    marked = np.zeros((60, 40), np.uint8)
    marked[20:22, 5:7] = LABELS[Kind.FOCUS]
    return marked


def test_four_pixels_of_a_quarter_of_a_square_millimetre_are_one(labels):
    """Soft tissue has 50 rows of 30 pixels: four of them are 4/15 %."""
    found = burden_of(block_image(), block_regions(), labels).measures

    assert found["calcified_area_mm2"] == pytest.approx(1.0)
    assert found["subcutis_area_mm2"] == pytest.approx(1.0)
    assert found["skin_area_mm2"] == 0
    assert found["marked_soft_tissue_percent"] == pytest.approx(100 * 4 / 1500)
    assert "calcified_area_px" not in found


def test_without_a_pixel_size_pixels_are_counted(labels):
    measurements = burden_of(block_image(spaced=False), block_regions("{pixel}"), labels)

    assert measurements.measures["calcified_area_px"] == 4
    assert measurements.measures["calcified_length_px"] == 0
    assert measurements.measures["calcified_area_mm2"] is None


def test_without_air_depth_is_unknown_and_the_area_stays(labels):
    soft = uniform_regions(Tissue.SOFT)
    measurements = burden_of(block_image(), soft, labels)

    assert measurements.measures["calcified_area_mm2"] == pytest.approx(1.0)
    assert "depth under the skin is unknown" in measurements.missing["skin_area_mm2"]


def test_without_soft_tissue_there_is_no_share_of_it(labels):
    bone = uniform_regions(Tissue.BONE)

    assert "no soft tissue" in burden_of(block_image(), bone, labels).missing["marked_soft_tissue_percent"]
