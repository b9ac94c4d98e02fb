"""Calibre of an artery of a limb, measured in a cut-out of the CT."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.findings.ct.finder import CtCalcium, Deposit
from calcinet.image import Image
from calcinet.measure.ct.artery_calibre import ArteryCalibre, artery_calibre
from calcinet.protocols.ct.boxes import box_between, box_shape, corners, shift_box

AROUND_MM: Final = 6.0
"""Tissue that is cut out about an artery's calcium. Our choice: the lumen behind one wall, and what is about it."""


def measure_artery(image: Image, found: CtCalcium, deposit: Deposit, labels: NDArray[np.uint8]) -> ArteryCalibre:
    """Outer calibre of one artery.

    Parameters
    ----------
    image, found, deposit
        The CT, what was found on it, and one artery.
    labels
        All calcium that was found, shape of the volume; 0 is none.

    Raises
    ------
    NotMeasurable
        If no slice shows both sides of its wall.
    """
    spacing_mm = image.require_spacing_mm()
    margin = np.array([0, *np.ceil(AROUND_MM / np.array(spacing_mm[1:]))], dtype=np.intp)
    first, end = corners(deposit.part.box)
    box = box_between(np.maximum(0, first - margin), np.minimum(image.pixels.shape, end + margin))
    own = np.zeros(box_shape(box), dtype=bool)
    own[shift_box(deposit.part.box, corners(box)[0])] = deposit.part.mask
    bone = found.anatomy.grid.fine_box(found.anatomy.skeleton.near_bone, (box[0], box[1], box[2]))
    others = ((labels[box] > 0) | bone) & ~own
    blood_hu = found.muscle.mean_hu
    if found.pool is not None:
        blood_hu = found.pool.mean_hu
    line = deposit.shape.line - corners(box)[0]
    return artery_calibre(image.pixels[box], own, others, spacing_mm, line, blood_hu)
