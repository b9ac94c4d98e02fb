"""What each pixel of a radiograph shows: field border, air, soft tissue, bone or metal; and how deep under the skin."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from calcinet.image import Image


class Tissue(IntEnum):
    """Labels of a region map."""

    BORDER = 0
    """Outside the collimated field, film edges, padding."""
    AIR = 1
    """Direct exposure beside the limb."""
    SOFT = 2
    """Skin, fat, muscle."""
    BONE = 3
    """Bone, with the soft tissue before and behind it."""
    METAL = 4
    """Metal, lead markers, burned-in letters."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """The region map of one radiograph."""

    labels: NDArray[np.uint8]
    """Shape (Y, X), values of `Tissue`."""

    depth: NDArray[np.float32]
    """Distance of each tissue pixel to the nearest air, shape (Y, X), in `depth_unit`; 0 outside the body. Where the
    body runs over the film's edge that edge is not skin."""

    depth_unit: str
    """UCUM: "mm", or "{pixel}" when the image has no spacing."""

    cautions: tuple[str, ...] = ()

    def __getitem__(self, tissue: Tissue) -> NDArray[np.bool_]:
        """Where the map shows `tissue`."""
        return self.labels == tissue
