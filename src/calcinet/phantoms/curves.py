"""Directions along curves and across them."""

import numpy as np

from calcinet.arrays import Floats


def directions(angles: Floats) -> Floats:
    """Unit vectors (row, column) at angles from the row, shape (N,) -> (N, 2)."""
    return np.stack([np.sin(angles), np.cos(angles)], axis=1)


def axes_at(angle: float) -> tuple[Floats, Floats]:
    """Unit vectors (row, column) along an angle from the row and across it."""
    sine, cosine = np.sin(angle), np.cos(angle)
    return np.array([sine, cosine]), np.array([cosine, -sine])


def normals(path: Floats) -> Floats:
    """Unit vectors across a curve at its points, shape (N, 2)."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
