"""A film on the page: which part, how large, how dark."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels

AIR_AND_METAL_PERCENTILES: Final = (1.0, 99.8)
"""Black and white of the film. Our choice: bone keeps its trabeculae, a lead marker may burn out."""

MIDDLE_GREY: Final = 0.42
"""Where the median of the exposed body lies between black and white. Our choice: calcium still stands out above it."""

GAMMA_RANGE: Final = (0.6, 1.8)
"""No film is bent further than this. Our choice."""

LARGEST_SCALE: Final = 2.0
"""A whole film is not enlarged further. Our choice: lines drawn on a small film stay fine."""

LARGEST_CT_SCALE: Final = 4.0
"""Nor is a projection of a CT. Our choice: its pixels are five times as large as those of a film."""

SAMPLED_PIXELS: Final = 400_000
"""Pixels from which the window is taken. Our choice: a percentile of them is stable to three digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """A rectangle of an image, enlarged or reduced to square pixels."""

    top: int
    left: int
    rows: int
    columns: int
    scale: tuple[float, float]
    """Pixels of the view a pixel of the image, along (Y, X)."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the view."""
        return max(1, round(self.rows * self.scale[0])), max(1, round(self.columns * self.scale[1]))

    @property
    def window(self) -> tuple[slice, slice]:
        """The rectangle, to cut it from an array of shape (Y, X)."""
        return slice(self.top, self.top + self.rows), slice(self.left, self.left + self.columns)

    def place(self, points: Floats) -> Floats:
        """Carry image (row, column), shape (N, 2), to view (x, y), shape (N, 2)."""
        corner = np.array([self.top - 0.5, self.left - 0.5])
        return np.asarray(((points - corner) * np.array(self.scale) - 0.5)[:, ::-1])

    @property
    def reducing(self) -> bool:
        """Whether a pixel of the view shows several of the image."""
        return min(self.scale) < 1

    def cut(self, plane: Pixels) -> Pixels:
        """Show the rectangle of `plane`, shape `self.shape`."""
        interpolation = cv2.INTER_AREA if self.reducing else cv2.INTER_CUBIC
        return _resize(plane[self.window], self.shape, interpolation)

    def cut_mask(self, mask: NDArray[np.uint8], label: int) -> Mask:
        """Show where the rectangle of `mask` is `label`; a line thinner than a pixel of the view stays whole."""
        interpolation = cv2.INTER_AREA if self.reducing else cv2.INTER_NEAREST
        there = np.where(mask[self.window] == label, np.uint8(255), np.uint8(0))
        return _resize(there, self.shape, interpolation) > 0


def whole_view(
    shape: tuple[int, int],
    spacing_mm: tuple[float, float] | None,
    longest: int,
    *,
    largest_scale: float = LARGEST_SCALE,
) -> Viewport:
    """Show all of an image with its longer side at most `longest` pixels, a small one enlarged a little."""
    return _fit_view(0, 0, shape, spacing_mm, longest, largest_scale=largest_scale)


def close_view(
    shape: tuple[int, int],
    spacing_mm: tuple[float, float] | None,
    box: tuple[int, int, int, int],
    longest: int,
) -> Viewport:
    """Show rows and columns `box` (top, left, rows, columns), moved inside the image, at `longest` pixels."""
    rows, columns = min(box[2], shape[0]), min(box[3], shape[1])
    top = min(max(box[0], 0), shape[0] - rows)
    left = min(max(box[1], 0), shape[1] - columns)
    return _fit_view(top, left, (rows, columns), spacing_mm, longest, largest_scale=np.inf)


def _fit_view(
    top: int,
    left: int,
    size: tuple[int, int],
    spacing_mm: tuple[float, float] | None,
    longest: int,
    *,
    largest_scale: float,
) -> Viewport:
    dy, dx = spacing_mm or (1.0, 1.0)
    unit = min(dy, dx)
    scale = min(longest / max(size[0] * dy, size[1] * dx), largest_scale / unit)
    rows, columns = size
    return Viewport(top=top, left=left, rows=rows, columns=columns, scale=(scale * dy, scale * dx))


def _resize(plane: NDArray[Any], shape: tuple[int, int], interpolation: int) -> Pixels:
    return np.asarray(cv2.resize(np.ascontiguousarray(plane), shape[::-1], interpolation=interpolation), np.float32)


@dataclass(frozen=True, slots=True)
class Window:
    """Which values are black and white, and how the greys between are bent."""

    low: float
    high: float
    gamma: float

    def grey(self, plane: Pixels) -> NDArray[np.uint8]:
        """Turn values into greys 0 to 255."""
        share = np.clip((plane - self.low) / (self.high - self.low), 0, 1)
        return np.asarray(np.rint(255 * share**self.gamma), np.uint8)


def tissue_window(plane: Pixels) -> Window:
    """Choose a window in which soft tissue is mid-grey and bone does not burn out.

    Padding, the one value that fills a collimated border, is left out of the percentiles.
    """
    step = max(1, int(np.sqrt(plane.size / SAMPLED_PIXELS)))
    inner = _leave_out_ends(plane[::step, ::step])
    if inner.size == 0:
        return Window(0.0, 1.0, 1.0)
    low, high = np.percentile(inner, AIR_AND_METAL_PERCENTILES)
    if high <= low:
        return Window(float(low) - 0.5, float(low) + 0.5, 1.0)
    share = (inner - low) / (high - low)
    body = share[(share > 0.1) & (share < 1)]
    middle = float(np.median(body)) if body.size else 0.5
    gamma = np.clip(np.log(MIDDLE_GREY) / np.log(np.clip(middle, 0.05, 0.95)), *GAMMA_RANGE)
    return Window(float(low), float(high), float(gamma))


def _leave_out_ends(sample: Pixels) -> Pixels:
    """The finite values between the smallest and the largest, flat."""
    finite = sample[np.isfinite(sample)]
    if finite.size == 0:
        return finite
    return np.asarray(finite[(finite > finite.min()) & (finite < finite.max())])
