"""Nets of the skin and the subcutis have the mesh and the depth that they say."""

import numpy as np
import pytest

from calcinet.phantoms.ct.foci import clear_of_bone
from calcinet.phantoms.ct.limb import make_leg
from calcinet.phantoms.ct.nets import AREA_CM2, CLEAR_MM, HU, LINE_MM, MESH_MM, Net, make_net, random_net

SPAN = (180.0, 330.0)
PLAIN = Net(mesh_mm=5.0, line_mm=0.8, area_cm2=20.0, in_skin=False, hu=900.0, broken=0.0)


@pytest.fixture(scope="module")
def leg():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(2))


def test_random_nets_keep_their_limits():
    for seed in range(40):
        spec = random_net(seed % 2 == 0, np.random.default_rng(seed))

        assert MESH_MM[0] <= spec.mesh_mm <= MESH_MM[1]
        assert LINE_MM[0] <= spec.line_mm <= LINE_MM[1]
        assert AREA_CM2[0] <= spec.area_cm2 <= AREA_CM2[1]
        assert HU[0] <= spec.hu <= HU[1]
        assert spec.in_skin == (seed % 2 == 0)


def test_a_net_has_the_length_of_line_of_hexagons_of_its_mesh(leg):
    """Hexagons of 25 mm2 have 1.861 / 5 = 0.372 mm of line a mm2. Those that the edge cuts are left out: up to 30 %."""
    lesion = make_net(leg, SPAN, PLAIN, np.random.default_rng(3))
    ends = lesion.line_mm.reshape(-1, 2, 3)
    length = float(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum())

    assert 0.7 * 0.372 < length / (100 * lesion.area_cm2) < 1.1 * 0.372


def test_lines_of_a_net_are_rods(leg):
    """pi / 4 x 0.8^2 = 0.503 mm2 times their length, less what they share where they meet."""
    lesion = make_net(leg, SPAN, PLAIN, np.random.default_rng(3))
    ends = lesion.line_mm.reshape(-1, 2, 3)
    length = float(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum())

    assert 0.75 * 0.503 * length < lesion.body.cells.volume_mm3 < 1.05 * 0.503 * length


def test_a_net_runs_at_its_depth_clear_of_bone(leg):
    lesion = make_net(leg, SPAN, PLAIN, np.random.default_rng(3))
    points = lesion.line_mm[::20]

    assert leg.depth(points) == pytest.approx(lesion.depth_mm, abs=0.3)
    assert min(clear_of_bone(leg, point) for point in points[:5]) >= CLEAR_MM - 1
    assert (lesion.compartment, lesion.form) == ("subcutis", "net-like")


def test_a_net_of_the_skin_lies_in_it(leg):
    spec = Net(mesh_mm=5.0, line_mm=0.4, area_cm2=10.0, in_skin=True, hu=900.0, broken=0.2)
    lesion = make_net(leg, SPAN, spec, np.random.default_rng(3))

    assert 0 < lesion.depth_mm < leg.skin_mm
    assert lesion.compartment == "skin"


def test_where_the_span_is_too_low_there_is_no_net(leg):
    """It is 10 mm tall at least, and 4 mm are kept free."""
    assert make_net(leg, (200.0, 213.0), PLAIN, np.random.default_rng(0)) is None
