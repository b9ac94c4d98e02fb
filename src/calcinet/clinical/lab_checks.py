"""When a laboratory value cannot be right as it stands, and what to ask; no unit is ever guessed."""

import difflib
import math
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.analytes import Analyte
from calcinet.clinical.history import Laboratory
from calcinet.clinical.lab_value import Printed, read_printed, with_point, without_comma
from calcinet.clinical.units import ucum
from calcinet.text import Text, say

RANGE_FITS: Final = 2.0
"""How far an upper limit may lie from the usual one. Our choice: assays differ less, units more."""

CELLS: Final = "10*9/L"
"""Unit of cells of the blood."""

LIKENESS: Final = 0.6
"""From which a misspelt unit is taken for a usual one. Our choice: one slip in four letters."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a value is not used."""

    field: str
    """Of the result: name, value or unit."""
    likely: str | None
    text: Text
    entry: str = ""
    """What settles it in the case file."""


def not_a_result(known: Analyte, lab: Laboratory) -> Doubt:
    """Doubt about a value that is neither a number nor a word."""
    point, thousands = with_point(lab.value), without_comma(lab.value)
    if point is not None and thousands is not None and _may_be_either(known, lab, point, thousands):
        text = say(
            "{name} {given}: a comma can be a decimal sign or part thousands. Write {one} or {other}.",
            name=known.name, given=lab.value, one=thousands, other=point,
        )  # fmt: skip
        return Doubt("value", None, text)
    likely = point
    if thousands is not None and _is_possible(known, lab, thousands):
        likely = thousands
    if likely is not None:
        text = say(
            "{name} {given}: a comma can be a decimal sign or part thousands. If it is {likely}, write that.",
            name=known.name, given=lab.value, likely=likely,
        )  # fmt: skip
        return Doubt("value", likely, text)
    wanted = "a word"
    if known.unit:
        wanted = "a number"
    text = say(
        "{name} {given}: this is not {wanted}; a result in words reads negative, positive, normal, high or low.",
        name=known.name, given=lab.value, wanted=wanted,
    )  # fmt: skip
    return Doubt("value", None, text)


def _may_be_either(known: Analyte, lab: Laboratory, point: str, thousands: str) -> bool:
    """Whether a living adult may have either of two values."""
    return _is_possible(known, lab, point) and _is_possible(known, lab, thousands)


def _is_possible(known: Analyte, lab: Laboratory, value: str) -> bool:
    """Whether a value may be true in the unit that was printed."""
    printed = read_printed(value)
    unit = ucum(lab.unit_confirmed or lab.unit or printed.unit or "1")
    return printed.number is not None and unit is not None and known.possible(printed.number, unit)


def unit_of(lab: Laboratory, known: Analyte, printed: Printed) -> tuple[str | None, Doubt | None]:
    """Give the UCUM unit of a printed number, or why it is in doubt."""
    given = lab.unit_confirmed or lab.unit or printed.unit
    if lab.unit and printed.unit and not lab.unit_confirmed and ucum(lab.unit) != ucum(printed.unit):
        return None, _ask_which_unit(known, lab, printed.unit)
    if given is None and known.unit != "1":
        return None, _ask_unit(known, lab, printed)
    unit = _read_unit(known, given or "1")
    if unit is None or known.times(unit) is None:
        return None, _ask_real_unit(known, lab, printed, str(given))
    if lab.unit_confirmed or lab.value_confirmed:
        return unit, None
    return unit, _ask_usual_unit(known, lab, printed, unit) or _ask_possible_value(known, lab, printed, unit)


def _read_unit(known: Analyte, given: str) -> str | None:
    """The unit in UCUM; cells are counted and never weighed, so that G/L is their giga and no gram."""
    if known.unit == CELLS and given.strip().casefold() == "g/l":
        return CELLS
    return ucum(given)


def _ask_which_unit(known: Analyte, lab: Laboratory, behind: str) -> Doubt:
    text = say(
        "{name} {given}: two units are given, {one} and {other}. Which is right?",
        name=known.name, given=lab.value, one=str(lab.unit), other=behind,
    )  # fmt: skip
    return Doubt("unit", None, text, "unit_confirmed")


def _ask_unit(known: Analyte, lab: Laboratory, printed: Printed) -> Doubt:
    likely = _choose_only(_find_fitting_units(known, printed))
    if likely is None:
        text = say(
            "{name} {given}: no unit is given. Which is it, for instance {units}?",
            name=known.name, given=lab.value, units=list(known.usual_units()),
        )  # fmt: skip
        return Doubt("unit", None, text, "unit")
    text = say(
        "{name} {given}: no unit is given. Only {likely} would fit: check with the laboratory.",
        name=known.name, given=lab.value, likely=likely,
    )  # fmt: skip
    return Doubt("unit", likely, text, f"unit: {likely}")


