"""The network of radiographs: a U-Net that works at half the resolution and answers at the whole one."""

from itertools import pairwise
from typing import Final

from torch import Tensor, nn

from calcinet.training.network import CHANNELS, RARE, Double, down_and_up

RADIOGRAPH_MAPS: Final = ("vessel", "net", "focus", "patch", "artery")
"""What comes out: walls and plaques, lines of nets, other calcium, patches of nets, arteries with their lumen."""

HALF_WIDTHS: Final = (32, 48, 64, 96, 128)
"""Channels at a half, a quarter ... of the resolution; about a million weights. Our choice: a quarter of the time that
the same network takes at the whole resolution."""

STEP: Final = 2
"""Pixels along a side that become channels of one."""


class RadiographNet(nn.Module):
    """U-Net [Ronneberger, MICCAI 2015] between a folding of 2 x 2 pixels into channels and its unfolding.

    Nothing of the film is lost by the folding [Shi, CVPR 2016, the other way round]. Sides must be multiples of 32.
    """

    def __init__(self) -> None:
        super().__init__()
        folded = CHANNELS * STEP**2
        self.down = nn.ModuleList(Double(a, b) for a, b in zip((folded, *HALF_WIDTHS[:-1]), HALF_WIDTHS, strict=True))
        self.up = nn.ModuleList(Double(a + b, a) for a, b in pairwise(HALF_WIDTHS))
        self.head = nn.Conv2d(HALF_WIDTHS[0], len(RADIOGRAPH_MAPS) * STEP**2, 1)
        nn.init.constant_(self.head.bias, RARE)

    def forward(self, image: Tensor) -> Tensor:
        """Logits, shape (N, 5, Y, X), of an image (N, 3, Y, X)."""
        folded = nn.functional.pixel_unshuffle(image, STEP)
        return nn.functional.pixel_shuffle(self.head(down_and_up(folded, self.down, self.up)), STEP)
