"""Things in the beam that are no calcium and look like it, drawn on a square of a film."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask, Pixels
from calcinet.phantoms.exposure import blur
from calcinet.phantoms.net_patterns import bundle, draw, gauze, net_edges, tree
from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord

WIRE_RADIUS_PX: Final = (2.0, 8.0)
"""Our choice: a calcified artery as wide as this has a lumen, a wire has none."""

WIRE_STEP_PX: Final = 6
WIRE_BEND: Final = 0.008
"""Distance of the points of a wire's course, and how much its bending changes from one to the next, in radians."""

Rng = np.random.Generator


def cloth(side_px: int, rng: Rng) -> Mask:
    """Woven threads: gauze, clothing, a plaster's weave."""
    return _within(draw(gauze(side_px, float(rng.uniform(4, 14)), rng), (side_px, side_px), _width(rng, 2)), rng)


def hair(side_px: int, rng: Rng) -> Mask:
    """Long lines that hardly cross."""
    lines = bundle(side_px, float(rng.uniform(10, 60)), rng, spread=float(rng.uniform(0.05, 0.3)))
    return draw(lines, (side_px, side_px), _width(rng, 2))


def comb(side_px: int, rng: Rng) -> Mask:
    """Straight lines side by side."""
    lines = bundle(side_px, float(rng.uniform(5, 20)), rng, spread=0.01)
    return _within(draw(lines, (side_px, side_px), _width(rng, 3)), rng)


def grid(side_px: int, rng: Rng) -> Mask:
    """Square cells of a grid, a mattress, a ruler's lines."""
    edges = net_edges(side_px, float(rng.uniform(8, 40)), rng, cell="square")
    return _within(draw(edges, (side_px, side_px), _width(rng, 3)), rng)


def leaf(side_px: int, rng: Rng) -> Mask:
    """Lines that branch and close no loop."""
    return draw(tree(side_px, rng, branches=int(rng.uniform(10, 60))), (side_px, side_px), _width(rng, 2))


def letter(side_px: int, rng: Rng) -> Mask:
    """Letters and figures of a marker."""
    canvas = np.zeros((side_px, side_px), dtype=np.uint8)
    at = rng.integers(10, side_px - 30, 2).tolist()
    text = "".join(rng.choice(list("RLAPUT0123456789"), int(rng.integers(1, 6))))
    cv2.putText(canvas, text, at, int(rng.integers(0, 5)), float(rng.uniform(0.4, 2.5)), 1, int(rng.integers(1, 5)))
    return canvas > 0


def outline(side_px: int, rng: Rng) -> Mask:
    """The inside of a large smooth outline: a bone's, a cast's, a fold's, a border's."""
    row, column = np.mgrid[:side_px, :side_px] - rng.uniform(-0.5, 1.5, 2)[:, None, None] * side_px
    reach = rng.uniform(0.3, 1.5) * side_px
    return np.asarray(np.hypot(row * rng.uniform(0.5, 1.5), column * rng.uniform(0.5, 1.5)) < reach)


def wire(side_px: int, rng: Rng) -> Pixels:
    """Cables, leads and wires: solid, of one width, in wide bends; 1 where the beam's way through one is longest."""
    drawn = np.zeros((side_px, side_px), dtype=np.float32)
    points = 2 * side_px // WIRE_STEP_PX
    for _ in range(int(rng.integers(1, 4))):
        bend = np.cumsum(np.cumsum(rng.normal(0, WIRE_BEND, points)))
        heading = rng.uniform(0, 2 * np.pi) + np.clip(bend, -np.pi, np.pi)
        path = np.cumsum(np.stack([np.sin(heading), np.cos(heading)], axis=1) * WIRE_STEP_PX, axis=0)
        path += rng.uniform(0, side_px, 2) - path[points // 2]
        radius = np.full(points, rng.uniform(*WIRE_RADIUS_PX))
        near = find_pixels_near(drawn.shape, path, radius)
        through = mean_chord(near.across, np.full(near.across.shape, radius[0])) / (2 * radius[0])
        drawn[near.rows, near.columns] = np.maximum(drawn[near.rows, near.columns], through)
    return drawn


NET_CONFOUNDERS: Final[Mapping[str, Callable[[int, Rng], Mask | Pixels]]] = {
    "cloth": cloth,
    "hair": hair,
    "comb": comb,
    "grid": grid,
    "leaf": leaf,
    "letter": letter,
    "outline": outline,
    "wire": wire,
}
"""Each draws a mask, or a thickness from 0 to 1, of shape (side_px, side_px)."""

DENSE: Final = ("letter", "outline", "wire")
"""Those that may be as dense as metal."""


def add_confounder(film: Pixels, noise_sd: Pixels, name: str, rng: Rng) -> Pixels:
    """A film of shape (Y, X) with one of NET_CONFOUNDERS over it, blurred.

    It is 1.5 to 8 times the film's noise, a dense one up to 40 times.

    Raises
    ------
    KeyError
        If there is no such confounder.
    """
    drawn = NET_CONFOUNDERS[name](max(film.shape), rng)[: film.shape[0], : film.shape[1]].astype(np.float32)
    height = rng.uniform(3.0, 40.0) if name in DENSE else rng.uniform(1.5, 8.0)
    added = blur(drawn, float(rng.uniform(0.4, 1.2))) * height * np.median(noise_sd)
    return np.asarray(film + added, np.float32)


def _width(rng: Rng, most_px: int) -> int:
    return int(rng.integers(1, most_px + 1))


def _within(lines: Mask, rng: Rng) -> Mask:
    """Half of the time only the part on one side of a bent edge."""
    return lines & outline(lines.shape[0], rng) if rng.random() < 0.5 else lines
