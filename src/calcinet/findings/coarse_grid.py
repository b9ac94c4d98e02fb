"""A film brought down to square pixels of handy size for finding its large parts, and the way back."""

from dataclasses import dataclass, replace
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Indices, Mask, Pixels

T = TypeVar("T", bound=np.generic)

LONGEST_SIDE_PX: Final = 800
"""Our choice: half a millimetre a pixel on a film of 40 cm, where a child's finger bone still has eight pixels."""

ASSUMED_LONGEST_SIDE_MM: Final = 250.0
"""Our choice for films without a spacing: between the exposure of a hand (20 cm) and of a lower leg (35 cm)."""


@dataclass(frozen=True, slots=True, eq=False)
class CoarseGrid:
    """A film at reduced resolution, its pixels square in the patient."""

    plane: Pixels
    """Shape (y, x); 0 and 1 are the darkest and the brightest thousandth of the film."""

    full_shape: tuple[int, int]
    """Shape of the film."""

    mm: float
    """Side of a pixel; a guess where `calibrated` is false."""

    calibrated: bool

    dark: float
    """Grey level of the film that is 0 here."""

    bright: float
    """Grey level of the film that is 1 here."""

    @property
    def film_px(self) -> float:
        """Rows of the film in one row of the grid."""
        return float(self.full_shape[0] / self.plane.shape[0])

    def scaled(self, levels: Pixels) -> Pixels:
        """Grey levels of the film on the scale of the grid."""
        return _float32((levels - np.float32(self.dark)) / np.float32(self.bright - self.dark))

    def rescaled(self, where: Mask) -> "CoarseGrid":
        """The grid with 0 and 1 set by the pixels in `where` alone."""
        low, high = (float(v) for v in np.percentile(self.plane[where], (0.1, 99.9)))
        if high <= low:
            return self
        span = self.bright - self.dark
        plane = _float32(np.clip((self.plane - low) / (high - low), 0.0, 1.0))
        return replace(self, plane=plane, dark=self.dark + low * span, bright=self.dark + high * span)

    def px(self, mm: float) -> int:
        """A length in whole pixels, at least one."""
        return max(1, round(mm / self.mm))

    def blurred(self, values: Pixels, sigma_mm: float) -> Pixels:
        """Gaussian blur by a width in mm; wide ones on a coarser grid, which costs nothing in sharpness."""
        sigma = sigma_mm / self.mm
        step = max(1, int(sigma / 4))
        if step == 1:
            return _float32(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))
        coarse = cv2.resize(values, _size(values.shape, step), interpolation=cv2.INTER_AREA)
        coarse = cv2.GaussianBlur(coarse, (0, 0), sigma / step, borderType=cv2.BORDER_REPLICATE)
        return _float32(cv2.resize(coarse, values.shape[::-1], interpolation=cv2.INTER_LINEAR))

    def local_mean(self, values: Pixels, weights: Pixels, sigma_mm: float) -> Pixels:
        """Mean of `values` about each pixel, where `weights` says what counts."""
        total = self.blurred(weights, sigma_mm)
        return _float32(self.blurred(values * weights, sigma_mm) / np.maximum(total, 1e-6))

    def upsampled(self, values: Pixels) -> Pixels:
        """Bring a map of the grid back to the film's own pixels."""
        return _float32(cv2.resize(values, self.full_shape[::-1], interpolation=cv2.INTER_LINEAR))

    def nearest(self, values: NDArray[T]) -> NDArray[T]:
        """A map of the grid at the film's own pixels, each as its nearest one."""
        rows, columns = (
            np.minimum((np.arange(full) + 0.5) * size / full, size - 1).astype(np.intp)
            for full, size in zip(self.full_shape, values.shape, strict=True)
        )
        return np.asarray(values[rows].take(columns, axis=1))

    def interpolated(self, values: Pixels, at: Indices) -> Pixels:
        """A map of the grid, linear between its pixels, at some places of the flat film; as `upsampled` there."""
        (top, bottom, down), (left, right, across) = (
            _neighbours(place, full, size)
            for place, full, size in zip(np.divmod(at, self.full_shape[1]), self.full_shape, values.shape, strict=True)
        )
        above = values[top, left] * (1 - across) + values[top, right] * across
        below = values[bottom, left] * (1 - across) + values[bottom, right] * across
        return _float32(above * (1 - down) + below * down)


