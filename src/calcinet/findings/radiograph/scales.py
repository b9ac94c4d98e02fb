"""Where a radiograph shows calcium, as probabilities pixel by pixel: looked for at several scales, told as one.

An artery's two walls are seen as one tube where it covers a few pixels; a fine net is seen where its lines do. The
network was trained to know arteries of 1.5 to 22 pixels whatever they are in millimetres, so that a film is shown to it
whole, halved and quartered, and neither a spacing nor a detector's pitch decides what is found.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Pixels
from calcinet.findings.detector import CalciumMaps, network_maps
from calcinet.findings.network_input import WORKING_PIXEL_MM
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.weights_manifest import NAME

LONGEST_PX: Final = 2150
"""A film of unknown pixels is shrunk to this longest side: 43 cm, the longest cassette, at WORKING_PIXEL_MM. Whatever
its pixels are, they do not become coarser by it than those of a film that tells."""

HALVINGS: Final = 2
"""How often the film is halved. Our choice: at a fifth of a millimetre the widest artery of 8 mm is a tube of 10 pixels
at the last."""

LEAST_SIDE_PX: Final = 96
"""A film is not halved to a shorter side than this. Our choice: a limb is then no wider than the network's view."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RadiographMaps(CalciumMaps):
    """Probabilities at the finest scale; all of one shape (rows, columns)."""

    artery: Pixels
    """Calcified artery: walls and plaques with the lumen between them."""


def radiograph_maps(image: Image, regions: Regions) -> RadiographMaps:
    """Look for calcium on a radiograph at every scale.

    Parameters
    ----------
    image
        One slice, rising with attenuation, with or without a spacing.
    regions
        Its region map: air and border are not looked at.

    Raises
    ------
    BadWeights
        If the network is missing or altered.
    """
    tissue = regions[Tissue.SOFT] | regions[Tissue.BONE]
    finest, *coarser = _list_shrinks(image)
    merged = network_maps(image, tissue, name=NAME, shrink=finest)
    for shrink in coarser:
        for known, seen in zip(merged, network_maps(image, tissue, name=NAME, shrink=shrink), strict=True):
            np.maximum(known, _enlarge(seen, known.shape), out=known)
    vessel, net, focus, patch, artery = merged
    return RadiographMaps(vessel=vessel, net=net, focus=focus, patch=patch, artery=artery, shape=image.plane.shape)


def finest_shrink(image: Image) -> float:
    """Factor, at most 1, by which a film is shrunk before it is looked at."""
    if image.pixel_mm is None:
        return min(1.0, float(LONGEST_PX / max(image.plane.shape)))
    return min(1.0, float(min(image.pixel_mm)) / WORKING_PIXEL_MM)


def _list_shrinks(image: Image) -> list[float]:
    """Factors of all scales, the finest first."""
    finest, least = finest_shrink(image), min(image.plane.shape)
    halved = [finest / 2**halving for halving in range(1, HALVINGS + 1)]
    return [finest, *(shrink for shrink in halved if shrink * least >= LEAST_SIDE_PX)]


def _enlarge(plane: Pixels, shape: tuple[int, ...]) -> Pixels:
    return np.asarray(cv2.resize(plane, shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)
