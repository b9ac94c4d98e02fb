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

FINEST_PIXEL_MM: Final = 0.14
"""A film finer than this is shrunk to about WORKING_PIXEL_MM; a coarser one is taken as it is."""


@dataclass(frozen=True, slots=True)
class Working:
    """At which resolution a network looks."""

    pixel_mm: float = WORKING_PIXEL_MM
    finest_mm: float = FINEST_PIXEL_MM
    """A film finer than this is shrunk to about `pixel_mm`; a coarser one is taken as it is."""


OF_RADIOGRAPHS: Final = Working()

BACKGROUNDS_PX: Final = (4.0, 16.0)
"""Gaussian scales of what counts as background of fine and of coarse detail: a line, and a vessel with both walls."""

KNEES: Final = (3.0, 10.0)
"""Detail is linear below this many deviations of noise and logarithmic above, so that bone does not drown calcium."""

LEVEL_QUANTILES: Final = (0.02, 0.98)
"""Grey levels that become 0 and 1 of the broad channel."""

EVERYWHERE: Final = (slice(None), slice(None))
"""The whole film."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A radiograph at the network's resolution."""

    channels: Pixels
    """Shape (3, rows, columns): fine detail, coarse detail, level; no unit. Of the tissue and what is round it."""

    box: tuple[slice, slice]
    """Which rows and columns these are of all at the network's resolution."""

    size: tuple[int, int]
    """How many rows and columns there are at the network's resolution."""

    shape: tuple[int, int]
    """Rows and columns of the film itself."""


def prepare(image: Image, tissue: Mask, *, margin_px: int = 0, working: Working = OF_RADIOGRAPHS) -> Prepared:
    """Bring a radiograph to the network's resolution and scale.

    Parameters
    ----------
    image
        One slice, rising with attenuation; the spacing may be unknown, then its pixels are taken as they are.
    tissue
        Where there is soft tissue or bone, shape (Y, X).
    margin_px
        How much of what is round the tissue is prepared with it, in pixels of the network.
    working
        The network's resolution.
    """
    plane, shape = image.plane, image.plane.shape
    pixel_mm = min(image.pixel_mm) if image.pixel_mm else working.pixel_mm
    if pixel_mm < working.finest_mm:
        shrink = pixel_mm / working.pixel_mm
        size = (round(shape[1] * shrink), round(shape[0] * shrink))
        plane = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
        tissue = cv2.resize(tissue.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    box = bounding_box(tissue, margin=margin_px)
    rows, columns = plane.shape
    return Prepared(channels(plane, tissue, box), box, (rows, columns), shape)


def channels(plane: Pixels, tissue: Mask, box: tuple[slice, slice] = EVERYWHERE) -> Pixels:
    """The network's three input channels, shape (3, Y, X).

    Parameters
    ----------
    plane
        Pixels rising with attenuation, shape (Y, X), any unit.
    tissue
        Where there is tissue, same shape.
    box
        The rows and columns that are wanted; the rest only has a part in noise and grey scale.
    """
    noise = noise_map(plane, tissue)[box]
    details = [
        np.arcsinh((plane[box] - _background(plane, box, scale)) / (knee * noise))
        for scale, knee in zip(BACKGROUNDS_PX, KNEES, strict=True)
    ]
    sample = plane[::4, ::4]
    dark, bright = np.quantile(sample, LEVEL_QUANTILES)
    level = np.clip((plane[box] - dark) / max(float(bright - dark), 1e-6), -0.5, 1.5)
    return np.stack([*details, level]).astype(np.float32)


def _background(plane: Pixels, box: tuple[slice, slice], scale: float) -> Pixels:
    """The Gaussian mean of a film in a box of it."""
    reach = 4 * round(scale) + 1  # of OpenCV's kernel for this precision
    rows, columns = (range(size)[of] for of, size in zip(box, plane.shape, strict=True))
    top, left = max(rows.start - reach, 0), max(columns.start - reach, 0)
    blurred = cv2.GaussianBlur(plane[top : rows.stop + reach, left : columns.stop + reach], (0, 0), scale)
    inner = blurred[rows.start - top :, columns.start - left :][: len(rows), : len(columns)]
    return np.asarray(inner, dtype=np.float32)
