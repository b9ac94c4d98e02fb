"""What the network is shown of a radiograph: fine and coarse detail in units of noise, and the broad grey levels."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.findings.noise import noise_map
from calcinet.image import Image

WORKING_PIXEL_MM: Final = 0.2
"""Pixel size that the network was trained round. Our choice: a 0.3 mm line still covers a pixel."""

FINEST_PIXEL_MM: Final = 0.14
"""A film finer than this is shrunk to about WORKING_PIXEL_MM; a coarser one is taken as it is."""

BACKGROUNDS_PX: Final = (4.0, 16.0)
"""Gaussian scales of what counts as background of fine and of coarse detail: a line, and a vessel with both walls."""

KNEES: Final = (3.0, 10.0)
"""Detail is linear below this many deviations of noise and logarithmic above, so that bone does not drown calcium."""

LEVEL_QUANTILES: Final = (0.02, 0.98)
"""Grey levels that become 0 and 1 of the broad channel."""

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A radiograph at the network's resolution."""

    channels: NDArray[np.float32]
    """Shape (3, rows, columns): fine detail, coarse detail, level; no unit."""

    shape: tuple[int, int]
    """Rows and columns of the film itself."""


def prepare(image: Image, tissue: NDArray[np.bool_]) -> Prepared:
    """Bring a radiograph to the network's resolution and scale.

    Parameters
    ----------
    image
        One slice, rising with attenuation; the spacing may be unknown, then its pixels are taken as they are.
    tissue
        Where there is soft tissue or bone, shape (Y, X).
    """
    plane = image.plane
    pixel_mm = min(image.pixel_mm) if image.pixel_mm else WORKING_PIXEL_MM
    if pixel_mm < FINEST_PIXEL_MM:
        shrink = pixel_mm / WORKING_PIXEL_MM
        size = (round(plane.shape[1] * shrink), round(plane.shape[0] * shrink))
        small = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
        covered = cv2.resize(tissue.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        return Prepared(channels(small, covered), plane.shape)
    return Prepared(channels(plane, tissue), plane.shape)


def channels(plane: Plane, tissue: NDArray[np.bool_]) -> Plane:
    """The network's three input channels, shape (3, Y, X).

    Parameters
    ----------
    plane
        Pixels rising with attenuation, shape (Y, X), any unit.
    tissue
        Where there is tissue, same shape.
    """
    noise = noise_map(plane, tissue)
    details = [
        np.arcsinh((plane - cv2.GaussianBlur(plane, (0, 0), scale)) / (knee * noise))
        for scale, knee in zip(BACKGROUNDS_PX, KNEES, strict=True)
    ]
    sample = plane[::4, ::4]
    dark, bright = np.quantile(sample, LEVEL_QUANTILES)
    level = np.clip((plane - dark) / max(float(bright - dark), 1e-6), -0.5, 1.5)
    return np.stack([*details, level]).astype(np.float32)
