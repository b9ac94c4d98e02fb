"""What lies round a part of calcium within its slices: the fat about vessels and nerves, or air."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.components import Part
from calcinet.image import Image

RING_MM: Final = (1.0, 3.0)
"""Distance from the part at which fat is looked for. Our choice: beyond its blur, within the sheath of an artery."""

SMOOTH_MM: Final = 0.6
FAT_HU: Final = (-250.0, -10.0)
"""Of fat, smoothed over that. Our choice: muscle and blood lie above, air below."""

AIR_HU: Final = -500.0
AIR_MM: Final = 1.5
"""Distance at which air is looked for. Our choice: what lies on the skin touches air over most of it."""

WINDOW_MM: Final = 12.0
"""How far round a part is looked. Our choice: a bundle of the popliteal artery and its vein is 20 mm wide."""

BELOW_MUSCLE_HU: Final = 40.0
"""What is darker than muscle by this parts one soft tissue from another. Our choice: a third of the way to fat, for
sheaths are thin."""

BUNDLE_MM2: Final = 230.0
"""Section of a bundle of artery and veins, at most. Our choice: two vessels of 12 mm."""

LEAST_BLOOD_MM2: Final = 4.0
"""Section of what is not calcium in it, at least. Our choice: the blur of a thread of calcium in fat has less, a tibial
artery and its veins more."""

MOST_SLICES: Final = 7
"""Slices of a part that are looked at. Our choice: their mean is then known."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Shares of what lies about a part, or of its slices, 0 to 1."""

    fat: float
    """Fat in the ring about it."""
    air: float
    """Air at its edge."""
    bundled: float
    """Slices in which the soft tissue that it lies in is as small as a bundle of vessels, and parted from all other."""
    hollow: float
    """Slices in which it goes round something that is not calcium."""


def surroundings(image: Image, part: Part, muscle_hu: float) -> Surroundings:
    """Look round a part, in those of its slices that hold most of it.

    Parameters
    ----------
    image
        The volume, with a spacing.
    part
        A part of calcium.
    muscle_hu
        Brightness of muscle.
    """
    assert image.spacing_mm is not None
    mm = image.spacing_mm[1:]
    window = [
        slice(max(0, at.start - int(np.ceil(WINDOW_MM / step))), min(size, at.stop + int(np.ceil(WINDOW_MM / step))))
        for at, step, size in zip(part.box[1:], mm, image.pixels.shape[1:], strict=True)
    ]
    inner = tuple(slice(at.start - of.start, at.stop - of.start) for at, of in zip(part.box[1:], window, strict=True))
    seen = []
    for z in np.argsort(part.mask.sum(axis=(1, 2)), kind="stable")[::-1][:MOST_SLICES]:
        hu = image.pixels[part.box[0].start + z, window[0], window[1]]
        own = np.zeros(hu.shape, dtype=bool)
        own[inner] = part.mask[z]
        if own.any():
            seen.append(_in_slice(hu, own, mm, muscle_hu - BELOW_MUSCLE_HU))
    return Surroundings(*(float(value) for value in np.mean(seen, axis=0)))


def _in_slice(hu: Pixels, own: Mask, mm: tuple[float, float], parted_hu: float) -> tuple[float, float, float, float]:
    """Fat, air, bundled and hollow in one slice."""
    away = ndimage.distance_transform_edt(~own, sampling=mm)
    smooth = _smooth(hu, SMOOTH_MM, mm)
    ring = smooth[(away > RING_MM[0]) & (away <= RING_MM[1])]
    fat = float(((ring > FAT_HU[0]) & (ring < FAT_HU[1])).mean()) if ring.size else 0.0
    edge = hu[(away > 0) & (away <= max(AIR_MM, 1.1 * max(mm)))]
    air = float((edge < AIR_HU).mean()) if edge.size else 0.0
    hollow = bool((ndimage.binary_fill_holes(own) & ~own).any())
    return fat, air, float(_is_bundled((_smooth(hu, FINE_MM, mm) > parted_hu) | own, own, mm)), float(hollow)


FINE_MM: Final = 0.4
"""Smoothing that leaves a sheath of fat to be seen. Our choice."""


def _smooth(hu: Pixels, sd_mm: float, mm: tuple[float, float]) -> Pixels:
    return np.asarray(cv2.GaussianBlur(hu, (0, 0), sigmaX=sd_mm / mm[1], sigmaY=sd_mm / mm[0]), dtype=np.float32)


def _is_bundled(soft: Mask, own: Mask, mm: tuple[float, float]) -> bool:
    """Whether the soft tissue that a part lies in ends within the window, and is small."""
    _, numbered = cv2.connectedComponents(soft.astype(np.uint8), connectivity=4)
    joined = np.isin(numbered, np.unique(numbered[own]))
    at_edge = joined[0].any() or joined[-1].any() or joined[:, 0].any() or joined[:, -1].any()
    pixel_mm2 = mm[0] * mm[1]
    blood = float((joined & ~own).sum()) * pixel_mm2
    return bool(not at_edge and blood >= LEAST_BLOOD_MM2 and joined.sum() * pixel_mm2 <= BUNDLE_MM2)
