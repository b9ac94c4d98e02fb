"""Which of several series of one body is examined, and why: the others would count the same calcium again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.io.ct.kernels import is_sharp
from calcinet.io.ct.stacks import Stack, normal_of
from calcinet.text import Text, say

THIN_MM: Final = 3.0
"""Thickest slice that is preferred: the increment that the Agatston score was published with; thicker ones thin calcium
out."""

FINE_ENOUGH_MM: Final = 0.4
"""Below this, thinner slices are no better: noise grows and vessels do not. Our choice."""

COVERED: Final = 0.5
"""Share of a series that another shows too, from which both show the same body. Our choice: neighbouring regions of one
examination overlap by a few centimetres."""

FRAGMENT: Final = 0.5
"""A series shorter than this share of another that covers it is a part of it: a test slice, a bolus tracking."""

REASONS: Final = (
    say("it covers more of the body"),
    say("it is as reconstructed, not made from other slices"),
    say("no contrast agent is stated"),
    say("its slices are 3 mm or thinner"),
    say("its kernel is softer"),
    say("it has more slices"),
)
"""What each number of a rank says, best first; the place in the call decides last."""

SAME_RANK: Final = say("it comes first among equals")

Rank = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What became of a stack."""

    rivals: tuple[tuple[int, str], ...] = ()
    """Stacks that are examined instead, the best first, and in what each is better: it counts while one can be read."""

    why: str | None = None
    """Why it was taken; None where there was no choice, or another was."""


def choose(stacks: Sequence[Stack]) -> list[Chosen]:
    """Take one stack for each part of the body, and say why.

    Stacks compete where they lie in one frame of reference and one shows at least half of what the other shows. Whole
    before fragments, as reconstructed before made from others, without contrast before with, thin before thick, soft
    before sharp, then the most slices.
    """
    boxes = [_find_box(stack) for stack in stacks]
    ranks = [_rank(stacks, boxes, index) for index in range(len(stacks))]
    order = sorted(range(len(stacks)), key=lambda number: (ranks[number], number))
    examined: set[int] = set()
    rivals: dict[int, list[int]] = {}
    for place, index in enumerate(order):
        better = []
        for other in order[:place]:
            if _compute_coverage(stacks, boxes, index, other) >= COVERED:
                better.append(other)
        if examined.isdisjoint(better):
            examined.add(index)
        else:
            rivals[index] = better
    return [_compare(index, rivals, ranks) for index in range(len(stacks))]


def _compare(index: int, rivals: dict[int, list[int]], ranks: list[Rank]) -> Chosen:
    if index in rivals:
        return Chosen(rivals=_explain_rivals(index, rivals[index], ranks))
    losers = [other for other, better in rivals.items() if index in better]
    if not losers:
        return Chosen()
    reasons: dict[Text, None] = {}
    for other in sorted(losers):
        reasons[_explain_difference(ranks[index], ranks[other])] = None
    return Chosen(
        why=say("chosen of {count} series of the same body: {reasons:; }", count=len(losers) + 1, reasons=list(reasons))
    )


def _explain_rivals(index: int, better: list[int], ranks: list[Rank]) -> tuple[tuple[int, str], ...]:
    explained = []
    for other in better:
        explained.append((other, _explain_difference(ranks[other], ranks[index])))
    return tuple(explained)


def _explain_difference(better: Rank, worse: Rank) -> Text:
    """The first thing in which one is better."""
    for reason, low, high in zip(REASONS, better, worse, strict=True):
        if low < high:
            return reason
    return SAME_RANK


def _rank(stacks: Sequence[Stack], boxes: list[Floats], index: int) -> Rank:
    """Lower is better."""
    stack = stacks[index]
    acquisition = stack.acquisition
    increment = stack.increment_mm or acquisition.thickness_mm or 0.0
    return (
        float(_is_fragment(stacks, boxes, index)),
        float(acquisition.derived),
        float(acquisition.contrast is True),
        float(max(increment, acquisition.thickness_mm or 0.0) > THIN_MM),
        _rank_kernel(acquisition.kernel),
        -float(round(stack.extent_mm / max(increment, FINE_ENOUGH_MM))),
    )


def _rank_kernel(kernel: str | None) -> float:
    """Soft before unknown before sharp."""
    sharp = is_sharp(kernel)
    if sharp is None:
        return 0.5
    return float(sharp)


def _is_fragment(stacks: Sequence[Stack], boxes: list[Floats], index: int) -> bool:
    extent = stacks[index].extent_mm
    for other, stack in enumerate(stacks):
        if other == index or extent >= FRAGMENT * stack.extent_mm:
            continue
        if _compute_coverage(stacks, boxes, index, other) >= COVERED:
            return True
    return False


def _find_box(stack: Stack) -> Floats:
    """Lowest and highest corner in the patient, shape (2, 3), in mm; half an increment stands over at either end."""
    first, last = stack.slices[0], stack.slices[-1]
    (rows, columns), (row_mm, column_mm) = first.stored.shape, first.pixel_mm
    half = normal_of(first) * (stack.increment_mm or first.acquisition.thickness_mm or 1.0) / 2
    down = np.outer((0, rows * row_mm), first.along_column)
    across = np.outer((0, columns * column_mm), first.along_row)
    sides = (down[:, None] + across).reshape(4, 3)
    corners = np.concatenate([np.subtract(first.position, half) + sides, np.add(last.position, half) + sides])
    return np.array([np.min(corners, axis=0), np.max(corners, axis=0)])


def _compute_coverage(stacks: Sequence[Stack], boxes: list[Floats], index: int, other: int) -> float:
    """Share of one stack's box that lies in another's; 0 in different frames of reference."""
    if stacks[index].acquisition.frame_of_reference != stacks[other].acquisition.frame_of_reference:
        return 0.0
    a, b = boxes[index], boxes[other]
    common = np.clip(np.minimum(a[1], b[1]) - np.maximum(a[0], b[0]), 0, None)
    return float(np.prod(common) / np.prod(a[1] - a[0]))
