"""From which probability a pixel is better marked than not: found on whole films, and built into the network."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from calcinet.arrays import Mask, Pixels
from calcinet.phantoms.truth import NET, OTHER, VESSEL
from calcinet.training.half_precision import multiply_fast
from calcinet.training.network import MAPS, probabilities
from calcinet.training.samples.base import Answer, Sample, Source

STEPS: Final = 64
"""Probabilities that are tried, evenly from 0 to 1."""

JUDGED: Final = 600
"""Number of samples that cuts are found on. Our choice: each map then has dozens with something to mark."""

LABEL: Final = {"vessel": VESSEL, "net": NET, "focus": OTHER}


class Drawn(Protocol):
    """What samples are drawn from."""

    def draw(self, rng: np.random.Generator) -> Sample:
        """One sample at random."""
        ...


Counts = NDArray[np.int64]
"""Shape (3, STEPS + 1): pixels marked from each step on, those of them that are right, and all that are true."""


def cuts(
    net: nn.Module,
    phantoms: Sequence[Source],
    films: Sequence[Source],
    *,
    put_in: Callable[[Source, int], Source],
    device: str = "cpu",
) -> list[float]:
    """The probability for each of MAPS from which marking gives the best Dice, phantoms and films counting alike.

    Films hold calcium that is put in for this by `put_in`; what covers a net is cut at 0.5.
    """
    grown = [put_in(film, number) for number, film in enumerate(films)]
    counts = np.zeros((len(LABEL), 2, 3, STEPS + 1), dtype=np.int64)
    for group, sources in enumerate((phantoms, grown)):
        for source in sources:
            counts[:, group] += _count_source(net, source, device=device)
    found = dict.fromkeys(MAPS, 0.5)
    for name, judged in zip(LABEL, counts, strict=True):
        found[name] = _choose_best(judged)
    return list(found.values())


def _count_source(net: nn.Module, source: Source, *, device: str) -> NDArray[np.int64]:
    """Counts of one film for each of LABEL, shape (3, 3, STEPS + 1)."""
    found = probabilities(net, source.plane.astype(np.float32), device=device)
    counts = []
    for name, label in LABEL.items():
        counts.append(_count(found[MAPS.index(name)], _select_label(source.plane.shape, source.answer, label)))
    return np.stack(counts)


def cuts_of_samples(net: nn.Module, samples: Drawn, *, count: int = JUDGED, device: str = "cpu") -> list[float]:
    """The probability for each map from which marking gives the best Dice on samples that are drawn with seed 0."""
    rng = np.random.default_rng(0)
    net.eval()
    counts: list[NDArray[np.int64]] = []
    for _ in range(count):
        sample = samples.draw(rng)
        with torch.inference_mode(), multiply_fast(device):
            logits = net(torch.from_numpy(sample.channels)[None].to(device)).float()
        found = torch.sigmoid(logits)[0].cpu().numpy() * sample.weight
        true = (sample.target > 0) & (sample.weight > 0)
        counts.append(np.stack([_count(seen, own) for seen, own in zip(found, true, strict=True)]))
    net.train()
    return [_choose_best(judged[None]) for judged in np.sum(counts, axis=0)]


def _select_label(shape: tuple[int, ...], answer: Answer | None, label: int) -> Mask:
    if answer is None:
        return np.zeros(shape, dtype=bool)
    return np.asarray(answer.mask == label)


def _count(found: Pixels, true: Mask) -> Counts:
    step = (found * STEPS).astype(np.int64)
    marked = np.bincount(step.ravel(), minlength=STEPS + 1)[: STEPS + 1]
    right = np.bincount(step[true], minlength=STEPS + 1)[: STEPS + 1]
    all_true = np.full(STEPS + 1, int(true.sum()))
    return np.stack([_sum_from_each_step_on(marked), _sum_from_each_step_on(right), all_true])


def _sum_from_each_step_on(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(counts[::-1])[::-1]


def _choose_best(counts: Counts) -> float:
    """The cut with the best mean Dice of the groups, shape (2, 3, STEPS + 1); 0.5 where nothing true is ever marked."""
    marked, right, true = counts.transpose(1, 0, 2)
    if not right[:, 1].any():
        return 0.5
    dice = (2 * right / np.maximum(marked + true, 1)).mean(axis=0)
    return float(np.clip(np.argmax(dice[1:]) + 1, 1, STEPS - 1) / STEPS)
