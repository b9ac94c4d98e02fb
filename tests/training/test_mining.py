"""Blocks that are marked falsely."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training.mining import BLOCK_PX, find_false_marks  # noqa: E402
from calcinet.training.samples.base import CENTRES, Source  # noqa: E402


class _MarksBright(torch.nn.Module):
    """Marks on its first map what is bright, on no other anything."""

    def forward(self, image):
        first = torch.where(image[:, 2:3] > 1.25, 9.0, -9.0)
        return torch.cat([first, torch.full_like(first, -9.0).repeat(1, 3, 1, 1)], dim=1)


@pytest.fixture
def film():
    plane = np.random.default_rng(0).uniform(49, 51, (96, 128)).astype(np.float16)
    plane[40:46, 70:76] = 100
    return Source(plane=plane)


def test_the_middle_of_the_wrong_block_is_found(film):
    """Rows 40 to 45 and columns 70 to 75 are in the block from (32, 64) on."""
    found = find_false_marks(_MarksBright(), film, maps=[0, 1])

    assert found.shape == (CENTRES, 2)
    assert np.unique(found, axis=0).tolist() == [[32 + BLOCK_PX // 2, 64 + BLOCK_PX // 2]]


def test_a_map_that_is_not_learned_is_not_searched(film):
    """Nothing is marked on the others: the film is silent."""
    assert find_false_marks(_MarksBright(), film, maps=[1, 2, 3]).shape == (0, 2)
