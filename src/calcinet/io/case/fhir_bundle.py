"""A FHIR R4 bundle as a Case: codes first, words where there is no code, and nobody's name, number or birthday."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from calcinet.clinical.case import Case
from calcinet.clinical.drugs import by_atc, known_drug
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
    """The case file that says the same."""
    observations, procedures = by_type.get("Observation", []), by_type.get("Procedure", [])
    now = _find_last_day(observations)
    lesions = _make_all(fhir_conditions.lesion_of, by_type.get("Condition", []))
    drugs = _make_all(lambda resource: _read_drug(resource, medications), by_type.get("MedicationStatement", []))
    temperatures = fhir_observations.vital(observations, fhir_observations.TEMPERATURE, "Cel")
    tree = {
        "examined_on": now,
        "patient": _read_patient(by_type.get("Patient", []), observations, now),
        "kidney": _read_kidney(by_type.get("Condition", []), procedures),
        "lesions": lesions or None,
        "conditions": _read_conditions(by_type.get("Condition", [])) or None,
        "drugs": drugs or None,
        "labs": _make_all(fhir_observations.laboratory_of, observations),
        "pathology": _make_all(fhir_conditions.biopsy_of, procedures),
        "treatments": _make_all(fhir_conditions.treatment_of, procedures),
        "procedures": _make_all(fhir_conditions.procedure_of, procedures) or None,
        "examination": {"temperature_c": temperatures[-1][1]} if temperatures else None,
    }
    return without_nothing(tree)


def _make_all(make: Callable[[Resource], Made | None], resources: Iterable[Resource]) -> list[Made]:
    return [made for made in map(make, resources) if made is not None]


def _find_last_day(observations: Iterable[Resource]) -> str | None:
    """The day of the latest observation is what "now" means in the case."""
    days = [day_of(observation.get("effectiveDateTime")) for observation in observations]
    return max((day for day in days if day is not None), default=None)


def _read_patient(patients: list[Resource], observations: list[Resource], now: str | None) -> Made:
    """Age, sex, height and weights; the birthday makes the age and is forgotten."""
    patient = patients[0] if patients else {}
    heights = fhir_observations.vital(observations, fhir_observations.HEIGHT, "cm")
    weights = fhir_observations.vital(observations, fhir_observations.WEIGHT, "kg")
    gender = patient.get("gender")
    return without_nothing(
        {
            "age_years": _compute_age(day_of(patient.get("birthDate")), now),
            "sex": gender if gender in ("female", "male", "other") else None,
            "height_cm": heights[-1][1] if heights else None,
            "weights": [without_nothing({"kg": kg, "on": day}) for day, kg in weights],
        }
    )


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
    stages = [stage for stage in (fhir_conditions.stage_of(resource.get("code")) for resource in conditions) if stage]
    dialysis = _make_all(fhir_conditions.dialysis_of, procedures)
    stage = "5D" if any("stop" not in period for period in dialysis) else max(stages, default=None)
    return without_nothing({"stage": stage, "dialysis": dialysis})


def _read_conditions(conditions: Iterable[Resource]) -> list[Made]:
    """Diseases that are neither a stage of kidney disease nor a lesion of the skin."""
    others = [
        c
        for c in conditions
        if fhir_conditions.stage_of(c.get("code")) is None and fhir_conditions.lesion_of(c) is None
    ]
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
    concept = statement.get("medicationCodeableConcept") or medications.get(reference)
    known = [drug for drug in map(by_atc, codes_of(concept, ATC)) if drug is not None]
    name = next(iter([*known, *map(_strip_strength, words_of(concept))]), None)
    status = DRUG_STATUS.get(status_of(statement))
    if name is None or status is None:
        return None
    start, stop = span_of(statement, "effective")
    routes = " ".join(said(dosage.get("route")) for dosage in blocks(statement.get("dosage")))
    route = next((word for word in ROUTES if word in routes), None)
    return without_nothing({"name": name, "status": status, "start": start, "stop": stop, "route": route})


def _strip_strength(words: str) -> str:
    """The drug of "Calcium carbonate 500 mg", where it is known; else the words as they are."""
    drug = re.split(r"\s+\d", words)[0]
    return words if known_drug(words) is not None or known_drug(drug) is None else drug
