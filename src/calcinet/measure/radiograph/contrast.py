"""What a millimetre of hydroxyapatite adds to the pixel values of a film, read from the patient's own tissue."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.text import say

MU_SOFT_PER_MM: Final = 0.024
"""Attenuation of soft tissue, as water near 45 keV. Our choice: limb films are taken at 50 to 65 kV, and what leaves
the filter and the limb has a mean energy between 30 and 60 keV; 45 is the middle."""

MU_CORTEX_PER_MM: Final = 0.09
"""Attenuation of compact bone (1.9 g/cm3) at the same energy. Our choice, as `MU_SOFT_PER_MM`."""

MU_APATITE_PER_MM: Final = 0.21
"""Attenuation of dense hydroxyapatite (3.2 g/cm3) at the same energy. Our choice, as `MU_SOFT_PER_MM`."""

BEAM_FACTOR: Final = 1.7
"""Apatite over soft tissue changes by this factor to either side between 30 and 60 keV. Our choice, as above."""

THICKNESS_FACTOR: Final = 1.6
"""A limb is taken to be as thick as it is wide; fingers, calves and feet differ by this factor. Our choice."""

BONE_FILL: Final = 0.4
"""Share of compact bone in the chord through a bone, the rest marrow. Our choice: between a shaft and a bone end."""

BONE_FILL_FACTOR: Final = 2.0
"""What `BONE_FILL` may be wrong by: 0.2 at bone ends, 0.8 in phalanges. Our choice."""

RADII: Final = 40
"""Steps in which the half-width of a limb is measured. Our choice: 2.5 % of the widest place."""

SKIN_MM: Final = 1.0
"""The first millimetre is left out: skin, and blur of the skin line."""

MIN_TISSUE_MM2: Final = 100.0
"""Least area of soft tissue for a slope. Our choice: a square centimetre."""

GRID_MM: Final = 0.25
"""A finer film is thinned to about this distance of pixels. Our choice: what is measured here changes over millimetres,
and medians of a million pixels are as good as those of ten."""

MOST_PIXELS: Final = 200_000
"""Pixels that a slope is fitted to are thinned to about this many. Our choice: more cost time."""

BINS: Final = 24
"""Classes of path length whose medians the line is fitted to. Our choice: folds and veins drop out of medians."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Pixel value per millimetre of hydroxyapatite."""

    per_mm: float
    """In units of the pixel values."""

    factor95: float
    """The true value lies within this factor to either side, in 95 of 100 films by our reckoning."""

    basis: str
    """"soft tissue and bone", "soft tissue" or "bone": what it was read from."""


def contrast_per_mm(image: Image, regions: Regions) -> Contrast:
    """Pixel value that one millimetre of hydroxyapatite adds, as far as the film itself can tell.

    A processed film has no scale of attenuation, but it shows a patient of known size: soft tissue brightens from the
    skin inwards as the chord through a round limb grows, bone stands out by its own thickness. Either gives pixel value
    per millimetre of a material whose attenuation is known within a factor; both together, their geometric mean.
    Processing that flattens large structures (equalisation) makes the answer too small, and the film seem blinder than
    it is, never sharper.

        soft tissue: slope of value over chord 2 sqrt(d (2 R - d)), times (mu apatite - mu soft) / mu soft
        bone:        step of value / (chord fill), times (mu apatite - mu soft) / (mu cortex - mu soft)

    Raises
    ------
    NotMeasurable
        Without a pixel spacing, or where neither skin nor bone gives a rising value.
    """
    pixel = image.require_pixel_mm()
    if regions.depth_unit != "mm":
        raise NotMeasurable(say("depth under the skin is known in pixels only: contrast per mm needs a spacing"))
    mm = float(np.sqrt(pixel[0] * pixel[1]))
    step = max(1, int(GRID_MM / mm))
    every = (slice(None, None, step),) * 2
    plane = image.plane[every]
    coarse = replace(regions, labels=regions.labels[every], depth=regions.depth[every])
    soft = _measure_on_soft_tissue(plane, coarse, step * mm)
    bone = _measure_on_bone(plane, coarse, step * mm)
    if soft and bone:
        spread = np.hypot(np.log(soft.factor95), np.log(bone.factor95)) / 2
        return Contrast(float(np.sqrt(soft.per_mm * bone.per_mm)), float(np.exp(spread)), "soft tissue and bone")
    found = soft or bone
    if found is None:
        raise NotMeasurable(say("neither the skin line nor bone gives a scale of contrast on this film"))
    return found


