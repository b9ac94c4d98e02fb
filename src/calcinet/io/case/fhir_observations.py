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
    name = _name(observation)
    value = _read_value(observation)
    if name is None or value is None:
        return None
    quantity = block(observation.get("valueQuantity"))
    unit = _read_unit(quantity)
    low, high = _read_range(observation, unit)
    flags = [
        FLAGS[code]
        for concept in blocks(observation.get("interpretation"))
        for code in codes_of(concept)
        if code in FLAGS
    ]
    return without_nothing(
        {
            "name": name, "value": value, "unit": unit, "low": low, "high": high,
            "flag": next(iter(flags), None), "on": day_of(observation.get("effectiveDateTime")),
        }
    )  # fmt: skip


def _name(observation: Resource) -> str | None:
    """Our name by LOINC, else by the words; a result of the laboratory that we do not know keeps its words."""
    concept = observation.get("code")
    known = [found for found in map(by_loinc, codes_of(concept, LOINC)) if found is not None]
    known += [found for found in map(analyte, words_of(concept)) if found is not None]
    if known:
        return known[0].name
    categories = [code for category in blocks(observation.get("category")) for code in codes_of(category)]
    return next(iter(words_of(concept)), None) if "laboratory" in categories else None


def _read_value(observation: Resource) -> str | None:
    quantity = block(observation.get("valueQuantity"))
    digits = number(quantity.get("value"))
    if digits is not None:
        return f"{quantity.get('comparator', '')}{digits}".strip()
    if isinstance(observation.get("valueString"), str):
        return str(observation["valueString"])
    integer = number(observation.get("valueInteger"))
    concepts = [observation.get("valueCodeableConcept"), *blocks(observation.get("interpretation"))]
    coded = [WORDS[code] for concept in concepts for code in codes_of(concept) if code in WORDS]
    return integer or next(iter([*coded, *words_of(concepts[0])]), None)


def _read_unit(quantity: Resource) -> str | None:
    """Code of UCUM, else the unit as it is shown."""
    given = quantity.get("code") or quantity.get("unit")
    return given if isinstance(given, str) else None


def _read_range(observation: Resource, unit: str | None) -> tuple[float | None, float | None]:
    """Limits in the unit of the value; a range in another unit, or of another kind, is passed over."""
    for given in blocks(observation.get("referenceRange")):
        limits = [block(given.get(name)) for name in ("low", "high")]
        units = {_read_unit(limit) or unit for limit in limits if limit}
        kinds = [*codes_of(given.get("type")), "normal"]
        if units == {unit} and kinds[0] == "normal":
            low, high = (limit.get("value") if number(limit.get("value")) else None for limit in limits)
            return low, high
    return None, None
