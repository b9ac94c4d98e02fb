"""Observations of a FHIR bundle as laboratory results, height, weight and temperature, in the units they came in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from calcinet.clinical.analytes import Analyte, analyte, by_loinc
from calcinet.clinical.units import factor, ucum
from calcinet.io.case.fhir.dates import Moment, read_span
from calcinet.io.case.fhir.left_out import LeftOut
from calcinet.io.case.fhir.ranges import RangeOwner, choose_range
from calcinet.io.case.fhir.types import (
    LOINC,
    UCUM,
    Resource,
    block,
    blocks,
    codes_of,
    concepts,
    is_of_system,
    number,
    said,
    without_nothing,
    words_of,
)

HEIGHT: Final = "8302-2"
WEIGHT: Final = "29463-7"
TEMPERATURE: Final = "8310-5"
"""LOINC codes of the vital signs that are read."""

LINEAR: Final = {
    "cm": {"cm": (1.0, 0.0), "m": (100.0, 0.0), "[in_i]": (2.54, 0.0), "in": (2.54, 0.0)},
    "kg": {
        "kg": (1.0, 0.0), "g": (0.001, 0.0), "[lb_av]": (0.45359237, 0.0), "lb": (0.45359237, 0.0),
        "lbs": (0.45359237, 0.0),
    },
    "Cel": {
        "Cel": (1.0, 0.0), "°C": (1.0, 0.0), "degC": (1.0, 0.0), "[degF]": (5 / 9, -160 / 9), "°F": (5 / 9, -160 / 9),
        "degF": (5 / 9, -160 / 9),
    },
}  # fmt: skip
"""By unit (UCUM) and by the unit that it came in: what it is multiplied by, and what is added."""

DECIMALS: Final = 3
"""Digits kept behind the point of a vital sign. Our choice: finer than any scale or thermometer."""

FLAGS: Final = {
    "H": "H", "HH": "H", "HU": "H", "HX": "H", ">": "H", "L": "L", "LL": "L", "LU": "L", "LX": "L", "<": "L", "N": "N",
}  # fmt: skip
"""Codes of HL7 v3 for an interpretation."""

FLAG_WORDS: Final = {"high": "H", "low": "L", "normal": "N", "critical high": "H", "critical low": "L"}
"""An interpretation in words, where it has no code."""

WORDS: Final = {
    "POS": "positive", "DET": "positive", "RR": "positive", "10828004": "positive", "260373001": "positive",
    "NEG": "negative", "ND": "negative", "NR": "negative", "260385009": "negative", "260415000": "negative",
}  # fmt: skip
"""Codes of an interpretation or a result that stand for a word; the numbers are SNOMED CT's."""

COMPARATORS: Final = frozenset({"<", "<=", ">=", ">"})
"""Those of FHIR R4; another one changes what the number means."""

OTHER_VALUES: Final = (
    *("valueRange", "valueSampledData", "valueTime", "valueDateTime", "valuePeriod", "valueAttachment"),
    *("valueReference",),
)
"""Kinds of value that are no result of one number or word."""

OTHER_FLUID: Final = re.compile(
    r"\b(?:urine|urinary|dialysate|effluent|csf|cerebrospinal|ascit\w+|periton\w+|pleural|synovial|stool|"
    r"fa?eces|fa?ecal|saliva|sweat|bile|semen|amniotic|aspirate|swab|tissue|bone marrow|drain(?:age)?|fluid)\b"
    r"|尿液|糞便|腹水|透析液"
)
"""What is no blood: the same name there is another result."""

LOINC_NAME: Final = re.compile(
    r"(?P<component>[^\[\]]+) \[[^\]]+\] in (?:Serum|Plasma|Blood|Serum or Plasma|Serum, Plasma or Blood|"
    r"Arterial blood|Venous blood)(?: by (?:(?!--).)+)?"
)
"""Long common name of LOINC of what is measured in blood: "Glucose [Mass/volume] in Serum or Plasma"; what stands
between the brackets and "in" (corrected for albumin), or behind two strokes (after a meal), makes another analyte."""

NOBODY: Final = RangeOwner()


@dataclass(frozen=True, slots=True)
class _Value:
    """A value as the case file writes it."""

    written: str
    unit: str | None = None


def vital(observations: Sequence[Resource], loinc: str, unit: str) -> list[tuple[str | None, float]]:
    """Days and values of one vital sign, oldest first; what has no unit of its own is passed over, not guessed."""
    found = []
    for observation in observations:
        quantity = block(observation.get("valueQuantity"))
        digits = number(quantity.get("value"))
        line = LINEAR[unit].get(str(quantity.get("code"))) or LINEAR[unit].get(str(quantity.get("unit")))
        if is_vital(observation, loinc) and line is not None and digits is not None and not _is_limit(quantity):
            value = round(line[0] * float(digits) + line[1], DECIMALS)
            found.append((day_of(observation), value))
    return sorted(found, key=lambda pair: pair[0] or "")


