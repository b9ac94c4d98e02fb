"""A small copy of a picture, on which straight lines and letters are looked for whatever its size."""

from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Pixels

GREYS: Final = 255.0
"""Steps into which the range of a picture is divided."""


def shrink(plane: Pixels, longer_px: int) -> Pixels:
    """The picture with greys from 0 to 255 and its longer side not above a number of pixels.

    Parameters
    ----------
    plane
        Shape (rows, columns), not constant.
    longer_px
        Pixels of the longer side; a smaller picture is not enlarged.
    """
    scale = min(1.0, longer_px / max(plane.shape))
    columns, rows = (max(1, round(side * scale)) for side in plane.shape[::-1])
    floats = np.asarray(plane, dtype=np.float32)
    small = cv2.resize(floats, (columns, rows), interpolation=cv2.INTER_AREA)
    low, high = float(plane.min()), float(plane.max())
    grey: Pixels = ((small - low) * (GREYS / (high - low))).astype(np.float32)
    return grey
