"""The limbs that a radiograph can show."""

from collections.abc import Callable
from typing import Final

import numpy as np

from calcinet.phantoms.radiograph.hand_and_foot import draw_foot, draw_hand
from calcinet.phantoms.radiograph.lower_leg import draw_lower_leg
from calcinet.phantoms.radiograph.rods import Limb

ANATOMIES: Final[dict[str, Callable[[np.random.Generator], Limb]]] = {
    "lower leg": draw_lower_leg,
    "foot": draw_foot,
    "hand": draw_hand,
}
"""How each anatomy is drawn about the centre of the film."""
