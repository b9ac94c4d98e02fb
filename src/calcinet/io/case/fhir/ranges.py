"""Which of the reference ranges of a result holds for the patient: by kind, age, sex and whom it applies to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from calcinet.clinical.units import factor, ucum
from calcinet.io.case.fhir.types import Resource, block, codes_of, concepts, number, said

Limits = tuple[float | None, float | None]
"""Lower and upper limit in the unit of the value."""

NO_LIMITS: Final[Limits] = (None, None)

DAYS_OF: Final = {"a": 365.2425, "mo": 365.2425 / 12, "wk": 7.0, "d": 1.0, "h": 1 / 24, "min": 1 / 1440}
"""Days in a unit of age (UCUM)."""

AGE_WORDS: Final = {
    "years": "a", "year": "a", "yr": "a", "yrs": "a", "y": "a", "months": "mo", "month": "mo", "weeks": "wk",
    "week": "wk", "w": "wk", "days": "d", "day": "d", "hours": "h", "hour": "h",
}  # fmt: skip
"""How units of age are written elsewhere."""

SEX_CODES: Final = {
    "female": "female", "f": "female", "248152002": "female", "male": "male", "m": "male", "248153007": "male",
}  # fmt: skip
"""Codes of the sexes: FHIR, HL7 v3, SNOMED CT."""

FEMALE: Final = re.compile(r"\b(?:females?|wom[ae]n|girls?)\b|女")
MALE: Final = re.compile(r"\b(?:males?|m[ae]n|boys?)\b|男")

GROUPS: Final[tuple[tuple[re.Pattern[str], float, float], ...]] = (
    (re.compile(r"\b(?:preterm|newborns?|neonat\w*)\b|新生兒"), 0, 28),
    (re.compile(r"\b(?:infants?|bab(?:y|ies))\b|嬰兒"), 0, 2 * 365.2425),
    (re.compile(r"\b(?:child(?:ren)?|p(?:a?e)diatric\w*|adolescents?|girls?|boys?)\b|兒童|小兒"), 0, 18 * 365.2425),
    (re.compile(r"\b(?:adults?|wom[ae]n|m[ae]n)\b|成人"), 18 * 365.2425, 1e6),
)
"""Words that stand for an age, with its first and last day. Newborn: WHO; infant: 2 years, the widest usage."""

KNOWN_WORDS: Final = re.compile(
    r"\b(?:females?|males?|wom[ae]n|m[ae]n|girls?|boys?|preterm|newborns?|neonat\w*|infants?|bab(?:y|ies)|child(?:ren)?|"
    r"p(?:a?e)diatric\w*|adolescents?|adults?|all|any|everyone|everybody|general|both|sexes|normal|standard|default|"
    r"population|patients?|for|the|of|and|sex|gender|structure|finding|only|years?|old)\b|[女男]性?|新生兒|嬰兒|兒童|小兒|成人|"
    r"[^\w]+"
)
"""What may stand in such words; anything more (pregnant, luteal, an ethnic group) is not known of the patient."""

TEXT: Final = re.compile(
    r"\s*(?:(?P<low>\d+(?:\.\d+)?)\s*(?:-|–|—|~|to)\s*(?P<high>\d+(?:\.\d+)?)"
    r"|(?P<sign>[<>≤≥]=?)\s*(?P<limit>\d+(?:\.\d+)?))\s*(?P<unit>[^\d\s][^\s]*)?\s*"
)
"""A range that is written as text alone: "0.8 - 1.5 mmol/L", "< 5"."""

NORMAL: Final = "normal"


@dataclass(frozen=True, slots=True)
class RangeOwner:
    """Whom a range must hold for."""

    sex: str | None = None
    born: date | None = None

    def age_days(self, on: date | None) -> float | None:
        """Age in days; None where it is not known."""
        if self.born is None or on is None or on < self.born:
            return None
        return float((on - self.born).days)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A range that holds, and how closely it was made for such a patient."""

    limits: Limits
    rank: int


def choose_range(
    ranges: Sequence[Resource], unit: str | None, owner: RangeOwner, on: date | None
) -> tuple[Limits, bool]:
    """Limits of the range that holds for the patient on that day, and whether all were left aside.

    Of several the one that says most of whom it is for; where two of these differ, none is taken.
    """
    given = [one for one in ranges if _has_limits(one)]
    fits = []
    for one in filter(_is_normal, given):
        fit = _fit_range(one, unit, owner, on)
        if fit is not None:
            fits.append(fit)
    if not fits:
        return NO_LIMITS, bool(given)
    best = max(fit.rank for fit in fits)
    chosen = {fit.limits for fit in fits if fit.rank == best}
    if len(chosen) > 1:
        return NO_LIMITS, True
    return chosen.pop(), False


def _fit_range(given: Resource, unit: str | None, owner: RangeOwner, on: date | None) -> _Fit | None:
    """The range in the unit of the value, where it surely holds."""
    limits = _read_limits(given, unit)
    if limits is None or limits == NO_LIMITS or _is_reversed(limits):
        return None
    age = owner.age_days(on)
    rank = 0
    applied = [*concepts(given.get("appliesTo")), *_find_group_in_text(given)]
    if applied:
        fitting = _fit_group(applied, owner, age)
        if fitting is None:
            return None
        rank += fitting
    if block(given.get("age")):
        fitting = _fit_age(block(given["age"]), age)
        if fitting is None:
            return None
        rank += fitting
    return _Fit(limits, rank)


