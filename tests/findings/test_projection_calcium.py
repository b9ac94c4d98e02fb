"""Nets and findings of maps drawn by hand, the film twice as large as they are."""

import numpy as np
import pytest

from calcinet.findings.components import Component
from calcinet.findings.detector import CalciumMaps
from calcinet.findings.finding import Kind
from calcinet.findings.projection_calcium import (
    find_nets,
    make_focus_finding,
    make_net_finding,
    make_vessel_finding,
    net_score,
)
from calcinet.findings.traced_vessel import TracedVessel

MM = 0.4
SIZE = (100, 100)
SOFT = np.ones(SIZE, bool)


def draw_maps(**planes):
    """Maps of zeros, but for those that are given."""
    nothing = {name: np.zeros(SIZE, np.float32) for name in ("vessel", "net", "focus", "patch")}
    return CalciumMaps(**(nothing | planes), shape=(200, 200))


def draw_net(side, probability=0.99):
    """A square patch with a line every ten pixels."""
    patch, net = np.zeros(SIZE, np.float32), np.zeros(SIZE, np.float32)
    patch[10 : 10 + side, 10 : 10 + side] = probability
    net[10 : 10 + side : 10, 10 : 10 + side] = 0.99
    return draw_maps(patch=patch, net=net)


def test_a_patch_with_lines_is_a_net_from_a_square_centimetre_on():
    """25 x 25 pixels of 0.4 mm are 100 mm2; 24 x 25 are not."""
    assert len(list(find_nets(draw_net(25), SOFT, MM))) == 1
    assert list(find_nets(draw_net(24), SOFT, MM)) == []


def test_a_patch_without_lines_is_no_net():
    patch = draw_net(50).patch

    assert list(find_nets(draw_maps(patch=patch), SOFT, MM)) == []


def test_a_net_on_bone_must_be_sure():
    """Of a mean probability of 0.6 it counts in soft tissue alone, of 0.99 everywhere."""
    assert len(list(find_nets(draw_net(50, 0.6), SOFT, MM))) == 1
    assert list(find_nets(draw_net(50, 0.6), ~SOFT, MM)) == []
    assert len(list(find_nets(draw_net(50), ~SOFT, MM))) == 1


def test_a_nets_finding_covers_its_patch_on_the_film():
    """50 x 50 pixels from (10, 10) on are 100 x 100 from (20, 20) on; a line of one pixel is two wide there."""
    maps = draw_net(50)
    (net,) = find_nets(maps, SOFT, MM)
    finding = make_net_finding(net, maps)

    assert (finding.kind, finding.origin, finding.patch.shape) == (Kind.NET, (20, 20), (100, 100))
    assert finding.patch.all()
    assert finding.mask[:, 50].sum() == pytest.approx(10, abs=1)
    assert finding.probability == pytest.approx(0.99)


def test_the_net_score_is_the_mean_of_the_best_square_centimetre():
    """A patch of 25 x 25 pixels, and a half of it."""
    half = np.zeros(SIZE, np.float32)
    half[20:32, 20:45] = 1

    assert net_score(draw_net(25), SOFT, MM) == pytest.approx(0.99)
    assert net_score(draw_maps(patch=half), SOFT, MM) == pytest.approx(12 / 25)
    assert net_score(draw_maps(patch=half), ~SOFT, MM) == 0


def test_a_vessels_line_and_width_are_in_pixels_of_the_film():
    """Column 30 is 60.5 on the film; a half-width of 3 is 6."""
    vessel = np.zeros(SIZE, np.float32)
    vessel[20:80, 28:33] = 0.9
    line = np.stack([np.arange(20.0, 80), np.full(60, 30.0)], axis=1)
    component = Component(np.ones((60, 5), bool), (slice(20, 80), slice(28, 33)))
    finding = make_vessel_finding(component, draw_maps(vessel=vessel), TracedVessel(line, np.full(60, 3.0), False))

    assert finding.centre_lines[0][0] == pytest.approx([40.5, 60.5])
    assert finding.half_width_px[0] == pytest.approx(np.full(60, 6.0))
    assert finding.probability == pytest.approx(0.9)
    assert finding.box[0].start == pytest.approx(40, abs=1)


def test_what_is_nowhere_certain_on_the_film_is_no_finding():
    """A single pixel of 0.6 between zeros: interpolated it is at most 0.6 x 0.75 x 0.75."""
    focus = np.zeros(SIZE, np.float32)
    focus[50, 50] = 0.6
    spot = Component(np.ones((1, 1), bool), (slice(50, 51), slice(50, 51)))

    assert make_focus_finding(spot, draw_maps(focus=focus)) is None
    assert make_focus_finding(spot, draw_maps(focus=focus / 0.6)).kind is Kind.FOCUS
