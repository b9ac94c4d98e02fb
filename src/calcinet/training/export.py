"""Writes the fitted network as ONNX, with its digest beside it."""

import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn

from calcinet.training.network import CHANNELS, CalciumNet


class _WithProbabilities(nn.Module):
    """The network, giving probabilities instead of logits."""

    def __init__(self, net: CalciumNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.net(image))


def export(net: CalciumNet, path: Path) -> str:
    """Write `path` (NAME.onnx) and NAME.sha256; return the digest."""
    whole = _WithProbabilities(net).eval().cpu()
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
