"""Label, unit and code of every measure of a CT."""

from typing import Final

from calcinet.measure.ct.agatston import AgatstonScore
from calcinet.measure.ct.visibility import CtVisibility
from calcinet.protocols.meanings import declared_meanings
from calcinet.protocols.net_measures import NET_MEASURES, PROBABILITY, net_meanings
from calcinet.record import Meaning
from calcinet.text import say

AGATSTON: Final = "ct.agatston"
AGATSTON_AREA: Final = "ct.agatston_area_mm2"
VOLUME: Final = "ct.volume_mm3"
ARTERY_VOLUME: Final = "ct.artery_volume_mm3"
SOFT_TISSUE_VOLUME: Final = "ct.soft_tissue_volume_mm3"
MASS: Final = "ct.mass_mg"
ARTERY_LENGTH: Final = "ct.artery_length_mm"
CALCIFIED_LENGTH: Final = "ct.calcified_length_mm"
CALCIFIED_PERCENT: Final = "ct.calcified_percent"
LESIONS: Final = "ct.lesions"


def _collect_meanings() -> dict[str, Meaning]:
    agatston = declared_meanings(AgatstonScore)
    nets = net_meanings()
    meanings = {AGATSTON: agatston["score"], AGATSTON_AREA: agatston["lesion_area_mm2"]}
    for name in NET_MEASURES:
        meanings[name] = nets[name]
    return {
        **meanings,
        **declared_meanings(CtVisibility),
        VOLUME: Meaning(label=say("Volume of all calcium outside bone"), unit="mm3", code="DCM:122660"),
        ARTERY_VOLUME: Meaning(label=say("Volume of calcium in arteries"), unit="mm3", code="DCM:112197"),
        SOFT_TISSUE_VOLUME: Meaning(label=say("Volume of calcium in skin, subcutis and muscle"), unit="mm3"),
        MASS: Meaning(label=say("Mass of hydroxyapatite outside bone"), unit="mg", code="DCM:122661"),
        ARTERY_LENGTH: Meaning(label=say("Length of the arteries that calcium shows"), unit="mm"),
        CALCIFIED_LENGTH: Meaning(label=say("Calcified length of these arteries"), unit="mm"),
        CALCIFIED_PERCENT: Meaning(label=say("Share of their length that is calcified"), unit="%"),
        LESIONS: Meaning(label=say("Parts of calcium outside bone"), unit="1"),
        PROBABILITY: nets[PROBABILITY],
    }


MEANINGS: Final = _collect_meanings()
"""By the name of the measure in the record."""
