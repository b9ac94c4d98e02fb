"""The first page sums up: the patient, the picture, the weight, and what to do next."""

import pytest

from calcinet.record import Record
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.sections.summary_page import MOST_QUESTIONS, MOST_STEPS, has_case, lead_image, summary_page
from tests.support.reading import Page

_ = translator("en")


@pytest.fixture(scope="module")
def page(patient, pixels) -> Page:
    return Page(html_page(patient, {"img-1": pixels}))


def test_summary_comes_first(page):
    """Suspicion, probability, why, questions, steps; then the film, then the details."""
    order = [
        'Meets the Chinese scheme\'s level "clinical" (2 of 3: suspected < clinical < confirmed)',
        "Probability of calciphylaxis: pre-test 30",
        "No score for this disease has been validated",
        "Why",
        "Questions to settle first",
        "Next steps",
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


def test_items_are_counted_alike_on_the_page_and_in_the_record(patient):
    """Three clinical items, of which two are open."""
    counted = "1 of 3 clinical items met, 2 not known"

    assert counted in summary_page(patient, _).why[0].text
    assert any(counted in sentence for sentence in patient.summary.sentences)


def test_images_that_a_person_read_are_not_passed_over(patient):
    """No file was given, but the case tells what two people saw."""
    picture = summary_page(patient.model_copy(update={"images": ()}), _).why[1].text

    assert picture.startswith("No film was examined by the program. Read by a person: film, leg, both sides: net-like")


def test_steps_that_do_not_fit_are_counted(patient):
    """Six on the first page, all in the details."""
    seen = summary_page(patient, _)

    assert len(seen.steps) == MOST_STEPS
    assert seen.more_steps == len(patient.advice) - MOST_STEPS


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
    assert has_case(patient)
    assert not has_case(record)
    assert isinstance(record, Record)