def _find_group_in_text(given: Resource) -> list[Resource]:
    """The group that stands in the text of a range: "Newborn: 1.3-2.3"; other words of it limit it to nobody."""
    words = str(given.get("text") or "").casefold()
    groups = [group for group, _, _ in GROUPS]
    found = [pattern.search(words) for pattern in (FEMALE, MALE, *groups)]
    return [{"text": one[0]} for one in found if one is not None]


def _is_normal(given: Resource) -> bool:
    """Whether a range is the normal one and not of treatment, of a critical value, or of a phase."""
    kind = given.get("type")
    codes = [code.casefold() for code in codes_of(kind)]
    if codes:
        return NORMAL in codes
    words = said(kind)
    return not words or NORMAL in words or "reference" in words


def _has_limits(given: Resource) -> bool:
    return bool(block(given.get("low")) or block(given.get("high")) or given.get("text"))


def _is_reversed(limits: Limits) -> bool:
    return limits[0] is not None and limits[1] is not None and limits[0] > limits[1]


def _read_limits(given: Resource, unit: str | None) -> Limits | None:
    """Limits in the unit of the value; None where they are in another one that does not compare."""
    low, high = block(given.get("low")), block(given.get("high"))
    if not low and not high:
        return _read_text(str(given.get("text") or ""), unit)
    limits = []
    for limit in (low, high):
        times = _compare_units(_name_unit(limit), unit)
        digits = number(limit.get("value"))
        if times is None:
            return None
        limits.append(None if digits is None else _multiply(float(digits), times))
    return limits[0], limits[1]


def _multiply(value: float, times: float) -> float:
    if times == 1.0:
        return value
    return float(f"{value * times:.9g}")


def _read_text(text: str, unit: str | None) -> Limits | None:
    found = TEXT.fullmatch(text)
    if found is None:
        return None
    times = _compare_units(found["unit"], unit)
    if times is None:
        return None
    if found["sign"] is None:
        return _multiply(float(found["low"]), times), _multiply(float(found["high"]), times)
    limit = _multiply(float(found["limit"]), times)
    if found["sign"][0] in "<≤":
        return None, limit
    return limit, None


def _name_unit(quantity: Resource) -> str | None:
    given = quantity.get("code") or quantity.get("unit")
    if not isinstance(given, str):
        return None
    return given


def _compare_units(given: str | None, unit: str | None) -> float | None:
    """What a limit is multiplied by to stand in the unit of the value; a limit without a unit has that of the value."""
    if given is None or given == unit:
        return 1.0
    if unit is None:
        return None
    one, other = ucum(given), ucum(unit)
    if one is None or other is None:
        return None
    return factor(one, other)


def _fit_group(applied: Sequence[Resource], owner: RangeOwner, age: float | None) -> int | None:
    """How closely a group was made for the patient; None where the patient is not surely in it."""
    sexes: set[str] = set()
    for concept in applied:
        words = said(concept)
        named = _list_sexes(concept, words)
        if KNOWN_WORDS.sub("", words) or (not words and not named):
            return None
        sexes |= named
    rank = 0
    if len(sexes) == 1:
        if owner.sex not in sexes:
            return None
        rank += 1
    grown = _fit_words_of_age(" ".join(map(said, applied)), age)
    if grown is None:
        return None
    return rank + grown


def _list_sexes(concept: Resource, words: str) -> set[str]:
    sexes = {SEX_CODES[code.casefold()] for code in codes_of(concept) if code.casefold() in SEX_CODES}
    if FEMALE.search(words):
        sexes.add("female")
    if MALE.search(words):
        sexes.add("male")
    return sexes


def _fit_words_of_age(words: str, age: float | None) -> int | None:
    """As `_fit_age`, of words such as "adult"; of a patient whose age is not known only those of adults hold."""
    rank = 0
    for group, first, last in GROUPS:
        if group.search(words):
            if age is None and first == 0:
                return None
            if age is not None and not first - 1 <= age <= last:
                return None
            rank += 1
    return rank


def _fit_age(given: Resource, age: float | None) -> int | None:
    """How closely an age was made for the patient: within its limits, or within the last year that it names."""
    low, high = _read_age(block(given.get("low"))), _read_age(block(given.get("high")))
    if age is None or low is None or high is None:
        return None
    if age < low[0] - 1:  # a birthday falls up to a day before so many mean years
        return None
    if not high[0] or age < high[0]:
        return 2
    if age < high[0] + high[1]:
        return 1
    return None


def _read_age(quantity: Resource) -> tuple[float, float] | None:
    """A limit of age in days, and one unit of it; (0, 0) where there is none, None where it cannot be read."""
    if not quantity:
        return 0.0, 0.0
    digits = number(quantity.get("value"))
    written = str(quantity.get("code") or quantity.get("unit") or "").strip()
    unit = AGE_WORDS.get(written.casefold(), written)
    if digits is None or unit not in DAYS_OF:
        return None
    return float(digits) * DAYS_OF[unit], DAYS_OF[unit]
