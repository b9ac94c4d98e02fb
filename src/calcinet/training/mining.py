"""Where a network marks calcium on a film that holds none: the places that it has most to learn from."""

from typing import Final

import numpy as np
import torch
from torch.nn import functional

from calcinet.findings.prepare import channels
from calcinet.training.data import Places, Source, spread
from calcinet.training.network import CalciumNet

BLOCK_PX: Final = 16
"""Side of the blocks that are judged; also what the network halves its picture down to."""

WRONG: Final = 0.2
"""A block is wrong where a pixel of it is given this probability. Our choice: well before it would be marked."""


def wrong_places(net: CalciumNet, film: Source, *, device: str = "cpu") -> Places:
    """Rows and columns of blocks that are marked falsely, shape (N, 2); none where the film is silent."""
    plane = film.plane.astype(np.float32)
    shown = torch.from_numpy(channels(plane, np.ones(plane.shape, dtype=bool)))[None].to(device)
    rows, columns = plane.shape
    shown = functional.pad(shown, (0, -columns % BLOCK_PX, 0, -rows % BLOCK_PX), mode="replicate")
    net.eval()
    with torch.inference_mode(), torch.autocast(device, dtype=torch.bfloat16):
        logits = net(shown.contiguous(memory_format=torch.channels_last)).float()
    net.train()
    worst = functional.max_pool2d(torch.sigmoid(logits).amax(1), BLOCK_PX)
    blocks = np.argwhere(worst[0].cpu().numpy() > WRONG)
    return spread(blocks * BLOCK_PX + BLOCK_PX // 2)
