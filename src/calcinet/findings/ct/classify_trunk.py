"""What is bright inside the trunk: arteries before the spine and along the pelvis, stones, bowel, ribs and spurs."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.ct.exclusions import SPUR_MM, is_spur
from calcinet.findings.ct.spine import pelvic_crest, spine_line

TrunkName = Literal["artery", "bone", "stone", "bowel", "phlebolith", "wall"]

AORTA_SIDEWAYS_MM: Final = 28.0
AORTA_AHEAD_MM: Final = (4.0, 45.0)
"""The aorta and its fork lie this near to the front of the spine; what is nearer is a spur of it. Our choice: kidneys
and ureters lie farther out; plaques of the aorta's very back are left out."""

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
there. Our choice: read off one CT of an adult; vessels of others lie within the next constant of it."""

ILIAC_REACH_MM: Final = 20.0
"""How far from that course calcium still is an iliac artery's. Our choice."""

BEHIND_MM: Final = 45.0
"""What lies farther before the spine's front, and beside no artery, is in the bowel; else a stone. Our choice."""

PELVIS_MM: Final = 80.0
"""So far below the crest, and off the arteries, stones are those of veins. Our choice."""

NEAR_BONE_MM: Final = 12.0
"""Parts of the trunk that are so near to bone belong to it. Our choice: at 3 mm a rib is broken into pieces."""

CHEST_MM: Final = 25.0
CHEST_WALL_MM: Final = 45.0
"""In the wall of the chest, no deeper than this, what is within the first of bone is a rib's edge or cartilage.
Our choice."""


CARTILAGE_MM: Final = 60.0
"""The same for what is long, or lies under the chest's fascia. Our choice: cartilage of ribs is as long."""


@dataclass(frozen=True, slots=True, eq=False)
class Trunk:
    """Where the spine and the crest of the pelvis are, on the coarse grid."""

    anatomy: Anatomy
    spine: Floats
    """Front of the spine and its middle (Y, X) for each slice, NaN where none is seen; shape (Z, 2)."""
    crest: int | None
    """Slice of the top of the pelvis."""


def find_trunk(anatomy: Anatomy) -> Trunk:
    """Find landmarks."""
    bone = anatomy.skeleton.bone
    spine = spine_line(anatomy.body, bone, anatomy.trunk, anatomy.grid)
    return Trunk(anatomy, spine, pelvic_crest(anatomy.body, bone, anatomy.trunk, anatomy.grid))


def name_in_trunk(trunk: Trunk, lesion: Deposit, from_bone: Pixels) -> TrunkName:
    """What a part of the trunk is; "wall" where it lies in skin, subcutis or muscle of its wall."""
    anatomy = trunk.anatomy
    deep = lesion.compartment == "unknown"
    nearest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).min())
    place = np.minimum(lesion.shape.centre // np.array(anatomy.grid.block), np.array(anatomy.body.shape) - 1)
    z, y, x = (float(of) for of in place)
    spur = is_spur(anatomy, lesion, from_bone)
    at_artery = deep and (_before_spine(trunk, z, y, x) or _at_iliac(trunk, z, y, x))
    farthest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).max())
    if at_artery and not (spur and farthest <= SPUR_MM):
        return "artery"
    if spur:
        return "bone"
    above = trunk.crest is None or (z - trunk.crest) * anatomy.grid.mm[0] > CHEST_MM
    cartilage = deep or lesion.form == "tubular"
    chest = above and lesion.depth_mm < CHEST_WALL_MM and nearest <= (CARTILAGE_MM if cartilage else CHEST_MM)
    if lesion.compartment != "skin" and (chest or nearest <= NEAR_BONE_MM):
        return "bone"
    if not deep or lesion.depth_mm < CHEST_WALL_MM / 2:
        return "wall"
    if trunk.crest is not None and (trunk.crest - z) * anatomy.grid.mm[0] > PELVIS_MM:
        return "phlebolith"
    front = trunk.spine[int(z), 0]
    return "bowel" if not np.isnan(front) and (front - y) * anatomy.grid.mm[1] > BEHIND_MM else "stone"


def _before_spine(trunk: Trunk, z: float, y: float, x: float) -> bool:
    """Whether a place of the coarse grid is where the aorta runs."""
    front, middle = trunk.spine[int(z)]
    below = trunk.crest is not None and (trunk.crest - z) * trunk.anatomy.grid.mm[0] > ILIAC_MM[1][0]
    if np.isnan(front) or below:
        return False
    ahead = (front - y) * trunk.anatomy.grid.mm[1]
    sideways = abs(x - middle) * trunk.anatomy.grid.mm[2]
    return bool(AORTA_AHEAD_MM[0] <= ahead <= AORTA_AHEAD_MM[1] and sideways <= AORTA_SIDEWAYS_MM)


def _at_iliac(trunk: Trunk, z: float, y: float, x: float) -> bool:
    """Whether a place of the coarse grid is near the usual course of an iliac artery."""
    if trunk.crest is None or np.isnan(trunk.spine[trunk.crest]).any():
        return False
    mm = trunk.anatomy.grid.mm
    below = (trunk.crest - z) * mm[0]
    table = np.array(ILIAC_MM)
    if not table[0, 0] <= below <= table[-1, 0]:
        return False
    aside, ahead = (float(np.interp(below, table[:, 0], table[:, k])) for k in (1, 2))
    front, middle = trunk.spine[trunk.crest]
    off = abs(x - middle) * mm[2] - aside
    return bool(np.hypot(off, (front - y) * mm[1] - ahead) <= ILIAC_REACH_MM)
