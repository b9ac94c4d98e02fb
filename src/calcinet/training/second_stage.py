"""The second look: a network that sees what the first one made of a film, coarser and with wider surroundings.

Walls of a wide vessel lie far apart, each like the edge of a bone. The first network sees them one at a time; this one
sees both. It decides on vessels alone: of nets and other calcium the first network's word stands.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from calcinet.training.network import CHANNELS, MAPS, RARE, WIDTHS, CalciumNet, Double, down_and_up

COARSE_WIDTHS: Final = (24, 40, 64, 96, 128)
"""Channels at a half, a quarter ... of the resolution. Our choice: as many multiplications as the first network."""

FINE: Final = 12
"""Channels that come back to the full resolution."""

LAST: Final = 16
"""Channels of the last convolutions."""

SURE: Final = 3.0
"""The first network's logits count at most this much, for and against: it is sure of walls that it misses."""

PATCH: Final = MAPS.index("patch")


class SecondLook(nn.Module):
    """Begins with the first network's logits of vessels and adds its own; sides must be multiples of 32.

    While it learns its last map is no patch of a net but the inside of calcified vessels, walls and lumen: to know
    where a vessel is helps to know which edges are its walls.
    """

    def __init__(self, first: CalciumNet) -> None:
        super().__init__()
        self.first = first.requires_grad_(False).eval()
        seen, coarsest = CHANNELS + WIDTHS[0], COARSE_WIDTHS[0]
        self.stem = nn.Sequential(
            nn.Conv2d(seen, coarsest, 2, stride=2, bias=False), nn.BatchNorm2d(coarsest), nn.ReLU()
        )
        self.down = nn.ModuleList(
            Double(a, b) for a, b in zip((coarsest, *COARSE_WIDTHS[:-1]), COARSE_WIDTHS, strict=True)
        )
        self.up = nn.ModuleList(Double(a + b, a) for a, b in pairwise(COARSE_WIDTHS))
        self.inside = nn.Conv2d(coarsest, 1, 1)
        self.finer = nn.Conv2d(coarsest, 4 * FINE, 1)
        self.last = Double(seen + FINE, LAST)
        self.head = nn.Conv2d(LAST, 1, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # begins with the first network's opinion
        nn.init.constant_(self.inside.bias, RARE)

    def train(self, mode: bool = True) -> "SecondLook":
        """As any module; the first network has learned."""
        super().train(mode)
        self.first.eval()
        return self

    def forward(self, image: Tensor) -> Tensor:
        """Logits, shape (N, 4, Y, X), of an image (N, 3, Y, X)."""
        with torch.no_grad():
            features = self.first.features(image)
            logits = self.first.head(features)
        seen = torch.cat([image, features], dim=1)
        coarse = down_and_up(self.stem(seen), self.down, self.up)
        fine = nn.functional.pixel_shuffle(self.finer(coarse), 2)
        vessel = logits[:, :1].clamp(-SURE, SURE) + self.head(self.last(torch.cat([seen, fine], dim=1)))
        if not self.training:
            return torch.cat([vessel, logits[:, 1:]], dim=1)
        inside = nn.functional.interpolate(self.inside(coarse), scale_factor=2.0, mode="bilinear", align_corners=False)
        return torch.cat([vessel, logits[:, 1:PATCH], inside], dim=1)


def first_network(path: Path) -> CalciumNet:
    """The network of exported weights, its normalisations a part of its convolutions."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    net = CalciumNet()
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    layers = _list_layers(net)
    with torch.no_grad():
        for convolution, norm, node in zip(layers[::3], layers[1::3], convolutions[:-1], strict=True):
            _unfold(convolution, norm, *_read_weights(node, stored))
        weight, bias = _read_weights(convolutions[-1], stored)
        net.head.weight.copy_(torch.tensor(weight))
        net.head.bias.copy_(torch.tensor(bias - _find_shift(stored)))
    return net


def _list_layers(net: CalciumNet) -> list[Any]:
    """Convolution, normalisation and rectifier of every block, in the order in which an image passes them."""
    layers: list[Any] = []
    for block in (*net.down, *reversed(net.up)):
        layers += block
    return layers


def _read_weights(node: Any, stored: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a convolution."""
    weight, bias = node.input[1:]
    return stored[weight], stored[bias]


def _unfold(convolution: Any, norm: Any, weight: np.ndarray, bias: np.ndarray) -> None:
    """A convolution with a bias as one without and a normalisation that adds it."""
    convolution.weight.copy_(torch.tensor(weight))
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1)
    norm.bias.copy_(torch.tensor(bias))


def _find_shift(stored: dict[str, np.ndarray]) -> np.ndarray:
    """What the export takes from the logits of each map, so that it is marked from 0.5."""
    (shift,) = (value for value in stored.values() if value.shape == (1, len(MAPS), 1, 1))
    return shift.ravel()
