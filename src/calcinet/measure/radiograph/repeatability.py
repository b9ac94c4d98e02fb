"""How far a film's measures differ from one film of a limb to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

REPEAT_SD: Final[Mapping[str, float]] = {
    "calcified_area_mm2": 0.30,
    "calcified_length_mm": 0.30,
    "net.area_cm2": 0.10,
    "net.mesh_mm": 0.06,
}
"""Standard deviation of the logarithm. Our choice: rounded up from four films of one generated leg in other positions
(0.29, 0.27, 0.06, 0.03); too few to know it well."""