def _ask_real_unit(known: Analyte, lab: Laboratory, printed: Printed, unit: str) -> Doubt:
    fitting = _find_fitting_units(known, printed)
    spelt = {code.casefold(): code for code in fitting}
    likely = _find_spelling(unit, spelt)
    if likely is None:
        likely = _choose_only(fitting)
    if likely is None:
        text = say(
            "{name} {given}: {unit} is no unit of it. Which is right, for instance {units}?",
            name=known.name, given=lab.as_given, unit=unit, units=list(known.usual_units()),
        )  # fmt: skip
        return Doubt("unit", None, text, "unit_confirmed")
    text = say(
        "{name} {given}: {unit} is no unit of it. It is likely {likely}: check with the laboratory.",
        name=known.name, given=lab.as_given, unit=unit, likely=likely,
    )  # fmt: skip
    return Doubt("unit", likely, text, f"unit_confirmed: {likely}")


def _ask_usual_unit(known: Analyte, lab: Laboratory, printed: Printed, unit: str) -> Doubt | None:
    """Doubt about a unit that nobody reports this in and that is one slip away from one that the number would fit.

    The laboratory's own limit settles it where that lies near the usual one in the unit as printed.
    """
    usual = known.usual_units()
    if unit in usual or any(known.times(unit) == known.times(code) for code in usual):
        return None
    if lab.high is not None and known.range is not None and _is_near(known, lab.high, unit, known.range[1]):
        return None
    spelt = {code.casefold(): code for code in _find_fitting_units(known, printed)}
    likely = _find_spelling(unit, spelt)
    if likely is None:
        return None
    text = say(
        "{name} {given}: {unit} is not a usual unit of it. Is it {likely}? Check with the laboratory.",
        name=known.name, given=lab.as_given, unit=unit, likely=likely,
    )  # fmt: skip
    return Doubt("unit", likely, text, "unit_confirmed")


def _ask_possible_value(known: Analyte, lab: Laboratory, printed: Printed, unit: str) -> Doubt | None:
    """Doubt about a value that nobody has in this unit, or whose printed range belongs to another."""
    number = printed.number or 0.0
    if not known.possible(number, unit):
        return _ask_fitting_value(known, lab, printed, unit)
    usual = known.range
    if lab.high is None or usual is None or math.isnan(usual[1]) or _is_near(known, lab.high, unit, usual[1]):
        return None
    others = [code for code in known.usual_units() if code != unit and _is_near(known, lab.high, code, usual[1])]
    if not others:
        return None
    text = say(
        "{name} {given}: the upper limit {high} belongs to {likely}, not to {unit}. Check with the laboratory.",
        name=known.name, given=lab.as_given, high=lab.high, likely=others[0], unit=unit,
    )  # fmt: skip
    return Doubt("unit", others[0], text, "unit_confirmed")


def _ask_fitting_value(known: Analyte, lab: Laboratory, printed: Printed, unit: str) -> Doubt:
    fitting = [code for code in _find_fitting_units(known, printed) if code != unit]
    if fitting:
        text = say(
            "{name} {given}: not plausible in {unit}, but in {likely}. Check with the laboratory.",
            name=known.name, given=lab.as_given, unit=unit, likely=fitting[0],
        )  # fmt: skip
        return Doubt("unit", fitting[0], text, f"unit_confirmed: {fitting[0]}")
    text = say(
        "{name} {given}: not plausible in {unit} nor in another usual unit. Check the number with the laboratory.",
        name=known.name, given=lab.as_given, unit=unit,
    )  # fmt: skip
    return Doubt("value", None, text, "value_confirmed")


def _find_fitting_units(known: Analyte, printed: Printed) -> list[str]:
    """Usual units in which the number could be true."""
    return [unit for unit in known.usual_units() if known.possible(printed.number or 0.0, unit)]


def _choose_only(units: list[str]) -> str | None:
    if len(units) != 1:
        return None
    return units[0]


def _find_spelling(unit: str, known: dict[str, str]) -> str | None:
    """Not by names.nearest: a stroke is a letter here."""
    found = difflib.get_close_matches(unit.casefold(), known, n=1, cutoff=LIKENESS)
    if not found:
        return None
    return known[found[0]]


def _is_near(known: Analyte, high: float, unit: str, usual: float) -> bool:
    times = known.times(unit)
    return times is not None and usual / RANGE_FITS <= high * times <= usual * RANGE_FITS
