"""The first page sums up: the patient, the picture, the weight, and what to do next."""

import pytest

from calcinet.record import Advice, Record, Summary
from calcinet.record.bedside import OutcomeRecord
from calcinet.record.patient import Question
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.sections.summary_page import (
    MOST_QUESTIONS,
    MOST_STEPS,
    found_sentences,
    lead_image,
    summary_page,
)
from calcinet.text import capital
from tests.support.reading import Page

_ = translator("en")


@pytest.fixture(scope="module")
def page(patient, pixels) -> Page:
    return Page(html_page(patient, {"img-1": pixels}))


def test_summary_comes_first(page):
    """Suspicion, probability, why, steps, questions; then the film, then the details."""
    order = [
        'Calciphylaxis suspected by the Chinese scheme: level "clinical", second of three',
        "Probability of calciphylaxis: pre-test 30",
        "No score for this disease has been validated",
        "Why",
        "Next steps",
        "Questions to settle first",
        "What the picture could show",
        "Findings",
        "Laboratory",
        "Drugs",
        "Criteria, item by item",
        "Likelihood ratios of the findings",
        "What else it could be",
        "Next steps, with their grounds",
        "References",
    ]
    places = [page.text.index(part) for part in order]

    assert places == sorted(places)


def test_three_lines_say_why(patient):
    """The patient, the picture, the weight."""
    seen = summary_page(patient, _)

    assert [line.lead for line in seen.why] == ["The patient.", "The picture.", "The likelihood ratio."]
    assert "(net-like) calcification" in seen.why[1].text


def test_lesions_stand_beside_who_it_is(patient):
    """Three of them by name, the others counted."""
    one = patient.clinical.lesions[0]
    many = patient.model_copy(update={"clinical": patient.clinical.model_copy(update={"lesions": (one,) * 5})})

    assert capital(one.label) in summary_page(patient, _).why[0].text
    assert "; 2 more." in summary_page(many, _).why[0].text


def test_images_that_a_person_read_are_not_passed_over(patient):
    """No file was given, but the case tells what two people saw."""
    picture = summary_page(patient.model_copy(update={"images": ()}), _).why[1].text

    assert picture.startswith("No film was examined by the program. Read by a person: film, leg, both sides: net-like")


def advise(patient, *steps):
    return summary_page(patient.model_copy(update={"advice": steps}), _)


def step(text, **fields):
    return Advice(code="x", level="expert", text=text, reference="china_scheme", **fields)


def test_steps_that_do_not_fit_are_counted(patient):
    """Six on the first page, all in the details."""
    seen = advise(patient, *[step(f"Step {number}.") for number in range(9)])

    assert [line.text for line in seen.steps] == [f"Step {number}." for number in range(MOST_STEPS)]
    assert seen.more_steps == 9 - MOST_STEPS


def test_what_is_urgent_stands_by_itself_and_in_full(patient):
    """Not among the next steps; whom to call and how soon before it."""
    sepsis = step("Sepsis: cultures. Antibiotics.", kind="urgent", who="surgeon", how_soon="now")
    seen = advise(patient, step("Film. It is cheap.", kind="image", how_soon="this week"), sepsis)

    assert [(line.lead, line.text) for line in seen.urgent] == [("Surgeon, now:", "Sepsis: cultures. Antibiotics.")]
    assert [(line.lead, line.text) for line in seen.steps] == [("This week:", "Film.")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Pixels of 0.15 mm or less. Two views.", "Pixels of 0.15 mm or less."),
        ("One sentence without a stop", "One sentence without a stop"),
        ("兩個角度。像素0.15毫米或以下。", "兩個角度。"),
    ],
)
def test_a_step_is_its_first_sentence(patient, text, first):
    """The grounds stand in the details; a decimal point ends no sentence."""
    assert advise(patient, step(text)).steps[0].text == first


def test_the_level_stands_on_its_scale(patient):
    """The middle of three; nothing is drawn where there is no level."""
    reached = patient.summary.suspicion
    without = reached.model_copy(update={"level": None})
    unsettled = patient.model_copy(update={"summary": patient.summary.model_copy(update={"suspicion": without})})

    assert [(mark.word, mark.reached) for mark in summary_page(patient, _).scale] == [
        ("suspected", False),
        ("clinical", True),
        ("confirmed", False),
    ]
    assert summary_page(unsettled, _).scale == ()


