"""The few diseases and drugs that a reader must know before anything else, in words."""

from collections.abc import Iterator
from typing import Final

from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition
from calcinet.clinical.exposure import list_ever, was_near_onset
from calcinet.clinical.results import Assessment, DrugResult
from calcinet.protocols.bedside_record import say_condition
from calcinet.text import Text, as_written, say

MOST: Final = 4
"""Our choice: what stands in one line beside age and kidneys."""

FIRST_DRUGS: Final = ("vitamin_k_antagonist", "nicorandil")
"""Classes named first: the one goes with the disease as no other drug, the other makes such ulcers itself."""

DISEASES: Final = frozenset(
    {
        *("primary hyperparathyroidism", "kidney transplant", "malignancy", "breast cancer", "penile carcinoma"),
        *("liver disease", "alcoholic liver disease", "inflammatory bowel disease", "vasculitis", "cryoglobulinaemia"),
        *("antiphospholipid syndrome", "systemic sclerosis", "dermatomyositis", "AL amyloidosis", "calciphylaxis"),
        *("protein C deficiency", "protein S deficiency", "peripheral arterial disease", "diabetes mellitus"),
    }
)
"""Diseases that go with calciphylaxis, or make such lesions themselves."""

OTHER_DRUGS: Final = ("hydroxyurea", "corticosteroid", "active_vitamin_d", "calcium_salt")
"""Classes that are risk factors, or make such ulcers."""


def list_key_facts(case: Case, known: Assessment) -> tuple[Text, ...]:
    """At most four diseases and drugs that act in the assessment, the weightiest first."""
    facts = [
        *_list_drugs(case, known, FIRST_DRUGS),
        *_list_diseases(case),
        *_list_drugs(case, known, OTHER_DRUGS),
    ]
    return tuple(dict.fromkeys(facts))[:MOST]


def _list_diseases(case: Case) -> Iterator[Text]:
    """Diseases that are there, as they were written."""
    for entry in case.conditions or ():
        if entry.present and condition(entry.name) in DISEASES:
            yield say_condition(entry)


def _list_drugs(case: Case, known: Assessment, classes: tuple[str, ...]) -> Iterator[Text]:
    """Drugs of some classes that are taken, or were taken in the year before the lesion or at a time not told."""
    for drug in list_ever(known, *classes):
        if was_near_onset(case, drug) is not False:
            yield _say_drug(drug)


def _say_drug(drug: DrugResult) -> Text:
    """A drug by its generic name, and since when or until when it was taken."""
    name = as_written(drug.drug or drug.name)
    if drug.status == "stopped":
        if drug.stop is None:
            return say("{drug}, stopped", drug=name)
        return say("{drug}, stopped on {day}", drug=name, day=drug.stop)
    if drug.start is not None:
        return say("{drug} since {day}", drug=name, day=drug.start)
    if drug.months is not None:
        return say("{drug} for {months:g} months", drug=name, months=drug.months)
    return name
