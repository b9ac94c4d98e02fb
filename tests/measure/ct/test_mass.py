"""Mass of cylinders whose mass is known, at every slice thickness; no mass without a calibration."""

import numpy as np
import pytest

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.mass import Calibration, calcium_mass
from calcinet.phantoms.ct.cylinders import HU_PER_MG_PER_CM3, cylinders

CALIBRATION = Calibration.of([40.0, 40.0 + 400 * HU_PER_MG_PER_CM3], [0.0, 400.0])


def test_calibration_is_the_line_through_its_inserts():
    """From 0 to 200 mg/cm3 brightness rises by 260 HU: 0.769 mg/cm3 a unit."""
    assert Calibration.of([40, 300], [0, 200]).mg_per_cm3_per_hu == pytest.approx(200 / 260)


@pytest.mark.parametrize("thickness", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_mass_of_cylinders_is_within_a_tenth_at_every_thickness(thickness):
    """Inserts of 3 mm and more, with blur and noise; the truth is volume times density."""
    image, inserts = cylinders((thickness, 0.5, 0.5), blur_mm=0.5, noise_hu=8)
    large = [one for one in inserts if one.diameter_mm >= 3 and one.density_mg_per_cm3 >= 400]
    found = [calcium_mass(image, one.where, CALIBRATION).mass_mg for one in large]

    assert found == pytest.approx([one.mass_mg for one in large], rel=0.1)


def test_volume_counts_voxels():
    """Seven voxels of 130 HU and more, 2 x 1 x 0.5 mm each: 7 mm3."""
    pixels = np.zeros((1, 3, 4), np.float32)
    pixels.ravel()[:7] = 130
    image = Image(pixels, (2.0, 1.0, 0.5), "[hnsf'U]")
    found = calcium_mass(image, np.ones(pixels.shape, bool))

    assert found.volume_mm3 == 7.0
    assert found.mass_mg is None


def test_nothing_weighs_nothing():
    image = Image(np.zeros((2, 3, 3), np.float32), (1.0, 1.0, 1.0), "[hnsf'U]")

    assert calcium_mass(image, np.ones((2, 3, 3), bool), CALIBRATION).mass_mg == 0.0


@pytest.mark.parametrize(
    ("hu", "density"), [([100], [200]), ([100, 100], [0, 200]), ([300, 100], [0, 200]), ([1, 2], [1])]
)
def test_calibration_that_is_none_is_refused(hu, density):
    with pytest.raises(BadInput, match="calibration needs"):
        Calibration.of(hu, density)


def test_what_cannot_be_measured_is_refused():
    inside = np.ones((1, 2, 2), bool)
    pixels = np.zeros((1, 2, 2), np.float32)
    with pytest.raises(NotMeasurable, match="needs pixels in"):
        calcium_mass(Image(pixels, (1.0, 1.0, 1.0), "1"), inside)
    with pytest.raises(NotMeasurable, match="size of a pixel"):
        calcium_mass(Image(pixels, None, "[hnsf'U]"), inside)
    with pytest.raises(BadInput, match="must match"):
        calcium_mass(Image(pixels, (1.0, 1.0, 1.0), "[hnsf'U]"), inside[:, :1])


@pytest.mark.parametrize("thickness", [0.5, 3.0])
def test_the_interval_of_a_mass_holds_that_of_the_inserts(thickness):
    """All large inserts together; the truth is volume times density."""
    image, inserts = cylinders((thickness, 0.5, 0.5), blur_mm=0.5, noise_hu=8)
    large = [one for one in inserts if one.diameter_mm >= 3 and one.density_mg_per_cm3 >= 400]
    where = np.any([one.where for one in large], axis=0)
    low, high = calcium_mass(image, where, CALIBRATION).mass_interval_mg

    assert low < sum(one.mass_mg for one in large) < high
