"""Writes the fitted network as ONNX, with its digest beside it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from calcinet.training.network import CHANNELS


class _WithProbabilities(nn.Module):
    """The network, giving probabilities instead of logits, each map shifted so that its cut is at 0.5."""

    def __init__(self, net: nn.Module, cuts: Sequence[float]) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("shift", torch.logit(torch.tensor(cuts)).view(1, -1, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.net(image) - self.shift)


def export(net: nn.Module, path: Path, cuts: Sequence[float]) -> str:
    """Write `path` (NAME.onnx) and NAME.sha256; return the digest.

    `cuts` are the probabilities, one for each map, from which marking is right more often than not
    (`training.calibration`); what is written gives 0.5 there.
    """
    whole = _WithProbabilities(net, cuts).eval().cpu()
    axes = {0: "batch", 2: "rows", 3: "columns"}
    torch.onnx.export(
        whole,
        (torch.zeros(1, CHANNELS, 64, 64),),
        str(path),
        input_names=["image"],
        output_names=["maps"],
        dynamic_axes={"image": axes, "maps": axes},
        opset_version=17,
        dynamo=False,
    )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{found}  {path.name}\n", "ascii")
    return found
