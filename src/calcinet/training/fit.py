"""Fits the network, with checkpoints that a broken run goes on from."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from calcinet.training.data import Deposit, Sample, Source, draw
from calcinet.training.network import MAPS, CalciumNet


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights, besides the code."""

    steps: int = 6000
    batch: int = 8
    learning_rate: float = 4e-3
    seed: int = 2026
    film_share: float = 0.5
    """Share of samples drawn from real films; the others are phantoms."""
    positive_weight: tuple[float, float, float, float] = (4.0, 6.0, 4.0, 1.5)
    """How much more a missed pixel counts than a false one, for each of MAPS."""
    map_weight: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    """How much each of MAPS counts in the overlap part of the loss."""
    device: str = "cpu"
    threads: int = 1
    """Of the processor; more gain little on samples of this size, and lose much beside other work."""


class Stream(IterableDataset[tuple[Tensor, Tensor, Tensor]]):
    """Endless samples, the same for the same seed and start."""

    def __init__(self, phantoms: list[Source], films: list[Source], recipe: Recipe, start: int) -> None:
        self.phantoms, self.films, self.recipe, self.start = phantoms, films, recipe, start
        self.deposits: list[Deposit] = [s.deposit for s in phantoms if s.deposit is not None and s.deposit.mask.any()]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        rng = np.random.default_rng((self.recipe.seed, self.start))
        while True:
            films = self.films and rng.random() < self.recipe.film_share
            yield _tensors(draw(self.films if films else self.phantoms, self.deposits, rng))


def fit(
    phantoms: list[Source],
    films: list[Source],
    folder: Path,
    *,
    recipe: Recipe,
    start: Path | None = None,
    progress: Callable[[int, dict[str, Any]], None] | None = None,
) -> CalciumNet:
    """Train, going on from the checkpoint in `folder` when there is one, else from the weights of `start` if given."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    net = CalciumNet().to(recipe.device, memory_format=torch.channels_last)
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True)["net"])
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.learning_rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=recipe.steps + 1, pct_start=0.1
    )
    done = _resume(folder, net, optimiser, schedule)
    stream = Stream(phantoms, films, recipe, done)
    batches = _ahead(iter(DataLoader(stream, batch_size=recipe.batch)))
    began = time.monotonic()
    for step in range(done + 1, recipe.steps + 1):
        image, target, weight = (tensor.to(recipe.device) for tensor in next(batches))
        with torch.autocast(recipe.device, dtype=torch.bfloat16):
            logits = net(image)
        loss = _loss(logits.float(), target, weight, recipe)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 25 == 0 or step == recipe.steps:
            line = {"step": step, "loss": round(float(loss.detach()), 4), "seconds": round(time.monotonic() - began)}
            with (folder / "curve.jsonl").open("a") as curve:
                curve.write(json.dumps(line) + "\n")
            if progress:
                progress(step, line)
        if step % 200 == 0 or step == recipe.steps:
            _save(folder, step, net, optimiser, schedule, recipe)
    return net


def _ahead(loader: Iterator[Any]) -> Iterator[Any]:
    """The same batches, each drawn while the one before is learned from."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, loader)
        while True:
            batch = coming.result()
            coming = pool.submit(next, loader)
            yield batch


def _loss(logits: Tensor, target: Tensor, weight: Tensor, recipe: Recipe) -> Tensor:
    """Weighted cross-entropy plus one minus Dice over the batch, map by map."""
    positive = torch.tensor(recipe.positive_weight, device=logits.device).view(1, -1, 1, 1)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, weight=weight, pos_weight=positive)
    share = torch.sigmoid(logits) * weight
    overlap = (share * target).sum((0, 2, 3))
    dice = (2 * overlap + 10) / (share.sum((0, 2, 3)) + (target * weight).sum((0, 2, 3)) + 10)
    importance = torch.tensor(recipe.map_weight, device=logits.device)
    return 3 * entropy + ((1 - dice) * importance).sum() / importance.sum()


def _tensors(sample: Sample) -> tuple[Tensor, Tensor, Tensor]:
    return torch.from_numpy(sample.channels), torch.from_numpy(sample.target), torch.from_numpy(sample.weight)


def _save(folder: Path, step: int, net: CalciumNet, optimiser: Any, schedule: Any, recipe: Recipe) -> None:
    state = {
        "step": step,
        "net": net.state_dict(),
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
        "recipe": asdict(recipe),
        "maps": MAPS,
    }
    torch.save(state, folder / "checkpoint.tmp")
    (folder / "checkpoint.tmp").replace(folder / "checkpoint.pt")


def _resume(folder: Path, net: CalciumNet, optimiser: Any, schedule: Any) -> int:
    """Steps already done."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    net.load_state_dict(state["net"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])
