"""CT volume -> every part of calcium with its kind, compartment, form, depth and side."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.findings.ct.anatomy import Anatomy, find_anatomy
from calcinet.findings.ct.artery_paths import Path
from calcinet.findings.ct.classify import Name, named
from calcinet.findings.ct.coarse_grid import parts
from calcinet.findings.ct.components import CALCIUM_HU, Tissue, find_parts, tissue
from calcinet.findings.ct.contrast_enhancement import BloodPool, enhanced_pool, enhanced_tube
from calcinet.findings.ct.deposit import SIDE, Deposit, placed
from calcinet.findings.ct.shape import shape_of
from calcinet.findings.ct.single_slice import drawn_out, flat, flattened
from calcinet.findings.ct.skin_thickness import skin_mm
from calcinet.findings.finding import LABELS
from calcinet.image import Image
from calcinet.vocabulary import Compartment

__all__ = ["SIDE", "Compartment", "CtCalcium", "Deposit", "Name", "find_calcium_on_ct"]


@dataclass(frozen=True, slots=True, eq=False)
class CtCalcium:
    """All that was found on one CT."""

    lesions: tuple[Deposit, ...]
    paths: tuple[Path, ...]
    """Arteries; members are indices of `lesions`."""
    left_out: dict[Name, int]
    """How many parts were taken for something else than calcium of vessels or soft tissue, by name."""
    anatomy: Anatomy
    muscle: Tissue
    pool: BloodPool | None
    """Enhanced blood that was seen; None where blood is not enhanced."""
    threshold_hu: float

    def labels(self) -> NDArray[np.uint8]:
        """Label map of the volume, values of `labels.MASK_LABELS`."""
        out = np.zeros(self.anatomy.grid.shape, dtype=np.uint8)
        for lesion in self.lesions:
            box = out[lesion.part.box]
            box[lesion.part.mask] = LABELS[lesion.kind]
        return out


ABOVE_POOL_SIGMAS: Final = 3.0
"""Calcium on an enhanced CT begins so many standard deviations above the blood. Our choice: of the blood's voxels
one in a thousand is brighter."""


def find_calcium_on_ct(image: Image, bones: Mask | None = None, arteries: Mask | None = None) -> CtCalcium:
    """Find and place calcium.

    Parameters
    ----------
    image
        In Hounsfield units, shape (Z, Y, X), Z to the head, Y to the back, X to the left.
    bones, arteries
        Where the caller knows that bones and arteries are, same shape.

    Raises
    ------
    NotMeasurable
        If the volume shows no body.
    """
    if image.pixels.shape[0] == 1:
        return _on_one_slice(image, bones, arteries)
    anatomy = find_anatomy(image, bones)
    muscle = tissue(image, anatomy.grid, anatomy.layers)
    pool = enhanced_pool(anatomy.grid, anatomy.body)
    found = _found(image, anatomy, muscle, pool, arteries)
    if pool is None:
        pool = enhanced_tube(image, [lesion.part for lesion in found.lesions])
        found = found if pool is None else _found(image, anatomy, muscle, pool, arteries)
    return found


def _on_one_slice(image: Image, bones: Mask | None, arteries: Mask | None) -> CtCalcium:
    """What one slice shows; it has no paths."""
    tall = drawn_out(image)
    known = [None if mask is None else np.repeat(mask, len(tall.pixels), axis=0) for mask in (bones, arteries)]
    found = find_calcium_on_ct(tall, *known)
    assert image.spacing_mm is not None
    spacing = image.spacing_mm
    lesions = [flattened(lesion, spacing) for lesion in found.lesions]
    return replace(found, lesions=tuple(lesions), paths=(), anatomy=flat(found.anatomy))


def _found(image: Image, anatomy: Anatomy, muscle: Tissue, pool: BloodPool | None, arteries: Mask | None) -> CtCalcium:
    threshold = CALCIUM_HU
    if pool is not None:
        threshold = max(CALCIUM_HU, pool.mean_hu + ABOVE_POOL_SIGMAS * max(pool.spread_hu, muscle.noise_hu))
    seen = find_parts(image, anatomy.grid, anatomy.layers, anatomy.skeleton, muscle, threshold)
    assert image.spacing_mm is not None
    skin = skin_mm(image, anatomy)
    lesions = [placed(image, anatomy, part, shape_of(part, image.spacing_mm), skin) for part in seen]
    known = named(image, anatomy, lesions, muscle=muscle, skin_mm=skin, arteries=arteries, enhanced=pool is not None)
    left_out = dict(known.left_out)
    metal = len(parts(anatomy.skeleton.metal)[1])
    if metal:
        left_out["metal"] = metal
    return CtCalcium(known.lesions, known.paths, left_out, anatomy, muscle, pool, threshold)