def test_of_many_open_diseases_the_first_are_named(patient):
    """Three by name; where there are no more than three the rule says all."""
    reached = patient.summary.suspicion
    several = reached.model_copy(update={"open": ("a", "b", "c", "d"), "rule": "A rule. It waits."})
    few = several.model_copy(update={"open": ("a",)})

    def rule(suspicion):
        summary = patient.summary.model_copy(update={"suspicion": suspicion})
        return summary_page(patient.model_copy(update={"summary": summary}), _).suspicion.text

    assert rule(several) == (
        "A rule. It holds only if 4 other diseases are excluded, among them a, b, c; all stand below."
    )
    assert rule(few) == "A rule. It waits."


def test_death_is_said_before_all_else(patient):
    """An outcome that is no death is not."""
    died = OutcomeRecord(state="died", label="died of sepsis")

    def seen(outcome):
        clinical = patient.clinical.model_copy(update={"outcome": outcome})
        return summary_page(patient.model_copy(update={"clinical": clinical}), _).died

    assert seen(died).text == "died of sepsis"
    assert "has died" in seen(died).lead
    assert seen(OutcomeRecord(state="healed", label="healed")) is None
    assert seen(None) is None


def test_of_one_who_has_died_nothing_is_asked_on_the_first_page(patient):
    """The record keeps the questions."""
    asked = Question(field="drugs_complete", as_given="not stated", text="Are these all?")
    died = OutcomeRecord(state="died", label="died of sepsis")

    def page(outcome):
        clinical = patient.clinical.model_copy(update={"outcome": outcome, "questions": (asked,) * 9})
        return summary_page(patient.model_copy(update={"clinical": clinical}), _)

    assert (page(died).questions, page(died).more_questions) == ((), 0)
    assert page(None).questions
    assert page(None).more_questions


def test_what_the_first_page_says_of_the_patient_is_not_said_again(patient, record):
    """Sentences on images stay, refusals too; films alone keep all."""
    found = found_sentences(patient)

    assert [sentence.split(" ")[0] for sentence in found] == ["Image", "1"]
    assert found_sentences(record) == record.summary.sentences
    assert found_sentences(patient.model_copy(update={"images": (), "summary": Summary(sentences=("A level.",))})) == ()


def test_images_are_called_by_their_numbers(patient):
    """Nobody calls a film img-1."""
    assert summary_page(patient, _).why[1].text.startswith("Image 1 (")


def test_lead_image_is_the_one_with_the_net(patient):
    """An image without findings comes after one with a net, whatever its place."""
    film = patient.examined[0]
    empty = film.model_copy(update={"id": "img-0", "findings": ()})
    both = patient.model_copy(update={"images": (empty, film)})

    assert lead_image(both).id == "img-1"


def test_films_alone_have_no_summary_of_a_patient(record):
    """Their page begins with the film, as before."""
    assert summary_page(record, _) is None


def test_questions_that_do_not_fit_are_counted(patient):
    """Three on the first page; the rest is a number."""
    seen = summary_page(patient, _)

    assert len(seen.questions) == min(MOST_QUESTIONS, len(patient.clinical.questions))
    assert len(seen.questions) + seen.more_questions == len(patient.clinical.questions)


def test_without_films_there_is_no_lead_image(patient):
    alone = patient.model_copy(update={"images": ()})

    assert lead_image(alone) is None
    assert summary_page(alone, _).lead_image is None


def test_case_without_a_level_says_that_it_is_not_enough(patient):
    unsettled = patient.model_copy(update={"summary": patient.summary.model_copy(update={"suspicion": None})})
    suspicion = summary_page(unsettled, _).suspicion

    assert suspicion.lead == "The case does not say enough for the published scheme"
    assert (suspicion.text, suspicion.cites) == ("", ())


def test_a_case_is_told_from_films_alone(patient, record):
    assert patient.tells_of_patient
    assert not record.tells_of_patient
    assert isinstance(record, Record)
