"""Traces of a pixel grid that was photographed: two families of lines across each other, of no grid of a film's.

A picture is cut into tiles, each with its spectrum. What is periodic stands there as a point above its surroundings. An
anti-scatter grid gives points on one line through the origin; the squares of JPEG, and enlarging, give points along
rows and columns. The stripes and rows of a screen, or their beats with the camera's own pixels, give two directions.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Pixels
from calcinet.io.radiograph.small_copy import GREYS

TILE_PX: Final = 256
"""Side of a tile. Our choice: in it a grid seen at a slant is still nearly of one period."""

TILES_PER_SIDE: Final = 5
"""Most tiles along a side, spread evenly. Our choice: a quarter of a second for 25."""

LOCAL_PX: Final = 6.0
"""Blur, in pixels, whose result is subtracted: what is smoother is anatomy. Our choice."""

EDGE_LIMIT: Final = 3.0
"""Standard deviations to which edges are cut, as they fill the spectrum. Our choice."""

LEAST_NOISE: Final = 0.3
"""Grey steps of 255 below which a tile is empty: burnt out, or padding. Our choice."""

FLOOR: Final = 0.05
"""Share of the median power that is added, so that empty corners of a spectrum make no points. Our choice."""

SURROUNDINGS_PX: Final = 15
"""Side of the square of the spectrum whose median is the height of the surroundings. Our choice."""

APART_PX: Final = 9
"""Side of the square of the spectrum in which a point is the highest. Our choice."""

POINT_HEIGHT: Final = 4.0
"""Natural logarithm of a point's power over that of its surroundings. Our choice: of 386 open films none has crossed
points of this height in two tiles; the highest of noise alone reach 2.5."""

BEAM_PX: Final = (-7, -6, -5, 5, 6, 7)
"""Steps along the ray from the origin at which a point is compared: an edge makes a ray, not a point."""

BEAM_HEIGHT: Final = 1.5
"""Natural logarithm of a point's power over that of its ray. Our choice."""

LOWEST: Final = 10
"""Periods in a tile below which a point is anatomy or a letter. Our choice."""

BLOCK_STEP: Final = TILE_PX // 8
"""Periods in a tile of the squares of 8 pixels of JPEG; multiples of it, one more or less, are left out."""

UPRIGHT: Final = 8
"""Periods in a tile by which a point may be off an axis or off the diagonal and still be of an upright grid, as
enlarging leaves with images of coarse anatomy around it. Our choice: of 110 films enlarged in five ways one or two have
crossed points in more than one tile; of what is seen of screens a tenth is lost."""

COARSE: Final = 25
"""Periods in a tile below which enlarging leaves nothing: there a point off an axis by more than one is looked at."""

MOST_POINTS: Final = 6
"""Points of a tile that are compared, the highest."""

CROSSED: Final = 0.3
"""Sine of the angle between two directions that are two families. Our choice: 17 degrees."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """How many tiles hold what is periodic."""

    lined: int
    """With one family of slanted lines at least, as a turned anti-scatter grid leaves."""
    crossed: int
    """With two families across each other, as a screen leaves."""


def count_tiles(plane: Pixels) -> Tiles:
    """Look for periodic lines in tiles at full resolution; none in a picture smaller than a tile.

    Parameters
    ----------
    plane
        Shape (rows, columns), not constant.
    """
    if min(plane.shape) < TILE_PX:
        return Tiles(0, 0)
    scale = GREYS / float(np.ptp(plane))
    lined = crossed = 0
    for top in _place_tiles(plane.shape[0]):
        for left in _place_tiles(plane.shape[1]):
            tile = plane[top : top + TILE_PX, left : left + TILE_PX]
            points = _find_points(np.asarray(tile, dtype=np.float32) * np.float32(scale))
            lined += bool(len(points))
            crossed += _has_crossed(points)
    return Tiles(lined, crossed)


def _place_tiles(side: int) -> list[int]:
    """First pixels of the tiles along a side."""
    count = min(TILES_PER_SIDE, side // TILE_PX)
    starts: list[int] = np.linspace(0, side - TILE_PX, count).astype(int).tolist()
    return starts


def _find_points(tile: Pixels) -> NDArray[np.intp]:
    """Periods down and across of each periodic pattern, shape (points, 2)."""
    fine = tile - cv2.GaussianBlur(tile, (0, 0), LOCAL_PX)
    spread = float(fine.std())
    if spread < LEAST_NOISE:
        return np.zeros((0, 2), np.intp)
    window = np.hanning(TILE_PX)
    cut = np.clip(fine, -EDGE_LIMIT * spread, EDGE_LIMIT * spread) * window * window[:, np.newaxis]
    power = np.abs(np.fft.fftshift(np.fft.fft2(cut))) ** 2
    height = np.log(power + FLOOR * np.median(power)).astype(np.float32)
    above = height - _blur_by_median(height)
    places = _list_highest(above)
    standing = [place for place in places if _is_above_ray(height, place) and not _is_upright(place)]
    return np.array(standing, np.intp).reshape(-1, 2)


def _blur_by_median(height: Pixels) -> Pixels:
    """Median of the surroundings, to a step of a 255th of the range."""
    low, high = float(height.min()), float(height.max())
    steps = np.rint((height - low) * (GREYS / (high - low))).astype(np.uint8)
    surroundings: Pixels = cv2.medianBlur(steps, SURROUNDINGS_PX).astype(np.float32)
    return surroundings * ((high - low) / GREYS) + low


def _list_highest(above: Pixels) -> list[tuple[int, int]]:
    """The highest points of half the spectrum, the other half being its mirror, as periods down and across."""
    centre = TILE_PX // 2
    half = above[centre:]
    highest = half == cv2.dilate(half, np.ones((APART_PX, APART_PX), np.uint8))
    down, across = np.nonzero(highest & (half > POINT_HEIGHT))
    order = np.argsort(-half[down, across])
    places = [(int(down[index]), int(across[index]) - centre) for index in order]
    far = [place for place in places if np.hypot(*place) >= LOWEST and not (place[0] == 0 and place[1] < 0)]
    return far[:MOST_POINTS]


def _is_above_ray(height: Pixels, place: tuple[int, int]) -> bool:
    centre = TILE_PX // 2
    direction = np.array(place) / np.hypot(*place)
    near = np.rint(np.array(place) + np.outer(BEAM_PX, direction)).astype(int) + centre
    inside = near[((near >= 0) & (near < TILE_PX)).all(axis=1)]
    own = height[centre + place[0], centre + place[1]]
    return bool(own - height[inside[:, 0], inside[:, 1]].max() > BEAM_HEIGHT)


def _is_upright(place: tuple[int, int]) -> bool:
    """Whether a point lies where grids that are parallel to the picture have theirs: of JPEG, of enlarging."""
    down, across = np.abs(place)
    off = min(down, across, abs(down - across))
    is_block = all(abs(periods - BLOCK_STEP * round(periods / BLOCK_STEP)) <= 1 for periods in place)
    return bool(is_block or off <= (UPRIGHT if np.hypot(down, across) >= COARSE else 1))


def _has_crossed(points: NDArray[np.intp]) -> bool:
    """Whether two points lie in different directions from the origin."""
    directions = points / np.hypot(points[:, 0], points[:, 1])[:, np.newaxis]
    down, across = directions.T
    sines = np.outer(down, across) - np.outer(across, down)
    return bool((np.abs(sines) > CROSSED).any())
