"""A standing figure in millimetres: where its limbs, trunk and bones lie, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats
from calcinet.vocabulary import LimbPart

LimbSegment = tuple[LimbPart, Literal["L", "R"]]
"""A segment of a limb and its side."""

LEVELS_MM: Final[Mapping[LimbPart, tuple[float, float]]] = {
    "upper arm": (330.0, 600.0),
    "forearm": (600.0, 820.0),
    "hand": (820.0, 1000.0),
    "thigh": (900.0, 1125.0),
    "knee": (1125.0, 1235.0),
    "lower leg": (1235.0, 1540.0),
    "foot": (1540.0, 1720.0),
}
"""Below the crown of a figure of 1720 mm. Our choice: proportions of an adult lying with pointed feet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A body part as a stack of ellipses, one a row: knots along the height in mm below the crown."""

    y: tuple[float, ...]
    x: tuple[float, ...]
    """Middle, to the right of the picture seen from the front."""
    half_width: tuple[float, ...]
    depth: float = 1.0
    """Depth over width of the section."""
    behind: float = 0.0
    """For a bone: its middle lies this far behind the middle of the part, in mm."""
    amount: float = 1.0
    """Tracer a volume, in that of normal soft tissue."""

    def across(self, rows_mm: Floats, columns_mm: Floats) -> Floats:
        """Thickness along the beam in mm, shape (rows, columns)."""
        there = slice(*np.searchsorted(rows_mm, (self.y[0], self.y[-1])))
        thick = np.zeros((len(rows_mm), len(columns_mm)))
        off = columns_mm[None, :] - np.interp(rows_mm[there], self.y, self.x)[:, None]
        half = np.interp(rows_mm[there], self.y, self.half_width)[:, None]
        thick[there] = 2 * self.depth * np.sqrt(np.maximum(half**2 - off**2, 0.0))
        return thick

    def move(self, *, shift: float = 0.0, lean: float = 0.0, about: float = 0.0, wider: float = 1.0) -> "Column":
        """The same shifted to the right, leaning out by `lean` a mm below `about`, and wider by a factor."""
        x = tuple(at + shift + lean * (y - about) for at, y in zip(self.x, self.y, strict=True))
        return replace(self, x=x, half_width=tuple(half * wider for half in self.half_width))

    def mirror(self) -> "Column":
        """The same on the other side."""
        return replace(self, x=tuple(-at for at in self.x))


LEG: Final = Column(
    y=(830, 900, 1000, 1120, 1180, 1230, 1310, 1400, 1500, 1550, 1580, 1640, 1690, 1715, 1720),
    x=(88, 90, 90, 88, 86, 84, 82, 80, 78, 78, 80, 88, 94, 96, 96),
    half_width=(82, 84, 78, 64, 60, 56, 60, 54, 40, 36, 38, 44, 46, 34, 4),
)
ARM: Final = Column(
    y=(285, 310, 400, 500, 600, 680, 780, 820, 860, 920, 980, 1000),
    x=(178, 190, 210, 226, 238, 239, 236, 234, 233, 232, 230, 229),
    half_width=(20, 46, 46, 44, 40, 40, 30, 27, 34, 38, 26, 4),
)
TRUNK: Final = Column(
    y=(240, 275, 320, 420, 600, 700, 800, 870, 905),
    x=(0, 0, 0, 0, 0, 0, 0, 0, 0),
    half_width=(60, 150, 168, 158, 148, 160, 172, 160, 20),
    depth=0.62,
)
HEAD: Final = Column(
    y=(0, 20, 60, 110, 160, 200, 215, 245), x=(0,) * 8, half_width=(5, 48, 72, 78, 70, 58, 55, 60), depth=1.1
)

FEMUR: Final = Column(
    y=(860, 900, 1120, 1160, 1190), x=(104, 96, 88, 86, 86), half_width=(18, 13, 14, 30, 30), amount=5.0
)
TIBIA: Final = Column(
    y=(1185, 1230, 1300, 1500, 1560), x=(86, 84, 76, 74, 76), half_width=(30, 26, 13, 12, 17), amount=5.0
)
FIBULA: Final = Column(y=(1220, 1300, 1500, 1560), x=(112, 112, 96, 92), half_width=(7, 5, 5, 9), amount=5.0)
TARSUS: Final = Column(y=(1560, 1600, 1660, 1700), x=(78, 82, 90, 94), half_width=(20, 24, 26, 14), amount=2.5)
HUMERUS: Final = Column(y=(295, 330, 560, 600), x=(176, 192, 232, 238), half_width=(24, 12, 11, 22), amount=4.5)
RADIUS: Final = Column(y=(600, 640, 790, 815), x=(244, 246, 244, 242), half_width=(11, 6, 6, 11), amount=4.5)
ULNA: Final = Column(y=(600, 640, 790, 815), x=(232, 231, 228, 227), half_width=(12, 6, 5, 6), amount=4.5)
CARPUS: Final = Column(y=(820, 840, 940, 985), x=(234, 233, 232, 230), half_width=(20, 22, 26, 16), amount=1.8)
SPINE: Final = Column(y=(230, 400, 600, 760), x=(0, 0, 0, 0), half_width=(14, 18, 22, 26), behind=45.0, amount=8.0)
STERNUM: Final = Column(
    y=(285, 300, 420, 440), x=(0, 0, 0, 0), half_width=(30, 16, 14, 8), depth=0.5, behind=-80.0, amount=8.0
)
SKULL: Final = Column(y=(5, 60, 110, 190), x=(0, 0, 0, 0), half_width=(30, 68, 70, 40), amount=1.6)
PELVIS: Final = Column(
    y=(690, 720, 780, 850), x=(70, 90, 82, 60), half_width=(22, 40, 34, 26), depth=0.6, behind=20.0, amount=4.5
)
SHOULDER: Final = Column(
    y=(285, 300, 340, 380), x=(150, 150, 150, 140), half_width=(20, 34, 30, 14), depth=0.7, amount=4.0
)
BLADDER: Final = Column(
    y=(790, 800, 825, 850, 858), x=(0,) * 5, half_width=(4, 26, 34, 24, 4), behind=-40.0, amount=60.0
)
KIDNEY: Final = Column(y=(560, 580, 620, 650), x=(60, 62, 64, 62), half_width=(8, 26, 26, 8), behind=50.0, amount=7.0)
"""One side of what is paired. Our choice: of a size and uptake that give counts like those of a real scan."""

LEG_BONES: Final = (FEMUR, TIBIA, FIBULA, TARSUS)
ARM_BONES: Final = (HUMERUS, RADIUS, ULNA, CARPUS)
TRUNK_BONES: Final = (SPINE, STERNUM)
PAIRED_TRUNK_BONES: Final = (PELVIS, SHOULDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """How the figure lies: angles in mm a mm, shifts in mm, sizes as factors; left and right."""

    shift_mm: float = 0.0
    legs_apart: tuple[float, float] = (0.0, 0.0)
    arms_apart: tuple[float, float] = (0.0, 0.0)
    leg_size: tuple[float, float] = (1.0, 1.0)
    arm_size: tuple[float, float] = (1.0, 1.0)
    height: float = 1.0


def random_pose(seed: int, person: int) -> Pose:
    """Draw how a person lies: `person` fixes the size of the limbs, `seed` how they are placed on the table."""
    person_chance, pose_chance = np.random.default_rng([11, person]), np.random.default_rng([12, person, seed])
    size = person_chance.normal(1.0, 0.06)
    left_leg, right_leg = np.clip(size * person_chance.normal(1.0, 0.02, 2), 0.85, 1.12).tolist()
    left_arm, right_arm = np.clip(size * person_chance.normal(1.0, 0.03, 2), 0.85, 1.12).tolist()
    return Pose(
        shift_mm=float(pose_chance.normal(0, 6)),
        legs_apart=(float(pose_chance.uniform(0.0, 0.05)), float(pose_chance.uniform(0.0, 0.05))),
        arms_apart=(float(pose_chance.uniform(-0.02, 0.01)), float(pose_chance.uniform(-0.02, 0.01))),
        leg_size=(left_leg, right_leg),
        arm_size=(left_arm, right_arm),
        height=float(np.clip(person_chance.normal(1.0, 0.03), 0.93, 1.06)),
    )
