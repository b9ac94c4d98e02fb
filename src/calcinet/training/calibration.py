"""From which probability a pixel is better marked than not: found on whole films, and built into the network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch import nn

from calcinet.arrays import Mask, Pixels
from calcinet.findings.network_input import WORKING_PIXEL_MM
from calcinet.findings.radiograph.finder import find_clear_components
from calcinet.phantoms.implant import implant
from calcinet.phantoms.random_deposits import Kind
from calcinet.phantoms.truth import NET, OTHER, VESSEL
from calcinet.training.network import MAPS, probabilities
from calcinet.training.samples.base import Answer, Source, make_empty_answer

PUT_IN: Final[tuple[tuple[Kind, ...], ...]] = (("vessel",), ("net",), ("vessel", "net", "focus"), ())
"""By turns; one film of four stays as it is."""

STEPS: Final = 64
"""Probabilities that are tried, evenly from 0 to 1."""

LABEL: Final = {"vessel": VESSEL, "net": NET, "focus": OTHER}

Counts = NDArray[np.int64]
"""Shape (3, STEPS + 1): pixels marked from each step on, those of them that are right, and all that are true."""


def cuts(
    net: nn.Module,
    phantoms: Sequence[Source],
    films: Sequence[Source],
    *,
    device: str = "cpu",
    put_in: Callable[[Source, int], Source] | None = None,
    only_clear: bool = False,
) -> list[float]:
    """The probability for each of MAPS from which marking gives the best Dice, phantoms and films counting alike.

    Films hold calcium that is put in for this, by `put_in` where it is given; what covers a net is cut at 0.5. With
    `only_clear` of vessels those marks count that the finder of radiographs keeps, which are clear somewhere.
    """
    put = put_in or with_calcium
    grown = [put(film, number) for number, film in enumerate(films)]
    counts = np.zeros((len(LABEL), 2, 3, STEPS + 1), dtype=np.int64)
    for group, sources in enumerate((phantoms, grown)):
        for source in sources:
            counts[:, group] += _count_source(net, source, device=device, only_clear=only_clear)
    found = dict.fromkeys(MAPS, 0.5)
    for name, judged in zip(LABEL, counts, strict=True):
        found[name] = _choose_best(judged)
    return list(found.values())


def _count_source(net: nn.Module, source: Source, *, device: str, only_clear: bool) -> NDArray[np.int64]:
    """Counts of one film for each of LABEL, shape (3, 3, STEPS + 1)."""
    found = probabilities(net, source.plane.astype(np.float32), device=device)
    counts = []
    for name, label in LABEL.items():
        if only_clear and label == VESSEL:
            counts.append(_count_clear(found[MAPS.index(name)], source.answer, label))
        else:
            counts.append(_count(found[MAPS.index(name)], source.answer, label))
    return np.stack(counts)


def with_calcium(film: Source, number: int) -> Source:
    """A film with the calcium that its number stands for."""
    plane = film.plane.astype(np.float32)
    kinds = PUT_IN[number % len(PUT_IN)]
    answer = make_empty_answer(plane.shape)
    if not kinds:
        return replace(film, answer=answer)
    made = implant(plane, plane > np.quantile(plane, 0.25), kinds, seed=number)
    return Source(plane=made.film.astype(np.float16), answer=replace(answer, mask=made.mask))


def _select_label(shape: tuple[int, ...], answer: Answer | None, label: int) -> Mask:
    if answer is None:
        return np.zeros(shape, dtype=bool)
    return np.asarray(answer.mask == label)


def _count_clear(found: Pixels, answer: Answer | None, label: int) -> Counts:
    """As `_count`, of the marks that are clear somewhere once they are cut at each step."""
    true = _select_label(found.shape, answer, label)
    counts = _count(found, answer, label)
    counts[:2, 1:] = 0
    for step in range(1, STEPS):
        for part in find_clear_components(cut_at(found, step / STEPS), WORKING_PIXEL_MM):
            counts[:2, step] += part.mask.sum(), (part.mask & true[part.box]).sum()
    return counts


def cut_at(found: Pixels, cut: float) -> Pixels:
    """Probabilities with their log-odds moved so that `cut` becomes a half.

    >>> cut_at(np.array([0.8]), 0.8).round(3)
    array([0.5])
    """
    return np.asarray(found * (1 - cut) / (found * (1 - cut) + (1 - found) * cut))


def _count(found: Pixels, answer: Answer | None, label: int) -> Counts:
    true = _select_label(found.shape, answer, label)
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
