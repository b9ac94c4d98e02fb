"""A CT as a picture: its brightest projection from the front, head up, the patient's left at the right."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Indices


def project_volume(volume: NDArray[Any]) -> NDArray[Any]:
    """Highest value along Y, shape (Z, Y, X) -> (rows from the head down, columns to the left of the patient)."""
    return np.ascontiguousarray(volume.max(axis=1)[::-1])


def project_labels(voxels: Indices, values: NDArray[np.uint8], shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Label map of the picture from labelled voxels (Z, Y, X), shape (N, 3); the smallest label covers the others."""
    labels = np.zeros((shape[0], shape[2]), dtype=np.uint8)
    order = np.argsort(values)[::-1]  # the last one written stays
    labels[shape[0] - 1 - voxels[order, 0], voxels[order, 2]] = values[order]
    return labels


def project_points(points: Floats, slices: int) -> Floats:
    """Row and column in the picture of points (Z, Y, X) of a volume of `slices` slices, shape (N, 3) -> (N, 2)."""
    return np.stack([slices - 1 - points[:, 0], points[:, 2]], axis=1)
