"""What lies in the air beside a limb on films of older machines and in other exports: haze, plates, labels, padding."""

from collections.abc import Callable
from typing import Final, Literal, get_args

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from calcinet.arrays import Mask, Pixels
from calcinet.phantoms.texture import cloud

Surrounding = Literal["haze", "plate edge", "label box", "padding"]

SURROUNDINGS: Final[tuple[Surrounding, ...]] = get_args(Surrounding)

HAZE_SLOPE: Final = 0.25
"""Rise of haze along a film, as a share of the step from air to the limb; our choice: an old plate's scatter."""

HAZE_CLOUDS: Final = 0.03
"""Its clouds on the same scale; our choice: sheets."""

LABEL_SHARE: Final = (0.08, 0.06)
"""Rows and columns of a label box as shares of the film's; our choice: a side marker of 2 cm."""

PADDED: Final = 0.15
"""Share of the film's columns that padding takes; our choice."""

Rng = np.random.Generator


def surround(plane: Pixels, air: Mask, name: Surrounding, rng: Rng) -> tuple[Pixels, Mask]:
    """Draw something beside the limb of a film.

    Parameters
    ----------
    plane
        Shape (Y, X), grey that rises with attenuation.
    air
        Where the film shows air, of the same shape.
    name
        What is drawn.
    rng
        Where chance comes from.

    Returns
    -------
    tuple
        The film with it, and where it lies; haze lies in all the air.
    """
    body = float(np.median(plane[~air]))
    step = body - float(np.median(plane[air]))
    drawn = plane.copy()
    where = DRAWERS[name](drawn, air, step, rng)
    return drawn, where


def _draw_haze(plane: Pixels, air: Mask, step: float, rng: Rng) -> Mask:
    """A slope along the film, with soft clouds."""
    slope = np.linspace(0.0, HAZE_SLOPE, plane.shape[0], dtype=np.float32)[:, None]
    clouds = HAZE_CLOUDS * np.clip(cloud(plane.shape, (plane.shape[0] / 12, plane.shape[1] / 12), rng), -1.0, 1.0)
    plane += step * (slope + clouds) * air
    return air


def _draw_plate_edge(plane: Pixels, air: Mask, step: float, rng: Rng) -> Mask:
    """A straight line, slightly aslant, through the most air, half as bright as the limb."""
    column = _choose_column(air)
    ends = [(column, 0), (column + int(rng.integers(-5, 6)), plane.shape[0] - 1)]
    line = cv2.line(np.zeros(plane.shape, np.uint8), ends[0], ends[1], 1, max(2, plane.shape[1] // 300)) > 0
    where = np.asarray(line & air)
    plane[where] += np.float32(0.5 * step)
    return where


def _draw_label_box(plane: Pixels, air: Mask, step: float, rng: Rng) -> Mask:
    """A grey box with a bright letter where there is most air."""
    rows, columns = (max(8, round(share * side)) for share, side in zip(LABEL_SHARE, plane.shape, strict=True))
    row = int(rng.integers(plane.shape[0] // 3, plane.shape[0] // 2))
    column = min(max(0, _choose_column(air) - columns // 2), plane.shape[1] - columns)
    where = np.zeros(plane.shape, bool)
    where[row : row + rows, column : column + columns] = True
    where &= air
    plane[where] = plane[air].mean() + np.float32(0.6 * step)
    letter = np.zeros(plane.shape, bool)
    letter[row + rows // 4 : row + rows - rows // 4, column + columns // 3 : column + columns // 2] = True
    plane[letter & where] = plane.max()
    return where


def _draw_padding(plane: Pixels, air: Mask, step: float, rng: Rng) -> Mask:
    """Black columns at the side of the film where there is most air; the air beside them is grey."""
    columns = int(rng.uniform(0.7, 1.3) * PADDED * plane.shape[1])
    where = np.zeros(plane.shape, bool)
    where[:, :columns] = True
    if _choose_column(air) > plane.shape[1] / 2:
        where = np.ascontiguousarray(where[:, ::-1])
    plane[where] = plane.min() - np.float32(0.3 * step)
    return where


def _choose_column(air: Mask) -> int:
    """The middle of the widest band with most air."""
    share = gaussian_filter1d(air.mean(axis=0), air.shape[1] / 30, mode="constant")
    return int(np.argmax(share))


DRAWERS: Final[dict[Surrounding, Callable[[Pixels, Mask, float, Rng], Mask]]] = {
    "haze": _draw_haze,
    "plate edge": _draw_plate_edge,
    "label box": _draw_label_box,
    "padding": _draw_padding,
}
"""How each is drawn into a film: its plane, its air, the step from air to the limb."""
