"""What is bright in a limb and is no calcium of vessels or soft tissue: bone, small bones, stones of veins, devices."""

from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Pixels
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.body import SURFACE_HU
from calcinet.findings.ct.deposit import Deposit
from calcinet.image import Image

NEAR_BONE_MM: Final = 3.0
"""A lone nodule this near to bone is taken for a part of it: an avulsion, an ossicle, an osteophyte. Our choice."""

SPUR_MM: Final = 8.0
"""What touches bone and reaches no farther from it is a part of it. Our choice: osteophytes are shorter."""

TOUCHING: Final = 0.15
"""Share of a part that lies against bone, for it to be bone however far it reaches. Our choice."""

OSSICLE_MM: Final = (2.2, 16.0)
"""Size of small bones and stones, as the length of a bar of their spread. Our choice: a ball of 5 mm has 3.9."""

DIP: Final = 0.07
DIP_SIGMAS: Final = 4.0
"""A core that is darker than its shell by this share of it, and by so many standard deviations of its mean, is no
calcium: that is brightest in its middle, for blur. Our choice."""

STONE_MM: Final = 15.0
"""A small body with a dark core is a small bone within this distance of bone, else a vein's stone. Our choice."""

MOST_AIR: Final = 0.3
"""Share of air about a part from which it lies on the skin and not in it. Our choice: skin is 1.5 mm thick."""


def distance_from_bone(anatomy: Anatomy) -> Pixels:
    """Of every coarse voxel from bone, in mm; far where there is none."""
    bone = anatomy.skeleton.bone
    if not bone.any():
        return np.full(bone.shape, np.inf, dtype=np.float32)
    return np.asarray(ndimage.distance_transform_edt(~bone, sampling=anatomy.grid.mm), dtype=np.float32)


def is_spur(anatomy: Anatomy, lesion: Deposit, from_bone: Pixels) -> bool:
    """Whether a part is an end of a bone: it touches one, and stays near."""
    wide = [
        slice(max(0, at.start - 1), min(at.stop + 1, size))
        for at, size in zip(lesion.part.box, anatomy.grid.shape, strict=True)
    ]
    rim = ndimage.binary_dilation(anatomy.grid.fine_box(anatomy.skeleton.near_bone, (wide[0], wide[1], wide[2])))
    inner = tuple(slice(at.start - w.start, at.stop - w.start) for at, w in zip(lesion.part.box, wide, strict=True))
    touching = float(rim[inner][lesion.part.mask].mean())
    if touching == 0:
        return False
    farthest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).max())
    return farthest <= SPUR_MM or touching > TOUCHING


def is_by_bone(anatomy: Anatomy, lesion: Deposit, from_bone: Pixels) -> bool:
    """Whether a deep part that belongs to no artery is a splinter of the bone beside it."""
    nearest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).min())
    near = nearest <= max(anatomy.grid.mm) + NEAR_BONE_MM
    return near and lesion.form != "tubular" and lesion.compartment == "unknown"


def has_dark_core(image: Image, lesion: Deposit, noise_hu: float) -> bool:
    """Whether a small round body is darker in its middle than about it, as small bones and stones of veins are."""
    low, high = OSSICLE_MM
    extent = lesion.shape.extent_mm
    if image.spacing_mm is None or not low <= extent[0] <= high or extent[0] > MOST_LONG * extent[2]:
        return False
    solid = np.pad(ndimage.binary_fill_holes(lesion.part.mask), 1)
    inside = ndimage.distance_transform_edt(solid, sampling=image.spacing_mm)[1:-1, 1:-1, 1:-1]
    deepest = float(inside.max())
    hu = image.pixels[lesion.part.box]
    core, shell = hu[inside > 0.75 * deepest], hu[(inside > 0.25 * deepest) & (inside <= 0.7 * deepest)]
    if deepest <= 1.0 or not len(core) or not len(shell):
        return False
    bright = float(np.percentile(shell, 70))
    dip = bright - float(core.mean())
    return dip > DIP * bright and dip > DIP_SIGMAS * noise_hu / np.sqrt(len(core))


MOST_LONG: Final = 2.0
"""Length over thickness of a body that is round. Our choice: the flattest sesamoids."""


def comes_from_outside(image: Image, lesion: Deposit) -> bool:
    """Whether a shallow tube goes on outside the skin, as a cannula or a drain does."""
    plastic = lesion.form == "tubular" and lesion.peak_hu <= PLASTIC_HU
    if not plastic or lesion.depth_mm > TUBE_DEPTH_MM or image.spacing_mm is None:
        return False
    mm = image.spacing_mm
    box = tuple(
        slice(max(0, at.start - int(np.ceil(TUBE_AROUND_MM / step))), at.stop + int(np.ceil(TUBE_AROUND_MM / step)))
        for at, step in zip(lesion.part.box, mm, strict=True)
    )
    hu = image.pixels[box]
    size = (2 * round(BUMP_MM / mm[2]) + 1, 2 * round(BUMP_MM / mm[1]) + 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size)
    bumps = 0
    for plane in hu:
        tissue = np.pad((plane > SURFACE_HU).astype(np.uint8), max(size), mode="edge")
        smooth = cv2.morphologyEx(tissue, cv2.MORPH_OPEN, disc)[max(size) : -max(size), max(size) : -max(size)]
        bumps += int(((plane > BUMP_HU) & (smooth == 0)).sum())
    return bumps * float(np.prod(mm)) >= LEAST_BUMP_MM3


PLASTIC_HU: Final = 450.0
"""Plastics are no brighter. Our choice: fluorine's are the brightest."""

TUBE_DEPTH_MM: Final = 5.0
TUBE_AROUND_MM: Final = 12.0
"""Tubes that come from outside lie no deeper on average, and their outer part no farther away. Our choice."""

BUMP_MM: Final = 2.0
BUMP_HU: Final = -250.0
LEAST_BUMP_MM3: Final = 10.0
"""Something on the skin: thinner than twice the first, brighter than the second, this large. Our choice: 10 mm of a
thin cannula have 15 mm3."""
