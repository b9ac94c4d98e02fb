"""What is round a component of calcium within its slices: the fat about vessels and nerves, or air."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.findings.ct.coarse_grid import locate_in, widen_box
from calcinet.findings.ct.components import Component
from calcinet.image import Image

RING_MM: Final = (1.0, 3.0)
"""Distance from the component at which fat is looked for. Our choice: beyond its blur, within the sheath of an
artery."""

SMOOTH_MM: Final = 0.6
"""Smoothing with which fat is looked for. Our choice."""

FINE_MM: Final = 0.4
"""Smoothing that leaves a sheath of fat to be seen. Our choice."""

FAT_HU: Final = (-250.0, -10.0)
"""Smoothed brightness of fat. Our choice: muscle and blood are above, air is below."""

AIR_HU: Final = -500.0
"""Darker voxels are air. Our choice."""

AIR_MM: Final = 1.5
"""Distance at which air is looked for. Our choice: what is on the skin touches air over most of it."""

WINDOW_MM: Final = 12.0
"""How far round a component is looked. Our choice: a bundle of the popliteal artery and its vein is 20 mm wide."""

BELOW_MUSCLE_HU: Final = 40.0
"""What is darker than muscle by this separates one soft tissue from another. Our choice: a third of the way to fat,
for sheaths are thin."""

BUNDLE_MM2: Final = 230.0
"""Section of a bundle of artery and veins, at most. Our choice: two vessels of 12 mm."""

LEAST_BLOOD_MM2: Final = 4.0
"""Section of what is not calcium in it, at least. Our choice: the blur of a thread of calcium in fat has less, a tibial
artery and its veins more."""

MOST_SLICES: Final = 7
"""Slices of a component that are looked at. Our choice: their mean is then known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Shares of what is about a component, or of its slices, 0 to 1."""

    fat: float
    """Fat in the ring about it."""
    air: float
    """Air at its edge."""
    bundled: float
    """Slices in which its soft tissue is as small as a bundle of vessels, and parted from all other."""
    hollow: float
    """Slices in which it goes round something that is not calcium."""

    @property
    def vessel(self) -> float:
        """Share of its slices that show a vessel: a bundle or a lumen."""
        return max(self.bundled, self.hollow)


def measure_surroundings(image: Image, component: Component, muscle_hu: float) -> Surroundings:
    """Examine what is round a component, in those of its slices that hold most of it.

    Parameters
    ----------
    image
        The volume, with a spacing.
    component
        Connected voxels of calcium.
    muscle_hu
        Brightness of muscle.
    """
    pixel_mm = image.require_spacing_mm()[1:]
    rows, columns = np.ceil(WINDOW_MM / np.array(pixel_mm)).astype(int).tolist()
    window = widen_box(component.box, (0, rows, columns), image.pixels.shape)
    inner = locate_in(window, component.box)[1:]
    seen = []
    for z in _choose_slices(component):
        hu = image.pixels[component.box[0].start + z, window[1], window[2]]
        own = np.zeros(hu.shape, dtype=bool)
        own[inner] = component.mask[z]
        if own.any():
            seen.append(_measure_slice(hu, own, pixel_mm, muscle_hu - BELOW_MUSCLE_HU))
    fat, air, bundled, hollow = np.mean(seen, axis=0).tolist()
    return Surroundings(fat=fat, air=air, bundled=bundled, hollow=hollow)


def _choose_slices(component: Component) -> Indices:
    """Those slices of its own box that hold most of a component, the fullest first."""
    return np.argsort(component.mask.sum(axis=(1, 2)), kind="stable")[::-1][:MOST_SLICES]


def _measure_slice(
    hu: Pixels, own: Mask, pixel_mm: tuple[float, float], soft_hu: float
) -> tuple[float, float, bool, bool]:
    """Share of fat, share of air, whether it is bundled, and whether it is hollow, in one slice."""
    away = ndimage.distance_transform_edt(~own, sampling=pixel_mm)
    fat = _measure_fat(_smooth(hu, SMOOTH_MM, pixel_mm), away)
    edge = hu[(away > 0) & (away <= max(AIR_MM, 1.1 * max(pixel_mm)))]
    air = _take_share(edge < AIR_HU)
    soft = (_smooth(hu, FINE_MM, pixel_mm) > soft_hu) | own
    hollow = bool((ndimage.binary_fill_holes(own) & ~own).any())
    return fat, air, _is_bundled(soft, own, pixel_mm), hollow


def _measure_fat(smooth: Pixels, away: Floats) -> float:
    """Share of fat in a ring at some distance."""
    ring = smooth[(away > RING_MM[0]) & (away <= RING_MM[1])]
    return _take_share((ring > FAT_HU[0]) & (ring < FAT_HU[1]))


def _take_share(values: Mask) -> float:
    """Share of what is true; 0 of nothing."""
    if not values.size:
        return 0.0
    return float(values.mean())


def _smooth(hu: Pixels, sd_mm: float, pixel_mm: tuple[float, float]) -> Pixels:
    blurred = cv2.GaussianBlur(hu, (0, 0), sigmaX=sd_mm / pixel_mm[1], sigmaY=sd_mm / pixel_mm[0])
    return np.asarray(blurred, dtype=np.float32)


def _is_bundled(soft: Mask, own: Mask, pixel_mm: tuple[float, float]) -> bool:
    """Whether the soft tissue about a component ends within the window, and is small."""
    _, numbered = cv2.connectedComponents(soft.astype(np.uint8), connectivity=4)
    joined = np.isin(numbered, np.unique(numbered[own]))
    at_edge = joined[0].any() or joined[-1].any() or joined[:, 0].any() or joined[:, -1].any()
    pixel_mm2 = pixel_mm[0] * pixel_mm[1]
    blood_mm2 = float((joined & ~own).sum()) * pixel_mm2
    return bool(not at_edge and blood_mm2 >= LEAST_BLOOD_MM2 and joined.sum() * pixel_mm2 <= BUNDLE_MM2)
