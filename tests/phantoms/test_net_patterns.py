import numpy as np
import pytest
from scipy import ndimage as ndi

from calcinet.phantoms import net_patterns


@pytest.mark.parametrize("cell", ["even", "random", "hexagon", "square"])
def test_mean_cell_has_the_area_that_was_asked_for(cell):
    """600 x 600 px over cells of 30 x 30 px: 400 cells, less those that the border cuts."""
    edges = net_patterns.net_edges(600, 30, np.random.default_rng(0), cell=cell)
    cells, _ = ndi.label(~net_patterns.draw(edges, (600, 600), 1))
    rim = np.unique(np.r_[cells[0], cells[-1], cells[:, 0], cells[:, -1]])
    inner = np.delete(np.bincount(cells.ravel())[1:], rim[rim > 0] - 1)

    assert np.sqrt(inner.mean()) == pytest.approx(30, rel=0.08)


def test_share_of_edges_goes_missing():
    """40 % of some 1,200 edges, within four standard deviations of counting."""
    rng = np.random.default_rng(0)
    whole = net_patterns.net_edges(600, 30, rng)
    left = len(net_patterns.broken(whole, 0.4, rng)) / len(whole)

    assert left == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / len(whole)))


def test_torn_edge_keeps_two_thirds_of_its_length():
    """A third is cut out of each."""
    edge = np.array([[[0.0, 0.0], [30.0, 0.0]]])
    torn = net_patterns.with_gaps(edge, 1.0, np.random.default_rng(0))

    assert np.linalg.norm(torn[:, 1] - torn[:, 0], axis=1).sum() == pytest.approx(0.67 * 30)


def test_tree_closes_no_loop_where_its_twigs_do_not_cross():
    """One piece follows another: as many pieces as ends that are not the root."""
    pieces = net_patterns.tree(400, np.random.default_rng(0))
    stops = {tuple(np.round(stop, 6)) for stop in pieces[:, 1]}

    assert len(stops) == len(pieces)
