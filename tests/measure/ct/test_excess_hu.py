"""Brightness above tissue, for bodies whose sum is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.excess_hu import measure_excess

SPACING = (1.0, 0.5, 0.5)


def cube(tissue=50.0, height=1000.0, blur_px=0.0) -> tuple[Image, np.ndarray]:
    """3 x 3 x 3 mm of calcium in even tissue, and its voxels of 130 HU and more."""
    pixels = np.full((15, 30, 30), tissue)
    pixels[6:9, 12:18, 12:18] += height
    pixels = ndimage.gaussian_filter(pixels, [0, blur_px, blur_px]).astype(np.float32)
    return Image(pixels, SPACING, "[hnsf'U]", modality="CT"), pixels >= 130


@pytest.mark.parametrize("blur_px", [0.0, 0.6])
def test_the_integral_is_volume_times_height_whatever_the_blur(blur_px):
    """27 mm3 at 1000 HU above the tissue."""
    image, part = cube(blur_px=blur_px)

    assert measure_excess(image, part).integral == pytest.approx(27_000, rel=0.01)


@pytest.mark.parametrize("tissue", [-90.0, 0.0, 60.0])
def test_the_tissue_does_not_count(tissue):
    """Fat, water, muscle."""
    image, part = cube(tissue)

    assert measure_excess(image, part).integral == pytest.approx(27_000, rel=1e-3)


def test_other_calcium_beside_is_no_tissue():
    """A plate of 900 HU 2 mm away would raise the tissue, unless it is named."""
    image, part = cube()
    pixels = image.pixels.copy()
    pixels[:, :, 21:24] = 900
    others = np.zeros_like(part)
    others[:, :, 21:24] = True

    assert measure_excess(replace(image, pixels=pixels), part, others).integral == pytest.approx(27_000, rel=0.01)


def test_beyond_the_reach_of_blur_nothing_is_above():
    """The corner of the volume."""
    image, part = cube()

    assert measure_excess(image, part).above[0, 0, 0] == 0


def test_a_part_must_be_there_and_the_voxels_must_have_a_size():
    """No voxel, another shape, no spacing."""
    image, part = cube()
    for wrong in (np.zeros_like(part), part[1:]):
        with pytest.raises(BadInput, match="part of calcium"):
            measure_excess(image, wrong)
    with pytest.raises(NotMeasurable, match="size of a pixel"):
        measure_excess(replace(image, spacing_mm=None), part)
