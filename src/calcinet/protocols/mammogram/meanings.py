"""Label, unit and code of every measure of a mammogram."""

from typing import Final

from calcinet.measure.mammogram.bac_grade import BreastGrade
from calcinet.protocols.meanings import declared_meanings
from calcinet.protocols.net_measures import MESH_PX, NET_MEASURES, PROBABILITY, net_meanings
from calcinet.record import Meaning
from calcinet.text import say

LENGTH_MM: Final = "bac.length_mm"
AREA_MM2: Final = "bac.area_mm2"
CALIBRE_MM: Final = "bac.calibre_mm"
LENGTH_PX: Final = "bac.length_px"
AREA_PX: Final = "bac.area_px"


def _collect_meanings() -> dict[str, Meaning]:
    meanings = {}
    for name, meaning in declared_meanings(BreastGrade).items():
        meanings[f"bac.{name}"] = Meaning(label=meaning.label, unit=meaning.unit)
    meanings[LENGTH_MM] = Meaning(label=say("Calcified length of breast arteries"), unit="mm")
    meanings[AREA_MM2] = Meaning(label=say("Calcified area of breast arteries"), unit="mm2")
    meanings[CALIBRE_MM] = Meaning(label=say("Median outer diameter of calcified breast arteries"), unit="mm")
    meanings[LENGTH_PX] = Meaning(label=say("Calcified length of breast arteries"), unit="{pixel}")
    meanings[AREA_PX] = Meaning(label=say("Calcified area of breast arteries"), unit="{pixel}")
    nets = net_meanings()
    for name in (PROBABILITY, MESH_PX, *NET_MEASURES):
        meanings[name] = nets[name]
    return meanings


MEANINGS: Final = _collect_meanings()
"""By the name of the measure in the record."""
