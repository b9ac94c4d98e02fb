"""A film on the page: which part, how large, how dark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.arrays import Floats, Indices, Mask, Pixels

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


class ExaminedPixels(Protocol):
    """What a picture is drawn from."""

    @property
    def plane(self) -> Pixels:
        """The film, shape (Y, X), rising with attenuation."""

    @property
    def mask(self) -> NDArray[np.uint8]:
        """Its label map, same shape: `calcinet.mask_labels.MASK_LABELS`."""

    @property
    def parent(self) -> Dataset | None:
        """What objects made from it repeat of its DICOM header, without pixels; None where it came from a picture."""

    @property
    def volume(self) -> "ExaminedVolume | None":
        """What lies behind the picture; None of a film, whose picture is all there is."""


class ExaminedVolume(Protocol):
    """A CT behind its picture, its brightest projection from the front: head up, the patient's left at the right.

    Where `oriented` is false, these are guesses of its axes, and nothing may call a side by its name.
    """

    @property
    def hu(self) -> Pixels:
        """Hounsfield units, shape (Z, Y, X): Z to the head, Y to the back, X to the left. Read when it is asked for."""

    @property
    def labels(self) -> NDArray[np.uint8]:
        """Label map, same shape: `calcinet.mask_labels.MASK_LABELS`. Made when it is asked for."""

    @property
    def voxels(self) -> Mapping[str, Indices]:
        """Of every finding, by its id in the record: its voxels (Z, Y, X), shape (N, 3)."""

    @property
    def affine(self) -> Floats:
        """Shape (4, 4): voxel (Z, Y, X, 1) to the patient's (left, posterior, superior, 1) in mm (DICOM LPS)."""

    @property
    def oriented(self) -> bool:
        """Whether it is known how the volume lies in the patient."""

    @property
    def parents(self) -> Sequence[Dataset]:
        """DICOM headers of the slices without pixels, in the order of Z; none where slices and voxels do not match."""


@dataclass(frozen=True, slots=True)
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

    def cut(self, plane: Pixels) -> Pixels:
        """Show the rectangle of `plane`, shape `self.shape`."""
        reducing = min(self.scale) < 1
        return _resized(plane[self.window], self.shape, cv2.INTER_AREA if reducing else cv2.INTER_CUBIC)

    def cut_mask(self, mask: NDArray[np.uint8], label: int) -> Mask:
        """Show where the rectangle of `mask` is `label`; a line thinner than a pixel of the view stays whole."""
        reducing = min(self.scale) < 1
        there = np.where(mask[self.window] == label, np.uint8(255), np.uint8(0))
        return _resized(there, self.shape, cv2.INTER_AREA if reducing else cv2.INTER_NEAREST) > 0


def whole_view(
    shape: tuple[int, int],
    spacing_mm: tuple[float, float] | None,
    longest: int,
    *,
    largest_scale: float = LARGEST_SCALE,
) -> Viewport:
    """Show all of an image with its longer side at most `longest` pixels, a small one enlarged a little."""
    return _view(0, 0, shape, spacing_mm, longest, largest_scale=largest_scale)


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
    return _view(top, left, (rows, columns), spacing_mm, longest, largest_scale=np.inf)


def _view(
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
    return Viewport(top, left, *size, (scale * dy, scale * dx))


def _resized(plane: NDArray[Any], shape: tuple[int, int], interpolation: int) -> Pixels:
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
    sample = plane[::step, ::step]
    sample = sample[np.isfinite(sample)]
    inner = sample[(sample > sample.min()) & (sample < sample.max())] if sample.size else sample
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
