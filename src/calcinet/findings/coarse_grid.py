"""A film brought down to square pixels of handy size for finding its large parts, and the way back."""

from dataclasses import dataclass, replace
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Indices, Mask, Pixels

T = TypeVar("T", bound=np.generic)

LONGEST_SIDE_PX: Final = 800
"""Longest side of the grid. Our choice: half a millimetre a pixel on a film of 40 cm, where a child's finger bone still
has eight pixels."""

ASSUMED_LONGEST_SIDE_MM: Final = 250.0
"""Longest side of a film without a spacing. Our choice: between the exposure of a hand (20 cm) and of a lower leg
(35 cm)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CoarseGrid:
    """A film at reduced resolution, its pixels square in the patient."""

    plane: Pixels
    """Shape (y, x); 0 and 1 are the darkest and the brightest thousandth of the film."""

    full_shape: tuple[int, int]
    """Shape of the film."""

    mm: float
    """Side of a pixel; a guess where `calibrated` is false."""

    calibrated: bool
    """Whether the film has a spacing."""

    dark: float
    """Grey level of the film that is 0 here."""

    bright: float
    """Grey level of the film that is 1 here."""

    @property
    def film_px(self) -> float:
        """Rows of the film in one row of the grid."""
        return float(self.full_shape[0] / self.plane.shape[0])

    def scale_levels(self, levels: Pixels) -> Pixels:
        """Grey levels of the film on the scale of the grid."""
        return _cast((levels - np.float32(self.dark)) / np.float32(self.bright - self.dark))

    def rescale(self, where: Mask) -> "CoarseGrid":
        """The grid with 0 and 1 set by the pixels in `where` alone."""
        low, high = _measure_range(self.plane[where])
        if high <= low:
            return self
        span = self.bright - self.dark
        plane = _cast(np.clip((self.plane - low) / (high - low), 0.0, 1.0))
        return replace(self, plane=plane, dark=self.dark + low * span, bright=self.dark + high * span)

    def to_px(self, mm: float) -> int:
        """A length in whole pixels, at least one."""
        return max(1, round(mm / self.mm))

    def blur(self, values: Pixels, sigma_mm: float) -> Pixels:
        """Gaussian blur by a width in mm; wide ones on a coarser grid, which costs nothing in sharpness."""
        sigma = sigma_mm / self.mm
        step = max(1, int(sigma / 4))
        if step == 1:
            return _cast(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))
        coarse = cv2.resize(values, _reduce_size(values.shape, step), interpolation=cv2.INTER_AREA)
        coarse = cv2.GaussianBlur(coarse, (0, 0), sigma / step, borderType=cv2.BORDER_REPLICATE)
        return _cast(cv2.resize(coarse, values.shape[::-1], interpolation=cv2.INTER_LINEAR))

    def local_mean(self, values: Pixels, weights: Pixels, sigma_mm: float) -> Pixels:
        """Mean of `values` about each pixel, where `weights` says what counts."""
        total = self.blur(weights, sigma_mm)
        return _cast(self.blur(values * weights, sigma_mm) / np.maximum(total, 1e-6))

    def upsample(self, values: Pixels) -> Pixels:
        """Bring a map of the grid back to the film's own pixels."""
        return _cast(cv2.resize(values, self.full_shape[::-1], interpolation=cv2.INTER_LINEAR))

    def upsample_nearest(self, values: NDArray[T]) -> NDArray[T]:
        """A map of the grid at the film's own pixels, each as its nearest one."""
        rows = _map_to_nearest(self.full_shape[0], values.shape[0])
        columns = _map_to_nearest(self.full_shape[1], values.shape[1])
        return np.asarray(values[rows].take(columns, axis=1))

    def interpolate(self, values: Pixels, at: Indices) -> Pixels:
        """A map of the grid, linear between its pixels, at some positions of the flat film; as `upsample` there."""
        film_rows, film_columns = np.divmod(at, self.full_shape[1])
        top, bottom, down = _find_neighbours(film_rows, self.full_shape[0], values.shape[0])
        left, right, across = _find_neighbours(film_columns, self.full_shape[1], values.shape[1])
        above = values[top, left] * (1 - across) + values[top, right] * across
        below = values[bottom, left] * (1 - across) + values[bottom, right] * across
        return _cast(above * (1 - down) + below * down)


