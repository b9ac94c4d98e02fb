"""Which earlier studies are worth a comparison: of the same patient and kind of image, the latest before this one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from calcinet.delivery.destination import Destination
from calcinet.delivery.earlier.question import Question

KINDS: Final = (frozenset({"CR", "DX"}), frozenset({"CT"}), frozenset({"MG"}), frozenset({"NM"}))
"""Modalities whose images are compared with one another (PS3.3 C.7.3.1.1.1)."""

DAYS_A_YEAR: Final = 365.25

MOST_LOOKED_AT: Final = 20
"""Studies that an archive is asked about, the latest first. Our choice: further ones are hardly of use."""

Translate = Callable[[str], str]
"""Our word for a body part as the archive writes it; "unknown" where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRule:
    """Where earlier studies come from, and which."""

    source: Destination
    modalities: tuple[str, ...] = ()
    """Of the images that are compared; any where empty."""
    same_body_part: bool = True
    most: int = 2
    """Studies."""
    years: float = 5.0
    """Before the study."""

    def list_wanted(self, question: Question) -> frozenset[str]:
        """Modalities of the images that a study is compared with."""
        wanted: set[str] = set()
        for kind in KINDS:
            if kind & question.modalities and (not self.modalities or kind & set(self.modalities)):
                wanted |= kind
        return frozenset(wanted)

    def find_first_day(self, day: date) -> date:
        """The earliest day that is looked back to from a day."""
        return day - timedelta(days=round(self.years * DAYS_A_YEAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStudy:
    """A study as an archive tells of it; empty or None is not stated."""

    study: str
    patient_id: str = ""
    issuer: str = ""
    born: str = ""
    sex: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierSeries:
    """A series as an archive tells of it."""

    series: str
    modality: str = ""
    body_part: str = ""
    objects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierStudy:
    """A study that was chosen, and the series of it that are fetched."""

    study: str
    day: date
    series: tuple[EarlierSeries, ...]


def is_same_patient(question: Question, found: FoundStudy) -> bool:
    """Whether it is of the same patient: the same Patient ID, and nothing stated on both sides that speaks against it.

    >>> asked = Question(patient_id="7", born="19500101")
    >>> is_same_patient(asked, FoundStudy(study="1.2", patient_id="7"))
    True
    >>> is_same_patient(asked, FoundStudy(study="1.2", patient_id="7", born="19600101"))
    False
    """
    if not question.patient_id or found.patient_id != question.patient_id:
        return False
    both = ((question.issuer, found.issuer), (question.born, found.born), (question.sex, found.sex))
    return all(not one or not other or one == other for one, other in both)


def choose_studies(
    question: Question,
    rule: EarlierRule,
    found: Iterable[FoundStudy],
    list_series: Callable[[str], Iterable[EarlierSeries]],
    translate: Translate,
) -> list[EarlierStudy]:
    """Choose among what an archive found, the latest first; `list_series` asks it for the series of a study.

    What an archive does not state is no reason to leave a series out; a study without a day is, for nobody knows
    whether it is earlier.
    """
    if question.day is None:
        return []
    first, chosen = rule.find_first_day(question.day), []
    for day, study in sorted(_list_earlier(question, found, first), reverse=True)[:MOST_LOOKED_AT]:
        series = [one for one in list_series(study) if _is_comparable(question, rule, one, translate)]
        if series:
            chosen.append(EarlierStudy(study=study, day=day, series=tuple(series)))
        if len(chosen) == rule.most:
            break
    return chosen


def _list_earlier(question: Question, found: Iterable[FoundStudy], first: date) -> Iterator[tuple[date, str]]:
    for one in found:
        if one.study == question.study or one.day is None or question.day is None:
            continue
        if first <= one.day < question.day and is_same_patient(question, one):
            yield one.day, one.study


def _is_comparable(question: Question, rule: EarlierRule, series: EarlierSeries, translate: Translate) -> bool:
    if series.modality not in rule.list_wanted(question):
        return False
    part = translate(series.body_part)
    asked = {translate(one) for one in question.body_parts}
    if not rule.same_body_part or part == "unknown" or not asked or "unknown" in asked:
        return True
    return part in asked
