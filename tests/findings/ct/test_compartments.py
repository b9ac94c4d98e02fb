"""Rooms of the finder on volumes made by hand."""

import numpy as np
import pytest

from calcinet.findings.ct.artery_paths import Plaque, find_paths
from calcinet.findings.ct.coarse_grid import CoarseGrid
from calcinet.findings.ct.components import Component
from calcinet.findings.ct.nets import find_nets
from calcinet.findings.ct.shape import measure_shape
from calcinet.findings.ct.spine import spine_line
from calcinet.findings.ct.surroundings import measure_surroundings
from calcinet.image import Image

MM = (1.0, 0.5, 0.5)


def _block(low, high):
    """A block of voxels."""
    shape = tuple(b - a for a, b in zip(low, high, strict=True))
    return Component(np.ones(shape, dtype=bool), tuple(slice(a, b) for a, b in zip(low, high, strict=True)))


def _ct(pixels):
    return Image(np.asarray(pixels, np.float32), MM, "[hnsf'U]", modality="CT")


def test_a_rod_is_tubular_a_slab_a_plate_and_a_ball_nodular():
    """20 x 2 x 2 mm, 8 x 8 x 2 mm, and 3 x 3 x 3 mm."""
    rod, slab, ball = _block((0, 0, 0), (20, 4, 4)), _block((0, 0, 0), (8, 16, 4)), _block((0, 0, 0), (3, 6, 6))

    assert [measure_shape(one, MM).form for one in (rod, slab, ball)] == ["tubular", "plate", "nodular"]
    assert measure_shape(rod, MM).length_mm == pytest.approx(20, abs=1.5)


def test_plaques_in_line_are_one_artery_and_one_aside_is_not():
    """Four plaques 15 mm apart along the body, and a nodule 40 mm to the side."""
    row = [_block((z, 50, 50), (z + 4, 55, 55)) for z in (0, 19, 38, 57)]
    aside = _block((30, 50, 130), (34, 55, 135))
    shapes = [measure_shape(one, MM) for one in (*row, aside)]

    paths = find_paths([Plaque(n, shape) for n, shape in enumerate(shapes)], MM)

    assert [path.members for path in paths] == [(0, 1, 2, 3)]
    assert paths[0].length_mm == pytest.approx(61, abs=3)
    assert paths[0].calcified_mm == pytest.approx(16, abs=1)


def _net(size, mesh):
    """A grid of lines on a flat sheet of a limb of 200 pixels' radius."""
    flat = np.zeros((size, size), dtype=bool)
    flat[::mesh] = flat[:, ::mesh] = True
    mask = np.zeros((size, 1, size), dtype=bool)
    mask[:, 0] = flat
    return Component(mask, (slice(0, size), slice(100, 101), slice(100, 100 + size)))


def test_a_grid_of_lines_is_a_net_and_a_full_sheet_is_not():
    """40 x 20 mm of meshes of 4 to 8 mm; the same sheet filled."""
    axis = np.tile([[300.0, 120.0]], (40, 1))
    grid = _net(40, 8)
    sheet = Component(np.ones_like(grid.mask), grid.box)

    assert len(find_nets([grid], [0], axis, MM)) == 1
    assert not find_nets([sheet], [0], axis, MM)
    assert not find_nets([grid], [], axis, MM)


def _bundle(fat_mm):
    """Muscle of 55 HU with calcium in a round vessel of blood of 4 mm, in fat of some thickness."""
    y, x = np.mgrid[:100, :100] * 0.5 - 25
    away = np.hypot(y, x)
    plane = np.where(away < 4 + fat_mm, -90.0, 55.0)
    plane[away < 4] = 45
    calcium = np.hypot(y, x - 3) < 1
    plane[calcium] = 800
    pixels = np.tile(plane, (6, 1, 1))
    box = (slice(1, 5), slice(40, 60), slice(45, 65))
    return _ct(pixels), Component(np.tile(calcium[box[1:]], (4, 1, 1)), box)


def test_calcium_in_a_vessel_that_fat_surrounds_is_bundled():
    """A sheath of 2 mm, and none."""
    sheathed = measure_surroundings(*_bundle(2.0), 55.0)
    bare = measure_surroundings(*_bundle(0.0), 55.0)

    assert sheathed.bundled == 1
    assert sheathed.fat > 0.1
    assert bare.bundled == 0
    assert bare.fat == 0


def test_a_ring_is_hollow():
    """Calcium round 3 mm of blood."""
    y, x = np.mgrid[:60, :60] * 0.5 - 15
    ring = np.abs(np.hypot(y, x) - 3) < 0.8
    pixels = np.tile(np.where(ring, 900.0, 50.0), (4, 1, 1))
    box = (slice(0, 4), slice(0, 60), slice(0, 60))

    assert measure_surroundings(_ct(pixels), Component(np.tile(ring, (4, 1, 1)), box), 55.0).hollow == 1


def test_what_lies_on_the_skin_touches_air():
    """A tube of which half is in air."""
    pixels = np.full((4, 40, 40), 40.0)
    pixels[:, :20] = -1000
    pixels[:, 18:22, 18:22] = 300

    assert measure_surroundings(_ct(pixels), _block((0, 18, 18), (4, 22, 22)), 55.0).air == pytest.approx(0.5, abs=0.15)


def test_a_disc_does_not_move_the_front_of_the_spine_back():
    """Bone from row 20 on, but in every fifth slice only from row 30 on."""
    body = np.ones((40, 60, 100), dtype=bool)
    bone = np.zeros_like(body)
    bone[:, 20:40, 45:56] = True
    bone[::5, 20:30] = False
    grid = CoarseGrid(hu=np.zeros(body.shape, np.float32), block=(1, 1, 1), mm=(2.0, 2.0, 2.0), shape=body.shape)

    spine = spine_line(body, bone, np.ones(40, dtype=bool), grid)

    assert spine[:, 0] == pytest.approx(20, abs=0.5)
    assert spine[:, 1] == pytest.approx(50, abs=1)
