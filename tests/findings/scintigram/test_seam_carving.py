"""The cheapest line from the first row to the last."""

from itertools import product

import numpy as np
import pytest

from calcinet.findings.scintigram.seam_carving import find_seam


def test_a_seam_goes_round_what_is_dear():
    """Row by row the cheapest neighbour: columns 0, 1, 2 cost nothing."""
    cost = np.array([[0.0, 9, 9], [9, 0, 9], [9, 9, 0]])

    assert find_seam(cost).tolist() == [0, 1, 2]


@pytest.mark.parametrize("reach", [1, 2])
@pytest.mark.parametrize("seed", range(5))
def test_no_other_path_is_cheaper(seed, reach):
    """All paths through 5 x 4 columns, tried one by one."""
    cost = np.random.default_rng(seed).uniform(0, 1, (5, 4))
    paths = [path for path in product(range(4), repeat=5) if np.abs(np.diff(path)).max() <= reach]
    cheapest = min(paths, key=lambda path: cost[range(5), path].sum())

    assert find_seam(cost, reach=reach).tolist() == list(cheapest)
