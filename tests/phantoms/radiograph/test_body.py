"""A limb as the beam meets it, against path lengths done on paper."""

import numpy as np
import pytest

from calcinet.phantoms import exposure as beam
from calcinet.phantoms.radiograph.body import SKIN_MM, pixels, project_limb
from calcinet.phantoms.radiograph.rods import Limb, Rod
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.truth import AIR, BONE, SOFT

SPEC = LimbSpec(field_mm=(80.0, 100.0), fat_mm=5.0)


def _rod(radius, cortex=0.0, column=50.0):
    path = np.stack([np.linspace(-40, 120, 60), np.full(60, column)], axis=1)
    return Rod(path_mm=path, radius_mm=np.full(60, radius), cortex_mm=np.full(60, cortex))


def _project(*bones, spec=SPEC):
    return project_limb(Limb((_rod(18.0),), bones, ()), spec, np.random.default_rng(0))


def test_the_axis_of_a_cylinder_has_the_attenuation_of_its_layers():
    """Radius 18 mm, skin 1.5, fat 5: the beam crosses 3 mm of skin, 10 of fat and 23 of muscle; textures add a per cent
    or two."""
    attenuation = _project().attenuation
    layers = 2 * SKIN_MM * beam.SKIN_PER_MM + 10 * beam.FAT_PER_MM + 23 * beam.MUSCLE_PER_MM

    assert np.median(attenuation[:, 248:252]) == pytest.approx(layers, rel=0.03)


def test_depth_is_the_distance_to_the_skin_as_projected():
    """18 mm on the axis, 8 mm when 10 mm beside it, 0 in air."""
    depth = _project().depth_mm

    assert depth[200, 250] == pytest.approx(18.0, abs=0.5)
    assert depth[200, 300] == pytest.approx(8.0, abs=0.5)
    assert depth[200, 450] == 0


def test_regions_are_air_flesh_and_bone():
    """A bone of 6 mm in the middle of a limb of 36 mm in a film of 100 mm."""
    regions = _project(_rod(6.0, 2.0)).regions

    assert (regions[200] == AIR).mean() == pytest.approx(0.64, abs=0.01)
    assert (regions[200] == BONE).mean() == pytest.approx(0.12, abs=0.01)
    assert (regions[200] == SOFT).mean() == pytest.approx(0.24, abs=0.01)


def test_a_bone_adds_more_over_its_cortex_than_over_its_middle():
    """Radius 8 mm, cortex 3 mm: at 6 mm off the axis the beam stays in cortex."""
    plain, bony = _project().attenuation, _project(_rod(8.0, 3.0)).attenuation
    added = np.median(bony - plain, axis=0)

    assert added[250 + 30] > 1.3 * added[250]
    assert added[250] > 0.1


def test_thin_bone_shows_less():
    """Half of the density: less attenuation everywhere over it."""
    thin = LimbSpec(field_mm=(80.0, 100.0), fat_mm=5.0, bone_density=0.5)
    dense = np.median(_project(_rod(6.0, 2.0)).attenuation[:, 240:260])

    assert np.median(_project(_rod(6.0, 2.0), spec=thin).attenuation[:, 240:260]) < dense - 0.05


def test_a_corner_of_the_film_is_half_a_pixel_before_its_first():
    """At 0.2 mm: 10 mm from the corner is pixel 49.5."""
    assert pixels(np.array([[10.0, 0.0]]), SPEC) == pytest.approx(np.array([[49.5, -0.5]]))
