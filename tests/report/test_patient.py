"""The patient on the page: the summary first, then everything with its source."""

import pytest

from calcinet.record import Evidence
from calcinet.report.glance import MOST_STEPS, glance, lead_image
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.numbers import unit
from reading import Page

_ = translator("en")


@pytest.fixture(scope="module")
def page(patient, pixels) -> Page:
    return Page(html_page(patient, {"img-1": pixels}))


def test_page_is_well_formed(page):
    """Every element that opens closes, drawings too."""
    assert page.open == []


def test_summary_comes_first(page):
    """Suspicion, probability, why, questions, steps; then the film, then the details."""
    order = [
        "Clinical: strong suspicion without a biopsy",
        "Probability of calciphylaxis: 30",
        "There is no validated score for this disease",
        "Why",
        "Questions to settle first",
        "Next steps",
        "What the picture could show",
        "Findings",
        "Laboratory",
        "Drugs",
        "Criteria, item by item",
        "What the findings weigh",
        "What else it could be",
        "Next steps, with their grounds",
        "References",
    ]
    places = [page.text.index(part) for part in order]

    assert places == sorted(places)


def test_three_lines_say_why(patient):
    """The patient, the picture, the weight."""
    seen = glance(patient, _)

    assert [line.lead for line in seen.why] == ["The patient.", "The picture.", "The weight."]
    assert "Net-like calcification" in seen.why[1].text


def test_steps_that_do_not_fit_are_counted(patient):
    """Six on the first page, all in the details."""
    seen = glance(patient, _)

    assert len(seen.steps) == MOST_STEPS
    assert seen.more_steps == len(patient.advice) - MOST_STEPS


def test_without_a_prior_no_probability_is_said(patient, pixels):
    """The nomogram then shows several beginnings."""
    open_minded = patient.evidence.model_copy(update={"prior": None, "posterior": None})
    text = Page(html_page(patient.model_copy(update={"evidence": open_minded}), {"img-1": pixels})).text

    assert "No probability before the findings was given" in text
    assert "Probability of calciphylaxis:" not in text


def test_without_anything_weighed_there_is_still_a_page(patient, pixels):
    """Removing all evidence takes its part away and nothing else."""
    bare = patient.model_copy(update={"evidence": Evidence(), "advice": (), "differential": ()})
    text = Page(html_page(bare, {"img-1": pixels})).text

    assert "What the findings weigh" not in text
    assert "Laboratory" in text


def test_a_value_in_question_is_not_shown_as_a_result(page):
    """64 pml/L stands as it was given, beside a dash."""
    assert "parathyroid hormone – given as “64 pml/L”" in page.text


def test_laboratory_has_ranges_and_flags(page):
    """The printed flag is said to be the laboratory's."""
    assert "albumin-adjusted calcium 2.67 mmol/L 2.1 to 2.6" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "high as the laboratory flagged it" in page.text


def test_every_weight_has_its_study_and_counts(page, patient):
    """Study, and people behind it."""
    for term in patient.evidence.terms:
        assert term.study in page.text
    assert "6 of 58 controls" in page.text


def test_every_citation_leads_to_a_reference(page):
    """Also those of the patient's part."""
    targets = {attributes["id"] for _tag, attributes in page.tags if "id" in attributes}
    links = {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")}

    assert links <= targets


def test_lead_image_is_the_one_with_the_net(patient):
    """An image without findings comes after one with a net, whatever its place."""
    film = patient.examined[0]
    empty = film.model_copy(update={"id": "img-0", "findings": ()})
    both = patient.model_copy(update={"images": (empty, film)})

    assert lead_image(both).id == "img-1"


def test_films_alone_have_no_summary_of_a_patient(record):
    """Their page begins with the film, as before."""
    assert glance(record, _) is None


@pytest.mark.parametrize(
    ("code", "shown"), [("umol/L", "µmol/L"), ("mm/h", "mm/h"), ("10*9/L", "× 10^9/L"), ("%", "%")]
)
def test_units_are_as_laboratories_print_them(code, shown):
    """UCUM is for programs."""
    assert unit(code) == shown


def test_mimic_without_a_question_still_has_its_reference(patient, pixels):
    """Its last line carries the citation."""
    mute = patient.differential[0].model_copy(update={"ask": ""})
    page = Page(html_page(patient.model_copy(update={"differential": (mute,)}), {"img-1": pixels}))

    assert "What would separate it" not in page.text
    assert f"#ref-{mute.reference}" in {link["href"] for link in page.all("a")}


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_page_never_says_diagnosed(patient, pixels, language):
    """It measures, cites and shows its uncertainty; "not a diagnosis" is the only use of the word."""
    text = Page(html_page(patient, {"img-1": pixels}, language), left_out="li#ref-").text.lower()
    rest = text.replace("not a diagnosis", "").replace("並非診斷", "")

    assert not any(word in rest for word in ("diagnos", "診斷", "確診"))
