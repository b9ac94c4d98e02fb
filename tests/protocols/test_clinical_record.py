"""Every field of an assessed case arrives in the record."""

from dataclasses import fields
from datetime import date

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.results import (
    Assessment,
    CriterionResult,
    Derived,
    DrugResult,
    Item,
    LabResult,
    LesionResult,
    Question,
    SuspicionResult,
)
from calcinet.protocols.clinical_record import record_criterion, record_patient, record_suspicion

LAB = LabResult(
    analyte="calcium",
    name="calcium",
    value=2.4,
    unit="mmol/L",
    as_given="2.4",
    word="high",
    comparator="<",
    range=(2.1, 2.6),
    range_basis="default",
    flag="N",
    flag_basis="default range",
    on=date(2024, 2, 29),
    reference="book",
)
DRUG = DrugResult(
    name="Marcoumar",
    drug="phenprocoumon",
    classes=("vitamin_k_antagonist",),
    atc="B01AA04",
    status="stopped",
    matters="it matters",
    reference="paper",
    likely="warfarin",
    months=7.0,
    days_since_start=210,
    daily_dose="3 mg",
    route="oral",
)
LESION = LesionResult(
    site="leg", side="L", kind="ulcer", label="ulcer", zone="distal", acral=True, counts_japanese=True
)
TOLD_BESIDE = (
    "aspect",
    "digit",
    "count",
    "several",
    "size_cm",
    "colour",
    "began_as",
    "changed_within",
    "since",
    "area_cm2",
    "wound",
)
QUESTION = Question(field="labs.0.unit", as_given="mg", likely="mg/dL", text="which unit?")
DERIVED = Derived(name="bmi", label="body mass index", value=31.0, unit="kg/m2", text="31", flag="H", reference="who")


@pytest.mark.parametrize(
    ("part", "result", "written"),
    [
        ("labs", LAB, {"on": "2024-02-29"}),
        ("drugs", DRUG, {"classes": ("vitamin K antagonist",), "start": None, "stop": None}),
        ("lesions", LESION, dict.fromkeys(TOLD_BESIDE)),
        ("questions", QUESTION, {}),
        ("derived", DERIVED, {}),
    ],
)
def test_no_field_of_a_result_is_lost(part, result, written):
    """Each value differs from its default, days of a drug apart; that its dose is high is no field of the record."""
    (entry,) = getattr(record_patient(Case(), Assessment(suspicion=None, **{part: (result,)})), part)
    expected = {field.name: getattr(result, field.name) for field in fields(result)} | written
    for name in ("high_dose", "strength", "form", "frequency", "open_classes", "entry"):
        expected.pop(name, None)

    assert entry.model_dump() == expected


def test_a_criterion_has_its_items_twice_as_answers_and_in_words():
    item = Item(met=None, text="an ulcer", because="told", question="is there one?", field="lesions")
    criterion = record_criterion(
        CriterionResult(name="set", label="a set", met=False, items={"ulcer": item}, reference="paper", level="none")
    )

    assert criterion.items == {"ulcer": None}
    assert criterion.details["ulcer"].model_dump() == {
        "met": None,
        "text": "an ulcer",
        "because": "told",
        "question": "is there one?",
        "field": "lesions",
    }
    assert (criterion.label, criterion.reference, criterion.level) == ("a set", "paper", "none")


def test_the_level_of_suspicion_is_that_of_the_scheme():
    result = SuspicionResult(
        level="suspected",
        headline="a headline",
        rule="a rule",
        reference="paper",
        provisional=True,
        open=("vasculitis",),
    )
    suspicion = record_suspicion(Assessment(suspicion=result))

    assert suspicion.model_dump() == {
        "level": "suspected",
        "headline": "a headline",
        "rule": "a rule",
        "reference": "paper",
        "provisional": True,
        "open": ("vasculitis",),
        "position": 1,
    }
    assert record_suspicion(Assessment(suspicion=None)) is None


def test_images_that_people_read_keep_the_ids_of_the_weighing():
    case = Case.model_validate({"imaging": [{"modality": "bone scan", "uptake": True}, {"modality": "film"}]})
    clinical = record_patient(case, assess(case))

    assert len({image.id for image in clinical.imaging}) == 2
    assert clinical.imaging[0].label.startswith("bone scan")
