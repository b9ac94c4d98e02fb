"""Calcium that is neither artery nor net: stones, phleboliths, lymph nodes, granulomas, ossicles."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.phantoms.calcium import Tube
from calcinet.phantoms.chance import log_uniform, wander
from calcinet.phantoms.curves import axes_at, directions

STONE_RADIUS_MM: Final = (0.5, 4.0)
PHLEBOLITH_RADIUS_MM: Final = (0.8, 3.0)
NODE_RADIUS_MM: Final = (3.0, 9.0)
GRANULOMA_RADIUS_MM: Final = (2.0, 12.0)
OSSICLE_RADIUS_MM: Final = (1.5, 5.0)
"""Radii. Our choice: what is seen on films of limbs and pelvis."""

SHELL_MM: Final = (0.3, 1.2)
"""Thickness of the rim of a granuloma or an ossicle. Our choice."""

GRAINS: Final = (8, 30)
"""Number of the grains that make up a lymph node. Our choice: the look of a mulberry."""

Place = Callable[[], Floats]
"""Gives a random row and column where calcium may lie."""

Rng = np.random.Generator


def draw_pieces(place: Place, rng: Rng, mm: float) -> list[Tube]:
    """Calcium of one of the kinds, as tubes on a grid of pixels of `mm`: one node or granuloma, or a few of the others.

    `place` gives the middle of each.
    """
    draw_one = KINDS[int(rng.integers(len(KINDS)))]
    count = 1
    if draw_one in (_draw_stone, _draw_phlebolith):
        count = int(rng.integers(1, 6))
    pieces: list[Tube] = []
    for _ in range(count):
        pieces += draw_one(place(), rng, mm)
    return pieces


def _draw_stone(middle: Floats, rng: Rng, mm: float) -> Iterator[Tube]:
    """A short rod about a point, of uneven width; four of ten have a clear core."""
    radius, angle = log_uniform(rng, STONE_RADIUS_MM) / mm, rng.uniform(0, np.pi)
    half_length = radius * rng.uniform(0.05, 1.2)
    ahead, _ = axes_at(angle)
    path = middle + np.linspace(-half_length, half_length, 6)[:, None] * ahead
    amount = np.clip(rng.normal(1.0, 0.25, 6), 0.4, 1.6)
    wall = radius
    if rng.random() >= 0.6:
        wall = radius * rng.uniform(0.25, 0.6)
    yield Tube.flat(path, radius * rng.uniform(0.8, 1.2, 6), wall, amount)


def _draw_phlebolith(middle: Floats, rng: Rng, mm: float) -> Iterator[Tube]:
    """A round body, mostly with a clear middle."""
    radius = log_uniform(rng, PHLEBOLITH_RADIUS_MM) / mm
    ahead, _ = axes_at(rng.uniform(0, np.pi))
    path = middle + np.linspace(-0.1, 0.1, 4)[:, None] * radius * ahead
    wall = radius
    if rng.random() < 0.7:
        wall = radius * rng.uniform(0.3, 0.7)
    yield Tube.flat(path, np.full(4, radius), wall, np.ones(4))


def _draw_node(middle: Floats, rng: Rng, mm: float) -> Iterator[Tube]:
    """A lymph node: grains of uneven size within an oval."""
    radius = log_uniform(rng, NODE_RADIUS_MM) / mm
    along, across = axes_at(rng.uniform(0, np.pi))
    slender = rng.uniform(0.4, 1.0)
    for _ in range(int(rng.integers(*GRAINS))):
        distance, angle = radius * rng.random() ** 0.5, rng.uniform(0, 2 * np.pi)
        grain = middle + distance * (np.cos(angle) * along + slender * np.sin(angle) * across)
        size = radius * rng.uniform(0.08, 0.3)
        path = grain + np.linspace(-0.4, 0.4, 4)[:, None] * size * directions(rng.uniform(0, np.pi, 1))
        yield Tube.flat(path, np.full(4, size), size, np.full(4, rng.uniform(0.4, 1.4)))


def _draw_granuloma(middle: Floats, rng: Rng, mm: float) -> Iterator[Tube]:
    """An injection granuloma or fat necrosis: an uneven shell, at times broken."""
    radius, shell = log_uniform(rng, GRANULOMA_RADIUS_MM) / mm, rng.uniform(*SHELL_MM) / mm
    count = max(16, int(2 * np.pi * radius))
    turn = np.linspace(0, 2 * np.pi * rng.uniform(0.6, 1.0), count)
    uneven = radius * (1 + 0.1 * wander(count, count / 5, rng))
    path = middle + uneven[:, None] * directions(turn) * np.array([rng.uniform(0.5, 1.0), 1.0])
    amount = np.clip(0.9 + 0.4 * wander(count, count / 8, rng), 0.0, 1.6)
    yield Tube.flat(path, np.full(count, shell / 2), shell, amount)


def _draw_ossicle(middle: Floats, rng: Rng, mm: float) -> Iterator[Tube]:
    """A small bone of its own: an oval with a dense rim and a less dense middle."""
    radius, rim = log_uniform(rng, OSSICLE_RADIUS_MM) / mm, rng.uniform(*SHELL_MM) / mm
    half_length = radius * rng.uniform(0.1, 0.8)
    ahead, _ = axes_at(rng.uniform(0, np.pi))
    path = middle + np.linspace(-half_length, half_length, 6)[:, None] * ahead
    yield Tube.flat(path, np.full(6, radius), min(rim, radius), np.ones(6))
    yield Tube.flat(path, np.full(6, radius), radius, np.full(6, 0.3))


KINDS: Final = (_draw_stone, _draw_phlebolith, _draw_node, _draw_granuloma, _draw_ossicle)
