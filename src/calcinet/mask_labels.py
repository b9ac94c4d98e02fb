"""Values of both label maps of a film: what each marked pixel is, and which tissue each pixel shows."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

VESSEL: Final = 1
"""Wall or plaque of a vessel."""

NET: Final = 2
"""Line of a net, not the patch that it covers."""

FOCUS: Final = 3
"""Other calcium."""

MASK_LABELS: Final[Mapping[str, int]] = MappingProxyType({"vessel": VESSEL, "net": NET, "focus": FOCUS})
"""By the kind of finding, as in masks/<image id>.png; 0 is none."""


class Tissue(IntEnum):
    """Values of a region map."""

    BORDER = 0
    """Outside the collimated field, film edges, padding."""
    AIR = 1
    """Direct exposure beside the limb."""
    SOFT = 2
    """Skin, fat, muscle."""
    BONE = 3
    """Bone, with the soft tissue before and behind it."""
    METAL = 4
    """Metal, lead markers, burned-in letters."""
