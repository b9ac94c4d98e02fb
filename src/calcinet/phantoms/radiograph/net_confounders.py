"""Things in the beam that are no calcium and look like it, drawn on a square of a film."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.curves import axes_at, directions, normals
from calcinet.phantoms.exposure import blur
from calcinet.phantoms.net_patterns import bundle, draw, gauze, net_edges, tree
from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord

WIRE_RADIUS_PX: Final = (2.0, 8.0)
"""Our choice: a calcified artery as wide as this has a lumen, a wire has none."""

WIRE_STEP_PX: Final = 6
WIRE_BEND: Final = 0.008
"""Distance of the points of a wire's course, and how much its bending changes from one to the next, in radians."""

PLEAT_PX: Final = (2.0, 14.0)
"""Distance of the two lines of a pleat. Our choice: as far apart as the walls of arteries."""

SOLID_LINKS: Final = 0.6
"""Share of the chains whose links are solid beads; those of the others are rings."""

FAINT_IN_NOISE: Final = (1.5, 8.0)
DENSE_IN_NOISE: Final = (3.0, 40.0)
"""Contrast of a confounder over the film's noise. Our choice: from what hides in noise to what nobody overlooks."""

DENSE: Final = ("letter", "outline", "wire", "scratch", "chain", "label", "fold")
"""Those that may be as dense as metal."""

Rng = np.random.Generator


def cloth(side_px: int, rng: Rng) -> Mask:
    """Woven threads: gauze, clothing, a plaster's weave."""
    threads = gauze(side_px, float(rng.uniform(4, 14)), rng)
    return _crop_at_random(draw(threads, (side_px, side_px), _draw_width(rng, 2)), rng)


def hair(side_px: int, rng: Rng) -> Mask:
    """Long lines that hardly cross."""
    lines = bundle(side_px, float(rng.uniform(10, 60)), rng, spread=float(rng.uniform(0.05, 0.3)))
    return draw(lines, (side_px, side_px), _draw_width(rng, 2))


def comb(side_px: int, rng: Rng) -> Mask:
    """Straight lines side by side."""
    lines = bundle(side_px, float(rng.uniform(5, 20)), rng, spread=0.01)
    return _crop_at_random(draw(lines, (side_px, side_px), _draw_width(rng, 3)), rng)


def grid(side_px: int, rng: Rng) -> Mask:
    """Square cells of a grid, a mattress, a ruler's lines."""
    edges = net_edges(side_px, float(rng.uniform(8, 40)), rng, cell="square")
    return _crop_at_random(draw(edges, (side_px, side_px), _draw_width(rng, 3)), rng)


def leaf(side_px: int, rng: Rng) -> Mask:
    """Lines that branch and close no loop."""
    return draw(tree(side_px, rng, branches=int(rng.uniform(10, 60))), (side_px, side_px), _draw_width(rng, 2))


def letter(side_px: int, rng: Rng) -> Mask:
    """Letters and figures of a marker."""
    canvas = np.zeros((side_px, side_px), dtype=np.uint8)
    at = rng.integers(10, side_px - 30, 2).tolist()
    text = "".join(rng.choice(list("RLAPUT0123456789"), int(rng.integers(1, 6))))
    font, size, stroke = int(rng.integers(0, 5)), float(rng.uniform(0.4, 2.5)), int(rng.integers(1, 5))
    cv2.putText(canvas, text, at, font, size, 1, stroke)
    return canvas > 0


def outline(side_px: int, rng: Rng) -> Mask:
    """The inside of a large smooth outline: a bone's, a cast's, a fold's, a border's."""
    row, column = np.mgrid[:side_px, :side_px] - rng.uniform(-0.5, 1.5, 2)[:, None, None] * side_px
    reach = rng.uniform(0.3, 1.5) * side_px
    return np.asarray(np.hypot(row * rng.uniform(0.5, 1.5), column * rng.uniform(0.5, 1.5)) < reach)


def wire(side_px: int, rng: Rng) -> Pixels:
    """Cables, leads and wires: solid, of one width, in wide bends; 1 where the beam's way through one is longest."""
    thickness = np.zeros((side_px, side_px), dtype=np.float32)
    points = 2 * side_px // WIRE_STEP_PX
    for _ in range(int(rng.integers(1, 4))):
        path = _draw_wire_course(side_px, points, rng)
        radius = np.full(points, rng.uniform(*WIRE_RADIUS_PX))
        near = find_pixels_near((side_px, side_px), path, radius)
        through = mean_chord(near.across, np.full(near.across.shape, radius[0])) / (2 * radius[0])
        here = (near.rows, near.columns)
        thickness[here] = np.maximum(thickness[here], through)
    return thickness


