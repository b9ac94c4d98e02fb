"""What is bright inside the trunk: arteries before the spine and along the pelvis, stones, bowel, ribs and spurs."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.coarse_grid import CoarseGrid
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.ct.exclusions import SPUR_MM, is_spur
from calcinet.findings.ct.spine import pelvic_crest, spine_line

TrunkName = Literal["artery", "bone", "stone", "bowel", "phlebolith", "wall"]

AORTA_SIDEWAYS_MM: Final = 28.0
"""The aorta and its fork are no farther beside the middle of the spine. Our choice: kidneys and ureters are."""

AORTA_AHEAD_MM: Final = (4.0, 45.0)
"""The aorta and its fork are this far before the front of the spine; what is nearer is a spur of it. Our choice:
plaques of the aorta's very back are left out."""

ILIAC_MM: Final = (
    (0.0, 6.0, 14.0),
    (24.0, 18.0, 6.0),
    (42.0, 30.0, -6.0),
    (60.0, 45.0, -11.0),
    (84.0, 52.0, 0.0),
    (99.0, 55.0, 15.0),
    (114.0, 60.0, 28.0),
    (150.0, 68.0, 32.0),
)
"""Course of the iliac arteries: mm below the crest of the pelvis, beside the middle, before the front of the spine
there. Our choice: read off one CT of an adult; those of others are within the next constant of it."""

ILIAC_REACH_MM: Final = 20.0
"""How far from that course calcium still is an iliac artery's. Our choice."""

BEHIND_MM: Final = 45.0
"""What is farther before the spine's front, and in no artery, is in the bowel; else a stone. Our choice."""

PELVIS_MM: Final = 80.0
"""Stones farther below the crest, and off the arteries, are those of veins. Our choice."""

NEAR_BONE_MM: Final = 12.0
"""Deposits of the trunk this near to bone belong to it. Our choice: at 3 mm a rib is broken into pieces."""

CHEST_MM: Final = 25.0
"""The chest begins this far above the crest; what is within this of a rib in its wall is the rib's edge. Our choice."""

CHEST_WALL_MM: Final = 45.0
"""The wall of the chest is no deeper than this. Our choice."""

CARTILAGE_MM: Final = 60.0
"""What is long, or under the chest's fascia, is cartilage within this of a rib. Our choice: cartilage of ribs is as
long."""


@dataclass(frozen=True, slots=True, eq=False)
class Trunk:
    """Where the spine and the crest of the pelvis are, on the coarse grid."""

    anatomy: Anatomy
    spine: Floats
    """Front of the spine and its middle (Y, X) for each slice, NaN where none is seen; shape (Z, 2)."""
    crest: int | None
    """Slice of the top of the pelvis."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Site:
    """Where a deposit of the trunk is, beside its landmarks; lengths in mm."""

    deposit: Deposit
    nearest_bone_mm: float
    """Distance of its nearest voxel from bone."""
    farthest_bone_mm: float
    """Distance of its farthest voxel from bone."""
    is_spur: bool
    above_crest_mm: float
    """Height above the crest of the pelvis; infinite where the pelvis is not seen."""
    ahead_mm: float
    """Distance before the front of the spine in its slice, NaN where no spine is seen."""
    aside_mm: float
    """Distance beside the middle of the spine in its slice, NaN likewise."""
    ahead_of_crest_mm: float
    """Distance before the front of the spine at the crest of the pelvis, NaN likewise."""
    aside_of_crest_mm: float

    @property
    def is_inside(self) -> bool:
        """Whether it is under the fascia or within the trunk's wall."""
        return self.deposit.compartment == "unknown"


def find_trunk(anatomy: Anatomy) -> Trunk:
    """Find landmarks."""
    bone = anatomy.skeleton.bone
    spine = spine_line(anatomy.body, bone, anatomy.trunk, anatomy.grid)
    return Trunk(anatomy, spine, pelvic_crest(anatomy.body, bone, anatomy.trunk, anatomy.grid))


