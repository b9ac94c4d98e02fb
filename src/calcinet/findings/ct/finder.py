"""CT volume -> every component of calcium with its kind, compartment, form, depth and side."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.findings.ct.anatomy import Anatomy, Layer, find_anatomy
from calcinet.findings.ct.artery_paths import ArteryPath
from calcinet.findings.ct.classify import Name, Scan, classify
from calcinet.findings.ct.coarse_grid import label_components
from calcinet.findings.ct.components import CALCIUM_HU, Muscle, find_components, measure_muscle
from calcinet.findings.ct.contrast_enhancement import (
    BloodPool,
    find_enhanced_pool,
    find_enhanced_tube,
    find_faint_column,
)
from calcinet.findings.ct.deposit import SIDE, Deposit, locate_deposit
from calcinet.findings.ct.exclusions import distance_from_bone
from calcinet.findings.ct.single_slice import flatten_anatomy, flatten_deposit, repeat_mask, repeat_slice
from calcinet.findings.ct.skin_thickness import skin_thickness_mm
from calcinet.findings.finding import LABELS
from calcinet.image import Image
from calcinet.progress import CALCIUM, TISSUE, enter_stage
from calcinet.vocabulary import Compartment

__all__ = ["SIDE", "Compartment", "CtCalcium", "Deposit", "Name", "find_calcium_on_ct"]


ABOVE_POOL_SIGMAS: Final = 3.0
"""Calcium on an enhanced CT begins this many standard deviations above the blood. Our choice: of the blood's voxels
one in a thousand is brighter."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CtCalcium:
    """All that was found on one CT."""

    lesions: tuple[Deposit, ...]
    paths: tuple[ArteryPath, ...]
    """Arteries; members are indices of `lesions`."""
    left_out: dict[Name, int]
    """How many components were taken for something else than calcium of vessels or soft tissue, by name."""
    anatomy: Anatomy
    muscle: Muscle
    pool: BloodPool | None
    """Enhanced blood that was seen; None where blood is not enhanced."""
    threshold_hu: float

    def labels(self) -> NDArray[np.uint8]:
        """Label map of the volume, values of `labels.MASK_LABELS`."""
        out = np.zeros(self.anatomy.grid.shape, dtype=np.uint8)
        for deposit in self.lesions:
            box = out[deposit.part.box]
            box[deposit.part.mask] = LABELS[deposit.kind]
        return out


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
        return _find_on_one_slice(image, bones, arteries)
    enter_stage(TISSUE, 0.1, 0.3)
    anatomy = find_anatomy(image, bones)
    muscle = measure_muscle(image, anatomy.grid, anatomy.layers)
    pool = find_enhanced_pool(anatomy.grid, anatomy.body)
    found = _find_deposits(image, anatomy, muscle, pool, arteries)
    if pool is not None:
        return found
    tube = find_enhanced_tube(image, [deposit.part for deposit in found.lesions])
    if tube is None:
        tube = find_faint_column(image, anatomy.grid, _find_soft_tissue(anatomy))
    if tube is None:
        return found
    return _find_deposits(image, anatomy, muscle, tube, arteries)


def _find_soft_tissue(anatomy: Anatomy) -> Mask:
    """Coarse voxels under the fascia, away from bone and metal."""
    near = anatomy.skeleton.near_bone | anatomy.skeleton.near_metal
    return np.asarray((anatomy.layers == Layer.DEEP) & ~near)


def _find_on_one_slice(image: Image, bones: Mask | None, arteries: Mask | None) -> CtCalcium:
    """What one slice shows; it has no paths."""
    tall = repeat_slice(image)
    count = len(tall.pixels)
    found = find_calcium_on_ct(tall, repeat_mask(bones, count), repeat_mask(arteries, count))
    spacing_mm = image.require_spacing_mm()
    deposits = [flatten_deposit(deposit, spacing_mm) for deposit in found.lesions]
    return replace(found, lesions=tuple(deposits), paths=(), anatomy=flatten_anatomy(found.anatomy))


def _find_deposits(
    image: Image, anatomy: Anatomy, muscle: Muscle, pool: BloodPool | None, arteries: Mask | None
) -> CtCalcium:
    """Find calcium above a threshold that clears the enhanced blood, if there is any, and classify it."""
    enter_stage(CALCIUM, 0.3, 0.6)
    threshold = _choose_threshold(pool, muscle)
    components = find_components(image, anatomy.grid, anatomy.layers, anatomy.skeleton, muscle, threshold)
    spacing_mm = image.require_spacing_mm()
    skin_mm = skin_thickness_mm(image, anatomy)
    deposits = [locate_deposit(image, anatomy, component, spacing_mm, skin_mm) for component in components]
    scan = Scan(
        image=image,
        anatomy=anatomy,
        muscle=muscle,
        skin_mm=skin_mm,
        from_bone=distance_from_bone(anatomy),
        arteries=arteries,
        is_enhanced=pool is not None,
    )
    classified = classify(scan, deposits)
    left_out = dict(classified.left_out)
    _, metal = label_components(anatomy.skeleton.metal)
    if metal:
        left_out["metal"] = len(metal)
    return CtCalcium(
        lesions=classified.deposits,
        paths=classified.paths,
        left_out=left_out,
        anatomy=anatomy,
        muscle=muscle,
        pool=pool,
        threshold_hu=threshold,
    )


def _choose_threshold(pool: BloodPool | None, muscle: Muscle) -> float:
    """Where calcium begins, in Hounsfield units."""
    if pool is None:
        return CALCIUM_HU
    return max(CALCIUM_HU, pool.mean_hu + ABOVE_POOL_SIGMAS * max(pool.spread_hu, muscle.noise_hu))
