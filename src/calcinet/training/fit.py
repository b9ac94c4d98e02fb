"""Fits the network, with checkpoints that a broken run goes on from."""

import json
import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from calcinet.training.mining import find_false_marks
from calcinet.training.network import MAPS
from calcinet.training.samples.base import PLAIN, Centres, DepositBank, Sample, SamplingPolicy, Source, draw

LOGGED: Final = 25
"""Steps from one line of the learning curve to the next."""

SAVED: Final = 200
"""Steps from one checkpoint to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides the weights, besides the code."""

    steps: int = 12000
    batch: int = 8
    learning_rate: float = 4e-3
    seed: int = 2026
    film_share: float = 0.55
    """Share of samples drawn from real films; the others are phantoms."""
    mined_at: tuple[float, ...] = (0.35, 0.65)
    """After these shares of the steps the films are searched for false marks; samples are then drawn round them."""
    positive_weight: tuple[float, float, float, float] = (3.0, 4.0, 3.0, 1.5)
    """How much more a missed pixel counts than a false one, for each of MAPS."""
    map_weight: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    """How much each of MAPS counts in the overlap part of the loss."""
    device: str = "cpu"
    threads: int = 1
    """Threads of the processor; more gain little on samples of this size, and lose much beside other work."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Material:
    """What samples are drawn from."""

    phantoms: Sequence[Source]
    films: Sequence[Source]
    banks: Sequence[DepositBank]
    """Calcium to put into the films."""
    policy: SamplingPolicy = PLAIN

    def centre_on(self, centres: Sequence[Centres]) -> "Material":
        """The same, its films drawn from round these pixels; everywhere alike where there are none yet."""
        if not centres:
            return self
        films = []
        for film, own in zip(self.films, centres, strict=True):
            if own.size:
                film = replace(film, centres=own)
            films.append(film)
        return replace(self, films=films)


class Stream(IterableDataset[tuple[Tensor, Tensor, Tensor]]):
    """Endless samples, the same for the same seed and start."""

    def __init__(self, material: Material, recipe: Recipe, start: int) -> None:
        self.material, self.recipe, self.start = material, recipe, start

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        rng = np.random.default_rng((self.recipe.seed, self.start))
        material = self.material
        while True:
            sources = material.phantoms
            if material.films and rng.random() < self.recipe.film_share:
                sources = material.films
            yield _convert_to_tensors(draw(sources, material.banks, rng, material.policy))


def fit(
    material: Material,
    folder: Path,
    *,
    net: nn.Module,
    recipe: Recipe,
    progress: Callable[[int, dict[str, Any]], None] | None = None,
) -> None:
    """Train `net`, going on from the checkpoint in `folder` when there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(recipe.threads)
    net.to(recipe.device, memory_format=torch.channels_last).train()
    learned = [weights for weights in net.parameters() if weights.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=recipe.learning_rate, weight_decay=1e-4)
    state = _State(net, optimiser)
    log = _Log(folder, time.monotonic(), progress)
    done, centres = state.resume(folder)
    mined = [round(share * recipe.steps) for share in recipe.mined_at]
    for stop in sorted({*mined, recipe.steps}):
        if stop <= done:
            continue
        if done in mined:
            centres = _search_films(net, material, recipe)
        samples = DataLoader(Stream(material.centre_on(centres), recipe, done), batch_size=recipe.batch)
        batches = _draw_ahead(iter(samples))
        for step in range(done + 1, stop + 1):
            loss = _learn(state, next(batches), recipe, step)
            if step % LOGGED == 0 or step == recipe.steps:
                log.write(step, loss)
            if step % SAVED == 0 or step == stop:
                state.save(folder, step, recipe, centres)
        batches.close()
        done = stop


def _search_films(net: nn.Module, material: Material, recipe: Recipe) -> list[Centres]:
    """Where each film is marked falsely on a map that is learned."""
    maps = [number for number, weight in enumerate(recipe.map_weight) if weight > 0]
    return [find_false_marks(net, film, maps=maps, device=recipe.device) for film in material.films]


