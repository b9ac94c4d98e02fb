"""The first days of a vitamin K antagonist, as facts: skin that dies in them is an emergency."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.case import Case, Drug
from calcinet.clinical.drugs import classes_of
from calcinet.clinical.ternary import Ternary
from calcinet.evidence.context import Fact, PatientContext
from calcinet.evidence.drug_facts import ANTAGONIST, WARFARIN_DAYS
from calcinet.text import Text, as_written, counted, say


def antagonist_first_days(situation: PatientContext) -> Ternary:
    """Whether a lesion came, or is seen, within ten days of the start of a vitamin K antagonist."""
    starts = _list_antagonist_starts(situation.case)
    if not starts:
        return None
    return necrosis_days(situation) is not None


def necrosis_days(situation: PatientContext) -> int | None:
    """Fewest days from the start of a vitamin K antagonist to a lesion that came with it; none after ten days."""
    return min((days for _, _, days in _pair_first_days(situation.case)), default=None)


def _pair_first_days(case: Case) -> Iterator[tuple[Drug, date, int]]:
    """A vitamin K antagonist, the day of a lesion that came, or is seen, with it, and the days between."""
    for drug in _list_antagonists(case):
        for day in _list_lesion_days(case):
            days = (day - (drug.start or day)).days
            if drug.start is not None and 0 <= days <= WARFARIN_DAYS[1]:
                yield drug, day, days


def _say_necrosis_days(situation: PatientContext) -> Text:
    return counted(necrosis_days(situation) or 0, "{count} day", "{count} days")


def list_antagonists(situation: PatientContext) -> list[str]:
    """Vitamin K antagonists as their names were given, with the day of their start; their class where none is listed.

    Where a lesion came in the first days of one, that one alone.
    """
    pairs = sorted(_pair_first_days(situation.case), key=lambda pair: pair[2])
    drugs = [drug for drug, _, days in pairs if days == pairs[0][2]] or _list_antagonists(situation.case)
    return list(dict.fromkeys(map(_say_antagonist, drugs))) or [say("a vitamin K antagonist")]


def _say_antagonist(drug: Drug) -> Text:
    if drug.start is None:
        return as_written(drug.name)
    return say("{drug} on {start}", drug=drug.name, start=drug.start.isoformat())


def list_necrosis_since(situation: PatientContext) -> list[str]:
    """Since when there is the lesion that came with the drug, and how long ago that is where it is long."""
    case, days = situation.case, necrosis_days(situation)
    told = {item.since for item in case.lesions or ()}
    since = [day for _, day, after in _pair_first_days(case) if after == days and day in told]
    if not since:
        return [say("day of the lesion not told")]
    lines: list[str] = [say("lesion since {day}", day=since[0].isoformat())]
    ago = ((case.examined_on or since[0]) - since[0]).days
    if ago > WARFARIN_DAYS[1]:
        lines.append(say("{ago} days before this examination", ago=ago))
    return lines


def _list_antagonists(case: Case) -> list[Drug]:
    drugs = case.drugs or ()
    return [drug for drug in drugs if drug.status != "planned" and ANTAGONIST in classes_of(drug.name)]


def _list_antagonist_starts(case: Case) -> list[date]:
    return [drug.start for drug in _list_antagonists(case) if drug.start is not None]


def _list_lesion_days(case: Case) -> list[date]:
    """Day of each lesion; of one whose day was not told, the day of examination."""
    days = [item.since or case.examined_on for item in case.lesions or ()]
    return [day for day in days if day is not None]


STARTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "antagonist_first_days": antagonist_first_days,
    }
)
"""By name, as rules.toml calls them."""

START_VALUES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "necrosis_days": _say_necrosis_days,
        "necrosis_since": list_necrosis_since,
        "antagonists": list_antagonists,
    }
)
"""What their sentences may name."""
