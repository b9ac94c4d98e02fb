"""From which probability a pixel is better marked than left: found on whole films, and built into the network."""

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
from calcinet.training.samples.base import Answer, Source

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
    made = put_in or with_calcium
    judged = {map_name: np.zeros((2, 3, STEPS + 1), dtype=np.int64) for map_name in LABEL}
    grown = [made(film, number) for number, film in enumerate(films)]
    for group, sources in enumerate((phantoms, grown)):
        for source in sources:
            found = probabilities(net, source.plane.astype(np.float32), device=device)
            for name, label in LABEL.items():
                count = _counts_of_clear if only_clear and label == VESSEL else _counts
                judged[name][group] += count(found[MAPS.index(name)], source.answer, label)
    return [_best(judged[name]) if name in judged else 0.5 for name in MAPS]


def with_calcium(film: Source, number: int) -> Source:
    """A film with the calcium that its number stands for."""
    plane = film.plane.astype(np.float32)
    kinds = PUT_IN[number % len(PUT_IN)]
    nothing = np.zeros(plane.shape, dtype=bool)
    if not kinds:
        return replace(film, answer=Answer(nothing.astype(np.uint8), nothing, nothing))
    made = implant(plane, plane > np.quantile(plane, 0.25), kinds, seed=number)
    return Source(made.film.astype(np.float16), Answer(made.mask, nothing, nothing))


def _true(shape: tuple[int, ...], answer: Answer | None, label: int) -> Mask:
    return np.zeros(shape, dtype=bool) if answer is None else answer.mask == label


def _counts_of_clear(found: Pixels, answer: Answer | None, label: int) -> Counts:
    """As `_counts`, of the marks that are clear somewhere once they are cut at each step."""
    true = _true(found.shape, answer, label)
    counts = _counts(found, answer, label)
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


def _counts(found: Pixels, answer: Answer | None, label: int) -> Counts:
    true = _true(found.shape, answer, label)
    step = (found * STEPS).astype(np.int64)
    marked = np.bincount(step.ravel(), minlength=STEPS + 1)[: STEPS + 1]
    right = np.bincount(step[true], minlength=STEPS + 1)[: STEPS + 1]
    above = [np.cumsum(count[::-1])[::-1] for count in (marked, right)]
    return np.stack([*above, np.full(STEPS + 1, int(true.sum()))])


def _best(counts: Counts) -> float:
    """The cut with the best mean Dice of the groups, shape (2, 3, STEPS + 1); 0.5 where nothing true is ever marked."""
    marked, right, true = counts.transpose(1, 0, 2)
    if not right[:, 1].any():
        return 0.5
    dice = (2 * right / np.maximum(marked + true, 1)).mean(axis=0)
    return float(np.clip(np.argmax(dice[1:]) + 1, 1, STEPS - 1) / STEPS)
