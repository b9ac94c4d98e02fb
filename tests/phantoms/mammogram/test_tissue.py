"""A compressed breast as the beam meets it: thickness, depth, muscle, gland."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.phantoms.mammogram.spec import BreastSpec
from calcinet.phantoms.mammogram.tissue import FAT_PER_MM, GLAND_PER_MM, project_tissue

SPEC = BreastSpec(seed=3, pixel_mm=0.2, field_mm=(110.0, 80.0), size_mm=(45.0, 50.0), ducts=0, ligaments=0, veins=0)


def _project(**more):
    return project_tissue(replace(SPEC, **more), np.random.default_rng(1))


def test_a_breast_is_flat_under_the_plate_and_round_at_its_edge():
    """50 mm: from 25 mm on flat; at a depth d the half circle of 25 mm is 2 sqrt(25^2 - (25 - d)^2): 40 mm at 10 mm."""
    breast = _project(thickness_mm=50.0)
    at_ten = np.abs(breast.depth_mm - 10) < 0.1

    assert breast.thickness_mm[breast.depth_mm >= 25] == pytest.approx(50.0)
    assert breast.thickness_mm[at_ten] == pytest.approx(40.0, abs=0.3)
    assert not breast.thickness_mm[~breast.inside].any()


def test_the_breast_reaches_as_far_as_its_size():
    """50 mm from the chest wall to the nipple, waves of 1.2 mm on its skin; about 90 mm tall."""
    breast = _project()
    row, column = breast.nipple

    assert column * 0.2 == pytest.approx(50.0, abs=4)
    assert breast.inside[:, 20].sum() * 0.2 == pytest.approx(90.0, abs=8)
    assert breast.inside[round(row), : round(column) - 1].all()


def test_depth_grows_from_the_skin_and_not_from_the_chest_wall():
    """At the chest wall in the middle it is deepest or nearly so."""
    breast = _project()
    row = round(breast.nipple[0])

    assert breast.depth_mm[row, 0] > 30
    assert breast.depth_mm[row, round(breast.nipple[1]) - 3] < 2


def test_only_oblique_views_show_the_pectoral_muscle():
    """In the upper corner at the chest wall."""
    assert not _project(view="CC").pectoral.any()
    oblique = _project(view="MLO").pectoral

    assert oblique.any()
    assert np.argwhere(oblique)[:, 0].mean() < SPEC.shape[0] / 2
    assert np.argwhere(oblique)[:, 1].mean() < SPEC.shape[1] / 2


def test_dense_breasts_take_more_from_the_beam_than_fatty_ones():
    """Under the plate: between 50 mm of fat (2.5) and 50 mm of gland (3.75), skin and muscle aside."""
    fatty, dense = (np.median(_project(density=d).attenuation[_project().depth_mm > 20]) for d in (0.0, 1.0))

    assert 50 * FAT_PER_MM * 0.95 < fatty < dense < 50 * GLAND_PER_MM * 1.15
    assert dense - fatty > 0.3


def test_ducts_and_ligaments_add_lines():
    bare, drawn = _project(), _project(ducts=20, ligaments=200, veins=5)

    assert drawn.attenuation[drawn.inside].mean() > bare.attenuation[bare.inside].mean()


def test_air_takes_nothing_from_the_beam():
    """More than 5 mm beside the breast, where the nipple does not reach."""
    breast = _project()
    _, column = breast.nipple
    beside = breast.attenuation[:, round(column) + 25 :]

    assert beside == pytest.approx(0, abs=1e-6)
