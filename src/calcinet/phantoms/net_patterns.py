"""Line patterns with known truth: nets, whole and broken, and what is taken for a net but is none."""

from typing import Final, Literal

import cv2
import numpy as np
from scipy.spatial import Voronoi

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.curves import directions

Cell = Literal["random", "even", "hexagon", "square"]

JITTER: Final[dict[Cell, float]] = {"even": 0.25, "hexagon": 0.02}
"""How far seeds are moved from their hexagonal grid, in meshes."""

SUBPIXEL_BITS: Final = 4
"""Lines are drawn with ends to a sixteenth of a pixel."""


def draw(segments: Floats, shape: tuple[int, int], width_px: int = 1) -> Mask:
    """Mask of `shape` with the segments drawn `width_px` wide."""
    canvas = np.zeros(shape, dtype=np.uint8)
    ends = np.round(segments[:, :, ::-1] * (1 << SUBPIXEL_BITS)).astype(np.int32)
    for start, stop in ends:
        cv2.line(canvas, start.tolist(), stop.tolist(), 1, width_px, cv2.LINE_8, SUBPIXEL_BITS)
    return canvas > 0


def net_edges(size_px: int, mesh_px: float, rng: np.random.Generator, *, cell: Cell = "even") -> Floats:
    """Edges of a net whose mean cell has the area mesh_px squared.

    Parameters
    ----------
    size_px
        The net fills a square of this side, and a little more on each side.
    mesh_px
        Side of a square as large as the mean cell.
    rng
        Where the randomness comes from.
    cell
        "random": cells about points scattered at will; "even": about a jittered hexagonal grid; "hexagon", "square":
        jittered regular cells.
    """
    if cell == "square":
        return _jitter_lattice(size_px, mesh_px, rng)
    diagram = Voronoi(_place_seeds(size_px, mesh_px, rng, cell))
    bounded = np.array([ridge for ridge in diagram.ridge_vertices if -1 not in ridge])
    edges = diagram.vertices[bounded]
    near = np.all((edges > -2 * mesh_px) & (edges < size_px + 2 * mesh_px), axis=(1, 2))
    return np.asarray(edges[near])


def broken(edges: Floats, missing: float, rng: np.random.Generator) -> Floats:
    """The edges without a random share `missing` of them."""
    return edges[rng.random(len(edges)) >= missing]


