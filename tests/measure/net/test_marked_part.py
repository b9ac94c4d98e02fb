"""True over marked, worked out on paper from the numbers of the fit."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.measure.net import marked_part
from calcinet.measure.net.geometry import NetGeometry, net_geometry
from calcinet.measure.net.marked_part import Factor, area_factor, correct_mesh, mesh_factor, part_features


def lattice() -> NetGeometry:
    """Ten by ten meshes of 5 mm, whole."""
    at_line = np.arange(252) % 25 < 2
    lines = at_line[:, None] | at_line[None, :]
    return net_geometry(lines, np.ones_like(lines), (0.2, 0.2))


@pytest.fixture
def simple(monkeypatch):
    """True areas are 2 x marked where no edge is missing, between half and twice of that; meshes are 0.8 x."""
    monkeypatch.setattr(marked_part, "AREA_WEIGHTS", (np.log(2), 0.0, 1.0))
    monkeypatch.setattr(marked_part, "AREA_SPREAD", (np.log(2) / 2, 0.0, 0.0))
    monkeypatch.setattr(marked_part, "AREA_ERROR", (2.0, 2.0))
    monkeypatch.setattr(marked_part, "MESH_WEIGHTS", (np.log(0.8), 0.0, 0.0))
    monkeypatch.setattr(marked_part, "MESH_SPREAD", (0.0, 0.0, 0.4))
    monkeypatch.setattr(marked_part, "MESH_ERROR", (3.0, 4.0))


@pytest.mark.usefixtures("simple")
def test_an_area_is_multiplied_with_its_interval():
    """3 cm2 marked: 6 cm2, 3 to 12; with half of the edges missing e^0.5 times as much."""
    whole, broken = replace(lattice(), intact=1.0), replace(lattice(), intact=0.5)
    area, (low, high) = area_factor(whole).apply(3.0)

    assert (area, low, high) == pytest.approx((6.0, 3.0, 12.0))
    assert area_factor(broken).typical == pytest.approx(2 * np.exp(0.5))


@pytest.mark.usefixtures("simple")
def test_a_mesh_is_the_less_sure_the_more_edges_are_missing():
    """5 mm become 4; with half of the edges the spread is 0.2: three below, four above. A whole net has the least."""
    broken = replace(lattice(), mesh_mm=5.0, mesh_px=25.0, intact=0.5)
    corrected, whole = correct_mesh(broken), correct_mesh(replace(broken, intact=1.0))

    assert (corrected.mesh_mm, corrected.mesh_px) == pytest.approx((4.0, 20.0))
    assert corrected.mesh_mm_interval == pytest.approx((4 * np.exp(-0.6), 4 * np.exp(0.8)))
    assert whole.mesh_mm_interval == pytest.approx((4 * np.exp(-0.3), 4 * np.exp(0.4)))
    assert corrected.area_cm2 == broken.area_cm2


def test_a_net_without_a_mesh_has_none_afterwards():
    """Its area is multiplied all the same; what is missing of it cannot be told and is taken for the most."""
    bare = replace(lattice(), mesh_mm=None, mesh_px=None, mesh_mm_interval=None, intact=None)

    assert correct_mesh(bare) == bare
    assert part_features(bare)[2] == pytest.approx(0.7)
    assert np.isfinite(area_factor(bare).typical)


def test_a_factor_hangs_on_no_pixel_size():
    """The same net of pixels of another size, or of an unknown one."""
    net = lattice()
    bare = replace(net, area_cm2=None, mesh_mm=None, mesh_mm_interval=None)

    assert area_factor(bare) == area_factor(net)
    assert mesh_factor(bare) == mesh_factor(net)


def test_more_meshes_than_were_fitted_count_as_the_most():
    few, many, more = (replace(lattice(), meshes=float(count)) for count in (1, 400, 4000))

    assert area_factor(many) == area_factor(more)
    assert part_features(few)[1] == pytest.approx(np.log(4))


def test_the_typical_factor_lies_in_its_interval():
    for factor in (area_factor(lattice()), mesh_factor(lattice())):
        assert isinstance(factor, Factor)
        assert 0 < factor.lower < factor.typical < factor.upper
