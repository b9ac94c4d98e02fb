"""When a low protein C or S tells nothing of an inherited or lasting deficiency, for something else lowers both."""

from datetime import timedelta
from typing import Final

from calcinet.clinical.case import Case
from calcinet.clinical.conditions import conditions, has
from calcinet.clinical.exposure import list_ever, list_unread
from calcinet.clinical.infections import list_infections
from calcinet.clinical.names import plain
from calcinet.clinical.results import Assessment, LabResult
from calcinet.clinical.ternary import Ternary
from calcinet.text import Text, say

ANTAGONIST: Final = "vitamin_k_antagonist"

WASHOUT: Final = timedelta(days=28)
"""A vitamin K antagonist lowers both proteins up to four weeks after its last day. [dobry2018] looks at patients off
warfarin apart; the four weeks are our choice: the longest of the usual waiting times before such a test."""

LIVER: Final = frozenset({"liver disease", "cirrhosis", "liver failure", "hepatitis", "hepatic failure"})
SEPSIS: Final = frozenset({"sepsis", "septic shock", "septicaemia", "septicemia", "bacteraemia", "bacteremia"})
NEPHROTIC: Final = frozenset({"nephrotic syndrome"})
PREGNANCY: Final = frozenset({"pregnancy", "pregnant", "gravid", "postpartum", "puerperium"})
"""Conditions that lower protein C or S. Our choice: those that every laboratory names beside the test."""


def list_other_causes(case: Case, known: Assessment, result: LabResult) -> list[Text]:
    """What else lowers this protein here, in words; empty where the case states nothing of the kind."""
    causes: list[Text] = []
    if _is_under_antagonist(case, known, result):
        causes.append(say("a vitamin K antagonist within four weeks before the sample"))
    if _is_stated(case, LIVER):
        causes.append(say("liver disease"))
    if _has_sepsis(case, known):
        causes.append(say("sepsis"))
    elif case.examination.infection_suspected or list_infections(case):
        causes.append(say("an infection"))
    if _is_stated(case, NEPHROTIC):
        causes.append(say("the nephrotic syndrome"))
    if _is_stated(case, PREGNANCY):
        causes.append(say("pregnancy"))
    if list_unread(known):
        causes.append(say("a drug of the list that is not recognised, should it be a vitamin K antagonist"))
    elif case.drugs_complete is False:
        causes.append(say("a drug that is not listed, should it be a vitamin K antagonist"))
    return causes


def latest_telling(case: Case, known: Assessment, analyte: str) -> LabResult | None:
    """The latest result of a protein that nothing else lowers; a normal one tells whatever else there is."""
    telling: LabResult | None = None
    for result in known.labs:
        if result.analyte != analyte or result.flag is None:
            continue
        if result.flag == "L" and list_other_causes(case, known, result):
            continue
        if telling is None or telling.on is None or result.on is None or result.on >= telling.on:
            telling = result
    return telling


def is_deficient(case: Case, known: Assessment, analyte: str) -> Ternary:
    """Whether one protein is low and nothing else that is known lowers it."""
    result = latest_telling(case, known, analyte)
    if result is None:
        return None
    return result.flag == "L"


def _is_under_antagonist(case: Case, known: Assessment, result: LabResult) -> bool:
    """Whether the sample may have been drawn under an antagonist; one of no known day counts as such."""
    sampled = result.on or case.examined_on
    for drug in list_ever(known, ANTAGONIST):
        begun = drug.start is None or sampled is None or drug.start <= sampled
        ended = drug.stop is not None and sampled is not None and drug.stop + WASHOUT < sampled
        if begun and not ended:
            return True
    return False


def _has_sepsis(case: Case, known: Assessment) -> bool:
    culture = known.lab("blood_culture")
    grown = culture is not None and culture.word == "positive"
    return bool(case.examination.septic_shock) or grown or _is_stated(case, SEPSIS)


def _is_stated(case: Case, names: frozenset[str]) -> bool:
    """Whether a disease is stated, by the table's name of it or as it is written."""
    if any(has(case, name) for name in names & conditions().keys()):
        return True
    return any(entry.present and plain(entry.name) in names for entry in case.conditions or ())