def with_gaps(edges: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Each edge, with probability `share`, without a third of its length somewhere inside."""
    torn = rng.random(len(edges)) < share
    start = rng.uniform(0.1, 0.55, len(edges))[torn, None]
    a, b = edges[torn, 0], edges[torn, 1]
    first = np.stack([a, a + start * (b - a)], axis=1)
    second = np.stack([a + (start + 0.33) * (b - a), b], axis=1)
    return np.concatenate([edges[~torn], first, second])


def scattered(size_px: int, count: int, length_px: float, rng: np.random.Generator) -> Floats:
    """Short straight pieces anywhere, in any direction: what a line finder sees in noise."""
    middle = rng.uniform(0, size_px, (count, 2))
    return _lay_pieces(middle, rng.uniform(0, np.pi, count), rng.gamma(3, length_px / 3, count))


def bundle(size_px: int, spacing_px: float, rng: np.random.Generator, *, spread: float = 0.08) -> Floats:
    """Long, nearly parallel lines: skin folds, hair, tendons."""
    count = max(2, int(size_px / spacing_px))
    middle = rng.uniform(0, size_px, (count, 2))
    direction = rng.uniform(0, np.pi) + rng.normal(0, spread, count)
    return _lay_pieces(middle, direction, rng.uniform(0.3, 1.2, count) * size_px)


def trabeculae(size_px: int, mesh_px: float, rng: np.random.Generator) -> Floats:
    """Bone texture: pieces along the load, joined by shorter ones across, half of them missing."""
    stretch = rng.uniform(1.8, 3.5)
    edges = net_edges(int(size_px * stretch), mesh_px * np.sqrt(stretch), rng, cell="random")
    edges = edges * np.array([1 / stretch, 1.0])
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = (edges - size_px / 2) @ turn.T + size_px / 2
    return broken(turned, rng.uniform(0.1, 0.5), rng)


def gauze(size_px: int, pitch_px: float, rng: np.random.Generator) -> Floats:
    """Woven threads: two crossing families of long lines at an even pitch."""
    angle, shear = rng.uniform(0, np.pi), rng.uniform(1.35, np.pi / 2)
    offsets = np.arange(-size_px, size_px, pitch_px)
    families = []
    for direction in (angle, angle + shear):
        normal = np.array([np.cos(direction), -np.sin(direction)])
        middle = size_px / 2 + (offsets + rng.normal(0, 0.08 * pitch_px, len(offsets)))[:, None] * normal
        angles, lengths = np.full(len(offsets), direction), np.full(len(offsets), 3.0 * size_px)
        families.append(_lay_pieces(middle, angles, lengths))
    return np.concatenate(families)


def tree(size_px: int, rng: np.random.Generator, *, branches: int = 40) -> Floats:
    """A branching vessel tree that grows from one side and closes no loop on purpose."""
    root = np.array([0.0, size_px * rng.uniform(0.3, 0.7)])
    tips = [(root, rng.normal(0, 0.2), size_px * rng.uniform(0.15, 0.3))]
    pieces: list[Floats] = []
    while tips and len(pieces) < 4 * branches:
        start, direction, length = tips.pop(0)
        stop = start
        for _ in range(4):
            direction += rng.normal(0, 0.15)
            following = stop + length / 4 * np.array([np.cos(direction), np.sin(direction)])
            pieces.append(np.stack([stop, following]))
            stop = following
        if length > size_px * 0.03:
            left, right = rng.uniform(0.2, 0.7), -rng.uniform(0.2, 0.7)
            tips.append((stop, direction + left, length * rng.uniform(0.6, 0.9)))
            tips.append((stop, direction + right, length * rng.uniform(0.6, 0.9)))
    return np.array(pieces)


def crossing_vessels(size_px: int, count: int, rng: np.random.Generator) -> Floats:
    """A few long winding lines that cross by chance: vessels before and behind each other."""
    pieces = []
    for _ in range(count):
        point, direction = rng.uniform(0, size_px, 2), rng.uniform(0, 2 * np.pi)
        for _ in range(40):
            direction += rng.normal(0, 0.15)
            following = point + size_px / 30 * np.array([np.cos(direction), np.sin(direction)])
            pieces.append(np.stack([point, following]))
            point = following
    return np.array(pieces)


def _lay_pieces(middle: Floats, angle: Floats, length: Floats) -> Floats:
    half = directions(angle) * length[:, None] / 2
    return np.stack([middle - half, middle + half], axis=1)


def _place_seeds(size_px: int, mesh_px: float, rng: np.random.Generator, cell: Cell) -> Floats:
    """Cell centres, one per mesh_px squared, over the square and four meshes beyond."""
    low, high = -4 * mesh_px, size_px + 4 * mesh_px
    if cell == "random":
        count = round(((high - low) / mesh_px) ** 2)
        return rng.uniform(low, high, (count, 2))
    across = mesh_px * np.sqrt(2 / np.sqrt(3))
    row, column = np.mgrid[low : high : mesh_px**2 / across, low:high:across]
    column[1::2] += across / 2
    jitter = JITTER[cell] * mesh_px
    seeds = np.stack([row.ravel(), column.ravel()], axis=1)
    return np.asarray(seeds + rng.uniform(-jitter, jitter, seeds.shape))


def _jitter_lattice(size_px: int, mesh_px: float, rng: np.random.Generator) -> Floats:
    """Square cells, their corners moved by a twelfth of a mesh."""
    along = np.arange(-mesh_px, size_px + mesh_px, mesh_px)
    corners = np.stack(np.meshgrid(along, along, indexing="ij"), axis=2)
    corners = corners + rng.normal(0, mesh_px / 12, corners.shape)
    down = np.stack([corners[:-1], corners[1:]], axis=2).reshape(-1, 2, 2)
    across = np.stack([corners[:, :-1], corners[:, 1:]], axis=2).reshape(-1, 2, 2)
    return np.concatenate([down, across])
