"""Parts of the body that a whole-body scan is divided into, and the proportions that divide it."""

from itertools import product
from typing import Final

from calcinet.vocabulary import LimbPart, LimbSide

SegmentKey = tuple[LimbPart, LimbSide]
"""Which segment: part of the limb and side."""

ARM: Final[tuple[LimbPart, ...]] = ("upper arm", "forearm", "hand")
LEG: Final[tuple[LimbPart, ...]] = ("thigh", "knee", "lower leg", "foot")
CORE: Final[tuple[LimbPart, ...]] = ("trunk", "head")
"""What is no limb; either half is one segment."""
SIDES: Final[tuple[LimbSide, ...]] = ("R", "L")
SEGMENT_KEYS: Final[tuple[SegmentKey, ...]] = tuple(product((*ARM, *LEG, *CORE), SIDES))

SHOULDER: Final = 0.155
"""Row of the shoulders, as a share of the figure from crown to toes. These and the following shares are our choice:
proportions of an adult who lies with pointed feet."""

ARM_START: Final = 0.19
"""Row from which an arm is apart from the trunk."""

ELBOW_AND_WRIST: Final = (0.43, 0.75)
"""Along the arm from shoulder to fingertip."""

FINGERTIP: Final = 0.58
FINGERTIP_BETWEEN: Final = (0.48, 0.66)
"""Row of the fingertips: where it is not seen, and where it may be."""

CROTCH: Final = 0.52
CROTCH_BETWEEN: Final = (0.46, 0.58)
"""Row of the crotch, likewise."""

KNEE: Final = 0.688
KNEE_SD: Final = 0.02
"""Row of the knee, and how far it may lie off."""

KNEE_HALF: Final = 0.032
"""Half the height of the knee, as a share of the figure."""

ANKLE: Final = 0.895
ANKLE_BETWEEN: Final = (0.84, 0.94)
"""Row of the ankle."""

ANKLE_MARGIN: Final = 0.015
"""The lower leg ends this much above the ankle."""
