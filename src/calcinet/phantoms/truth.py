"""What a phantom really holds: the answer sheet that goes with a synthetic or altered image."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from calcinet import mask_labels
from calcinet.arrays import Floats, Mask, Pixels
from calcinet.image import Image

Spec = TypeVar("Spec")

VESSEL: Final = mask_labels.VESSEL
NET: Final = mask_labels.NET
OTHER: Final = mask_labels.FOCUS
"""Values of `Truth.mask`; 0 is none."""

BORDER: Final = int(mask_labels.Tissue.BORDER)
AIR: Final = int(mask_labels.Tissue.AIR)
SOFT: Final = int(mask_labels.Tissue.SOFT)
BONE: Final = int(mask_labels.Tissue.BONE)
METAL: Final = int(mask_labels.Tissue.METAL)
"""Values of `Truth.regions`."""

VISIBLE_IN_NOISE: Final = 2.0
"""Truth keeps the pixels whose contrast is at least this many local noise SD. Our choice: what no observer can see is
no miss."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VesselTruth:
    """One unbranched calcified artery; a tree is several of them."""

    centre_line: Floats
    """Shape (N, 2): sub-pixel row and column."""

    diameter_mm: Floats
    """Shape (N,): outer diameter at each point."""

    compartment: str
    """"muscle", "subcutis" or "bone overlap", by where most of it projects."""

    calcified: Mask
    """Shape (N,): where the wall holds calcium."""

    def calcified_length_mm(self, pixel_mm: tuple[float, float]) -> float:
        """Length of the steps of the centre line both of whose ends are calcified: see `phantoms.definitions`."""
        steps = np.hypot(*(np.diff(self.centre_line, axis=0) * pixel_mm).T)
        return float(steps[self.calcified[1:] & self.calcified[:-1]].sum())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NetTruth:
    """One net-like patch."""

    mesh_mm: float
    """Square root of the mean cell area of the unbroken net."""

    line_mm: float
    """Width of its lines."""

    depth_mm: float
    """Under the skin."""

    lines: tuple[Floats, ...]
    """The edges that are there, each (N, 2): sub-pixel row and column."""

    outline: Floats
    """Shape (N, 2): the edge of the patch, row and column."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Truth:
    """Everything that was put into an image. Maps have the shape (Y, X) of the image."""

    mask: NDArray[np.uint8]
    """0 none, 1 vessel, 2 net, 3 other calcium. A vessel is the projected wall and plaque: pixels that the wall touches
    between its lumen and its outer edge; where the lumen is narrower than the blur the whole width. A net is the pixels
    that its lines touch. Only pixels whose `calcium` is at least twice `noise_sd`."""

    regions: NDArray[np.uint8]
    """0 border, 1 air, 2 soft tissue, 3 bone, 4 metal."""

    depth_mm: Pixels
    """Distance to the nearest skin as projected; 0 outside the body."""

    vessels: tuple[VesselTruth, ...]
    nets: tuple[NetTruth, ...]

    noise_sd: Pixels
    """Local standard deviation of the noise, in image units."""

    calcium: Pixels
    """What the calcium adds to the noiseless finished image, in image units."""


@dataclass(frozen=True, slots=True, eq=False)
class Phantom(Generic[Spec]):
    """An image and its truth."""

    image: Image
    truth: Truth

    spec: Spec
    """What it was made from."""
