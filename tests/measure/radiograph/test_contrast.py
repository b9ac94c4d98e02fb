"""Contrast of hydroxyapatite from limbs of known attenuation."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.contrast import contrast_per_mm

MM = 0.25


def limb(soft_per_mm: float, bone_step_per_mm: float = 0.0, bone_mm: float = 0.0) -> tuple[Image, Regions]:
    """A round limb of 30 mm radius along the rows, with a round bone of `bone_mm` radius in its middle."""
    across = np.arange(-144, 145) * MM
    value = soft_per_mm * 2 * np.sqrt(np.maximum(30**2 - across**2, 0))
    value += bone_step_per_mm * 2 * np.sqrt(np.maximum(bone_mm**2 - across**2, 0))
    depth = np.maximum(30 - np.abs(across), 0).astype(np.float32)
    labels = np.where(depth > 0, Tissue.SOFT, Tissue.AIR)
    labels[np.abs(across) < bone_mm] = Tissue.BONE
    rows = 320
    image = Image(np.tile(value, (1, rows, 1)).astype(np.float32), (1.0, MM, MM), "1")
    regions = Regions(
        labels=np.tile(labels, (rows, 1)).astype(np.uint8), depth=np.tile(depth, (rows, 1)), depth_unit="mm"
    )
    return image, regions


def test_soft_tissue_alone_gives_its_slope_times_the_ratio_of_attenuations():
    """2 a mm of tissue: 2 (0.21 - 0.024) / 0.024 = 15.5 a mm of apatite."""
    found = contrast_per_mm(*limb(2.0))

    assert found.basis == "soft tissue"
    assert found.per_mm == pytest.approx(15.5, rel=0.03)
    assert found.factor95 == pytest.approx(np.exp(np.hypot(np.log(1.7), np.log(1.6))))


def test_bone_is_used_too_and_makes_the_answer_surer():
    """A bone of 8 mm radius that adds 2 a mm of its chord."""
    image, regions = limb(2.0, bone_step_per_mm=2.0, bone_mm=8.0)
    both, soft = contrast_per_mm(image, regions), contrast_per_mm(*limb(2.0))

    assert both.basis == "soft tissue and bone"
    assert both.factor95 < soft.factor95


def test_the_scale_of_the_pixels_is_that_of_the_contrast():
    """Tenfold grey levels."""
    assert contrast_per_mm(*limb(20.0)).per_mm == pytest.approx(10 * contrast_per_mm(*limb(2.0)).per_mm, rel=1e-4)


def test_a_film_on_which_tissue_does_not_brighten_has_no_scale():
    """An even limb, and one that darkens inwards."""
    for soft_per_mm in (0.0, -1.0):
        with pytest.raises(NotMeasurable, match="scale of contrast"):
            contrast_per_mm(*limb(soft_per_mm))
