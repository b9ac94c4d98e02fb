"""A volume turned so that its axes are ours: Z to the head, Y to the back, X to the patient's left."""

from dataclasses import dataclass
from itertools import permutations
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Pixels
from calcinet.text import say

OBLIQUE_BEYOND_DEG: Final = 3.0
"""Angle between an axis of the volume and the patient's that is worth a remark. Our choice: nobody lies straighter."""

Value = TypeVar("Value", bound=np.generic)
"""Type of the values of a volume."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How axes of a volume become (Z, Y, X)."""

    order: tuple[int, ...]
    """Which axis of the source becomes Z, Y and X."""

    flipped: tuple[bool, bool, bool]
    """Which of Z, Y and X then runs the other way."""

    def ours(self, volume: NDArray[Value]) -> NDArray[Value]:
        """A volume of the source in our axes."""
        view: NDArray[Value] = np.flip(volume.transpose(self.order), self._reversed)
        return np.ascontiguousarray(view)

    def theirs(self, volume: Pixels) -> Pixels:
        """A volume of ours in the axes of the source; a view, to read or to fill."""
        view: Pixels = np.flip(volume, self._reversed).transpose(np.argsort(self.order))
        return view

    def blank(self, shape: tuple[int, int, int]) -> Pixels:
        """Room, in our axes, for a source volume of that shape."""
        return np.empty([shape[axis] for axis in self.order], dtype=np.float32)

    @property
    def _reversed(self) -> tuple[int, ...]:
        return tuple(axis for axis in range(3) if self.flipped[axis])

    def affine(self, source: Floats, shape: tuple[int, int, int]) -> Floats:
        """Takes our voxels to where the source's affine takes the source's."""
        to_source = np.zeros((4, 4))
        to_source[3, 3] = 1
        for ours, axis in enumerate(self.order):
            to_source[axis, ours] = 1
            if self.flipped[ours]:
                to_source[axis, ours] = -1
                to_source[axis, 3] = shape[axis] - 1
        turned: Floats = source @ to_source
        return turned


def turn_of(affine: Floats) -> Turn:
    """The turn that brings each axis next to the patient's own.

    Parameters
    ----------
    affine
        Shape (4, 4), from voxels to (left, posterior, superior) in mm.
    """
    directions = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    along = directions[::-1]  # rows: superior, posterior, left
    order = max(permutations(range(3)), key=lambda axes: _sum_cosines(along, axes))
    z, y, x = along[range(3), order] < 0
    return Turn(order, (bool(z), bool(y), bool(x)))


def _sum_cosines(along: Floats, axes: tuple[int, ...]) -> float:
    """How well axes of the source fit ours: the sum of the cosines between them, whatever their sign."""
    return float(sum(abs(along[ours, axis]) for ours, axis in enumerate(axes)))


def spacing_of_affine(affine: Floats) -> tuple[float, float, float]:
    """Distance of voxels along each axis in mm."""
    z, y, x = np.linalg.norm(affine[:3, :3], axis=0)
    return float(z), float(y), float(x)


def obliqueness(affine: Floats) -> tuple[str, ...]:
    """A sentence where an axis of a turned volume stands far from the patient's."""
    along = (affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0))[::-1]
    angle = float(np.degrees(np.arccos(np.clip(np.diag(along).min(), -1, 1))))
    if angle <= OBLIQUE_BEYOND_DEG:
        return ()
    remark = say(
        "the slices stand {angle:.0f} degrees oblique to the body: head, back and left are those of the nearest axis",
        angle=angle,
    )
    return (remark,)
