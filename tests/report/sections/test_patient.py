"""The patient on the page: the summary first, then everything with its source."""

import pytest

import calcinet
from calcinet.record import Evidence
from calcinet.report.blocks import Folded
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.quantities.numbers import unit
from calcinet.report.sections.summary_page import MOST_STEPS, lead_image, summary_page
from calcinet.report.sections.weighing import weighing_sections
from tests.support.paths import ROOT
from tests.support.reading import Page

_ = translator("en")

EXAMPLES = ROOT / "examples" / "invented"


@pytest.fixture(scope="module")
def page(patient, pixels) -> Page:
    return Page(html_page(patient, {"img-1": pixels}))


def test_page_is_well_formed(page):
    """Every element that opens closes, drawings too."""
    assert page.open == []


def test_summary_comes_first(page):
    """Suspicion, probability, why, questions, steps; then the film, then the details."""
    order = [
        "Level of suspicion by the published scheme: clinical",
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
    seen = summary_page(patient, _)

    assert [line.lead for line in seen.why] == ["The patient.", "The picture.", "The weight."]
    assert "Net-like calcification" in seen.why[1].text


def test_items_are_counted_alike_on_the_page_and_in_the_record(patient):
    """Three clinical items, of which two are open."""
    counted = "1 of 3 clinical items met, 2 not known"

    assert counted in summary_page(patient, _).why[0].text
    assert any(counted in sentence for sentence in patient.summary.sentences)


def test_images_that_a_person_read_are_not_passed_over(patient):
    """No file was given, but the case tells what two people saw."""
    picture = summary_page(patient.model_copy(update={"images": ()}), _).why[1].text

    assert picture.startswith("No film was examined by the program. Read by a person: film, leg, both sides: net-like")


def test_second_hand_figures_are_marked_beside_the_probability():
    """A bone scan is weighed on request only; the page then says so before the number, and in the table."""
    asked = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml", prior=0.3, include_secondary=True)
    seen = summary_page(asked, _)
    text = Page(html_page(asked, {})).text

    assert seen.reading.lead == "With figures read at second hand or recalled."
    assert "It rests on figures read at second hand or recalled." in asked.summary.sentences
    assert "Heterogeneous soft-tissue uptake on a bone scan weighed because it was asked for" in text


def test_nothing_weighed_moves_nothing_and_draws_nothing():
    """The net of venous disease does not count: 30 % stays, without an interval or a straight line."""
    unmoved = calcinet.examine((), EXAMPLES / "03-venous-disease-only.yaml", prior=0.3)
    seen = summary_page(unmoved, _)

    assert seen.reading.text.endswith("stays as it was given: 30\N{NO-BREAK SPACE}%.")
    assert seen.nomogram == ""


def test_cautions_stand_beside_the_probability():
    """A screening figure is not that of a patient with lesions."""
    screened = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml", prior=0.0004)
    preset = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml", prior="registry-germany")
    said = {line.text for line in summary_page(preset, _).cautions} - {
        line.text for line in summary_page(screened, _).cautions
    }

    assert [text.startswith("The prior is that of everybody on dialysis") for text in said] == [True]


def test_diseases_without_a_reason_are_folded():
    """Those for which something speaks come first and open; the names of the others stand in one line."""
    woman = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml")
    blocks = next(part for part in weighing_sections(woman, _) if part.key == "differential").blocks
    folded = [block for block in blocks if isinstance(block, Folded)]

    assert [len(block.items) for block in folded] == [5, 3]
    assert [block.line_alone for block in folded] == [False, True]


def test_steps_that_do_not_fit_are_counted(patient):
    """Six on the first page, all in the details."""
    seen = summary_page(patient, _)

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
    assert summary_page(record, _) is None


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


def test_result_in_another_unit_has_no_digits_that_nobody_measured():
    """8.0 mg/dL of phosphate are 2.58314 mmol/L, written as 2.58."""
    woman = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml")
    text = Page(html_page(woman, {})).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "2.58 mmol/L given as “8.0 mg/dL”" in text
