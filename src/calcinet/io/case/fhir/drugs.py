"""Drugs of a FHIR bundle: statements, prescriptions, doses given and packs handed over, each by the drug it names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from calcinet.clinical.drugs import by_atc, known_drug
from calcinet.clinical.prescription import SYNONYMS
from calcinet.io.case.fhir.dates import BrokenDate, Span, read_moment, read_period, read_span
from calcinet.io.case.fhir.left_out import LeftOut
from calcinet.io.case.fhir.references import References
from calcinet.io.case.fhir.types import (
    ATC,
    Resource,
    block,
    blocks,
    codes_of,
    codings_of,
    concepts,
    number,
    said,
    status_of,
    without_nothing,
    words_of,
)

STATUS: Final[Mapping[str, Mapping[str, str]]] = {
    "MedicationStatement": {
        "active": "taking", "recorded": "taking", "on-hold": "taking", "completed": "stopped", "stopped": "stopped",
        "intended": "planned",
    },
    "MedicationRequest": {
        "active": "taking", "on-hold": "taking", "completed": "stopped", "stopped": "stopped", "ended": "stopped",
    },
    "MedicationAdministration": {
        "in-progress": "taking", "on-hold": "taking", "completed": "given", "stopped": "given",
    },
    "MedicationDispense": {"in-progress": "given", "completed": "given", "stopped": "given", "preparation": "planned"},
}  # fmt: skip
"""By type its status and that of a drug in the case file; "given" is taken as long as a dose or a pack lasts."""

ADHERENCE: Final = {
    "taking": "taking", "taking-as-directed": "taking", "taking-not-as-directed": "taking", "on-hold": "taking",
    "on-hold-as-directed": "taking", "on-hold-not-as-directed": "taking", "stopped": "stopped",
    "stopped-as-directed": "stopped", "stopped-not-as-directed": "stopped", "not-taking": "", "unknown": "taking",
}  # fmt: skip
"""What a statement of R5 says of how the drug is taken; "" is not at all."""

ONLY_WISHED: Final = frozenset({"proposal", "plan", "option"})
"""Intents of a request that is no order yet."""

DOSE_DAYS: Final = 7
"""How long a drug counts as taken after a dose. Our choice: drugs of dialysis are given up to once a week."""

PACK_DAYS: Final = 90
"""How long a pack lasts that does not say it. Our choice: three months, the longest usual prescription."""

ROUTE_CODES: Final = {
    "26643006": "oral", "po": "oral", "34206005": "subcutaneous", "sq": "subcutaneous", "subcut": "subcutaneous",
    "47625008": "intravenous", "iv": "intravenous", "ivp": "intravenous", "78421000": "intramuscular",
    "im": "intramuscular", "6064005": "topical", "top": "topical", "38239002": "intraperitoneal",
    "ip": "intraperitoneal",
}  # fmt: skip
"""Codes of routes: SNOMED CT and HL7 v3."""

ROUTES: Final = ("oral", "subcutaneous", "intravenous", "intraperitoneal", "intramuscular", "topical")

DOSAGES: Final = ("dosage", "dosageInstruction")

STRENGTH: Final = re.compile(r"\s+\d")
"""Where what stands behind the drug begins: "Calcium carbonate 500 mg"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One drug as an entry tells of it."""

    name: str
    status: str
    start: str | None = None
    stop: str | None = None
    route: str | None = None

    def as_entry(self) -> dict[str, Any]:
        """As the case file writes it."""
        told = {"name": self.name, "status": self.status, "start": self.start, "stop": self.stop, "route": self.route}
        return without_nothing(told)


def drugs_of(resource: Resource, references: References, left_out: LeftOut, now: str | None = None) -> list[Taken]:
    """The drugs of one entry: one, or those of a preparation that is known by its ingredients alone.

    Raises
    ------
    BrokenDate
        If a day is none, or the end lies before the beginning.
    """
    status = _find_status(resource, left_out)
    if status is None:
        return []
    span = _find_span(resource)
    names = _name_drugs(resource, references, left_out)
    start, stop = _find_day(span.start), _find_day(span.end)
    if status == "given":
        status, start, stop = _judge_given(resource, start, stop, now)
    if status != "stopped" and stop is not None and now is not None and stop > now:
        stop = None
    route = _find_route(resource)
    return [Taken(name=name, status=status, start=start, stop=stop, route=route) for name in names]


def join_drugs(drugs: Iterable[Taken]) -> list[Taken]:
    """One entry a drug where several say the same of it, such as a prescription each month."""
    joined: dict[tuple[str, str], list[Taken]] = {}
    for drug in drugs:
        joined.setdefault((drug.name.casefold(), drug.status), []).append(drug)
    return [_join(several) for several in joined.values()]


def _join(several: Sequence[Taken]) -> Taken:
    """From the first known day to the last; a drug that goes on by one of them goes on."""
    routes = {drug.route for drug in several if drug.route is not None}
    starts = [drug.start for drug in several if drug.start is not None]
    stops = [drug.stop for drug in several if drug.stop is not None]
    last = max(stops, default=None)
    if len(stops) < len(several) and several[0].status != "stopped":
        last = None
    route = None
    if len(routes) == 1:
        route = routes.pop()
    return replace(several[0], start=min(starts, default=None), stop=last, route=route)


def _find_day(moment: Any) -> str | None:
    if moment is None:
        return None
    day: str | None = moment.day
    return day


def _find_status(resource: Resource, left_out: LeftOut) -> str | None:
    """Status in the case file; what was not taken, or is not known to be, is counted."""
    kind = str(resource.get("resourceType") or "MedicationStatement")
    status = STATUS.get(kind, {}).get(status_of(resource))
    adherence = status_of(block(resource.get("adherence")), "code")
    if adherence and status is not None:
        status = ADHERENCE.get(adherence, status)
    if resource.get("doNotPerform") is True or resource.get("taken") == "n":
        status = None
    if kind == "MedicationRequest" and status == "taking" and status_of(resource, "intent") in ONLY_WISHED:
        is_reported = resource.get("reportedBoolean") is True or resource.get("reported") is True
        status = "taking" if is_reported or block(resource.get("reportedReference")) else "planned"
    if not status:
        left_out.note("drug not taken")
        return None
    if "on-hold" in (status_of(resource), adherence[:7]):
        left_out.note("drug on hold")
    return status


def _find_span(resource: Resource) -> Span:
    """When a drug was taken, as its type of entry says it."""
    kind = resource.get("resourceType")
    if kind == "MedicationRequest":
        bounds = _read_bounds(resource)
        return Span(bounds.start or read_moment(resource.get("authoredOn")), bounds.end, single=False)
    if kind == "MedicationDispense":
        return Span(read_moment(resource.get("whenHandedOver")) or read_moment(resource.get("whenPrepared")))
    span = read_span(resource, "effective", "occurrence", "occurence")
    if span.start is None and span.end is None and kind != "MedicationAdministration":
        return _read_bounds(resource)
    return span


def _read_bounds(resource: Resource) -> Span:
    for dosage in _list_dosages(resource):
        bounds = block(block(block(dosage.get("timing")).get("repeat")).get("boundsPeriod"))
        if bounds:
            return read_period(bounds)
    return Span(single=False)


def _list_dosages(resource: Resource) -> list[Resource]:
    found = []
    for name in DOSAGES:
        found += concepts(resource.get(name))
    return found


def _judge_given(
    resource: Resource, start: str | None, stop: str | None, now: str | None
) -> tuple[str, str | None, str | None]:
    """Status, first and last day of a drug of which a dose was given or a pack handed over."""
    last = stop or start
    if last is None:
        return "stopped", start, stop
    lasts = DOSE_DAYS
    if resource.get("resourceType") == "MedicationDispense":
        lasts = _count_days(resource)
    try:
        until = (date.fromisoformat(last) + timedelta(days=lasts)).isoformat()
    except OverflowError:
        raise BrokenDate from None
    if now is None or until >= now:
        return "taking", start, None
    if resource.get("resourceType") == "MedicationDispense":
        last = until
    return "stopped", start, last


def _count_days(dispense: Resource) -> int:
    supply = block(dispense.get("daysSupply"))
    digits = number(supply.get("value"))
    if digits is None or not 0 < float(digits) < PACK_DAYS * 10:
        return PACK_DAYS
    return round(float(digits))


def _name_drugs(resource: Resource, references: References, left_out: LeftOut) -> list[str]:
    """Generic names, or the words; what names nothing is counted."""
    either = block(resource.get("medication"))
    concept = resource.get("medicationCodeableConcept") or either.get("concept")
    reference = resource.get("medicationReference") or either.get("reference")
    name = _name_concept(concept)
    if name is not None:
        return [name]
    if isinstance(reference, str):
        reference = {"reference": reference}
    found = references.resolve(reference, resource)
    names = _name_medication(found, resource, references) if found is not None else []
    shown = block(reference).get("display")
    if not names and isinstance(shown, str) and shown.strip():
        names = [_choose_name([shown])]
    if names:
        return names
    if found is None and reference:
        left_out.note("no drug")
    else:
        left_out.note("no name")
    return []


def _name_medication(medication: Resource, holder: Resource, references: References, depth: int = 0) -> list[str]:
    """Name of a Medication by its code, else those of its ingredients."""
    if status_of(medication) == "entered-in-error" or depth > 2:
        return []
    name = _name_concept(medication.get("code"))
    if name is not None and known_drug(name) is not None:
        return [name]
    names = []
    for ingredient in blocks(medication.get("ingredient")):
        item = block(ingredient.get("item"))
        part = _name_concept(ingredient.get("itemCodeableConcept") or item.get("concept"))
        within = medication if medication.get("contained") else holder
        found = references.resolve(ingredient.get("itemReference") or item.get("reference"), within)
        if part is not None:
            names.append(part)
        elif found is not None:
            names += _name_medication(found, within, references, depth + 1)
    if names and all(known_drug(part) is not None for part in names):
        return names
    if name is not None:
        return [name]
    return names


def _name_concept(concept: Any) -> str | None:
    """Generic name by ATC, else the words, those of a known drug first, without a strength."""
    for code in codes_of(concept, ATC):
        name = by_atc(code)
        if name is not None:
            return name
    words = words_of(concept)
    if not words:
        return None
    return _choose_name(words)


def _choose_name(words: Sequence[str]) -> str:
    """The first words that name a known drug, without its strength; else the first."""
    for word in words:
        if known_drug(word) is not None:
            return word
    for word in words:
        drug = STRENGTH.split(word)[0]
        if known_drug(drug) is not None:
            return drug
    return words[0]


def _find_route(resource: Resource) -> str | None:
    """The route that the dosages say; None where they say several."""
    found = set()
    for dosage in _list_dosages(resource):
        route = _read_route(dosage.get("route"))
        if route is not None:
            found.add(route)
    if len(found) != 1:
        return None
    return found.pop()


def _read_route(concept: Any) -> str | None:
    for coding in codings_of(concept):
        route = ROUTE_CODES.get(str(coding.get("code")).casefold())
        if route is not None:
            return route
    for words in words_of(concept):
        if words.casefold() in SYNONYMS:
            return SYNONYMS[words.casefold()]
    told = said(concept)
    for route in ROUTES:
        if re.search(rf"\b{route}\b", told):
            return route
    return None
