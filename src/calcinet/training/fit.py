"""Fits the network, with checkpoints that a broken run goes on from."""

import json
import math
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from calcinet.training.half_precision import multiply_fast
from calcinet.training.samples.base import Place, Sample

LOGGED: Final = 25
"""Steps from one line of the learning curve to the next."""

SAVED: Final = 200
"""Steps from one checkpoint to the next."""

ENTROPY_WEIGHT: Final = 3.0
"""How much the cross-entropy of a pixel counts beside the overlap of all. Our choice."""

BLOCK_PX: Final = 4
"""Side of the blocks that are searched for false marks."""

FAR_BLOCKS: Final = 3
"""What is farther from all that is to be marked is marked falsely. Our choice: beyond the blur of an edge."""

FALSE_BLOCKS: Final = 5
"""Number of blocks that must be marked, on average, for a sample to count as marked falsely."""


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
    positive_weight: tuple[float, ...] = (3.0, 4.0, 3.0, 1.5)
    """How much more a missed pixel counts than a false one, for each map of the network."""
    map_weight: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)
    """How much each map counts in the overlap part of the loss."""
    device: str = "cpu"
    threads: int = 1
    """Threads of the processor; more gain little on samples of this size, and lose much beside other work."""


class Samples(Protocol):
    """What samples are drawn from."""

    def draw(self, rng: np.random.Generator) -> Sample:
        """One sample at random."""
        ...

    def remember(self, places: Sequence[Place]) -> None:
        """Places of films where something was marked falsely; more samples are drawn about them."""
        ...

    def search(self, net: nn.Module, recipe: "Recipe") -> "Samples":
        """The same after all films were searched for false marks, where that is how it learns of them."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Samples that are learned from together; arrays of shape (N, channels or maps, Y, X)."""

    image: NDArray[np.float16]
    target: NDArray[np.uint8]
    weight: NDArray[np.uint8]
    places: list[Place | None]


class Stream:
    """Batches, each drawn by a process of its own while the one before is learned from.

    They are the same for the same seed and start.
    """

    def __init__(self, samples: Samples, recipe: "Recipe", start: int) -> None:
        held = (samples, np.random.default_rng((recipe.seed, start)), recipe.batch)
        fork = multiprocessing.get_context("fork")  # the films are large: they are not copied
        self._pool = ProcessPoolExecutor(1, mp_context=fork, initializer=_hold, initargs=held)
        self._coming = self._pool.submit(_draw_batch, ())

    def next(self, found: Sequence[Place] = ()) -> Batch:
        """The next batch; `found` is remembered before the one after it is drawn."""
        batch = self._coming.result()
        self._coming = self._pool.submit(_draw_batch, found)
        return batch

    def close(self) -> None:
        """Stop drawing ahead."""
        self._pool.shutdown(cancel_futures=True)


_held: list[Any] = []
"""Of the process that draws: its samples, its generator and the number of samples of a batch."""


def _hold(*held: Any) -> None:
    _held[:] = held


def _draw_batch(found: Sequence[Place]) -> Batch:
    samples, rng, count = _held
    samples.remember(found)
    drawn: list[Sample] = [samples.draw(rng) for _ in range(count)]
    return Batch(
        np.stack([sample.channels for sample in drawn]).astype(np.float16),
        np.stack([sample.target for sample in drawn]).astype(np.uint8),
        np.stack([sample.weight for sample in drawn]).astype(np.uint8),
        [sample.place for sample in drawn],
    )


def fit(
    samples: Samples,
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
    state = _State(net, torch.optim.AdamW(net.parameters(), lr=recipe.learning_rate, weight_decay=1e-4))
    log = _Log(folder, time.monotonic(), progress)
    done = state.resume(folder)
    mined = [round(share * recipe.steps) for share in recipe.mined_at]
    for stop in sorted({*mined, recipe.steps}):
        if stop <= done:
            continue
        if any(step <= done for step in mined):
            samples = samples.search(net, recipe)
        _learn_until(stop, done, state, Stream(samples, recipe, done), recipe=recipe, log=log)
        done = stop


def _learn_until(stop: int, done: int, state: "_State", stream: Stream, *, recipe: Recipe, log: "_Log") -> None:
    """Steps from the one after `done` to `stop`."""
    found: list[Place] = []
    for step in range(done + 1, stop + 1):
        loss, found = _learn(state, stream.next(found), recipe, step)
        if step % LOGGED == 0 or step == recipe.steps:
            log.write(step, loss)
        if step % SAVED == 0 or step == stop:
            state.save(log.folder, step, recipe)
    stream.close()


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

    def save(self, folder: Path, step: int, recipe: Recipe) -> None:
        state = {
            "step": step,
            "net": self.net.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "recipe": asdict(recipe),
        }
        torch.save(state, folder / "checkpoint.tmp")
        (folder / "checkpoint.tmp").replace(folder / "checkpoint.pt")

    def resume(self, folder: Path) -> int:
        """Steps already done."""
        path = folder / "checkpoint.pt"
        if not path.exists():
            return 0
        state = torch.load(path, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        return int(state["step"])


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


def _learn(state: _State, batch: Batch, recipe: Recipe, step: int) -> tuple[float, list[Place]]:
    """One step; the loss before it, and the places of samples that were marked falsely."""
    for group in state.optimiser.param_groups:
        group["lr"] = learning_rate(step, recipe)
    arrays = (batch.image, batch.target, batch.weight)
    image, target, weight = (torch.from_numpy(array).to(recipe.device).float() for array in arrays)
    with multiply_fast(recipe.device):
        logits = state.net(image.contiguous(memory_format=torch.channels_last))
    logits = logits.float()
    loss = _measure_loss(logits, target, weight, recipe)
    state.optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.net.parameters(), 1.0)
    state.optimiser.step()
    return float(loss.detach()), _list_false(logits.detach(), target, weight, batch.places)


def _list_false(logits: Tensor, target: Tensor, weight: Tensor, places: Sequence[Place | None]) -> list[Place]:
    """Places of the samples in which pixels far from all that is to be marked are marked on some map."""
    near = nn.functional.max_pool2d(target.amax(1, keepdim=True), BLOCK_PX)
    near = nn.functional.max_pool2d(near, 2 * FAR_BLOCKS + 1, stride=1, padding=FAR_BLOCKS)
    judged = torch.where(weight > 0, logits, -torch.inf).amax(1, keepdim=True)
    wrong = nn.functional.max_pool2d(judged, BLOCK_PX).masked_fill(near > 0, -torch.inf)
    highest = wrong.flatten(1).topk(FALSE_BLOCKS, dim=1).values.mean(1)
    return [place for place, score in zip(places, highest, strict=True) if place is not None and score > 0]


def _measure_loss(logits: Tensor, target: Tensor, weight: Tensor, recipe: Recipe) -> Tensor:
    """Weighted cross-entropy plus one minus Dice over the batch, map by map."""
    positive = torch.tensor(recipe.positive_weight, device=logits.device).view(1, -1, 1, 1)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, weight=weight, pos_weight=positive)
    share = torch.sigmoid(logits) * weight
    overlap = (share * target).sum((0, 2, 3))
    dice = (2 * overlap + 10) / (share.sum((0, 2, 3)) + (target * weight).sum((0, 2, 3)) + 10)
    importance = torch.tensor(recipe.map_weight, device=logits.device)
    return ENTROPY_WEIGHT * entropy + ((1 - dice) * importance).sum() / importance.sum()
