"""The pectoral muscle, on a drawn triangle and on a phantom."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.coarse_grid import make_coarse_grid
from calcinet.findings.mammogram.breast import find_breast
from calcinet.findings.mammogram.pectoral import find_pectoral
from calcinet.mask_labels import Tissue
from calcinet.phantoms.mammogram import breast, random_breast

HALF_BREAST = np.hypot(*np.ogrid[-150:150, 0:200]) < 150
"""A half disc of 300 x 150 pixels at the left side of the picture."""

TRIANGLE = np.add.outer(np.arange(300) / 150, np.arange(200) / 60) < 1
"""The upper left corner, 150 rows high and 60 columns wide."""


def draw(muscle_level):
    plane = np.where(HALF_BREAST, 0.4, 0.0)
    plane[TRIANGLE & HALF_BREAST] = muscle_level
    plane[:3, 190:] = 1.0
    return make_coarse_grid(plane.astype(np.float32), (1.0, 1.0))


def overlap(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


@pytest.mark.parametrize(("wall", "step"), [("left", 1), ("right", -1)])
@pytest.mark.parametrize("rows", [1, -1], ids=["above", "below"])
def test_a_bright_triangle_at_the_chest_wall_is_the_muscle(wall, step, rows):
    """Whichever side the chest wall is on, and upside down."""
    grid = draw(0.8)
    turned = replace(grid, plane=np.ascontiguousarray(grid.plane[::rows, ::step]))
    breast_mask = np.ascontiguousarray(HALF_BREAST[::rows, ::step])

    found = find_pectoral(turned, breast_mask, wall)

    assert overlap(found, (TRIANGLE & HALF_BREAST)[::rows, ::step]) > 0.85


def test_an_even_breast_shows_no_muscle():
    assert not find_pectoral(draw(0.4), HALF_BREAST, "left").any()


@pytest.fixture(scope="module")
def oblique():
    return breast(replace(random_breast(7, grade=0, pixel_mm=0.3), view="MLO", laterality="R", marks=("letter",)))


def test_the_pectoral_muscle_lies_in_the_corner_of_an_oblique_view(oblique):
    """The upper corner at the chest wall; a view from above shows none."""
    found = find_breast(oblique.image)
    rows, columns = np.nonzero(found.pectoral)
    breast_px = found.regions[Tissue.SOFT].sum()

    assert 0.05 < found.pectoral.sum() / breast_px < 0.5
    assert rows.mean() < oblique.image.plane.shape[0] / 2
    assert columns.mean() > oblique.image.plane.shape[1] / 2
    assert not find_breast(replace(oblique.image, view="CC")).pectoral.any()
