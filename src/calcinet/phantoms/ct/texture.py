"""Smooth random fields that do not depend on the pixels they are drawn on."""

from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Pixels

LATTICE: Final = 64
"""Points along each side of a field, after which it repeats. Our choice: no bone is so wide."""


class Texture:
    """Random values on a lattice, interpolated in between; unit standard deviation on the lattice."""

    def __init__(self, cell_mm: tuple[float, float, float], rng: np.random.Generator) -> None:
        self.cell_mm = cell_mm
        self.values = rng.standard_normal((LATTICE,) * 3, dtype=np.float32)

    def plane(self, z: float, y: Pixels, x: Pixels) -> Pixels:
        """Field at height `z`, rows `y` and columns `x` (1-D, mm), shape (Y, X)."""
        at = z / self.cell_mm[0] % LATTICE
        low, share = int(at), np.float32(at % 1)
        lattice = (1 - share) * self.values[low] + share * self.values[(low + 1) % LATTICE]
        rows = (y / self.cell_mm[1] % LATTICE).astype(np.float32)
        columns = (x / self.cell_mm[2] % LATTICE).astype(np.float32)
        across = np.ascontiguousarray(np.broadcast_to(columns, (len(y), len(x))))
        down = np.ascontiguousarray(np.broadcast_to(rows[:, None], (len(y), len(x))))
        field = cv2.remap(lattice, across, down, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return np.asarray(field, dtype=np.float32)
