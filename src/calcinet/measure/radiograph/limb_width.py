"""How wide the limb on a film is, and whether a pixel size that says so can be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.errors import NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.mask_labels import Tissue
from calcinet.text import say

WHOLE_WITHIN: Final = 1.5
"""A limb has skin on both sides where the frame narrows its widest circle by less than this factor. Our choice: one cut
along its length has a circle twice as wide beyond the frame, a calf that widens towards the frame one of 1.2."""

Pair = tuple[float, float]

ANY_LIMB_MM: Final[Pair] = (8.0, 400.0)
"""Narrowest and widest of what is filmed, at its widest place. Our choice: a child's finger, a large pelvis or trunk,
enlarged by 15 %."""

LIMB_MM: Final[Mapping[str, Pair]] = {
    "finger": (8.0, 45.0),
    "toe": (8.0, 50.0),
    "hand": (30.0, 150.0),
    "wrist": (30.0, 150.0),
    "forearm": (35.0, 180.0),
    "elbow": (35.0, 200.0),
    "foot": (35.0, 180.0),
    "ankle": (40.0, 200.0),
    "lower leg": (40.0, 260.0),
    "knee": (60.0, 300.0),
    "thigh": (70.0, 400.0),
}
"""The same by body part. Our choice, wide on purpose, so that a doubt means a mistake of a factor and not of a tenth:
half of what a slender adult has, and half as much again as a swollen limb, enlarged by 15 %."""


@dataclass(frozen=True, slots=True)
class LimbWidth:
    """Width of the limb at its widest place, in pixels."""

    px: float
    """Diameter of the largest circle that the body on the film holds."""
    is_whole: bool
    """Whether there is skin on both sides; else the frame ends it, and the limb is at least as wide."""


def limb_width(regions: Regions) -> LimbWidth:
    """Measure the widest limb on a film.

    Raises
    ------
    NotMeasurable
        Where no skin is seen.
    """
    if not regions.depth_known:
        raise NotMeasurable(say("no air beside the limb: its width is unknown"))
    body = np.isin(regions.labels, (Tissue.SOFT, Tissue.BONE, Tissue.METAL)).astype(np.uint8)
    within_frame = 2 * float(cv2.distanceTransform(np.pad(body, 1), cv2.DIST_L2, 5).max())
    beyond_frame = 2 * float(cv2.distanceTransform(body, cv2.DIST_L2, 5).max())
    return LimbWidth(px=within_frame, is_whole=beyond_frame <= WHOLE_WITHIN * within_frame)


def expected_width_mm(anatomy: str) -> Pair:
    """Narrowest and widest limb of a body part, in mm at the detector.

    >>> expected_width_mm("hand"), expected_width_mm("unknown")
    ((30.0, 150.0), (8.0, 400.0))
    """
    return LIMB_MM.get(anatomy, ANY_LIMB_MM)


def contradicts_anatomy(width: LimbWidth, pixel_mm: Pair, anatomy: str) -> bool:
    """Whether a pixel size makes the limb narrower or wider than any limb of its kind is."""
    low, high = expected_width_mm(anatomy)
    mm = width_mm(width, pixel_mm)
    return mm > high or (width.is_whole and mm < low)


def width_mm(width: LimbWidth, pixel_mm: Pair) -> float:
    """Width in mm; of oblong pixels by their mean side.

    >>> width_mm(LimbWidth(400.0, True), (0.2, 0.2))
    80.0
    """
    return width.px * float(np.sqrt(pixel_mm[0] * pixel_mm[1]))
