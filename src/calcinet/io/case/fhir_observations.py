"""Observations of a FHIR bundle as laboratory results, height, weight and temperature, in the units they came in."""

from typing import Any, Final

from calcinet.clinical.analytes import analyte, by_loinc
from calcinet.io.case.fhir_types import (
    LOINC,
    Resource,
    block,
    blocks,
    codes_of,
    day_of,
    number,
    without_nothing,
    words_of,
)

HEIGHT: Final = "8302-2"
WEIGHT: Final = "29463-7"
TEMPERATURE: Final = "8310-5"
"""LOINC codes of the vital signs that are read."""

LINEAR: Final = {
    "cm": {"cm": (1.0, 0.0), "m": (100.0, 0.0), "[in_i]": (2.54, 0.0)},
    "kg": {"kg": (1.0, 0.0), "g": (0.001, 0.0), "[lb_av]": (0.45359237, 0.0)},
    "Cel": {"Cel": (1.0, 0.0), "[degF]": (5 / 9, -160 / 9)},
}
"""By unit (UCUM) and by the unit that it came in: what it is multiplied by, and what is added."""

DECIMALS: Final = 3
"""Digits kept behind the point of a vital sign. Our choice: finer than any scale or thermometer."""

FLAGS: Final = {"H": "H", "HH": "H", "L": "L", "LL": "L", "N": "N"}

WORDS: Final = {"POS": "positive", "NEG": "negative", "260385009": "negative", "10828004": "positive"}
"""Codes of an interpretation or a result that stand for a word; the numbers are SNOMED CT's."""


def vital(observations: list[Resource], loinc: str, unit: str) -> list[tuple[str | None, float]]:
    """Days and values of one vital sign, oldest first; what has no unit of its own is passed over, not guessed."""
    found = []
    for observation in observations:
        quantity = block(observation.get("valueQuantity"))
        digits = number(quantity.get("value"))
        line = LINEAR[unit].get(str(quantity.get("code")))
        if loinc in codes_of(observation.get("code"), LOINC) and line is not None and digits is not None:
            value = round(line[0] * float(digits) + line[1], DECIMALS)
            found.append((day_of(observation.get("effectiveDateTime")), value))
    return sorted(found, key=lambda pair: pair[0] or "")


def laboratory_of(observation: Resource) -> dict[str, Any] | None:
    """One laboratory result as the case file writes it; None where it is none."""
    name = _name_analyte(observation)
    value = _read_value(observation)
    if name is None or value is None:
        return None
    unit = _read_unit(block(observation.get("valueQuantity")))
    low, high = _read_range(observation, unit)
    result = {
        "name": name,
        "value": value,
        "unit": unit,
        "low": low,
        "high": high,
        "flag": _read_flag(observation),
        "on": day_of(observation.get("effectiveDateTime")),
    }
    return without_nothing(result)


def _read_flag(observation: Resource) -> str | None:
    """Whether the laboratory calls the value high, low or normal."""
    for concept in blocks(observation.get("interpretation")):
        for code in codes_of(concept):
            if code in FLAGS:
                return FLAGS[code]
    return None


def _name_analyte(observation: Resource) -> str | None:
    """Our name by LOINC, else by the words; a result of the laboratory that we do not know keeps its words."""
    concept = observation.get("code")
    for code in codes_of(concept, LOINC):
        known = by_loinc(code)
        if known is not None:
            return known.name
    for words in words_of(concept):
        known = analyte(words)
        if known is not None:
            return known.name
    if not _is_laboratory(observation):
        return None
    return next(iter(words_of(concept)), None)


def _is_laboratory(observation: Resource) -> bool:
    categories = blocks(observation.get("category"))
    return any("laboratory" in codes_of(category) for category in categories)


def _read_value(observation: Resource) -> str | None:
    quantity = block(observation.get("valueQuantity"))
    digits = number(quantity.get("value"))
    if digits is not None:
        return f"{quantity.get('comparator', '')}{digits}".strip()
    if isinstance(observation.get("valueString"), str):
        return str(observation["valueString"])
    return number(observation.get("valueInteger")) or _read_coded_value(observation)


def _read_coded_value(observation: Resource) -> str | None:
    """Positive or negative by a code of the value or its interpretation, else the words of the value."""
    value = observation.get("valueCodeableConcept")
    for concept in (value, *blocks(observation.get("interpretation"))):
        for code in codes_of(concept):
            if code in WORDS:
                return WORDS[code]
    return next(iter(words_of(value)), None)


def _read_unit(quantity: Resource) -> str | None:
    """Code of UCUM, else the unit as it is shown."""
    given = quantity.get("code") or quantity.get("unit")
    if not isinstance(given, str):
        return None
    return given


def _read_range(observation: Resource, unit: str | None) -> tuple[float | None, float | None]:
    """Limits in the unit of the value; a range in another unit, or of another kind, is passed over."""
    for given in blocks(observation.get("referenceRange")):
        low, high = block(given.get("low")), block(given.get("high"))
        units = {_read_unit(limit) or unit for limit in (low, high) if limit}
        kinds = [*codes_of(given.get("type")), "normal"]
        if units == {unit} and kinds[0] == "normal":
            return _read_limit(low), _read_limit(high)
    return None, None


def _read_limit(quantity: Resource) -> float | None:
    value: float | None = quantity.get("value")
    if not number(value):
        return None
    return value