def _draw_wire_course(side_px: int, points: int, rng: Rng) -> Floats:
    """A course in wide bends through a random point of the square."""
    bend = np.cumsum(np.cumsum(rng.normal(0, WIRE_BEND, points)))
    heading = rng.uniform(0, 2 * np.pi) + np.clip(bend, -np.pi, np.pi)
    path = np.cumsum(directions(heading) * WIRE_STEP_PX, axis=0)
    path += rng.uniform(0, side_px, 2) - path[points // 2]
    return path


def scratch(side_px: int, rng: Rng) -> Mask:
    """Straight or slightly bent long lines: scratches, plate edges, a cassette's rim."""
    canvas = np.zeros((side_px, side_px), dtype=np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        middle, angle = rng.uniform(0, side_px, 2), rng.uniform(0, 2 * np.pi)
        half = rng.uniform(0.1, 1.0) * side_px
        along = np.linspace(-half, half, 40)
        bend = rng.normal(0, 0.1) * along**2 / side_px
        ahead, across = axes_at(angle)
        path = middle + along[:, None] * ahead + bend[:, None] * across
        ends = np.round(path[:, ::-1]).astype(np.int32)
        cv2.polylines(canvas, [ends], isClosed=False, color=1, thickness=_draw_width(rng, 2))
    return canvas > 0


def chain(side_px: int, rng: Rng) -> Mask:
    """A necklace, an ankle chain, beads, stitches: links of one size at one distance along a wide bend."""
    canvas = np.zeros((side_px, side_px), dtype=np.uint8)
    radius = int(rng.integers(1, 7))
    course = _draw_wire_course(side_px, 2 * side_px // WIRE_STEP_PX, rng)
    step = 2 * radius + rng.uniform(0.5, 8)
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(course, axis=0).T))])
    at = np.arange(0, run[-1], step)
    stroke = 1
    if rng.random() < SOLID_LINKS:
        stroke = cv2.FILLED
    for row, column in zip(np.interp(at, run, course[:, 0]), np.interp(at, run, course[:, 1]), strict=True):
        cv2.circle(canvas, (round(column), round(row)), radius, 1, stroke)
    return canvas > 0


def label(side_px: int, rng: Rng) -> Mask:
    """A label that a clinic burns in: a frame with lines and bars in it, and text beside it."""
    canvas = letter(side_px, rng).astype(np.uint8)
    size = rng.integers(12, max(14, side_px // 5), 2)
    top = rng.integers(0, side_px - size)
    cv2.rectangle(canvas, top[::-1].tolist(), (top + size)[::-1].tolist(), 1, int(rng.integers(1, 4)))
    for bar in np.arange(top[0] + 3, top[0] + size[0] - 2, int(rng.integers(3, 8))):
        stop = top[1] + 2 + int(rng.uniform(0.2, 0.9) * size[1])
        cv2.line(canvas, (int(top[1]) + 2, int(bar)), (stop, int(bar)), 1, int(rng.integers(1, 3)))
    return canvas > 0


def fold(side_px: int, rng: Rng) -> Pixels:
    """A fold of skin or cloth: a band that is sharp at one side and fades to the other."""
    row, column = np.mgrid[:side_px, :side_px] - rng.uniform(0, 1, 2)[:, None, None] * side_px
    angle, bow = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.2) / side_px
    along, across = row * np.sin(angle) + column * np.cos(angle), row * np.cos(angle) - column * np.sin(angle)
    beyond = across - bow * along**2
    return np.asarray(np.where(beyond > 0, np.exp(-beyond / rng.uniform(3, 40)), 0.0), dtype=np.float32)


NET_CONFOUNDERS: Final[dict[str, Callable[[int, Rng], Mask | Pixels]]] = {
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


def pleat(side_px: int, rng: Rng) -> Pixels:
    """Pleats of a sheet or a gown: pairs of even lines in long smooth bends, like the walls of an artery.

    What tells them from an artery is that they are even, and that they do not end with the limb.
    """
    canvas = np.zeros((side_px, side_px), dtype=np.float32)
    for _ in range(int(rng.integers(1, 5))):
        course = _draw_wire_course(side_px, 2 * side_px // WIRE_STEP_PX, rng)
        across = normals(course) * rng.uniform(*PLEAT_PX)
        fan = np.linspace(1, rng.uniform(0.3, 2.0), len(course))[:, None]
        height = np.float32(rng.uniform(0.4, 1.0))
        lines = [course, course + fan * across][: int(rng.integers(1, 3))]
        for line in lines:
            drawn = np.zeros((side_px, side_px), dtype=np.uint8)
            ends = np.round(line[:, ::-1]).astype(np.int32)
            cv2.polylines(drawn, [ends], isClosed=False, color=1, thickness=_draw_width(rng, 3))
            canvas = np.maximum(canvas, height * drawn)
    return canvas


LINE_CONFOUNDERS: Final[dict[str, Callable[[int, Rng], Mask | Pixels]]] = {
    "scratch": scratch,
    "chain": chain,
    "label": label,
    "fold": fold,
    "pleat": pleat,
}
"""The same of what looks like an artery rather than like a net."""


def add_confounder(film: Pixels, noise_sd: Pixels, name: str, rng: Rng) -> Pixels:
    """A film of shape (Y, X) with one of the confounders over it, blurred.

    It is 1.5 to 8 times the film's noise, a dense one up to 40 times.

    Raises
    ------
    KeyError
        If there is no such confounder.
    """
    rows, columns = film.shape
    shape = (NET_CONFOUNDERS | LINE_CONFOUNDERS)[name](max(rows, columns), rng)[:rows, :columns].astype(np.float32)
    limits = FAINT_IN_NOISE
    if name in DENSE:
        limits = DENSE_IN_NOISE
    height = rng.uniform(*limits)
    added = blur(shape, float(rng.uniform(0.4, 1.2))) * height * np.median(noise_sd)
    return np.asarray(film + added, np.float32)


def _draw_width(rng: Rng, most_px: int) -> int:
    return int(rng.integers(1, most_px + 1))


def _crop_at_random(lines: Mask, rng: Rng) -> Mask:
    """Half of the time only what is on one side of a bent edge."""
    if rng.random() < 0.5:
        return lines & outline(lines.shape[0], rng)
    return lines
