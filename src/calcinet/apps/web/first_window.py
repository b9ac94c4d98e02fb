"""The window in which a film is shown first: that of its file where it shows the film, else one of the film's own."""

from typing import Final

import numpy as np

from calcinet.arrays import Pixels
from calcinet.findings.coarse_grid import dilate_mask, make_coarse_grid, open_mask
from calcinet.findings.radiograph.collimation import find_border

SHARES: Final = (0.1, 99.5)
"""Percent of the field's pixels that lie below the ends of the window. Our choice: a marker does not decide what is
white, and little of the skin beside the air is given away."""

LEAST_FIELD: Final = 0.05
"""Share of the film that its collimated field takes, else the whole film counts. Our choice: a finger on a large plate
has 4 % of tissue, its field more."""

LEAST_SEEN: Final = 0.5
"""Share of the field's pixels that a window of the file must show as greys, neither black nor white. Our choice: in one
for another stretch of the values nearly all is burnt out."""

MOST_UNUSED: Final = 1.5
"""A window of the file may be so many times as wide as the field's own. Our choice: a wider one leaves a limb
less than two thirds of the greys."""

EDGE_PX: Final = 2
"""Pixels of the grid beside what is left out: there it is mixed with the field. Our choice."""

Window = tuple[float, float]


def choose_first_window(plane: Pixels, pixel_mm: tuple[float, float] | None, stated: Window | None) -> Window:
    """Values that are shown black and white first.

    Parameters
    ----------
    plane
        Shape (rows, columns), bone bright.
    pixel_mm
        Distance of rows and of columns, where it is known.
    stated
        What the file says.
    """
    values = _take_field(plane, pixel_mm)
    low, high = (float(end) for end in np.percentile(values, SHARES))
    lowest, highest = float(plane.min()), float(plane.max())
    if stated is not None and _is_chosen(stated, (lowest, highest)) and _shows(stated, values, high - low):
        return stated
    if high <= low:
        return lowest, highest
    return low, high


def _is_chosen(window: Window, whole: Window) -> bool:
    """Whether a window leaves anything out: one over all that there is was set by no reader."""
    return window[0] > whole[0] or window[1] < whole[1]


def _shows(window: Window, values: Pixels, width: float) -> bool:
    """Whether a window shows most of these values as greys that can be told apart."""
    seen = np.mean((values > window[0]) & (values < window[1]))
    return bool(seen >= LEAST_SEEN) and window[1] - window[0] <= MOST_UNUSED * max(width, 1e-9)


def _take_field(plane: Pixels, pixel_mm: tuple[float, float] | None) -> Pixels:
    """Values within the collimated field, at reduced resolution; without a sound field those of the whole film."""
    grid = make_coarse_grid(plane, pixel_mm)
    levels = grid.dark + grid.plane * (grid.bright - grid.dark)
    flat = (grid.plane <= 0.0) | (grid.plane >= 1.0)  # padding is of one value; letters and metal are burnt out
    outside = find_border(grid) | open_mask(flat, 1)
    field = ~(dilate_mask(outside, EDGE_PX) | flat)
    if field.mean() < LEAST_FIELD:
        return levels.ravel()
    return np.asarray(levels[field], np.float32)
