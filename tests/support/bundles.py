"""FHIR bundles as servers write them, made by hand: one patient, a woman born on 5 May 1960."""

from typing import Any

from calcinet.clinical.case import Case
from calcinet.io.case.fhir.bundle import case_of_bundle
from calcinet.io.case.fhir.types import ATC, LOINC, UCUM

PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960-05-05"}
HERS = {"reference": "Patient/p1"}
WARFARIN = {"coding": [{"system": ATC, "code": "B01AA03", "display": "warfarin"}]}

LOINC_OF = {"calcium": "17861-6", "albumin": "1751-7", "phosphate": "2777-1", "potassium": "2823-3", "PTH": "14866-8"}


def result(name: str, value: Any = None, unit: str = "mmol/L", day: str | None = "2026-03-01", **more: Any) -> dict:
    """A laboratory observation; what is None is left out, so that a test can take out what it does not mean."""
    made = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": LOINC, "code": LOINC_OF[name]}], "text": name},
        "subject": HERS,
        "effectiveDateTime": day,
    }
    if value is not None:
        made["valueQuantity"] = {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return without_none({**made, **more})


def drug(kind: str = "MedicationStatement", status: str | None = "active", **more: Any) -> dict:
    """An entry of a drug, warfarin where nothing else is said."""
    if not any(key.startswith("medication") for key in more):
        more["medicationCodeableConcept"] = WARFARIN
    return without_none({"resourceType": kind, "status": status, "subject": HERS, **more})


def disease(words: str, clinical: str | None = "active", verified: str | None = "confirmed", **more: Any) -> dict:
    """A condition with both of its statuses."""
    told = {"resourceType": "Condition", "subject": HERS, "code": {"text": words}}
    if clinical:
        told["clinicalStatus"] = {"coding": [{"code": clinical}]}
    if verified:
        told["verificationStatus"] = {"coding": [{"code": verified}]}
    return without_none({**told, **more})


def done(words: str, status: str = "completed", **more: Any) -> dict:
    """A procedure."""
    return {"resourceType": "Procedure", "status": status, "subject": HERS, "code": {"text": words}, **more}


def bundle(*resources: dict, patient: dict | None = PATIENT, **more: Any) -> dict:
    """A bundle of resources, each of which may bring its `fullUrl`."""
    whole = [resource for resource in (patient, *resources) if resource is not None]
    entries = []
    for resource in whole:
        inner = {key: value for key, value in resource.items() if key != "fullUrl"}
        entries.append(without_none({"fullUrl": resource.get("fullUrl"), "resource": inner}))
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def read(*resources: dict, **more: Any) -> Case:
    """The case of such a bundle."""
    return case_of_bundle(bundle(*resources, **more))


def values(case: Case) -> list[tuple[str, str]]:
    """Names and values of the results, in their order."""
    return [(lab.name, lab.value) for lab in case.labs]


def without_none(told: dict) -> dict:
    return {key: value for key, value in told.items() if value is not None}
