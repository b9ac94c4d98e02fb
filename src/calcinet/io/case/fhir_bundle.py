"""A FHIR R4 bundle as a Case: codes first, words where there is no code, and nobody's name, number or birthday."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from calcinet.clinical.case import Case
from calcinet.clinical.drugs import by_atc, known_drug
from calcinet.clinical.late_days import late_days
from calcinet.errors import BadInput
from calcinet.io.case import fhir_conditions, fhir_observations
from calcinet.io.case.errors import mistake_of
from calcinet.io.case.fhir_types import (
    ATC,
    Resource,
    block,
    blocks,
    codes_of,
    day_of,
    resources_of,
    said,
    span_of,
    status_of,
    without_nothing,
    words_of,
)

DRUG_STATUS: Final = {
    "active": "taking", "on-hold": "taking", "completed": "stopped", "stopped": "stopped", "intended": "planned",
}  # fmt: skip
"""Status of a MedicationStatement and of a drug in the case file; a drug that was not taken is left out."""

ROUTES: Final = ("oral", "subcutaneous", "intravenous", "intraperitoneal", "intramuscular", "topical")

ByType = dict[str, list[Resource]]
Made = dict[str, Any]


def case_of_bundle(bundle: Resource) -> Case:
    """Read Patient, Condition, Observation, MedicationStatement and Procedure; other resources are passed over.

    Raises
    ------
    BadInput
        If it is no bundle, holds more than one patient, or says what cannot be.
    """
    if bundle.get("resourceType") != "Bundle":
        raise BadInput("a FHIR file must hold a Bundle; one resource alone is not a case")
    by_type: ByType = {}
    for resource in resources_of(bundle):
        by_type.setdefault(str(resource.get("resourceType")), []).append(resource)
    if len(by_type.get("Patient", [])) > 1:
        raise BadInput("the bundle holds more than one patient; give the resources of one")
    try:
        return Case.model_validate(_parse_tree(by_type, _read_medications(bundle)))
    except ValidationError as error:
        texts = [mistake_of(entry, {}, {}).text for entry in error.errors(include_url=False)]
        raise BadInput(f"the bundle does not make a case: {'; '.join(texts)}") from None


def _parse_tree(by_type: ByType, medications: dict[str, Any]) -> Made:
    """The case file that says the same; "now" is the latest day on which something was seen or done."""
    observed = _find_last_day(by_type.get("Observation", []))
    tree = _parse_blocks(by_type, medications)
    for drug in tree["drugs"] or ():
        if drug["status"] == "taking" and observed is not None and drug.get("stop", "") > observed:
            del drug["stop"]
    later = [day.isoformat() for _, day, _ in late_days({"examined_on": observed, **tree})]
    now = max(later, default=observed)
    patient = _read_patient(by_type.get("Patient", []), by_type.get("Observation", []), now)
    return without_nothing({"examined_on": now, "patient": patient, **tree})


def _parse_blocks(by_type: ByType, medications: dict[str, Any]) -> Made:
    """All that does not hang on today's day."""
    observations, procedures = by_type.get("Observation", []), by_type.get("Procedure", [])
    conditions = by_type.get("Condition", [])
    lesions = _make_all(fhir_conditions.lesion_of, conditions)
    drugs = _make_all(lambda resource: _read_drug(resource, medications), by_type.get("MedicationStatement", []))
    return {
        "kidney": _read_kidney(conditions, procedures),
        "lesions": lesions or None,
        "conditions": _read_conditions(conditions) or None,
        "drugs": drugs or None,
        "labs": _make_all(fhir_observations.laboratory_of, observations),
        "pathology": _make_all(fhir_conditions.biopsy_of, procedures),
        "treatments": _make_all(fhir_conditions.treatment_of, procedures),
        "procedures": _make_all(fhir_conditions.procedure_of, procedures) or None,
        "examination": _read_examination(observations),
    }


def _make_all(make: Callable[[Resource], Made | None], resources: Iterable[Resource]) -> list[Made]:
    entries = []
    for resource in resources:
        entry = make(resource)
        if entry is not None:
            entries.append(entry)
    return entries


