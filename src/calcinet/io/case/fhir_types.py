"""The data types of FHIR R4 that a case needs; what has another shape than the standard's counts as absent."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from calcinet.clinical.block import ISO_DAY

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ATC: Final = "http://www.whocc.no/atc"

PASSED_OVER: Final = frozenset({"entered-in-error", "cancelled", "unconfirmed", "provisional", "differential"})
"""Status of what is not so, or not known to be so."""

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
        if isinstance(code, str) and str(coding.get("system", "")).startswith(system):
            codes.append(code)
    return codes


def icd10_of(concept: Any) -> list[str]:
    """Codes of ICD-10 and its national kinds."""
    codes = []
    for coding in codings_of(concept):
        if "icd-10" in str(coding.get("system", "")).casefold():
            codes.append(str(coding.get("code", "")))
    return codes


def words_of(concept: Any) -> list[str]:
    """Text and displays of a CodeableConcept, the text first."""
    given = [block(concept).get("text")]
    for coding in codings_of(concept):
        given.append(coding.get("display"))
    return [word for word in given if isinstance(word, str) and word.strip()]


def said(concept: Any) -> str:
    """All its words in small letters, to look for others in."""
    return " ".join(words_of(concept)).casefold()


def status_of(resource: Resource, name: str = "status") -> str:
    """Status, given as a code or as a CodeableConcept."""
    given = resource.get(name)
    if isinstance(given, str):
        return given
    return next(iter(codes_of(given)), "")


def day_of(value: Any) -> str | None:
    """Day of a date or a time; None where only a month or a year is known."""
    if not isinstance(value, str):
        return None
    found = ISO_DAY.match(value)
    if found is None:
        return None
    return found[0]


def span_of(resource: Resource, name: str) -> tuple[str | None, str | None]:
    """First and last day of a Period, or of a dateTime that stands in its place."""
    period = block(resource.get(f"{name}Period"))
    start = day_of(period.get("start")) or day_of(resource.get(f"{name}DateTime"))
    return start, day_of(period.get("end"))


def number(value: Any) -> str | None:
    """A decimal as it was written, without an exponent.

    >>> number(2.67), number(1e-05), number(True)
    ('2.67', '0.00001', None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    written = Decimal(str(value))
    if not written.is_finite():
        return None
    return f"{written:f}"


def without_nothing(given: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in given.items() if value is not None}


def resources_of(bundle: Resource) -> Iterator[Resource]:
    """The resources of a bundle, except those entered in error and diagnoses that nobody has confirmed yet."""
    for entry in blocks(bundle.get("entry")):
        resource = block(entry.get("resource"))
        statuses = {status_of(resource), status_of(resource, "verificationStatus")}
        if resource and not statuses & PASSED_OVER:
            yield resource
