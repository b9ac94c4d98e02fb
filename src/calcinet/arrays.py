"""Types of the arrays that pass between rooms; a docstring gives shape and unit where one is taken or returned."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""Where something is."""

Pixels = NDArray[np.float32]
"""Values of an image or of a map over it."""

Floats = NDArray[np.float64]
"""Numbers that are computed with: points, distances, profiles."""

Indices = NDArray[np.intp]
"""Rows, columns and places in other arrays."""
