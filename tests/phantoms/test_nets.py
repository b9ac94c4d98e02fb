"""Nets have the mesh, the area and the missing edges that are asked for."""

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.phantoms.calcium_spec import NetSpec
from calcinet.phantoms.nets import Net, lay_net, lay_net_of, net_deposit
from calcinet.phantoms.truth import NET

EVERYWHERE = np.ones((600, 600), bool)


def _area(outline):
    """Of a polygon, by Gauss's formula."""
    y, x = outline.T
    return abs(np.dot(y, np.roll(x, 1)) - np.dot(x, np.roll(y, 1))) / 2


def _length(lines):
    return sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)


def _lay(**more):
    options = {"mesh_px": 20.0, "area_px2": 90_000.0, "broken": 0.0, "rng": np.random.default_rng(7)} | more
    return lay_net(EVERYWHERE, **options)


def test_the_outline_has_the_area_that_is_asked_for():
    """72 corners of a smooth curve lose less than a per cent."""
    assert _area(_lay().outline) == pytest.approx(90_000, rel=0.01)


def test_a_mesh_has_the_length_of_line_of_hexagons_of_its_area():
    """A hexagon of area m^2 has the side s = m sqrt(2 / (3 sqrt 3)) = 0.6204 m and half its edges for its own, 3 s:
    1.861 / m of line for each pixel. Uneven cells have a little more; those that the outline cuts are left out."""
    middle = np.zeros_like(EVERYWHERE)
    middle[300, 300] = True
    net = _lay(mesh_px=10.0, about=middle)

    assert _length(net.lines) / _area(net.outline) * 10 == pytest.approx(1.861, rel=0.1)


def test_stretched_cells_keep_their_area():
    """Longer one way and narrower the other: as many edges as before, within a tenth."""
    assert len(_lay(stretch=1.5).lines) == pytest.approx(len(_lay().lines), rel=0.1)


def test_lines_stay_where_they_may_run():
    where = EVERYWHERE.copy()
    where[:, 320:] = False
    net = lay_net(where, mesh_px=20.0, area_px2=90_000.0, broken=0.0, rng=np.random.default_rng(1))

    assert net.lines
    assert all(line[:, 1].max() < 320 for line in net.lines)


def test_of_a_net_that_is_all_broken_nothing_is_left():
    assert _lay(broken=1.0).lines == ()


def test_a_net_needs_somewhere_to_lie():
    with pytest.raises(BadInput, match="region is empty"):
        lay_net(EVERYWHERE & False, mesh_px=9.0, area_px2=900.0, broken=0.0, rng=np.random.default_rng(0))


def test_a_straight_line_holds_the_calcium_of_a_round_one():
    """Width 4 px: pi 2^2 = 12.57 px2 a row of 0.2 mm, times the random width (0.85 to 1.15, squared) and amount."""
    line = np.stack([np.linspace(-50, 250, 80), np.full(80, 60.0)], axis=1)
    deposit = net_deposit(
        Net((line,), line),
        (200, 120),
        line_px=4.0,
        pixel_mm=0.2,
        blur_px=0.5,
        contrast_in_noise=3.0,
        rng=np.random.default_rng(2),
    )
    mean = deposit.thickness_mm[10:190].sum(axis=1).mean()

    assert np.pi * 4 * 0.2 * 0.3 * 0.85**2 < mean < np.pi * 4 * 0.2 * 1.8 * 1.15**2
    assert deposit.label == NET
    assert deposit.footprint[100].sum() in (3, 4, 5)


def test_the_truth_of_a_net_is_its_spec():
    spec = NetSpec(mesh_mm=4.0, line_mm=0.5, area_cm2=20.0, depth_mm=6.0, broken=0.2)
    _, truth = lay_net_of(spec, EVERYWHERE, pixel_mm=0.2, blur_mm=0.1, rng=np.random.default_rng(3))

    assert (truth.mesh_mm, truth.line_mm, truth.depth_mm) == (4.0, 0.5, 6.0)
    assert _area(truth.outline) * 0.2**2 == pytest.approx(2000, rel=0.01)
