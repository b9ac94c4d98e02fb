"""How much calcium outside bone a film shows: area and length, by depth under the skin and by side."""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Indices, Mask
from calcinet.errors import BadInput, NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.result import quantity
from calcinet.text import say

DepthClass = Literal["skin", "subcutis", "deep"]

SKIN_MM: Final = 2.0
"""Down to here, skin. Our choice: the skin of leg and trunk measures about 1 to 2 mm."""

SUBCUTIS_MM: Final = 15.0
"""Down to here, subcutis; below, deep. Our choice: on one projection depth is the least distance to the skin line, and
fat of the calf rarely exceeds this there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """Calcium outside bone; zero where it was looked for and not found. Where no skin is seen depth is None."""

    calcified_area_mm2: float = quantity("mm2", "Calcified area")
    calcified_length_mm: float = quantity("mm", "Calcified length, centre lines summed")
    soft_tissue_fraction: float = quantity("1", "Marked area over the area of soft tissue and marks, as a fraction")
    skin_area_mm2: float | None = quantity("mm2", "Calcified area less than 2 mm under the skin")
    subcutis_area_mm2: float | None = quantity("mm2", "Calcified area 2 to 15 mm under the skin")
    deep_area_mm2: float | None = quantity("mm2", "Calcified area deeper than 15 mm")
    first_side_area_mm2: float = quantity("mm2", "Calcified area left of the limb's axis on the image")
    second_side_area_mm2: float = quantity("mm2", "Calcified area right of the limb's axis on the image")


def burden(image: Image, labels: NDArray[np.uint8], regions: Regions, centre_lines: tuple[Floats, ...] = ()) -> Burden:
    """Sum calcified area and length.

    Parameters
    ----------
    image
        Gives the pixel size.
    labels
        Shape (Y, X): 0 none, 1 vessel, 2 net, 3 other calcium.
    regions
        Tissue and depth of every pixel; depth in mm.
    centre_lines
        Each (N, 2): rows and columns of one line.

    Raises
    ------
    NotMeasurable
        Without a pixel spacing, or where there is no soft tissue to carry calcium: nothing was looked at, so nothing
        is zero.
    BadInput
        If the shapes differ.
    """
    rows_mm, columns_mm = image.require_pixel_mm()
    if labels.shape != image.plane.shape or regions.labels.shape != labels.shape:
        raise BadInput(f"labels {labels.shape} and regions {regions.labels.shape} must match {image.plane.shape}")
    if regions.depth_unit != "mm":
        raise NotMeasurable(say("depth under the skin is known in pixels only: depth classes need mm"))
    tissue = regions[Tissue.SOFT]
    if not tissue.any():
        raise NotMeasurable(say("no soft tissue on this film to carry calcium"))

    pixel_mm2 = rows_mm * columns_mm
    calcified = labels > 0
    body = tissue | regions[Tissue.BONE]
    area = float(calcified.sum()) * pixel_mm2
    beyond = float((_measure_side(body, calcified) > 0).sum()) * pixel_mm2
    length = 0.0
    for line in centre_lines:
        length += _measure_length(line, rows_mm, columns_mm)
    layers: tuple[float | None, float | None, float | None] = (None, None, None)
    if regions.depth_known:
        layers = _sum_by_depth(regions.depth[calcified], pixel_mm2)
    return Burden(
        calcified_area_mm2=area,
        calcified_length_mm=length,
        soft_tissue_fraction=float(calcified.sum() / (tissue | calcified).sum()),
        skin_area_mm2=layers[0],
        subcutis_area_mm2=layers[1],
        deep_area_mm2=layers[2],
        first_side_area_mm2=area - beyond,
        second_side_area_mm2=beyond,
    )


def _sum_by_depth(depth_mm: NDArray[np.floating], pixel_mm2: float) -> tuple[float, float, float]:
    """Area of skin, subcutis and deep tissue in mm2, from the depth of every calcified pixel."""
    skin, subcutis, deep = np.bincount(_classify_depth(depth_mm), minlength=3) * pixel_mm2
    return float(skin), float(subcutis), float(deep)


def depth_class(depth_mm: float) -> DepthClass:
    """Layer at a depth under the skin.

    >>> depth_class(1.0), depth_class(2.0), depth_class(20.0)
    ('skin', 'subcutis', 'deep')
    """
    names: tuple[DepthClass, ...] = ("skin", "subcutis", "deep")
    return names[int(_classify_depth(np.array([depth_mm]))[0])]


def _classify_depth(depth_mm: NDArray[np.floating]) -> Indices:
    return np.asarray(np.digitize(depth_mm, (SKIN_MM, SUBCUTIS_MM)), dtype=np.intp)


def _measure_length(line: Floats, rows_mm: float, columns_mm: float) -> float:
    return float(np.hypot(*(np.diff(line, axis=0) * (rows_mm, columns_mm)).T).sum())


def _measure_side(body: Mask, at: Mask) -> Floats:
    """Signed distance in pixels of the pixels `at` from the limb's long axis, positive towards higher columns.

    The axis is the first principal axis of the body's pixels; a limb along the rows has its sides above
    (first) and below (second).
    """
    moments = cv2.moments(body.astype(np.uint8), binaryImage=True)
    middle = np.array([moments["m01"], moments["m10"]]) / moments["m00"]
    covariance = [[moments["mu02"], moments["mu11"]], [moments["mu11"], moments["mu20"]]]
    _, vectors = np.linalg.eigh(np.array(covariance))
    normal = vectors[:, 0]
    larger = normal[1]
    if abs(normal[1]) < abs(normal[0]):
        larger = normal[0]
    normal = normal * np.sign(larger)
    return np.asarray((np.argwhere(at) - middle) @ normal)