def make_coarse_grid(plane: Pixels, pixel_mm: tuple[float, float] | None) -> CoarseGrid:
    """Reduce `plane`, shape (Y, X), by area averaging; `pixel_mm` is (Y, X) or None."""
    rows, columns = plane.shape
    assumed_mm = ASSUMED_LONGEST_SIDE_MM / max(rows, columns)
    small, mm = _shrink(plane, pixel_mm or (assumed_mm, assumed_mm))
    dark, bright = _measure_range(small)
    bright = max(bright, float(np.nextafter(np.float32(dark), np.float32(np.inf))))
    return CoarseGrid(
        plane=_cast(np.clip((small - dark) / (bright - dark), 0.0, 1.0)),
        full_shape=(rows, columns),
        mm=mm,
        calibrated=pixel_mm is not None,
        dark=dark,
        bright=bright,
    )


def make_disc(radius_px: int) -> NDArray[np.uint8]:
    """A round structuring element."""
    side = 2 * radius_px + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def open_mask(mask: Mask, radius_px: int) -> Mask:
    """Remove what is narrower than a disc."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, make_disc(radius_px)) > 0)


def close_mask(mask: Mask, radius_px: int) -> Mask:
    """Fill gaps narrower than a disc; the picture's edge does not pull the mask inwards."""
    pad = radius_px + 1
    wide = cv2.copyMakeBorder(mask.astype(np.uint8), pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    wide = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, make_disc(radius_px))
    return np.asarray(wide[pad:-pad, pad:-pad] > 0)


def dilate_mask(mask: Mask, radius_px: int) -> Mask:
    """Grow a mask by a disc."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), make_disc(radius_px)) > 0)


def erode_mask(mask: Mask, radius_px: int) -> Mask:
    """Shrink a mask by a disc; the picture's edge does not shrink it."""
    return np.asarray(cv2.erode(mask.astype(np.uint8), make_disc(radius_px)) > 0)


def keep_seeded(mask: Mask, seeds: Mask) -> Mask:
    """The connected components of `mask` that hold a seed."""
    _, components = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    seeded = np.zeros(int(components.max()) + 1, dtype=bool)
    seeded[np.unique(components[seeds & mask])] = True
    seeded[0] = False
    return np.asarray(seeded[components])


def make_rim(shape: tuple[int, ...], width: int = 1) -> Mask:
    """The outermost pixels of a picture."""
    rim = np.ones(shape, dtype=bool)
    rim[width:-width, width:-width] = False
    return rim


def _shrink(plane: Pixels, pixel_mm: tuple[float, float]) -> tuple[Pixels, float]:
    """`plane` with square pixels, its longest side at most `LONGEST_SIDE_PX`; and the size of these pixels in mm."""
    row_mm, column_mm = pixel_mm
    height_mm, width_mm = plane.shape[0] * row_mm, plane.shape[1] * column_mm
    mm = max(max(height_mm, width_mm) / LONGEST_SIDE_PX, min(row_mm, column_mm))
    size = max(1, round(width_mm / mm)), max(1, round(height_mm / mm))
    return _cast(cv2.resize(np.ascontiguousarray(plane, np.float32), size, interpolation=cv2.INTER_AREA)), mm


def _map_to_nearest(full: int, size: int) -> Indices:
    """For each pixel of the film along one axis the nearest one of the grid."""
    return np.minimum((np.arange(full) + 0.5) * size / full, size - 1).astype(np.intp)


def _find_neighbours(position: Indices, full: int, size: int) -> tuple[Indices, Indices, Pixels]:
    """The grid's pixels before and after each of the film's along one axis, and how far it is towards the second."""
    exact = np.clip((position + 0.5) * (size / full) - 0.5, 0, size - 1)
    before = exact.astype(np.intp)
    return before, np.minimum(before + 1, size - 1), _cast(exact - before)


def _measure_range(values: Pixels) -> tuple[float, float]:
    """The darkest and the brightest thousandth."""
    low, high = np.percentile(values, (0.1, 99.9))
    return float(low), float(high)


def _reduce_size(shape: tuple[int, ...], step: int) -> tuple[int, int]:
    """Width and height after reduction by `step`."""
    return max(1, shape[1] // step), max(1, shape[0] // step)


def _cast(values: object) -> Pixels:
    return np.asarray(values, np.float32)
