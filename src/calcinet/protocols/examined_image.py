"""What was marked on an image, for pictures and masks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Indices, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedImage:
    """A picture of an image and what was marked on it."""

    plane: Pixels
    """Shape (Y, X), rising with attenuation: the film itself; of a CT its brightest projection from the front; of
    a bone scan its views side by side."""

    mask: NDArray[np.uint8]
    """Label map, same shape."""

    voxels: Mapping[str, Indices] | None = None
    """Of a CT: voxels (Z, Y, X) of every finding by its id, shape (N, 3); None of a film."""

    kinds: Mapping[str, int] | None = None
    """Of a CT: label of every finding by its id, a value of `labels.MASK_LABELS`."""

    scanned_h: float | None = None
    """Of a bone scan: when it began, in hours on the clock of its file."""
