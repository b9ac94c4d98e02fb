"""What the network is shown of a radiograph: fine and coarse detail in units of noise, and the broad grey levels."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask, Pixels
from calcinet.findings.noise_map import noise_map
from calcinet.geometry.skeleton import bounding_box
from calcinet.image import Image

WORKING_PIXEL_MM: Final = 0.2
"""Pixel size that the network was trained round. Our choice: a 0.3 mm line still covers a pixel."""

BACKGROUNDS_PX: Final = (4.0, 16.0)
"""Gaussian scales of what counts as background of fine and of coarse detail: a line, and a vessel with both walls."""

KNEES: Final = (3.0, 10.0)
"""Detail is linear below this many deviations of noise and logarithmic above, so that bone does not drown calcium."""

LEVEL_QUANTILES: Final = (0.02, 0.98)
"""Grey levels that become 0 and 1 of the broad channel."""

EVERYWHERE: Final = (slice(None), slice(None))
"""The whole film."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Resolution at which a network looks."""

    pixel_mm: float
    """Pixel size that the network was trained round."""

    finest_mm: float
    """A film finer than this is shrunk to about `pixel_mm`; a coarser one is taken as it is."""

    def shrink(self, image: Image) -> float:
        """Factor by which a film is brought to this resolution: 1 unless it is finer than the network can use."""
        if image.pixel_mm is None or min(image.pixel_mm) >= self.finest_mm:
            return 1.0
        return min(image.pixel_mm) / self.pixel_mm


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NetworkInput:
    """A radiograph at the network's resolution."""

    channels: Pixels
    """Fine detail, coarse detail and level of the tissue and what is round it, shape (3, rows, columns); no unit."""

    box: tuple[slice, slice]
    """Rows and columns of `channels` among all at the network's resolution."""

    size: tuple[int, int]
    """Number of rows and columns at the network's resolution."""

    shape: tuple[int, int]
    """Rows and columns of the film itself."""


def prepare(image: Image, tissue: Mask, *, margin_px: int = 0, shrink: float = 1.0) -> NetworkInput:
    """Bring a radiograph to the network's resolution and scale.

    Parameters
    ----------
    image
        One slice, rising with attenuation.
    tissue
        Where there is soft tissue or bone, shape (Y, X).
    margin_px
        How much of what is round the tissue is prepared with it, in pixels of the network.
    shrink
        Factor by which the film is shrunk, at most 1.
    """
    plane, film_shape = image.plane, image.plane.shape
    if shrink < 1:
        size = (round(film_shape[1] * shrink), round(film_shape[0] * shrink))
        plane = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
        tissue = cv2.resize(tissue.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    box = bounding_box(tissue, margin=margin_px)
    rows, columns = plane.shape
    return NetworkInput(channels=channels(plane, tissue, box), box=box, size=(rows, columns), shape=film_shape)


def channels(plane: Pixels, tissue: Mask, box: tuple[slice, slice] = EVERYWHERE) -> Pixels:
    """The network's three input channels, shape (3, Y, X).

    Detail is arcsinh((film - background) / (knee * noise)); the level is 0 and 1 at two quantiles of the film.

    Parameters
    ----------
    plane
        Pixels rising with attenuation, shape (Y, X), any unit.
    tissue
        Where there is tissue, same shape.
    box
        The rows and columns that are wanted; all others only contribute to noise and grey scale.
    """
    noise = noise_map(plane, tissue)[box]
    shown: list[Pixels] = []
    for scale, knee in zip(BACKGROUNDS_PX, KNEES, strict=True):
        shown.append(np.arcsinh((plane[box] - _blur_background(plane, box, scale)) / (knee * noise)))
    dark, bright = np.quantile(plane[::4, ::4], LEVEL_QUANTILES)
    shown.append(np.clip((plane[box] - dark) / max(float(bright - dark), 1e-6), -0.5, 1.5))
    return np.stack(shown).astype(np.float32)


def _blur_background(plane: Pixels, box: tuple[slice, slice], scale: float) -> Pixels:
    """The Gaussian mean of a film in a box of it."""
    reach = 4 * round(scale) + 1  # of OpenCV's kernel for this precision
    around = _widen(box[0], plane.shape[0], reach), _widen(box[1], plane.shape[1], reach)
    blurred = cv2.GaussianBlur(plane[around], (0, 0), scale)
    rows, columns = range(plane.shape[0])[box[0]], range(plane.shape[1])[box[1]]
    top, left = rows.start - around[0].start, columns.start - around[1].start
    return np.asarray(blurred[top : top + len(rows), left : left + len(columns)], dtype=np.float32)


def _widen(span: slice, size: int, reach: int) -> slice:
    """`reach` pixels more at both ends, as far as there are any."""
    first, stop, _ = span.indices(size)
    return slice(max(first - reach, 0), stop + reach)
