"""Volume of one deposit on a CT, freed of blur and partial volume, measured in a cut-out of the scan."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Indices, Mask
from calcinet.findings.ct.finder import Deposit
from calcinet.image import Image
from calcinet.measure.ct.volume import calcium_volume
from calcinet.measure.ct.volume_error import KnownVolume, add_volumes
from calcinet.protocols.ct.boxes import box_between, box_shape, first_voxel

AROUND_MM: Final = 6.0
"""Tissue that is cut out about a deposit to measure it. Our choice: more than `measure.ct.volume` looks at."""


def measure_deposit_volume(image: Image, deposit: Deposit, labels: NDArray[np.uint8]) -> KnownVolume | None:
    """Volume of a deposit; None on one slice, which has no volume.

    A net is measured piece by piece, so that no box has to hold all of it; what is wrong with one piece is wrong with
    all.

    Parameters
    ----------
    image, deposit
        The CT, and one deposit on it.
    labels
        All calcium that was found, shape of the volume; 0 is none.
    """
    if image.pixels.shape[0] == 1:
        return None
    mask, origin = deposit.part.mask, np.array(deposit.part.origin, dtype=np.intp)
    pieces, count = ndimage.label(mask, structure=np.ones((3, 3, 3)))
    if count <= 1:
        return _measure_piece(image, mask, origin, labels)
    volumes = []
    for number, inner in enumerate(ndimage.find_objects(pieces), start=1):
        piece = pieces[inner] == number
        volumes.append(_measure_piece(image, piece, origin + first_voxel(inner), labels))
    return add_volumes(volumes, common=1.0)


def _measure_piece(image: Image, mask: Mask, origin: Indices, labels: NDArray[np.uint8]) -> KnownVolume:
    """Volume of one connected piece whose mask begins at `origin`."""
    spacing_mm = image.require_spacing_mm()
    margin = _count_margin_voxels(spacing_mm)
    first = np.maximum(0, origin - margin)
    end = np.minimum(image.pixels.shape, origin + mask.shape + margin)
    box = box_between(first, end)
    piece = np.zeros(box_shape(box), dtype=bool)
    piece[box_between(origin - first, origin - first + mask.shape)] = mask
    cut_out = Image(image.pixels[box], spacing_mm, image.unit, modality=image.modality)
    measured = calcium_volume(cut_out, piece, labels[box] > 0)
    return KnownVolume(measured.volume_mm3, measured.spread)


def _count_margin_voxels(spacing_mm: tuple[float, float, float]) -> Indices:
    """`AROUND_MM`, and two voxels at least, along each axis."""
    size = np.array(spacing_mm)
    return np.asarray(np.ceil(np.maximum(AROUND_MM, 2 * size) / size), dtype=np.intp)
