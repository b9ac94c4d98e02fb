"""What is bright in a limb and is no calcium of vessels or soft tissue: bone, small bones, stones of veins, devices."""

from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.body import SURFACE_HU
from calcinet.findings.ct.coarse_grid import locate_in, widen_box
from calcinet.findings.ct.deposit import Deposit
from calcinet.image import Image

NEAR_BONE_MM: Final = 3.0
"""A lone nodule this near to bone is counted to it: an avulsion, an ossicle, an osteophyte. Our choice."""

SPUR_MM: Final = 8.0
"""What touches bone and reaches no farther from it is bone. Our choice: osteophytes are shorter."""

TOUCHING: Final = 0.15
"""Share of a deposit that touches bone, for it to be bone however far it reaches. Our choice."""

OSSICLE_MM: Final = (2.2, 16.0)
"""Size of small bones and stones, as the length of a bar of their spread. Our choice: a ball of 5 mm has 3.9."""

DIP: Final = 0.07
"""A core that is darker than its shell by this share of it is no calcium of a vessel. Our choice: that is brightest in
its middle, for blur."""

DIP_SIGMAS: Final = 4.0
"""Standard deviations of the core's mean by which it is darker, at least. Our choice."""

STONE_MM: Final = 15.0
"""A small body with a dark core is a small bone within this distance of bone, else a vein's stone. Our choice."""

MOST_AIR: Final = 0.3
"""Share of air about a deposit from which it is on the skin and not in it. Our choice: skin is 1.5 mm thick."""

MOST_LONG: Final = 2.0
"""Length over thickness of a body that is round. Our choice: the flattest sesamoids."""

PLASTIC_HU: Final = 450.0
"""Plastics are no brighter. Our choice: fluorine's are the brightest."""

TUBE_DEPTH_MM: Final = 5.0
"""A tube that comes from outside is no deeper on average. Our choice."""

TUBE_AROUND_MM: Final = 12.0
"""The outer part of such a tube is no farther away. Our choice."""

BUMP_MM: Final = 2.0
"""Half the thickness of what goes on outside the skin, at most. Our choice."""

BUMP_HU: Final = -250.0
"""What goes on outside the skin is brighter. Our choice."""

LEAST_BUMP_MM3: Final = 10.0
"""Volume of what goes on outside the skin, at least. Our choice: 10 mm of a thin cannula have 15 mm3."""


def distance_from_bone(anatomy: Anatomy) -> Pixels:
    """Distance of every coarse voxel from bone, in mm; infinite where there is none."""
    bone = anatomy.skeleton.bone
    if not bone.any():
        return np.full(bone.shape, np.inf, dtype=np.float32)
    return np.asarray(ndimage.distance_transform_edt(~bone, sampling=anatomy.grid.mm), dtype=np.float32)


def is_spur(anatomy: Anatomy, deposit: Deposit, from_bone: Pixels) -> bool:
    """Whether a deposit is an end of a bone: it touches one, and stays near.

    Parameters
    ----------
    anatomy
        The map of the volume.
    deposit
        What is judged.
    from_bone
        Distance of every coarse voxel from bone, in mm.
    """
    component = deposit.part
    wide = widen_box(component.box, (1, 1, 1), anatomy.grid.shape)
    rim = ndimage.binary_dilation(anatomy.grid.fine_box(anatomy.skeleton.near_bone, wide))
    touching = float(rim[locate_in(wide, component.box)][component.mask].mean())
    if touching == 0:
        return False
    farthest = float(anatomy.grid.at(from_bone, component.voxels()).max())
    return farthest <= SPUR_MM or touching > TOUCHING


def is_by_bone(anatomy: Anatomy, deposit: Deposit, from_bone: Pixels) -> bool:
    """Whether a deep deposit that belongs to no artery is a splinter of the bone beside it."""
    nearest = float(anatomy.grid.at(from_bone, deposit.part.voxels()).min())
    near = nearest <= max(anatomy.grid.mm) + NEAR_BONE_MM
    return near and deposit.form != "tubular" and deposit.compartment == "unknown"


def has_dark_core(image: Image, deposit: Deposit, noise_hu: float) -> bool:
    """Whether a small round body is darker in its middle than about it, as small bones and stones of veins are."""
    if not _is_small_and_round(deposit):
        return False
    solid = np.pad(ndimage.binary_fill_holes(deposit.part.mask), 1)
    depth = ndimage.distance_transform_edt(solid, sampling=image.require_spacing_mm())[1:-1, 1:-1, 1:-1]
    deepest = float(depth.max())
    hu = image.pixels[deposit.part.box]
    core = hu[depth > 0.75 * deepest]
    shell = hu[(depth > 0.25 * deepest) & (depth <= 0.7 * deepest)]
    return deepest > 1.0 and _is_darker(core, shell, noise_hu)


def _is_darker(core: Pixels, shell: Pixels, noise_hu: float) -> bool:
    """Whether the core is darker than the shell by more than its own noise explains."""
    if not len(core) or not len(shell):
        return False
    bright = float(np.percentile(shell, 70))
    dip = bright - float(core.mean())
    return dip > DIP * bright and dip > DIP_SIGMAS * noise_hu / np.sqrt(len(core))


def _is_small_and_round(deposit: Deposit) -> bool:
    longest, _, shortest = deposit.shape.extent_mm
    return OSSICLE_MM[0] <= longest <= OSSICLE_MM[1] and longest <= MOST_LONG * shortest


def comes_from_outside(image: Image, deposit: Deposit) -> bool:
    """Whether a shallow tube goes on outside the skin, as a cannula or a drain does."""
    if deposit.form != "tubular" or deposit.peak_hu > PLASTIC_HU or deposit.depth_mm > TUBE_DEPTH_MM:
        return False
    mm = image.require_spacing_mm()
    margin = np.ceil(TUBE_AROUND_MM / np.array(mm)).astype(int).tolist()
    hu = image.pixels[widen_box(deposit.part.box, margin, image.pixels.shape)]
    bumps = 0
    for plane in hu:
        bumps += int((_find_bumps(plane, mm[1:]) & (plane > BUMP_HU)).sum())
    return bumps * float(np.prod(mm)) >= LEAST_BUMP_MM3


def _find_bumps(plane: Pixels, pixel_mm: tuple[float, float]) -> Mask:
    """All but the smooth body of a slice: air, and what is thin on the skin."""
    size = (2 * round(BUMP_MM / pixel_mm[1]) + 1, 2 * round(BUMP_MM / pixel_mm[0]) + 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size)
    margin = max(size)
    tissue = np.pad((plane > SURFACE_HU).astype(np.uint8), margin, mode="edge")
    smooth = cv2.morphologyEx(tissue, cv2.MORPH_OPEN, disc)[margin:-margin, margin:-margin]
    return np.asarray(smooth == 0)
