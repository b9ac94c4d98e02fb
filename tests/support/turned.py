"""A CT turned and moved as a whole: where each place goes is worked out by scipy, apart from the program."""

from dataclasses import replace

import numpy as np
from scipy import ndimage
from scipy.spatial.transform import Rotation

AIR_HU = -1000.0


class Turned:
    """A turn by angles about the patient's axes through the middle of a volume, and a shift."""

    def __init__(self, image, angles_deg, shift_mm):
        self.turn = Rotation.from_euler("xyz", angles_deg, degrees=True).as_matrix()
        self.middle = image.affine[:3] @ [*((np.array(image.pixels.shape) - 1) / 2), 1]
        self.shift = np.array(shift_mm, float)

    def move(self, points):
        """Where points (N, 3) of the patient in mm go."""
        return (points - self.middle) @ self.turn.T + self.middle + self.shift

    def film(self, image, slices=slice(None)):
        """The body moved, on voxels of the same size that moved without the turn; some of the slices."""
        affine = image.affine.copy()
        affine[:3, 3] += self.shift
        to_voxels = np.linalg.inv(image.affine)
        # voxel of the new volume -> patient -> back to where it was -> voxel of the old one
        matrix = to_voxels[:3, :3] @ self.turn.T @ affine[:3, :3]
        start = to_voxels[:3, :3] @ (self.turn.T @ (affine[:3, 3] - self.middle - self.shift) + self.middle)
        start = start + to_voxels[:3, 3]
        moved = ndimage.affine_transform(image.pixels, matrix, start, order=1, cval=AIR_HU)
        affine[:3, 3] += affine[:3, 0] * (slices.start or 0)
        return replace(image, pixels=np.ascontiguousarray(moved[slices], np.float32), affine=affine, sha256="moved")