def is_vital(observation: Resource, *loinc: str) -> bool:
    """Whether an observation is one of some vital signs."""
    return any(code in loinc for code in codes_of(observation.get("code"), LOINC))


def moment_of(observation: Resource) -> Moment | None:
    """When it was observed: at the end of a period, as a sample is whole then; None where nothing says.

    Raises
    ------
    BrokenDate
        If that is no time.
    """
    return read_span(observation, "effective").latest


def day_of(observation: Resource) -> str | None:
    """The day of an observation; None where only a month or a year is known."""
    moment = moment_of(observation)
    if moment is None:
        return None
    return moment.day


def laboratory_of(
    observation: Resource, owner: RangeOwner = NOBODY, left_out: LeftOut | None = None, specimen: str = ""
) -> dict[str, Any] | None:
    """One laboratory result as the case file writes it; None where it is none.

    Parameters
    ----------
    observation
        Or one of its components, with what both have in common.
    owner
        Whom reference ranges must hold for.
    left_out
        Where it is counted that a result has no value, or no range that holds.
    specimen
        What was examined, in words.
    """
    told = left_out or LeftOut()
    name = name_analyte(observation, specimen)
    if name is None:
        return None
    value = _read_value(observation, told)
    if value is None:
        return None
    day = day_of(observation)
    limits, are_left = choose_range(blocks(observation.get("referenceRange")), value.unit, owner, _read_date(day))
    if are_left:
        told.note("no range")
    result = {
        "name": name,
        "value": value.written,
        "unit": value.unit,
        "low": limits[0],
        "high": limits[1],
        "flag": _read_flag(observation),
        "on": day,
    }
    return without_nothing(result)


def name_analyte(observation: Resource, specimen: str = "") -> str | None:
    """Our name by LOINC, else by the words; a result of the laboratory that we do not know keeps its words.

    By words nothing of urine or of another fluid is taken for what is measured in blood.
    """
    concept = observation.get("code")
    for code in codes_of(concept, LOINC):
        known = by_loinc(code)
        if known is not None:
            return known.name
    all_words = words_of(concept)
    fluid = _find_fluid(" ".join(all_words), specimen)
    for words in all_words:
        known = _recognise_words(words)
        if known is not None and (fluid is None or _is_of_any_fluid(known)):
            return known.name
    if not is_laboratory(observation) or not all_words:
        return None
    if fluid is None or fluid in all_words[0].casefold():
        return all_words[0]
    return f"{all_words[0]} ({fluid})"


def is_laboratory(observation: Resource) -> bool:
    """Whether the laboratory reports it."""
    for category in concepts(observation.get("category")):
        if {"laboratory", "lab"} & {code.casefold() for code in (*codes_of(category), *words_of(category))}:
            return True
    return False


def has_value(observation: Resource) -> bool:
    """Whether an observation has a value of any kind."""
    return any(key.startswith("value") and value not in (None, {}, []) for key, value in observation.items())


def _read_date(day: str | None) -> date | None:
    if day is None:
        return None
    return date.fromisoformat(day)


def _read_flag(observation: Resource) -> str | None:
    """Whether the laboratory calls the value high, low or normal; None where it says two of these."""
    flags = set()
    for concept in concepts(observation.get("interpretation")):
        coded = {FLAGS[code] for code in codes_of(concept) if code in FLAGS}
        if not coded and said(concept) in FLAG_WORDS:
            coded = {FLAG_WORDS[said(concept)]}
        flags |= coded
    if len(flags) != 1:
        return None
    return flags.pop()


def _recognise_words(words: str) -> Analyte | None:
    """The analyte of a name, or of what LOINC calls it at length."""
    known = analyte(words)
    found = LOINC_NAME.fullmatch(words.strip())
    if known is None and found is not None:
        return analyte(found["component"])
    return known


def _find_fluid(words: str, specimen: str) -> str | None:
    """The fluid other than blood that the words of a result or of its specimen name."""
    found = OTHER_FLUID.search(words.casefold()) or OTHER_FLUID.search(specimen.casefold())
    if found is None:
        return None
    return found[0]


def _is_of_any_fluid(known: Analyte) -> bool:
    """Whether it is told in words, such as a culture of a wound."""
    return known.unit is None


def _is_limit(quantity: Resource) -> bool:
    return bool(quantity.get("comparator"))


def _read_value(observation: Resource, told: LeftOut) -> _Value | None:
    """The value; what has none, or one of another kind, is counted."""
    if observation.get("dataAbsentReason"):
        told.note("no value")
        return None
    found = (
        _read_quantity(block(observation.get("valueQuantity")))
        or _read_ratio(block(observation.get("valueRatio")))
        or _read_open_range(block(observation.get("valueRange")))
        or _read_plain_value(observation)
        or _read_coded_value(observation)
    )
    if found is None and (block(observation.get("valueQuantity")).get("comparator") or _has_other_value(observation)):
        told.note("other value")
    elif found is None and not (observation.get("hasMember") or observation.get("component")):
        told.note("no value")
    return found


