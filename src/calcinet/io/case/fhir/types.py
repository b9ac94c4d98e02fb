"""The data types of FHIR R4 that a case needs; what has another shape than the standard's counts as absent."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ATC: Final = "http://www.whocc.no/atc"

OTHER_ADDRESSES: Final[Mapping[str, tuple[str, ...]]] = {
    LOINC: ("https://loinc.org", "urn:oid:2.16.840.1.113883.6.1"),
    UCUM: ("https://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8"),
    ATC: ("https://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"),
}
"""Other ways in which servers write the address of a system."""

ICD10_ADDRESSES: Final = (
    *("icd-10", "icd10", "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.4", "2.16.840.1.113883.6.90"),
)
"""Parts of the addresses of ICD-10 and its national kinds."""

SNOMED_TAG: Final = re.compile(
    r"\s*\((?:disorder|finding|situation|procedure|regime/therapy|substance|product|medicinal product|clinical drug|"
    r"observable entity|morphologic abnormality|body structure|qualifier value)\)$"
)
"""What SNOMED CT writes behind a name to say what kind of thing it is."""

NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
"""A decimal that a server wrote as text."""

MOST_FIGURES: Final = 30
"""Figures before the point of a number, or noughts behind it. Our choice: no quantity of a patient has so many."""

Resource = Mapping[str, Any]


def block(value: Any) -> Resource:
    """A block, empty where there is none."""
    if not isinstance(value, Mapping):
        return {}
    return value


def blocks(value: Any) -> list[Resource]:
    """The blocks of a list."""
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def codings_of(concept: Any) -> list[Resource]:
    """The codings of a CodeableConcept."""
    return blocks(block(concept).get("coding"))


def codes_of(concept: Any, system: str = "") -> list[str]:
    """Codes of a CodeableConcept, of one system or of all whose address begins so."""
    codes = []
    for coding in codings_of(concept):
        code = coding.get("code")
        if isinstance(code, str) and is_of_system(coding.get("system"), system):
            codes.append(code)
    return codes


def is_of_system(given: Any, system: str) -> bool:
    """Whether an address is that of a system, in any of the ways in which it is written."""
    return str(given or "").startswith((system, *OTHER_ADDRESSES.get(system, ())))


def icd10_of(concept: Any) -> list[str]:
    """Codes of ICD-10 and its national kinds."""
    codes = []
    for coding in codings_of(concept):
        address = str(coding.get("system", "")).casefold()
        if any(part in address for part in ICD10_ADDRESSES):
            codes.append(str(coding.get("code", "")))
    return codes


def words_of(concept: Any) -> list[str]:
    """Text and displays of a CodeableConcept, the text first."""
    given = [block(concept).get("text")]
    for coding in codings_of(concept):
        given.append(coding.get("display"))
    return [SNOMED_TAG.sub("", word) for word in given if isinstance(word, str) and word.strip()]


def said(concept: Any) -> str:
    """All its words in small letters, to look for others in."""
    return " ".join(words_of(concept)).casefold()


def status_of(resource: Resource, name: str = "status") -> str:
    """Status, given as a code or as a CodeableConcept."""
    given = resource.get(name)
    if isinstance(given, str):
        return given
    return next(iter(codes_of(given)), "")


def number(value: Any) -> str | None:
    """A decimal as it was written, without an exponent.

    >>> number(2.67), number(1e-05), number(True)
    ('2.67', '0.00001', None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and NUMBER.fullmatch(value) is None:
        return None
    try:
        written = Decimal(str(value))
    except InvalidOperation:
        return None
    if not written.is_finite() or abs(written.adjusted()) > MOST_FIGURES:
        return None
    return f"{written:f}"


def without_nothing(given: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in given.items() if value is not None}


def concepts(value: Any) -> list[Resource]:
    """CodeableConcepts, where a standard or an older one has several or one."""
    if isinstance(value, Mapping):
        return [value]
    return blocks(value)
