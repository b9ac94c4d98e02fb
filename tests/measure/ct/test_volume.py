"""Volume of calcium on CT: bodies of known volume, blurred and cut into slices."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.excess_hu import measure_excess
from calcinet.measure.ct.volume import calcium_volume
from calcinet.phantoms.ct.cylinders import cylinders

TISSUE_HU = 50.0
FINE = 5


def _scan(inside, size_mm, spacing, hu, blur_mm=0.3):
    """A body in muscle, averaged from fine points and blurred within slices."""
    shape = [round(mm / step) for mm, step in zip(size_mm, spacing, strict=True)]
    axes = [(np.arange(n * FINE) + 0.5) / FINE * step - n * step / 2 for n, step in zip(shape, spacing, strict=True)]
    share = inside(*np.meshgrid(*axes, indexing="ij")).reshape(shape[0], FINE, shape[1], FINE, shape[2], FINE)
    pixels = TISSUE_HU + (hu - TISSUE_HU) * share.mean(axis=(1, 3, 5))
    pixels = ndimage.gaussian_filter(pixels, [0, blur_mm / spacing[1], blur_mm / spacing[2]])
    return Image(pixels.astype(np.float32), spacing, "[hnsf'U]", modality="CT")


def _ball(radius):
    return lambda z, y, x: z**2 + y**2 + x**2 <= radius**2


def _part(image):
    return image.pixels >= 130


@pytest.mark.parametrize("radius", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("slice_mm", [1.0, 2.0, 3.0, 5.0])
def test_a_ball_has_its_volume_whatever_the_slices(radius, slice_mm):
    """4/3 pi r^3, within 10 % from 3 mm of diameter on, within 15 % where slices are thicker than the ball."""
    image = _scan(_ball(radius), (15.0, 15.0, 15.0), (slice_mm, 0.6, 0.6), 800)

    measured = calcium_volume(image, _part(image))

    assert measured.volume_mm3 == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.10 if slice_mm <= 2 * radius else 0.15)
    assert measured.resolved


@pytest.mark.parametrize("hu", [300, 700, 1400])
def test_density_does_not_change_the_volume(hu):
    """A ball of 4 mm: 33.5 mm3."""
    image = _scan(_ball(2.0), (12.0, 12.0, 12.0), (1.0, 0.6, 0.6), hu)

    assert calcium_volume(image, _part(image)).volume_mm3 == pytest.approx(33.5, rel=0.05)


def test_a_tube_has_the_volume_of_its_wall():
    """Radii 2.5 and 1.5 mm, 20 mm long: pi (6.25 - 2.25) 20 = 251 mm3; 1 mm of wall is freed of blur."""

    def inside(z, y, x):
        away = np.hypot(y, x)
        return (away <= 2.5) & (away >= 1.5) & (np.abs(z) <= 10)

    image = _scan(inside, (30.0, 15.0, 15.0), (1.0, 0.6, 0.6), 900)

    measured = calcium_volume(image, _part(image))

    assert measured.volume_mm3 == pytest.approx(251, rel=0.10)
    assert measured.integral_hu_mm3 == pytest.approx(251 * 850, rel=0.04)


def test_of_a_thin_wall_only_the_integral_is_sure():
    """Half a millimetre: it is not resolved, and its volume times brightness is right all the same."""

    def inside(z, y, x):
        away = np.hypot(y, x)
        return (away <= 2.0) & (away >= 1.5) & (np.abs(z) <= 10)

    image = _scan(inside, (30.0, 15.0, 15.0), (1.0, 0.6, 0.6), 1200)

    measured = calcium_volume(image, _part(image))

    assert not measured.resolved
    assert measured.integral_hu_mm3 == pytest.approx(np.pi * (4 - 2.25) * 20 * 1150, rel=0.06)


def test_the_inserts_of_a_calibration_block_have_their_volume():
    """Cylinders of 3 and 5 mm at 400 and 800 mg/cm3: pi / 4 d^3."""
    image, made = cylinders((0.5, 0.5, 0.5), blur_mm=0.3, diameters_mm=(3.0, 5.0), densities=(400.0, 800.0))
    for one in made:
        part = _part(image) & one.where

        assert calcium_volume(image, part).volume_mm3 == pytest.approx(one.volume_mm3, rel=0.08)


def test_neither_mirror_nor_place_changes_the_volume():
    """A ball beside the middle, mirrored along each axis and shifted by whole voxels."""
    image = _scan(lambda z, y, x: _ball(1.8)(z - 0.7, y + 0.4, x - 0.9), (14.0, 14.0, 14.0), (1.0, 0.6, 0.6), 700)
    first = calcium_volume(image, _part(image)).volume_mm3
    for axis in range(3):
        mirrored = replace(image, pixels=np.flip(image.pixels, axis))
        shifted = replace(image, pixels=np.roll(image.pixels, 2, axis))

        assert calcium_volume(mirrored, _part(mirrored)).volume_mm3 == pytest.approx(first, rel=0.01)
        assert calcium_volume(shifted, _part(shifted)).volume_mm3 == pytest.approx(first, rel=0.01)


def test_a_neighbour_that_is_told_of_is_no_tissue():
    """Two balls of 4 mm, 6 mm apart; each has 33.5 mm3 where the other is known."""
    image = _scan(
        lambda z, y, x: _ball(2.0)(z, y, x - 3) | _ball(2.0)(z, y, x + 3), (14.0, 14.0, 20.0), (1.0, 0.6, 0.6), 800
    )
    numbered, count = ndimage.label(_part(image))

    assert count == 2
    for n in (1, 2):
        others = (numbered > 0) & (numbered != n)
        assert calcium_volume(image, numbered == n, others).volume_mm3 == pytest.approx(33.5, rel=0.06)


def test_the_tissue_under_calcium_is_that_about_it():
    """A ball half in fat and half in muscle: its integral is above their mean."""
    image = _scan(_ball(2.0), (14.0, 14.0, 14.0), (1.0, 0.6, 0.6), 800)
    fat = np.zeros(image.pixels.shape, dtype=bool)
    fat[:, :, : image.pixels.shape[2] // 2] = True
    share = (image.pixels - TISSUE_HU) / 750
    mixed = np.where(fat, -100 + 900 * share, image.pixels)

    found = measure_excess(replace(image, pixels=mixed.astype(np.float32)), _part(image))

    assert found.integral == pytest.approx(33.5 * (800 + 25), rel=0.05)


def test_an_empty_part_is_refused():
    """And one of another shape."""
    image = _scan(_ball(1.5), (8.0, 8.0, 8.0), (1.0, 0.6, 0.6), 700)
    with pytest.raises(BadInput, match="part of calcium"):
        calcium_volume(image, np.zeros(image.pixels.shape, dtype=bool))
    with pytest.raises(BadInput, match="part of calcium"):
        calcium_volume(image, np.ones((2, 2, 2), dtype=bool))


def test_pixels_without_unit_or_size_are_refused():
    """Nothing is guessed."""
    image = _scan(_ball(1.5), (8.0, 8.0, 8.0), (1.0, 0.6, 0.6), 700)
    with pytest.raises(NotMeasurable, match="size of a pixel"):
        calcium_volume(replace(image, spacing_mm=None), _part(image))
    with pytest.raises(NotMeasurable):
        calcium_volume(replace(image, unit="1"), _part(image))


def test_a_short_ring_in_thick_slices_is_no_ball():
    """Radii 4 and 3 mm, 8 mm long: pi (16 - 9) 8 = 176 mm3; a ball of its outline has 268."""

    def inside(z, y, x):
        away = np.hypot(y, x)
        return (away <= 4) & (away >= 3) & (np.abs(z) <= 4)

    image = _scan(inside, (40.0, 20.0, 20.0), (5.0, 0.6, 0.6), 900)
    measured = calcium_volume(image, _part(image))

    assert measured.volume_mm3 == pytest.approx(176, rel=0.2)
