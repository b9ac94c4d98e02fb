"""Weights that were exported, as the beginning of a further training."""

from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from calcinet.errors import BadInput
from calcinet.training.network import Double

MEASURED: Final = 32
"""Samples that the normalisation is measured on. Our choice: two million pixels of each channel at half resolution."""


def load_exported(net: nn.Module, path: Path, images: Tensor) -> None:
    """Give `net` the weights of an export, whose normalisation is within its convolutions, and take it out of them.

    Parameters
    ----------
    net
        Of the kind that was exported, with `down`, `up` and `head`.
    path
        NAME.onnx, from `training.export`.
    images
        Samples, shape (N, 3, Y, X); each normalisation is given the mean and deviation that its channel has on them,
        so that training finds them as the network left them.

    Raises
    ------
    BadInput
        If the file is no export of such a network.
    """
    stored = _read_layers(path)
    layers = list(chain.from_iterable(map(_pair_layers, _list_blocks(net))))
    if len(stored) != len(layers) + 1:
        raise BadInput(f"{path.name} holds {len(stored)} layers, expected {len(layers) + 1}: another kind of network")
    for (convolution, normalisation), (weight, bias) in zip(layers, stored, strict=False):
        _copy(convolution.weight, weight, path)
        _make_transparent(normalisation, bias)
    _copy(net.head.weight, stored[-1][0], path)
    _copy(net.head.bias, stored[-1][1], path)
    _measure_normalisation(net, layers, images)


def _read_layers(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of each convolution, in the order in which they work."""
    try:
        graph = onnx.load(path).graph
    except Exception as error:
        raise BadInput(f"{path.name} holds no exported weights: it cannot be read as ONNX") from error
    arrays = {part.name: torch.from_numpy(np.array(numpy_helper.to_array(part))) for part in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    return [(arrays[node.input[1]], arrays[node.input[2]]) for node in convolutions]


def _list_blocks(net: Any) -> list[Double]:
    """Blocks in the order in which they work."""
    return [*net.down, *reversed(net.up)]


def _pair_layers(block: Double) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Each convolution of a block with its normalisation."""
    layers = list(block)
    pairs: list[tuple[nn.Conv2d, nn.BatchNorm2d]] = []
    for at in range(0, len(layers), 3):
        convolution, normalisation = layers[at], layers[at + 1]
        assert isinstance(convolution, nn.Conv2d)
        assert isinstance(normalisation, nn.BatchNorm2d)
        pairs.append((convolution, normalisation))
    return pairs


def _copy(parameter: nn.Parameter, value: Tensor, path: Path) -> None:
    if parameter.shape != value.shape:
        raise BadInput(
            f"{path.name} has a layer of shape {tuple(value.shape)}, expected {tuple(parameter.shape)}: another kind "
            "of network"
        )
    with torch.no_grad():
        parameter.copy_(value)


def _make_transparent(normalisation: nn.BatchNorm2d, bias: Tensor) -> None:
    """Once it is not learning it adds the bias and does nothing else."""
    none = torch.zeros_like(bias)
    _set_normalisation(normalisation, mean=none, variance=none + 1 - normalisation.eps, scale=none + 1, shift=bias)


def _measure_normalisation(net: nn.Module, layers: list[tuple[nn.Conv2d, nn.BatchNorm2d]], images: Tensor) -> None:
    """Give each normalisation what its channel measures, scaled back again: the network answers as before."""
    measured: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def measure(layer: nn.Module, _inputs: object, output: Tensor) -> None:
        measured[layer] = (output.mean((0, 2, 3)), output.var((0, 2, 3)))

    handles = [convolution.register_forward_hook(measure) for convolution, _ in layers]
    net.eval()
    with torch.inference_mode():
        net(images)
    for handle in handles:
        handle.remove()
    for convolution, normalisation in layers:
        mean, variance = measured[convolution]
        scale = torch.sqrt(variance + normalisation.eps)
        shift = normalisation.bias.detach() + mean
        _set_normalisation(normalisation, mean=mean, variance=variance, scale=scale, shift=shift)
    net.train()


def _set_normalisation(
    normalisation: nn.BatchNorm2d, *, mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor
) -> None:
    values = {"running_mean": mean, "running_var": variance, "weight": scale, "bias": shift}
    normalisation.load_state_dict(values, strict=False)
