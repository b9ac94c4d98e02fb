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
"""Along which the commonest count decides. Our choice: joints, where counts change, are shorter."""


def levels(anatomy: Anatomy, side: int) -> list[BodyLevel]:
    """Level of each coarse slice on one side: one bone is a thigh, two are a lower leg, more a foot.

    Parameters
    ----------
    anatomy
        The map.
    side
        0 where the side is unknown, 1 right, 2 left.
    """
    own = anatomy.skeleton.bone & (anatomy.side == side)[:, None, :]
    least = LEAST_MM2 / (anatomy.grid.mm[1] * anatomy.grid.mm[2])
    counts = np.array([_bones(plane, least) for plane in own])
    width = anatomy.grid.size(SMOOTH_MM, 0) | 1
    usual = _commonest(counts, width)
    return ["trunk" if trunk else _named(int(n)) for n, trunk in zip(usual, anatomy.trunk, strict=True)]


def _bones(plane: Mask, least: float) -> int:
    numbered, count = ndimage.label(plane)
    return int((np.bincount(numbered.ravel(), minlength=count + 1)[1:] >= least).sum())


def _commonest(counts: Indices, width: int) -> Indices:
    kinds = np.stack([counts == n for n in range(4)] + [counts >= 4]).astype(np.float32)
    return np.asarray(ndimage.uniform_filter1d(kinds, width, axis=1, mode="nearest").argmax(axis=0))


def _named(count: int) -> BodyLevel:
    return ("unknown", "thigh", "lower leg", "foot", "foot")[count]