def _has_other_value(observation: Resource) -> bool:
    return any(observation.get(name) for name in (*OTHER_VALUES, "valueRatio"))


def _read_quantity(quantity: Resource) -> _Value | None:
    digits = number(quantity.get("value"))
    comparator = str(quantity.get("comparator") or "")
    if digits is None or (comparator and comparator not in COMPARATORS):
        return None
    unit, other = _read_units(quantity)
    if other is not None:
        return _Value(f"{comparator}{digits} {other}", unit)
    return _Value(f"{comparator}{digits}", unit)


def _read_units(quantity: Resource) -> tuple[str | None, str | None]:
    """The unit: the code of UCUM where it is one, else as it is shown; and the shown one where it contradicts."""
    code, shown = _read_word(quantity.get("code")), _read_word(quantity.get("unit"))
    if code is None or (quantity.get("system") and not is_of_system(quantity["system"], UCUM)):
        return shown or (code if not quantity.get("system") else None), None
    if ucum(code) is None:
        return shown or code, None
    if shown is not None and _is_contradicted(code, shown):
        return code, shown
    return code, None


def _is_contradicted(code: str, shown: str) -> bool:
    """Whether two units of one value measure the same and differ in size, or one is mass and the other amount."""
    one, other = ucum(code), ucum(shown)
    if one is None or other is None:
        return False
    times = factor(one, other)
    if times is None:
        return factor(one, other, molar=1.0) is not None
    return times != 1.0


def _read_word(given: Any) -> str | None:
    if not isinstance(given, str) or not given.strip():
        return None
    return given.strip()


def _read_ratio(ratio: Resource) -> _Value | None:
    """A titre as it is written, 1:160; else the quotient, in the quotient of the units."""
    above, below = block(ratio.get("numerator")), block(ratio.get("denominator"))
    top, bottom = number(above.get("value")), number(below.get("value"))
    if top is None or above.get("comparator") or below.get("comparator"):
        return None
    (unit, _), (per, _) = _read_units(above), _read_units(below)
    if bottom is None or not float(bottom):
        return None
    if unit in (None, "1") and per in (None, "1"):
        if float(bottom) == 1:
            return _Value(top)
        return _Value(f"{top}:{bottom}")
    value = f"{float(top) / float(bottom):.9g}"
    if per in (None, "1"):
        return _Value(value, unit)
    return _Value(value, f"{unit or ''}/{per}")


def _read_open_range(given: Resource) -> _Value | None:
    """A range that is open on one side is a limit; a closed one is no number."""
    low, high = block(given.get("low")), block(given.get("high"))
    lower, upper = number(low.get("value")), number(high.get("value"))
    if lower is not None and upper is None:
        return _Value(f">={lower}", _read_units(low)[0])
    if upper is not None and lower is None:
        return _Value(f"<={upper}", _read_units(high)[0])
    return None


def _read_plain_value(observation: Resource) -> _Value | None:
    words = _read_word(observation.get("valueString"))
    if words is not None:
        return _Value(words)
    given = observation.get("valueBoolean")
    if isinstance(given, bool):
        return _Value({True: "positive", False: "negative"}[given])
    for name in ("valueInteger", "valueDecimal"):
        digits = number(observation.get(name))
        if digits is not None:
            return _Value(digits)
    return None


def _read_coded_value(observation: Resource) -> _Value | None:
    """Positive or negative by a code of the value or its interpretation, else the words of the value."""
    value = observation.get("valueCodeableConcept")
    for concept in (block(value), *concepts(observation.get("interpretation"))):
        for code in codes_of(concept):
            if code in WORDS:
                return _Value(WORDS[code])
    words = next(iter(words_of(value)), None)
    if words is None:
        return None
    return _Value(words)


def inherit(observation: Resource, panel: Mapping[str, Any]) -> dict[str, Any]:
    """An observation with what only the panel or report says that it belongs to: when, of whom, by whom, whether."""
    has_time = any(key.startswith("effective") for key in observation)
    taken: dict[str, Any] = {}
    for key, value in panel.items():
        is_shared = key in ("status", "subject", "focus", "category", "issued", "specimen", "contained", "fullUrl")
        if key not in observation and (is_shared or (key.startswith("effective") and not has_time)):
            taken[key] = value
    return {**taken, **observation}


def list_components(observation: Resource) -> list[Resource]:
    """The observation itself where it has a value, and each of its components as a result of its own."""
    components = blocks(observation.get("component"))
    if not components:
        return [observation]
    shared = {}
    for key, value in observation.items():
        if not key.startswith(("value", "component", "code", "dataAbsent", "interpretation", "referenceRange")):
            shared[key] = value
    found: list[Resource] = [{**shared, **component} for component in components]
    if has_value(observation):
        found.insert(0, {key: value for key, value in observation.items() if key != "component"})
    return found