def work_grid(plane: Pixels, pixel_mm: tuple[float, float] | None) -> CoarseGrid:
    """Reduce `plane`, shape (Y, X), by area averaging; `pixel_mm` is (Y, X) or None."""
    row_mm, column_mm = pixel_mm or (ASSUMED_LONGEST_SIDE_MM / max(plane.shape),) * 2
    height_mm, width_mm = plane.shape[0] * row_mm, plane.shape[1] * column_mm
    mm = max(max(height_mm, width_mm) / LONGEST_SIDE_PX, min(row_mm, column_mm))
    size = max(1, round(width_mm / mm)), max(1, round(height_mm / mm))
    small = _float32(cv2.resize(np.ascontiguousarray(plane, np.float32), size, interpolation=cv2.INTER_AREA))
    dark, bright = (float(v) for v in np.percentile(small, (0.1, 99.9)))
    bright = max(bright, float(np.nextafter(np.float32(dark), np.float32(np.inf))))
    scaled = _float32(np.clip((small - dark) / (bright - dark), 0.0, 1.0))
    return CoarseGrid(scaled, (plane.shape[0], plane.shape[1]), mm, pixel_mm is not None, dark, bright)


def disc(radius_px: int) -> NDArray[np.uint8]:
    """A round structuring element."""
    side = 2 * radius_px + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def opened(mask: Mask, radius_px: int) -> Mask:
    """`mask` without its parts narrower than a disc."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc(radius_px)) > 0)


def closed(mask: Mask, radius_px: int) -> Mask:
    """`mask` with gaps narrower than a disc filled; the picture's edge does not pull it inwards."""
    pad = radius_px + 1
    wide = cv2.copyMakeBorder(mask.astype(np.uint8), pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    wide = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, disc(radius_px))
    return np.asarray(wide[pad:-pad, pad:-pad] > 0)


def dilated(mask: Mask, radius_px: int) -> Mask:
    """`mask` grown by a disc."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc(radius_px)) > 0)


def eroded(mask: Mask, radius_px: int) -> Mask:
    """`mask` shrunk by a disc; the picture's edge does not shrink it."""
    return np.asarray(cv2.erode(mask.astype(np.uint8), disc(radius_px)) > 0)


def reached(mask: Mask, seeds: Mask) -> Mask:
    """The connected parts of `mask` that hold a seed."""
    _, parts = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    touched = np.zeros(int(parts.max()) + 1, dtype=bool)
    touched[np.unique(parts[seeds & mask])] = True
    touched[0] = False
    return np.asarray(touched[parts])


def frame(shape: tuple[int, ...], width: int = 1) -> Mask:
    """The outermost pixels of a picture."""
    rim = np.ones(shape, dtype=bool)
    rim[width:-width, width:-width] = False
    return rim


def _neighbours(place: Indices, full: int, size: int) -> tuple[Indices, Indices, Pixels]:
    """The grid's pixels before and after each of the film's along one axis, and how far it is towards the second."""
    exact = np.clip((place + 0.5) * (size / full) - 0.5, 0, size - 1)
    before = exact.astype(np.intp)
    return before, np.minimum(before + 1, size - 1), _float32(exact - before)


def _size(shape: tuple[int, ...], step: int) -> tuple[int, int]:
    """Width and height after reduction by `step`."""
    return max(1, shape[1] // step), max(1, shape[0] // step)


def _float32(values: object) -> Pixels:
    return np.asarray(values, np.float32)
