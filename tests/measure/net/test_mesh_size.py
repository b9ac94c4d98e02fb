"""Mesh size from counts, against sums on paper."""

import pytest

from calcinet.measure.net.mesh_size import LEAST_INTACT, Counts, measure_mesh, surviving


def test_ends_over_junctions_tell_the_share_of_edges_left():
    """Junctions of three: (3 s q^2) / s^3 ends a junction; s = 1/2 gives 3, s = 3/4 gives 1/3."""
    assert surviving(3.0, 0.0) == pytest.approx(0.5, abs=1e-6)
    assert surviving(1 / 3, 0.0) == pytest.approx(0.75, abs=1e-6)


def test_fours_among_the_junctions_are_reckoned_as_a_lattice():
    """Four edges a node, s = 1/2: ends 4/16, threes 4/16, fours 1/16; so 4/5 ends a junction, fours over threes 1/4."""
    assert surviving(0.8, 0.25) == pytest.approx(0.5, abs=1e-6)


def test_mesh_is_the_constant_times_area_over_length():
    """1.9 x 10,000 px2 / 950 px = 20 px where no end is loose."""
    mesh = measure_mesh(Counts(area_px2=10_000, length_px=950, ends=0, threes=40, fours=0))

    assert mesh is not None
    assert mesh.side_px == pytest.approx(20.0)
    assert mesh.interval_px[0] < 20 < mesh.interval_px[1]


def test_fewer_than_three_junctions_are_no_net():
    """Two junctions on ten ends."""
    assert measure_mesh(Counts(area_px2=10_000, length_px=950, ends=10, threes=2, fours=0)) is None


def test_loose_ends_make_the_mesh_smaller_than_the_length_says():
    """Three ends a junction: half of the edges are missing, so the mesh of 20 px is one of 10 px."""
    mesh = measure_mesh(Counts(area_px2=10_000, length_px=950, ends=120, threes=40, fours=0))

    assert mesh is not None
    assert mesh.intact == pytest.approx(0.5, abs=1e-6)
    assert mesh.side_px == pytest.approx(10.0)


def test_pieces_alone_say_no_more_than_the_limit():
    """A hundred ends a junction."""
    assert surviving(100.0, 0.0) == LEAST_INTACT
