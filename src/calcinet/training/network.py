"""The network: a small U-Net, fully convolutional, three channels in, four maps out."""

from itertools import pairwise
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from calcinet.arrays import Pixels
from calcinet.findings.network_input import channels
from calcinet.training.half_precision import multiply_fast

WIDTHS: Final = (12, 20, 32, 48, 64)
"""Channels at each halving of the resolution; about 0.2 million weights in all. Our choice: two seconds a film."""

CHANNELS: Final = 3
"""What `findings.network_input` gives."""

DEEPEST_PX: Final = 32
"""What a network halves its picture down to at most; sides are made multiples of it."""

RARE: Final = -3.0
"""First bias of the logits: calcium covers a few hundredths of a sample, and is not to be unlearned first."""

MAPS: Final = ("vessel", "net", "focus", "patch")
"""What comes out: walls and plaques, lines of nets, other calcium, and the whole patch that a net covers."""


class Double(nn.Sequential):
    """Two 3 x 3 convolutions, each with batch normalisation and a rectifier."""

    def __init__(self, inside: int, outside: int) -> None:
        layers: list[nn.Module] = []
        for width in (inside, outside):
            layers += [nn.Conv2d(width, outside, 3, padding=1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()]
        super().__init__(*layers)


class CalciumNet(nn.Module):
    """U-Net [Ronneberger, MICCAI 2015], bilinear on the way up. Sides must be multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(Double(a, b) for a, b in zip((CHANNELS, *WIDTHS[:-1]), WIDTHS, strict=True))
        self.up = nn.ModuleList(Double(a + b, a) for a, b in pairwise(WIDTHS))
        self.head = nn.Conv2d(WIDTHS[0], len(MAPS), 1)
        nn.init.constant_(self.head.bias, RARE)

    def features(self, image: Tensor) -> Tensor:
        """What the logits are read from, shape (N, 12, Y, X)."""
        return down_and_up(image, self.down, self.up)

    def forward(self, image: Tensor) -> Tensor:
        """Logits, shape (N, 4, Y, X), of an image (N, 3, Y, X)."""
        logits: Tensor = self.head(self.features(image))
        return logits


def down_and_up(image: Tensor, down: nn.ModuleList, up: nn.ModuleList) -> Tensor:
    """Through all resolutions to the coarsest and back: (N, C, Y, X) in, the channels of the first block out."""
    kept: list[Tensor] = []
    for depth, block in enumerate(down):
        if depth:
            image = nn.functional.max_pool2d(image, 2)
        image = block(image)
        kept.append(image)
    for block, beside in zip(reversed(up), reversed(kept[:-1]), strict=True):
        wide = nn.functional.interpolate(image, scale_factor=2.0, mode="bilinear", align_corners=False)
        image = block(torch.cat([beside, wide], dim=1))
    return image


def probabilities(net: nn.Module, plane: Pixels, *, device: str = "cpu") -> Pixels:
    """The network's maps of a whole film, shape (4, Y, X)."""
    shown = torch.from_numpy(channels(plane, np.ones(plane.shape, dtype=bool)))[None].to(device)
    rows, columns = plane.shape
    shown = nn.functional.pad(shown, (0, -columns % DEEPEST_PX, 0, -rows % DEEPEST_PX), mode="replicate")
    net.eval()
    with torch.inference_mode(), multiply_fast(device):
        logits = net(shown.contiguous(memory_format=torch.channels_last)).float()
    net.train()
    return np.asarray(torch.sigmoid(logits)[0, :, :rows, :columns].cpu().numpy())