def _compute_chord(depth: Pixels, radius: Pixels) -> Pixels:
    """Length of the ray through a round body of `radius` at `depth` under its edge."""
    return np.asarray(2 * np.sqrt(np.maximum(depth * (2 * radius - depth), 0)), dtype=np.float32)


def _measure_half_width(depth: Pixels, pixel_mm: float) -> Pixels:
    """Half-width of the body at each place: radius of the largest disc inside it that covers the place.

    On a coarse grid and in `RADII` steps; `depth` and result in mm.
    """
    step = max(1, min(depth.shape) // 150)
    coarse = np.ascontiguousarray(depth[::step, ::step])
    largest = np.zeros_like(coarse)
    for radius in np.linspace(0, float(coarse.max()), RADII)[1:]:
        outside = (coarse < radius).astype(np.uint8)
        covered = cv2.distanceTransform(outside, cv2.DIST_L2, 5) * (step * pixel_mm) <= radius
        largest[covered & (coarse > 0)] = radius
    return np.asarray(cv2.resize(largest, depth.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _measure_on_soft_tissue(plane: Pixels, regions: Regions, mm: float) -> Contrast | None:
    """From the rise of soft tissue with the chord through a limb as thick as it is wide."""
    radius = _measure_half_width(regions.depth, mm)
    use = regions[Tissue.SOFT] & (regions.depth > SKIN_MM) & (regions.depth < 0.9 * radius)
    if use.sum() * mm**2 < MIN_TISSUE_MM2:
        return None
    slope = _fit_slope(_compute_chord(regions.depth[use], radius[use]), plane[use])
    if slope <= 0:
        return None
    gain = (MU_APATITE_PER_MM - MU_SOFT_PER_MM) / MU_SOFT_PER_MM
    factor = np.exp(np.hypot(np.log(BEAM_FACTOR), np.log(THICKNESS_FACTOR)))
    return Contrast(slope * gain, float(factor), "soft tissue")


def _fit_slope(path: Pixels, value: Pixels) -> float:
    """Robust slope of value over path: median over pairs of bins (Theil and Sen) of the bins' medians."""
    step = max(1, len(path) // MOST_PIXELS)
    path, value = path[::step], value[::step]
    edges = np.quantile(path, np.linspace(0, 1, BINS + 1))
    medians = []
    for low, high in pairwise(edges):
        medians.append(np.median(value[(path >= low) & (path <= high)]))
    x, y = (edges[:-1] + edges[1:]) / 2, np.array(medians)
    i, j = np.triu_indices(BINS, 4)
    apart = x[j] > x[i]
    if not apart.any():
        return 0.0
    return float(np.median((y[j] - y[i])[apart] / (x[j] - x[i])[apart]))


def _measure_on_bone(plane: Pixels, regions: Regions, mm: float) -> Contrast | None:
    """From the step between bone and the soft tissue beside it, over the bone's own thickness."""
    bone = regions[Tissue.BONE]
    inside, outside = _measure_depth(bone, mm), _measure_depth(~bone, mm)
    beside = regions[Tissue.SOFT] & (outside > SKIN_MM) & (outside < 4 * SKIN_MM)
    within = inside > SKIN_MM
    if min(beside.sum(), within.sum()) * mm**2 < MIN_TISSUE_MM2:
        return None
    path = float(np.median(_compute_chord(inside[within], _measure_half_width(inside, mm)[within])))
    step = float(np.median(plane[within]) - np.median(plane[beside]))
    if step <= 0 or path <= 0:
        return None
    gain = (MU_APATITE_PER_MM - MU_SOFT_PER_MM) / (MU_CORTEX_PER_MM - MU_SOFT_PER_MM)
    factor = np.exp(np.hypot(np.log(BEAM_FACTOR), np.log(BONE_FILL_FACTOR)))
    return Contrast(step / (path * BONE_FILL) * gain, float(factor), "bone")


def _measure_depth(mask: Mask, mm: float) -> Pixels:
    """Distance in mm of every pixel of a mask from the outside."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3) * np.float32(mm))
