"""The small pieces that FHIR resources are made of."""

from typing import Any, Final

from calcinet.report.edition import Edition
from calcinet.report.quantities.codes import SYSTEMS, Code

UCUM: Final = "http://unitsofmeasure.org"

TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"

Resource = dict[str, Any]


def coded(code: Code | None, words: str) -> Resource:
    """Make a CodeableConcept: the words always, the code where there is one."""
    if code is None:
        return {"text": words}
    return {"coding": [{"system": code.system, "code": code.value, "display": code.meaning}], "text": words}


def term(system: str, code: str) -> Resource:
    """Make a CodeableConcept of one of HL7's own terms."""
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}


def quantity(value: float, unit: str) -> Resource:
    """Make a Quantity; a unit that is not UCUM stays a word."""
    if not unit:
        return {"value": value}
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def reference(edition: Edition, *what: str) -> Resource:
    """Refer to the resource of that name in the same bundle."""
    return {"reference": edition.uuid("fhir", *what).urn}


def entry(edition: Edition, resource: Resource, *what: str) -> Resource:
    """Make the bundle's entry of a resource, under an address that is the same for the same examination."""
    return {"fullUrl": edition.uuid("fhir", *what).urn, "resource": resource}


def dicom_uid(uid: str) -> Resource:
    """Make an Identifier of a DICOM UID (FHIR R4, ImagingStudy: urn:dicom:uid)."""
    return {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}


def dicom_term(code: str) -> Resource:
    """Make a Coding of DICOM's own controlled terms: a modality."""
    return {"system": SYSTEMS["DCM"], "code": code}


def without_empty(resource: Resource) -> Resource:
    """Leave out what has no value: FHIR knows no empty elements."""
    return {key: value for key, value in resource.items() if value}
