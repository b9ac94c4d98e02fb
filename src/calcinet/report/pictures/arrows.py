"""Where arrows are drawn: pointing at their findings from free space, covering nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels

DIRECTIONS: Final = 24
"""Bearings tried round a finding. Our choice: every 15 degrees."""

TARGETS: Final = 48
"""Points of a finding that an arrow may aim at. Our choice."""

SAMPLES: Final = 16
"""Points of a shaft at which it is checked. Our choice: closer together than a line of a net."""

OUTSIDE_COST: Final = 4.0
"""A label outside the picture is worse than one on a finding (1). Our choice."""

MIDDLE_COST: Final = 0.02
"""An end of a finding against its middle. Our choice: it decides where all else is equal."""

BRIGHT_COST: Final = 0.35
"""White bone under a label against a label on a finding (1). Our choice: arrows come from the dark when they can."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Tip and label centre as (x, y) in a view."""

    tip: tuple[float, float]
    tail: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A finding, as an arrow sees it."""

    points: Floats
    """Its outline or centre line (x, y) in the view, shape (N, 2)."""
    gap: float
    """Pixels that the tip keeps from these points."""


@dataclass(frozen=True, slots=True)
class ArrowSize:
    """Sizes in pixels of the view."""

    length: float
    label: float
    """Radius of the label."""


def place_arrows(
    targets: Sequence[Target],
    occupied: Mask,
    grey: NDArray[np.uint8],
    size: ArrowSize,
) -> list[Arrow | None]:
    """Give each finding an arrow that avoids `occupied` pixels, bright tissue, the edges and the arrows before it.

    Parameters
    ----------
    targets
        One without a point inside the view gets no arrow.
    occupied, grey
        Shape (Y, X) of the view: what must stay visible, and the picture.
    size
        Of the arrows.
    """
    cost = _map_cost(occupied, grey, size.label)
    arrows: list[Arrow | None] = []
    for target in targets:
        arrow = _choose_arrow(_keep_inside(target, occupied.shape), cost, size)
        if arrow is not None:
            _occupy(cost, arrow, size)
        arrows.append(arrow)
    return arrows


def _map_cost(occupied: Mask, grey: NDArray[np.uint8], label: float) -> Pixels:
    """Cost of a label at each pixel: 1 on a finding, BRIGHT_COST on white bone, shape (Y, X)."""
    side = 2 * round(label) + 1
    covered = cv2.blur(occupied.astype(np.float32), (side, side)) * side
    bright = cv2.blur(grey.astype(np.float32) / 255, (side, side))
    return np.asarray(np.minimum(covered, 1) + BRIGHT_COST * bright, np.float32)


def _keep_inside(target: Target, shape: tuple[int, ...]) -> Target:
    inside = ((target.points >= 0) & (target.points < np.array(shape[::-1]))).all(axis=1)
    kept = target.points[inside]
    return Target(kept[:: max(1, len(kept) // TARGETS)], target.gap)


def _choose_arrow(target: Target, cost: Pixels, size: ArrowSize) -> Arrow | None:
    points = target.points
    if len(points) == 0:
        return None
    angles = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
    bearing = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    tips = (points[:, None] + target.gap * bearing).reshape(-1, 2)
    tails = (points[:, None] + (target.gap + size.length) * bearing).reshape(-1, 2)
    total = _weigh_labels(tails, cost, size.label) + _weigh_shafts(tips, tails, cost)
    total += MIDDLE_COST * _measure_distance_to_middle(points, len(tips))
    best = int(np.argmin(total))
    (tip_x, tip_y), (tail_x, tail_y) = tips[best].tolist(), tails[best].tolist()
    return Arrow((tip_x, tip_y), (tail_x, tail_y))


def _weigh_labels(tails: Floats, cost: Pixels, label: float) -> Floats:
    height, width = cost.shape
    room = np.minimum(tails, np.array([width - 1, height - 1]) - tails).min(axis=1)
    return np.asarray(2 * _read_cost(tails, cost) + OUTSIDE_COST * (room < 1.5 * label))


def _weigh_shafts(tips: Floats, tails: Floats, cost: Pixels) -> Floats:
    share = np.linspace(0.15, 0.9, SAMPLES)[:, None, None]
    along = tips + share * (tails - tips)
    return np.asarray(_read_cost(along.reshape(-1, 2), cost).reshape(SAMPLES, -1).mean(axis=0))


def _measure_distance_to_middle(points: Floats, n: int) -> Floats:
    """Relative distance of each point to the finding's middle: arrows prefer it when all else is equal."""
    offset = np.linalg.norm(points - points.mean(axis=0), axis=1)
    return np.asarray(np.repeat(offset / max(float(offset.max()), 1.0), n // len(points)))


def _read_cost(points: Floats, cost: Pixels) -> Floats:
    """Cost at points (x, y), shape (N,); the edge's cost outside."""
    x = np.clip(np.rint(points[:, 0]).astype(int), 0, cost.shape[1] - 1)
    y = np.clip(np.rint(points[:, 1]).astype(int), 0, cost.shape[0] - 1)
    return np.asarray(cost[y, x], np.float64)


def _occupy(cost: Pixels, arrow: Arrow, size: ArrowSize) -> None:
    """Raise the cost where an arrow is, for those after it."""
    tip, tail = _round_point(arrow.tip), _round_point(arrow.tail)
    cv2.line(cost, tip, tail, 2.0, round(2 * size.label))
    cv2.circle(cost, tail, round(2.5 * size.label), 3.0, -1)


def _round_point(point: tuple[float, float]) -> tuple[int, int]:
    x, y = point
    return round(x), round(y)