def _find_last_day(observations: Iterable[Resource]) -> str | None:
    """The day of the latest observation is what "now" means in the case."""
    days = []
    for observation in observations:
        day = day_of(observation.get("effectiveDateTime"))
        if day is not None:
            days.append(day)
    return max(days, default=None)


def _read_examination(observations: list[Resource]) -> Made | None:
    temperatures = fhir_observations.vital(observations, fhir_observations.TEMPERATURE, "Cel")
    if not temperatures:
        return None
    return {"temperature_c": temperatures[-1][1]}


def _read_patient(patients: list[Resource], observations: list[Resource], now: str | None) -> Made:
    """Age, sex, height and weights; the birthday makes the age and is forgotten."""
    patient = next(iter(patients), {})
    known: Made = {"age_years": _compute_age(day_of(patient.get("birthDate")), now), "weights": []}
    if patient.get("gender") in ("female", "male", "other"):
        known["sex"] = patient["gender"]
    heights = fhir_observations.vital(observations, fhir_observations.HEIGHT, "cm")
    if heights:
        known["height_cm"] = heights[-1][1]
    for day, kg in fhir_observations.vital(observations, fhir_observations.WEIGHT, "kg"):
        known["weights"].append(without_nothing({"kg": kg, "on": day}))
    return without_nothing(known)


def _compute_age(birthday: str | None, now: str | None) -> int | None:
    if birthday is None or now is None:
        return None
    try:
        born, today = date.fromisoformat(birthday), date.fromisoformat(now)
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _read_kidney(conditions: list[Resource], procedures: list[Resource]) -> Made:
    """The highest stage that a condition names, and the periods of dialysis."""
    stages = []
    for resource in conditions:
        named = fhir_conditions.stage_of(resource.get("code"))
        if named:
            stages.append(named)
    dialysis = _make_all(fhir_conditions.dialysis_of, procedures)
    stage = max(stages, default=None)
    if any("stop" not in period for period in dialysis):
        stage = "5D"
    return without_nothing({"stage": stage, "dialysis": dialysis})


def _read_conditions(conditions: Iterable[Resource]) -> list[Made]:
    """Diseases that are neither a stage of kidney disease nor a lesion of the skin."""
    others = []
    for resource in conditions:
        is_stage = fhir_conditions.stage_of(resource.get("code")) is not None
        if not is_stage and fhir_conditions.lesion_of(resource) is None:
            others.append(resource)
    return _make_all(fhir_conditions.condition_of, others)


def _read_medications(bundle: Resource) -> dict[str, Any]:
    """Code of every Medication that a statement may refer to."""
    found = {}
    for entry in blocks(bundle.get("entry")):
        resource = block(entry.get("resource"))
        if resource.get("resourceType") == "Medication":
            found[str(entry.get("fullUrl"))] = found[f"Medication/{resource.get('id')}"] = resource.get("code")
    return found


def _read_drug(statement: Resource, medications: dict[str, Any]) -> Made | None:
    reference = str(block(statement.get("medicationReference")).get("reference"))
    name = _name_drug(statement.get("medicationCodeableConcept") or medications.get(reference))
    status = DRUG_STATUS.get(status_of(statement))
    if name is None or status is None:
        return None
    start, stop = span_of(statement, "effective")
    route = _find_route(statement)
    return without_nothing({"name": name, "status": status, "start": start, "stop": stop, "route": route})


def _name_drug(concept: Any) -> str | None:
    """Generic name by ATC, else the words without a strength."""
    for code in codes_of(concept, ATC):
        name = by_atc(code)
        if name is not None:
            return name
    for words in words_of(concept):
        return _strip_strength(words)
    return None


def _find_route(statement: Resource) -> str | None:
    words = " ".join(said(dosage.get("route")) for dosage in blocks(statement.get("dosage")))
    for route in ROUTES:
        if route in words:
            return route
    return None


def _strip_strength(words: str) -> str:
    """The drug of "Calcium carbonate 500 mg", where it is known; else the words as they are."""
    drug = re.split(r"\s+\d", words)[0]
    if known_drug(words) is not None or known_drug(drug) is None:
        return words
    return drug
