"""A limb of known width, whole or cut by the frame."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.limb_width import LimbWidth, contradicts_anatomy, limb_width


def _regions(columns: slice, shape=(400, 300)):
    labels = np.full(shape, Tissue.AIR, np.uint8)
    labels[:, columns] = Tissue.SOFT
    return Regions(labels=labels, depth=np.zeros(shape, np.float32), depth_unit="{pixel}")


def test_a_limb_through_the_frame_is_as_wide_as_it_is():
    """A band of 120 columns, air at both sides, cut above and below."""
    width = limb_width(_regions(slice(90, 210)))

    assert width.px == pytest.approx(120, abs=2)
    assert width.is_whole


def test_turned_by_a_right_angle_it_is_as_wide():
    regions = _regions(slice(90, 210))
    turned = Regions(
        labels=np.ascontiguousarray(regions.labels.T), depth=regions.depth.T, depth_unit=regions.depth_unit
    )

    assert limb_width(turned) == limb_width(regions)


def test_a_limb_cut_at_its_side_is_at_least_as_wide_as_what_is_seen():
    """Columns 180 to 300 of a limb that goes on: 120 are seen."""
    width = limb_width(_regions(slice(180, 300)))

    assert width.px == pytest.approx(120, abs=2)
    assert not width.is_whole


def test_without_air_the_width_is_unknown():
    with pytest.raises(NotMeasurable, match="no air"):
        limb_width(_regions(slice(0, 300)))


@pytest.mark.parametrize(
    ("pixel_mm", "anatomy", "contradicted"),
    [
        (0.2, "lower leg", False),  # 80 mm
        (0.185, "lower leg", False),  # a fifth is not seen
        (0.05, "lower leg", True),  # 20 mm
        (0.05, "finger", False),
        (0.5, "hand", True),  # 200 mm
        (0.05, "unknown", False),
        (2.0, "unknown", True),  # 80 cm
    ],
)
def test_only_a_mistake_of_a_factor_contradicts(pixel_mm, anatomy, contradicted):
    """A whole limb of 400 pixels."""
    assert contradicts_anatomy(LimbWidth(400.0, True), (pixel_mm, pixel_mm), anatomy) is contradicted


def test_a_cut_limb_is_never_too_narrow():
    """It goes on beyond the frame."""
    assert not contradicts_anatomy(LimbWidth(400.0, False), (0.05, 0.05), "lower leg")
    assert contradicts_anatomy(LimbWidth(400.0, False), (1.0, 1.0), "lower leg")
