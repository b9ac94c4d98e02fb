"""Where a network marks calcium on a film that holds none: the places that it has most to learn from."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from torch import nn

from calcinet.training.network import probabilities
from calcinet.training.samples.base import Centres, Source, choose_evenly

BLOCK_PX: Final = 16
"""Side of the blocks that are judged."""

WRONG: Final = 0.2
"""A block is wrong where a pixel of it is given this probability. Our choice: well before it would be marked."""


def find_false_marks(net: nn.Module, film: Source, *, maps: Sequence[int], device: str = "cpu") -> Centres:
    """Rows and columns of blocks that are marked falsely on some map, shape (N, 2); none where the film is silent."""
    worst = probabilities(net, film.plane.astype(np.float32), device=device)[maps].max(axis=0)
    rows, columns = (side // BLOCK_PX for side in worst.shape)
    whole = worst[: rows * BLOCK_PX, : columns * BLOCK_PX]
    highest = whole.reshape(rows, BLOCK_PX, columns, BLOCK_PX).max(axis=(1, 3))
    blocks = np.argwhere(highest > WRONG)
    return choose_evenly(blocks * BLOCK_PX + BLOCK_PX // 2)
