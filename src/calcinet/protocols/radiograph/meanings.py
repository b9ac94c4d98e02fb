"""Label, unit and code of every measure of a radiograph."""

from typing import Final

from calcinet.measure.radiograph.burden import Burden
from calcinet.measure.radiograph.visibility import Visibility
from calcinet.protocols.meanings import declared_meanings
from calcinet.protocols.net_measures import net_meanings
from calcinet.record import Meaning
from calcinet.text import say

AREA_PX: Final = "calcified_area_px"
LENGTH_PX: Final = "calcified_length_px"
MARKED_PERCENT: Final = "marked_soft_tissue_percent"

MEANINGS: Final = {
    **declared_meanings(Burden, Visibility),
    **net_meanings(),
    AREA_PX: Meaning(label=say("Calcified area"), unit="{pixel}"),
    LENGTH_PX: Meaning(label=say("Calcified length, centre lines summed"), unit="{pixel}"),
    MARKED_PERCENT: Meaning(label=say("Soft tissue that is marked, marks over bone left out"), unit="%"),
}
"""By the name of the measure in the record."""