def classify_in_trunk(trunk: Trunk, deposit: Deposit, from_bone: Pixels) -> TrunkName:
    """What a deposit of the trunk is; "wall" where it is in skin, subcutis or muscle of its wall.

    Parameters
    ----------
    trunk
        Landmarks.
    deposit
        What is judged.
    from_bone
        Distance of every coarse voxel from bone, in mm.
    """
    site = locate_site(trunk, deposit, from_bone)
    if _is_in_artery(site):
        return "artery"
    if _is_bone(site):
        return "bone"
    if _is_in_wall(site):
        return "wall"
    if _is_in_pelvis(site):
        return "phlebolith"
    if _is_in_bowel(site):
        return "bowel"
    return "stone"


def locate_site(trunk: Trunk, deposit: Deposit, from_bone: Pixels) -> Site:
    """Measure where a deposit is."""
    anatomy = trunk.anatomy
    from_bone_mm = anatomy.grid.at(from_bone, deposit.part.voxels())
    block = np.array(anatomy.grid.block)
    z, y, x = np.minimum(deposit.shape.centre // block, np.array(anatomy.body.shape) - 1).tolist()
    above_crest_mm, at_crest = np.inf, np.full(2, np.nan)
    if trunk.crest is not None:
        above_crest_mm = (z - trunk.crest) * anatomy.grid.mm[0]
        at_crest = _measure_offset(trunk.spine[trunk.crest], y, x, anatomy.grid)
    at_height = _measure_offset(trunk.spine[int(z)], y, x, anatomy.grid)
    return Site(
        deposit=deposit,
        nearest_bone_mm=float(from_bone_mm.min()),
        farthest_bone_mm=float(from_bone_mm.max()),
        is_spur=is_spur(anatomy, deposit, from_bone),
        above_crest_mm=above_crest_mm,
        ahead_mm=float(at_height[0]),
        aside_mm=float(at_height[1]),
        ahead_of_crest_mm=float(at_crest[0]),
        aside_of_crest_mm=float(at_crest[1]),
    )


def _measure_offset(spine: Floats, y: float, x: float, grid: CoarseGrid) -> Floats:
    """Distance before the front of the spine and beside its middle, in mm, shape (2,)."""
    front, middle = spine
    return np.array([(front - y) * grid.mm[1], abs(x - middle) * grid.mm[2]])


def _is_in_artery(site: Site) -> bool:
    """Whether it is where an artery runs, and no spur that stays near to bone."""
    if not site.is_inside or not (_is_in_aorta(site) or _is_in_iliac(site)):
        return False
    return not site.is_spur or site.farthest_bone_mm > SPUR_MM


def _is_in_aorta(site: Site) -> bool:
    """Whether it is before the spine, above where the iliac arteries part."""
    if -site.above_crest_mm > ILIAC_MM[1][0]:
        return False
    low, high = AORTA_AHEAD_MM
    return low <= site.ahead_mm <= high and site.aside_mm <= AORTA_SIDEWAYS_MM


def _is_in_iliac(site: Site) -> bool:
    """Whether it is near the usual course of an iliac artery."""
    below_mm, aside_mm, ahead_mm = np.array(ILIAC_MM).T
    below = -site.above_crest_mm
    if not below_mm[0] <= below <= below_mm[-1]:
        return False
    off_aside = site.aside_of_crest_mm - float(np.interp(below, below_mm, aside_mm))
    off_ahead = site.ahead_of_crest_mm - float(np.interp(below, below_mm, ahead_mm))
    return bool(np.hypot(off_aside, off_ahead) <= ILIAC_REACH_MM)


def _is_bone(site: Site) -> bool:
    """Whether it is a spur, near to bone, or a rib's edge or cartilage in the wall of the chest."""
    if site.is_spur:
        return True
    if site.deposit.compartment == "skin":
        return False
    return site.nearest_bone_mm <= NEAR_BONE_MM or _is_of_rib(site)


def _is_of_rib(site: Site) -> bool:
    if site.above_crest_mm <= CHEST_MM or site.deposit.depth_mm >= CHEST_WALL_MM:
        return False
    if site.is_inside or site.deposit.form == "tubular":
        return site.nearest_bone_mm <= CARTILAGE_MM
    return site.nearest_bone_mm <= CHEST_MM


def _is_in_wall(site: Site) -> bool:
    return not site.is_inside or site.deposit.depth_mm < CHEST_WALL_MM / 2


def _is_in_pelvis(site: Site) -> bool:
    return -site.above_crest_mm > PELVIS_MM


def _is_in_bowel(site: Site) -> bool:
    return site.ahead_mm > BEHIND_MM
