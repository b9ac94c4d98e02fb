"""Values of a label map: what each marked pixel of a film is."""

from collections.abc import Mapping
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
