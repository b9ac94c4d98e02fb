"""Nothing that a person told of the patient is lost: record, page, paper and draft hold the whole of it."""

import pytest

import calcinet
from calcinet.clinical.case import Case
from calcinet.io.case.reader import read_case
from calcinet.protocols import assemble
from calcinet.record import Record
from calcinet.report.casereport import Examination, draft
from calcinet.report.html import page
from calcinet.report.language import translator
from calcinet.report.sections.notes_paragraph import notes_paragraph
from tests.support.paths import ROOT
from tests.support.reading import Page
from tests.support.reviewed import examine_reviewed, find_case

REPORT = ROOT / "examples" / "case-report" / "case.yaml"


def page_of(record: Record) -> str:
    return " ".join(Page(page(record, {})).text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="module")
def report() -> Record:
    """The woman of the case report."""
    return calcinet.examine(case=REPORT, prior=0.3)


@pytest.mark.parametrize(
    "words",
    [
        "Woman, 55 years; kidney disease: IgA nephropathy; peritoneal dialysis for 4 years",
        "ulcer, large, black, painful, tender, necrotic, began as plaque, changed within weeks",
        "thigh, inner side, right: reticular erythema",
        "finger: purpura, multiple, painful, tender",
        "finger: plaque, multiple, painful, tender, necrotic",
        "middle finger, tip, right: gangrene, single, painful, tender",
        "all peripheral pulses present",
        "diabetes mellitus",
        "hypertension",
        "hyperlipidaemia",
        "atrial fibrillation",
        "ischaemic heart disease",
        "CT, leg, both sides, with contrast: calcium of vessels, other soft-tissue calcium, extensive calcium",
        "biopsy declined, because of fear of pain and complications",
        'clinician\'s words: "calciphylaxis, by high clinical suspicion with compatible radiographs and CT"',
        "calcitriol: stopped",
        "sodium thiosulphate: given, intravenous",
        "amputation: refused by the patient",
        "pain control: given",
        "wound care: given",
        "Outcome: died of sepsis 2 months after the disease was recognised",
    ],
)
def test_the_page_of_the_case_report_says(report, words):
    """Statement by statement."""
    assert words in page_of(report)


def test_the_draft_of_the_case_report_asks_nothing_that_was_told(report):
    text = "\n".join(f"{section.key}: {section.blocks}" for section in draft([Examination(report)]).sections)

    assert "What was the outcome" not in text
    assert "Which treatments were given" not in text
    assert "Which diagnosis was made in the end" not in text
    assert "Which dose and duration had each treatment that was given?" in text


def test_the_dead_are_shown_and_have_no_prognosis():
    """She died of sepsis the day before."""
    record = examine_reviewed("50")

    assert record.clinical.outcome is not None
    assert (record.clinical.outcome.state, record.clinical.outcome.cause) == ("died", "sepsis")
    assert record.clinical.outcome.on == "2026-10-31"
    assert record.clinical.prognosis == ()
    assert "Outcome: died of sepsis on 31 October 2026" in page_of(record)
    assert "Next:" not in notes_paragraph(record, translator("en"))


def test_every_condition_of_the_list_is_shown():
    """As it was written; a name that the table lacks is marked."""
    record = examine_reviewed("A6")
    written = [entry.name for entry in read_case(find_case("A6")).conditions or ()]
    shown = page_of(record)

    assert [entry.name for entry in record.clinical.conditions] == written
    assert all(name in shown for name in written)


def test_fifty_names_of_conditions_are_shown_each():
    """Known or not."""
    record = examine_reviewed("condition-names")
    shown = page_of(record)

    assert len(record.clinical.conditions) >= 50
    for entry in record.clinical.conditions:
        assert entry.name in shown
    unknown = [entry for entry in record.clinical.conditions if entry.condition is None]
    assert shown.count("this name is not known here") == len(unknown)


def test_a_man_with_a_penile_lesion_on_dialysis_has_the_figures_of_such_men():
    texts = " ".join(figure.text for figure in examine_reviewed("09").clinical.prognosis)

    assert "hazard ratio of death 11.9" in texts
    assert "50 % had died at three months" in texts


def test_a_man_with_normal_kidneys_and_a_painless_sore_has_none():
    assert examine_reviewed("70").clinical.prognosis == ()


@pytest.mark.parametrize("name", ["74", "41"])
def test_a_treatment_is_shown_with_its_route(name):
    """Into the abdomen or planned so: a person sees it on the page."""
    record = examine_reviewed(name)
    told = " ".join([*(entry.label for entry in record.clinical.treatments), page_of(record)])

    assert "intraperitoneal" in told


def test_a_refused_treatment_is_no_given_one():
    """Nothing of what a treatment does stands under the prognosis of somebody who refused it."""
    case = {
        "lesions": [{"site": "leg", "kind": "ulcer", "painful": True, "necrotic": True}],
        "treatments": [{"name": "sodium thiosulphate", "status": "refused", "reason": "nausea"}],
    }
    record = assemble([], Case.model_validate(case))

    assert "sodium thiosulphate: refused by the patient, because of nausea" in page_of(record)
    assert not any(figure.kind == "treatment" for figure in record.clinical.prognosis)


@pytest.mark.parametrize(
    ("examined_on", "start", "words"),
    [
        ("2026-11-01", "2022-11-01", "haemodialysis for 4 years"),
        ("2026-11-01", "2019-02-10", "haemodialysis for 7.5 years"),
        ("2026-11-01", "2026-08-01", "haemodialysis"),
    ],
)
def test_the_time_on_dialysis_is_said_where_its_first_day_is_known(examined_on, start, words):
    case = {
        "examined_on": examined_on,
        "kidney": {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "start": start}]},
    }

    assert assemble([], Case.model_validate(case)).clinical.about[-1] == words


@pytest.mark.parametrize(
    ("age", "sex", "words"),
    [(9, "male", "boy, 9 years"), (16, "female", "girl, 16 years"), (18, "male", "man, 18 years")],
)
def test_a_child_is_no_man(age, sex, words):
    record = assemble([], Case.model_validate({"patient": {"age_years": age, "sex": sex}}))

    assert record.clinical.about[0] == words


@pytest.mark.parametrize(("months", "words"), [(65.6, "for 5.5 years"), (11.2, "for 11 months"), (0.2, "for 1 month")])
def test_a_drug_is_taken_for_as_long_as_people_say(months, words):
    record = assemble([], Case.model_validate({"drugs": [{"name": "warfarin", "months": months}]}))

    assert words in page_of(record)