@dataclass(frozen=True, slots=True)
class _Log:
    """The learning curve, written as it grows."""

    folder: Path
    began: float
    """On the clock of `time.monotonic`."""
    progress: Callable[[int, dict[str, Any]], None] | None

    def write(self, step: int, loss: float) -> None:
        line = {"step": step, "loss": round(loss, 4), "seconds": round(time.monotonic() - self.began)}
        with (self.folder / "curve.jsonl").open("a") as curve:
            curve.write(json.dumps(line) + "\n")
        if self.progress:
            self.progress(step, line)


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What training changes."""

    net: nn.Module
    optimiser: Any

    def save(self, folder: Path, step: int, recipe: Recipe, centres: Sequence[Centres]) -> None:
        state = {
            "step": step,
            "net": self.net.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "places": [torch.from_numpy(own) for own in centres],
            "recipe": asdict(recipe),
            "maps": MAPS,
        }
        torch.save(state, folder / "checkpoint.tmp")
        (folder / "checkpoint.tmp").replace(folder / "checkpoint.pt")

    def resume(self, folder: Path) -> tuple[int, list[Centres]]:
        """Steps already done, and where the films were marked falsely when they were last searched."""
        path = folder / "checkpoint.pt"
        if not path.exists():
            return 0, []
        state = torch.load(path, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        return int(state["step"]), [own.numpy() for own in state["places"]]


def learning_rate(step: int, recipe: Recipe) -> float:
    """Rises over the first tenth of the steps and falls to nothing over the others, as half a cosine each.

    One cycle [Smith and Topin, 2017], which a small network takes faster than a constant rate. It follows from the
    number of the step alone, so that a run may be ended earlier or later than was planned.
    """
    rise = 0.1 * recipe.steps
    share = (step - rise) / (recipe.steps - rise)
    if step < rise:
        share = step / rise - 1
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * share))


def _learn(state: _State, batch: tuple[Tensor, Tensor, Tensor], recipe: Recipe, step: int) -> float:
    """One step; the loss before it."""
    for group in state.optimiser.param_groups:
        group["lr"] = learning_rate(step, recipe)
    image, target, weight = (tensor.to(recipe.device) for tensor in batch)
    with torch.autocast(recipe.device, dtype=torch.bfloat16):
        logits = state.net(image.contiguous(memory_format=torch.channels_last))
    loss = _measure_loss(logits.float(), target, weight, recipe)
    state.optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.net.parameters(), 1.0)
    state.optimiser.step()
    return float(loss.detach())


def _draw_ahead(loader: Iterator[Any]) -> Generator[Any, None, None]:
    """The same batches, each drawn while the one before is learned from."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, loader)
        while True:
            batch = coming.result()
            coming = pool.submit(next, loader)
            yield batch


def _measure_loss(logits: Tensor, target: Tensor, weight: Tensor, recipe: Recipe) -> Tensor:
    """Weighted cross-entropy plus one minus Dice over the batch, map by map."""
    positive = torch.tensor(recipe.positive_weight, device=logits.device).view(1, -1, 1, 1)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, weight=weight, pos_weight=positive)
    share = torch.sigmoid(logits) * weight
    overlap = (share * target).sum((0, 2, 3))
    dice = (2 * overlap + 10) / (share.sum((0, 2, 3)) + (target * weight).sum((0, 2, 3)) + 10)
    importance = torch.tensor(recipe.map_weight, device=logits.device)
    return 3 * entropy + ((1 - dice) * importance).sum() / importance.sum()


def _convert_to_tensors(sample: Sample) -> tuple[Tensor, Tensor, Tensor]:
    return torch.from_numpy(sample.channels), torch.from_numpy(sample.target), torch.from_numpy(sample.weight)
