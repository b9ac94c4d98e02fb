"""Which part of the body a slice of a limb is, from the bones that it cuts."""

from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Indices, Mask
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.vocabulary import BodyLevel

LEAST_MM2: Final = 45.0
"""A smaller section is no bone. Our choice: a fibula has 80 to 150 mm2."""

SMOOTH_MM: Final = 60.0
"""Height over which the commonest count decides. Our choice: joints, where counts change, are shorter."""

LEVEL_OF_BONES: Final[tuple[BodyLevel, ...]] = ("unknown", "thigh", "lower leg", "foot", "foot")
"""Level of a slice that cuts no, one, two, three, four or more bones."""


def levels(anatomy: Anatomy, side: int) -> list[BodyLevel]:
    """Level of each coarse slice on one side: one bone is a thigh, two are a lower leg, more a foot.

    Parameters
    ----------
    anatomy
        The map.
    side
        0 where the side is unknown, 1 right, 2 left.
    """
    bone = anatomy.skeleton.bone & (anatomy.side == side)[:, None, :]
    least_voxels = LEAST_MM2 / (anatomy.grid.mm[1] * anatomy.grid.mm[2])
    counts = np.array([_count_bones(plane, least_voxels) for plane in bone])
    usual = _find_commonest(counts, anatomy.grid.size(SMOOTH_MM, 0) | 1)
    found: list[BodyLevel] = []
    for count, is_trunk in zip(usual, anatomy.trunk, strict=True):
        if is_trunk:
            found.append("trunk")
        else:
            found.append(LEVEL_OF_BONES[count])
    return found


def _count_bones(plane: Mask, least_voxels: float) -> int:
    numbered, count = ndimage.label(plane)
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)[1:]
    return int((sizes >= least_voxels).sum())


def _find_commonest(counts: Indices, width: int) -> Indices:
    """Most frequent count of bones in a window of `width` slices, 4 standing for all higher ones; shape (Z,)."""
    votes = (np.minimum(counts, 4) == np.arange(5)[:, None]).astype(np.float32)
    return np.asarray(ndimage.uniform_filter1d(votes, width, axis=1, mode="nearest").argmax(axis=0))
