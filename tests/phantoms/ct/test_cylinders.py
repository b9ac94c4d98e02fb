"""The calibration block against the volume and the mass of cylinders."""

import numpy as np
import pytest

from calcinet.phantoms.ct.cylinders import HU_PER_MG_PER_CM3, TISSUE_HU, cylinders


def test_a_cylinder_has_the_mass_of_its_volume():
    """5 mm wide and long: pi / 4 x 125 = 98.17 mm3; of 400 mg/cm3 39.27 mg; its plateau is 40 + 1.3 x 400 = 560."""
    _, (insert,) = cylinders(diameters_mm=(5.0,), densities=(400.0,))

    assert insert.volume_mm3 == pytest.approx(98.17, abs=0.01)
    assert insert.mass_mg == pytest.approx(39.27, abs=0.01)
    assert insert.plateau_hu == pytest.approx(560.0)


@pytest.mark.parametrize("spacing", [(1.0, 0.5, 0.5), (3.0, 0.7, 0.6)])
def test_the_image_holds_the_mass_of_each_insert(spacing):
    """Brightness above the tissue summed over its box, times the voxel, is HU per mg/cm3 times density times volume."""
    image, inserts = cylinders(spacing)
    voxel = np.prod(spacing)
    for insert in inserts:
        if insert.diameter_mm >= 3:
            added = (image.pixels[insert.where] - TISSUE_HU).sum() * voxel
            truth = HU_PER_MG_PER_CM3 * insert.density_mg_per_cm3 * insert.volume_mm3

            assert added == pytest.approx(truth, rel=0.03)


def test_blur_moves_calcium_and_keeps_its_mass():
    sharp, _ = cylinders(diameters_mm=(5.0,), densities=(400.0,))
    soft, _ = cylinders(diameters_mm=(5.0,), densities=(400.0,), blur_mm=0.6)

    assert soft.pixels.max() < sharp.pixels.max() + 1e-3
    assert (soft.pixels - TISSUE_HU).sum() == pytest.approx((sharp.pixels - TISSUE_HU).sum(), rel=1e-3)


def test_boxes_of_inserts_do_not_overlap():
    _, inserts = cylinders()

    assert len(inserts) == 9
    assert sum(insert.where.astype(int) for insert in inserts).max() == 1


def test_noise_has_the_spread_that_is_asked_for():
    """20 HU over some 9,000 voxels: within two per cent."""
    still, _ = cylinders()
    noisy, _ = cylinders(noise_hu=20.0, seed=3)

    assert (noisy.pixels - still.pixels).std() == pytest.approx(20.0, rel=0.02)
