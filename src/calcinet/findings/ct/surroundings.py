"""What lies round a part of calcium within its slices: the fat about vessels and nerves, or air."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.findings.ct.lesions import Part
from calcinet.image import Image

RING_MM: Final = (1.0, 3.0)
"""Distance from the part at which fat is looked for. Our choice: beyond its blur, within the sheath of an artery."""

SMOOTH_MM: Final = 0.6
FAT_HU: Final = (-250.0, -10.0)
"""Of fat, smoothed over that. Our choice: muscle and blood lie above, air below."""

AIR_HU: Final = -500.0
AIR_MM: Final = 1.5
"""Distance at which air is looked for. Our choice: what lies on the skin touches air over most of it."""

MOST_SLICES: Final = 7
"""Slices of a part that are looked at. Our choice: their mean is then known."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Shares of what lies about a part, 0 to 1."""

    fat: float
    air: float


def surroundings(image: Image, part: Part) -> Surroundings:
    """Look round a part, in those of its slices that hold most of it.

    Parameters
    ----------
    image
        The volume, with a spacing.
    part
        A part of calcium.
    """
    assert image.spacing_mm is not None
    mm = image.spacing_mm[1:]
    margin = [int(np.ceil((RING_MM[1] + 1) / size)) for size in mm]
    rows, columns = (
        slice(max(0, at.start - more), min(size, at.stop + more))
        for at, more, size in zip(part.box[1:], margin, image.pixels.shape[1:], strict=True)
    )
    inner = tuple(slice(at.start - of.start, at.stop - of.start) for at, of in zip(part.box[1:], (rows, columns), strict=True))
    largest = np.argsort(part.mask.sum(axis=(1, 2)))[::-1][:MOST_SLICES]
    fat, air = [], []
    for z in largest:
        hu = image.pixels[part.box[0].start + z, rows, columns]
        own = np.zeros(hu.shape, dtype=bool)
        own[inner] = part.mask[z]
        if not own.any():
            continue
        away = ndimage.distance_transform_edt(~own, sampling=mm)
        smooth = cv2.GaussianBlur(hu, (0, 0), sigmaX=SMOOTH_MM / mm[1], sigmaY=SMOOTH_MM / mm[0])
        ring = (away > RING_MM[0]) & (away <= RING_MM[1])
        if ring.any():
            fat.append(float(((smooth[ring] > FAT_HU[0]) & (smooth[ring] < FAT_HU[1])).mean()))
        air.append(float((hu[(away > 0) & (away <= max(AIR_MM, 1.1 * max(mm)))] < AIR_HU).mean()))
    return Surroundings(float(np.mean(fat)) if fat else 0.0, float(np.mean(air)) if air else 0.0)
