"""Platelets under heparin and the INR under its drug, as facts. None is not known."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.results import LabResult
from calcinet.clinical.ternary import Ternary, above
from calcinet.evidence.context import Fact, PatientContext
from calcinet.evidence.result_age import recent_blood, recent_lab
from calcinet.evidence.sepsis_signs import read_number
from calcinet.text import Text, say

FALLEN_SHARE: Final = 0.3
"""From this fall on, of the platelets before, they have fallen under heparin. [gameiro2018]"""

FALL_WITHIN: Final = timedelta(days=30)
"""The highest result of this time before the latest is compared. Our choice: an older one tells of other days."""

INR_DANGEROUS: Final = 5.0
"""An INR above this on a vitamin K antagonist cannot wait. Our choice: the usual limit of the prescriber."""


def platelets_fallen(situation: PatientContext) -> Ternary:
    """Whether platelets fell much between two days; not known where there are no two."""
    pair = _find_fall(situation)
    if pair is None:
        return None
    before, latest = pair
    return latest <= (1.0 - FALLEN_SHARE) * before


def _find_fall(situation: PatientContext) -> tuple[float, float] | None:
    """The highest platelets of the last weeks and the latest."""
    latest = recent_lab(situation, "platelets")
    last = read_number(latest)
    if latest is None or latest.on is None or last is None:
        return None
    before = [result.value for result in situation.assessment.labs if _is_before(result, latest.on)]
    highest = max(filter(None, before), default=None)
    if highest is None:
        return None
    return highest, last


def _is_before(result: LabResult, day: date) -> bool:
    if result.analyte != "platelets" or result.on is None:
        return False
    return day - FALL_WITHIN <= result.on < day


def _say_fall(situation: PatientContext) -> Text | str:
    pair = _find_fall(situation)
    if pair is None:
        return ""
    return say("from {before:.0f} to {latest:.0f} x 10^9/L", before=pair[0], latest=pair[1])


def inr_dangerous(situation: PatientContext) -> Ternary:
    """Whether the INR is far too high, whatever is listed: the drug behind it may be the one not recognised."""
    return above(read_number(recent_lab(situation, "inr")), INR_DANGEROUS)


BLOOD_CELLS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "platelets_fallen": platelets_fallen,
        "inr_dangerous": inr_dangerous,
        "heparin_antibody_positive": recent_blood("heparin_pf4", "positive"),
    }
)
"""By name, as rules.toml calls them."""

BLOOD_VALUES: Final[Mapping[str, Any]] = MappingProxyType({"platelet_fall": _say_fall})
"""What their sentences may name."""
