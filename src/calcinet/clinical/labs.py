"""Laboratory results in checked units: what cannot be right is asked about and stays missing."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from calcinet.clinical.analytes import Analyte, analyte, in_unit, likely_analyte
from calcinet.clinical.history import Laboratory
from calcinet.clinical.lab_checks import Doubt, not_a_result, unit_of
from calcinet.clinical.lab_value import SIGNS, Printed, read_printed
from calcinet.clinical.results import LabResult, Question
from calcinet.text import say
from calcinet.vocabulary import LabFlag

DIGITS: Final = 9
"""Significant digits kept of a changed value. Our choice: more than is printed, fewer than the noise of a float."""

ADULT_YEARS: Final = 18
"""From this age on a patient is a woman or a man, the default ranges hold and the schemes apply. Our choice: the usual
legal age; the sources tell of adults."""

CULTURES: Final = frozenset({"blood_culture", "wound_culture"})
"""What may be answered with the name of what grew."""

NOTHING_GREW: Final = re.compile(r"\bno (?:\w+ )?growth|steril|\bnot? (?:organisms?|bacteria)\b|\bnegative\b")

GREW_UNSURELY: Final = re.compile(r"contamin|pending|await|mixed|commensal|skin flora|not (?:done|taken|sent)|\?")
"""Of such a culture a person says what it means."""

Limits = tuple[float | None, float | None]
"""Lower and upper limit of a reference range."""

FLAG_OF_WORD: Final[dict[str, LabFlag]] = {"normal": "N", "high": "H", "low": "L"}


BASIS: Final[dict[str, Literal["laboratory range", "default range"]]] = {
    "laboratory": "laboratory range",
    "default": "default range",
}


def read_labs(
    labs: Sequence[Laboratory], sex: str | None = None, age_years: int | None = None
) -> tuple[list[LabResult], list[Question]]:
    """Bring every result into its analyte's own unit, flag it, and ask where something cannot be right.

    Parameters
    ----------
    labs
        As printed.
    sex
        "female" or "male", for default ranges that differ.
    age_years
        Of a child: the default ranges are those of adults, and serve nobody younger.
    """
    adult = age_years is None or age_years >= ADULT_YEARS
    results, questions = [], []
    for number, lab in enumerate(labs):
        result, doubt = _read(lab, sex, adult=adult)
        results.append(result)
        if doubt is not None:
            field = f"labs.{number}.{doubt.field}"
            questions.append(Question(field, lab.as_given, doubt.likely, doubt.text, doubt.entry))
    return results, questions


def _read(lab: Laboratory, sex: str | None, *, adult: bool) -> tuple[LabResult, Doubt | None]:
    known = analyte(lab.name)
    if known is None:
        return _keep_unknown(lab)
    printed = read_printed(lab.value_confirmed or lab.value)
    known = in_unit(known, lab.unit_confirmed or lab.unit or printed.unit)
    blank = LabResult(known.key, known.name, None, known.unit, lab.as_given, on=lab.on)
    blank = _set_printed_flag(blank, lab.flag)
    if known.key in CULTURES and printed.word is None:
        return _read_culture(blank, lab, known)
    if known.unit is not None and SIGNS.issuperset(lab.value_confirmed or lab.value.strip()):
        return blank, not_a_result(known, lab)
    if printed.word is not None:
        worded = replace(blank, word=printed.word)
        if lab.flag is None and printed.word in FLAG_OF_WORD:
            return replace(worded, flag=FLAG_OF_WORD[printed.word], flag_basis="stated"), None
        return worded, None
    if printed.number is None or known.unit is None:
        return blank, not_a_result(known, lab)
    unit, doubt = unit_of(lab, known, printed)
    if doubt is not None or unit is None:
        return blank, doubt
    usual = None
    if adult:
        usual = known.default_range(sex)
    return _convert_to_own_unit(blank, lab, known, printed, usual=usual, unit=unit), None


def _read_culture(blank: LabResult, lab: Laboratory, known: Analyte) -> tuple[LabResult, Doubt | None]:
    """A culture that names what grew is positive; of one that is pending, mixed or contaminated nothing is known."""
    told = (lab.value_confirmed or lab.value).casefold()
    if NOTHING_GREW.search(told):
        return replace(blank, word="negative"), None
    if GREW_UNSURELY.search(told) or not re.search(r"[^\W\d_]{3}", told):
        return blank, not_a_result(known, lab)
    return replace(blank, word="positive"), None


def _set_printed_flag(result: LabResult, flag: LabFlag | None) -> LabResult:
    if flag is None:
        return result
    return replace(result, flag=flag, flag_basis="printed")


def _keep_unknown(lab: Laboratory) -> tuple[LabResult, Doubt | None]:
    """A result whose name is in no table is shown as it was given."""
    result = LabResult(None, lab.name, None, None, lab.as_given, flag=lab.flag, on=lab.on)
    likely = likely_analyte(lab.name)
    if likely is None:
        text = say('"{name}" is not known; it counts for nothing until it is written by a usual name.', name=lab.name)
        return result, Doubt("name", None, text)
    text = say('"{name}" is not known. If it is {likely}, write that.', name=lab.name, likely=likely.name)
    return result, Doubt("name", likely.name, text)


def _convert_to_own_unit(
    blank: LabResult, lab: Laboratory, known: Analyte, printed: Printed, *, usual: Limits | None, unit: str
) -> LabResult:
    times = known.times(unit) or math.nan
    value = _tidy((printed.number or 0.0) * times)
    result = replace(blank, value=value, comparator=printed.comparator)
    limits = usual
    basis: Literal["laboratory", "default"] = "default"
    source = known.reference
    if lab.low is not None or lab.high is not None:
        limits = _scale(lab.low, times), _scale(lab.high, times)
        basis = "laboratory"
        source = None
    if limits is None:
        return result
    result = replace(result, range=limits, range_basis=basis, reference=source)
    if lab.flag is not None:
        return result
    flag = _flag(value, limits, printed.comparator)
    if flag is None:
        return replace(result, flag=None, flag_basis=None)
    return replace(result, flag=flag, flag_basis=BASIS[basis])


def _flag(value: float, limits: Limits, comparator: str | None) -> LabFlag | None:
    """High, low or normal; None where a limit sign leaves it open."""
    low, high = limits
    flag: LabFlag = "N"
    left_open = comparator == ">" or (comparator == "<" and low is not None)
    if high is not None and value > high:
        flag, left_open = "H", comparator == "<"
    elif low is not None and value < low:
        flag, left_open = "L", comparator == ">"
    if left_open:
        return None
    return flag


def _scale(limit: float | None, times: float) -> float | None:
    if limit is None:
        return None
    return _tidy(limit * times)


def _tidy(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
