"""Nets under the skin, unrolled and judged."""

import numpy as np
import pytest

from calcinet.findings.ct.components import Component
from calcinet.findings.ct.nets import FLAT_MM, MARGIN, find_nets, unroll
from tests.support.ct_volumes import MM, block


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


def test_a_net_in_pieces_is_one_net():
    """The grid cut in two halves that are 2 mm apart."""
    axis = np.tile([[300.0, 120.0]], (40, 1))
    whole = _net(40, 8)
    left = Component(whole.mask[:, :, :18], (*whole.box[:2], slice(100, 118)))
    right = Component(whole.mask[:, :, 22:], (*whole.box[:2], slice(122, 140)))

    nets = find_nets([left, block((0, 0, 0), (2, 2, 2)), right], [0, 2], axis, MM)

    assert [net.members for net in nets] == [(0, 2)]


def test_unrolling_keeps_height_and_arc_length():
    """A quarter of a ring of 20 mm radius in one slice: its arc is 20 x pi / 2 = 31.4 mm long."""
    angle = np.linspace(0, np.pi / 2, 400)
    voxels = np.unique(
        np.round(np.stack([0 * angle, 100 + 40 * np.sin(angle), 100 + 40 * np.cos(angle)], axis=1)), axis=0
    )
    lines, patch = unroll(voxels.astype(np.intp), np.array([[100.0, 100.0]]), MM)

    columns = np.flatnonzero(lines.any(axis=0))
    assert np.ptp(columns) * FLAT_MM == pytest.approx(20 * np.pi / 2, rel=0.05)
    assert columns[0] == pytest.approx(MARGIN, abs=2)
    assert (patch | ~lines).all()


def _dots(count, depths_px=(0,)):
    """Dots of 2 x 1 x 1 voxels, 8 mm apart in rows of four on a sheet of a limb of 100 mm radius."""
    dots = []
    for n in range(count):
        z, x, y = 9 * (n // 4), 100 + 16 * (n % 4), 100 + depths_px[n % len(depths_px)]
        dots.append(block((z, y, x), (z + 2, y + 1, x + 1)))
    return dots


@pytest.mark.parametrize(("count", "depths_px", "nets"), [(16, (0,), 1), (7, (0,), 0), (16, (0, 6, 0, 9, 3), 0)])
def test_many_dots_of_one_sheet_are_a_net_whose_lines_are_not_seen(count, depths_px, nets):
    """16 dots on one sheet; seven; and 16 at depths that differ by 3 mm and more, as nodules do."""
    axis = np.tile([[300.0, 124.0]], (60, 1))
    dots = _dots(count, depths_px)

    assert len(find_nets(dots, range(count), axis, MM)) == nets


def test_small_meshes_that_blur_fills_by_half_are_a_net():
    """Lines of 2 and 1.5 mm round holes of 3 x 2.5 mm: they cover 1 - 3/5 x 5/8 = 62 % of the sheet."""
    flat = np.zeros((48, 96), dtype=bool)
    flat[np.arange(48) % 5 < 2] = flat[:, np.arange(96) % 8 < 3] = True
    mask = np.zeros((48, 1, 96), dtype=bool)
    mask[:, 0] = flat
    net = Component(mask, (slice(0, 48), slice(100, 101), slice(100, 196)))

    assert len(find_nets([net], [0], np.tile([[300.0, 148.0]], (48, 1)), MM)) == 1
