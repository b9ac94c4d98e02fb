"""What the findings weigh, in sentences and tables: nothing is stated that was not weighed."""

import calcinet
from calcinet.record import Differential, Evidence, Term
from calcinet.report.blocks import Folded, Items, Prose, Table
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.sections.summary_page import summary_page
from calcinet.report.sections.weighing import (
    UNSTATED,
    UNSTATED_UNWEIGHED,
    draw_nomogram,
    say_cautions,
    state_probability,
    weighed_terms,
    weighing_sections,
)
from tests.support.paths import ROOT
from tests.support.reading import Page

_ = translator("en")

EXAMPLES = ROOT / "examples" / "invented"


def term(**changes) -> Term:
    """A finding of a study that was read: 30 of 40 patients, 6 of 58 controls."""
    given = {
        "finding": "net",
        "present": True,
        "ratio": (7.25, 3.3, 15.8),
        "n": (40, 58),
        "cases": (30, 40),
        "controls": (6, 58),
        "reference": "shmidt2012",
        "status": "seen",
        "used": True,
        "study": "Shmidt 2012",
    }
    return Term(**{**given, **changes})


def rows_of(patient, *terms) -> list[tuple[Prose, ...]]:
    """The table of weights of an examination with these findings alone."""
    weighed = patient.model_copy(update={"evidence": Evidence(terms=terms), "differential": (), "advice": ()})
    (section,) = weighing_sections(weighed, _)
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    return list(table.rows)


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

    assert seen.reading.text.endswith("that was given, 30\N{NO-BREAK SPACE}%.")
    assert [line.lead for line in seen.why] == ["The patient.", "The picture."]


def test_cautions_stand_beside_the_probability():
    """A screening figure is not that of a patient with lesions."""
    screened = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml", prior=0.0004)
    preset = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml", prior="registry-germany")
    said = {line.text for line in say_cautions(preset.evidence, _)} - {
        line.text for line in say_cautions(screened.evidence, _)
    }

    assert [text.startswith("The pre-test probability is that of all people on dialysis") for text in said] == [True]


def test_diseases_without_a_reason_are_folded():
    """Those for which something speaks come first and open; the names of the others stand in one line.

    Nobody has called her list of drugs complete, so it speaks against no disease that a drug makes.
    """
    woman = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml")
    blocks = next(part for part in weighing_sections(woman, _) if part.key == "differential").blocks
    folded = [block for block in blocks if isinstance(block, Folded)]

    assert [len(block.items) for block in folded] == [1, 7]
    assert [block.line_alone for block in folded] == [False, True]


def test_without_a_prior_no_probability_is_said(patient, pixels):
    """The nomogram then shows several beginnings."""
    open_minded = patient.evidence.model_copy(update={"prior": None, "posterior": None})
    text = Page(html_page(patient.model_copy(update={"evidence": open_minded}), {"img-1": pixels})).text

    assert "No pre-test probability was given" in text
    assert "Probability of calciphylaxis:" not in text


def test_without_anything_weighed_there_is_still_a_page(patient, pixels):
    """Removing all evidence takes its part away and nothing else."""
    bare = patient.model_copy(update={"evidence": Evidence(), "advice": (), "differential": ()})
    text = Page(html_page(bare, {"img-1": pixels})).text

    assert "What the findings weigh" not in text
    assert "Laboratory" in text


def test_every_weight_has_its_study_and_counts(patient):
    """Study, and people behind it."""
    text = Page(html_page(patient, {})).text

    for term in patient.evidence.terms:
        assert term.study in text
    assert "6 of 58 controls" in text


def test_mimic_without_a_question_still_has_its_reference(patient, pixels):
    """Its last line carries the citation."""
    mute = patient.differential[0].model_copy(update={"ask": ""})
    page = Page(html_page(patient.model_copy(update={"differential": (mute,)}), {"img-1": pixels}))

    assert "What would separate it" not in page.text
    assert f"#ref-{mute.reference}" in {link["href"] for link in page.all("a")}


def test_counts_of_a_study_stand_beside_its_weight(patient):
    """Counted on both sides; on that of the controls alone; not at all."""
    counted, half, bare = rows_of(patient, term(), term(cases=None), term(cases=None, controls=None))

    assert counted[4].text == "30 of 40 patients, 6 of 58 controls"
    assert half[4].text == "patients not counted, 6 of 58 controls"
    assert bare[4].text == "40 patients, 58 controls"


def test_weight_without_an_interval_is_a_number_where_it_is_used_and_a_dash_where_not(patient):
    interval, point, nothing = rows_of(
        patient, term(), term(ratio=(2.0, 2.0, 2.0)), term(ratio=(1.0, 1.0, 1.0), used=False, why_not="never counted")
    )

    assert (interval[2].text, interval[2].small) == ("7.25", "3.30 to 15.8")
    assert (point[2].text, point[2].small) == ("2.00", "")
    assert nothing[2].text == "–"
    assert nothing[0].small == "not multiplied in: never counted"


def test_figure_read_at_second_hand_is_marked_only_where_it_counts(patient):
    used, unused = rows_of(patient, term(status="secondary"), term(status="secondary", used=False, why_not="x"))

    assert (used[0].tone, used[0].small) == ("warn", "weighed because it was asked for")
    assert unused[0].tone == "plain"
    assert {used[3].tone, unused[3].tone} == {"warn"}


def test_finding_that_is_not_known_is_not_multiplied_in():
    evidence = Evidence(terms=(term(), term(present=None), term(used=False, why_not="x"), term(present=False)))

    assert weighed_terms(evidence) == [evidence.terms[0], evidence.terms[3]]


def test_without_a_prior_it_is_said_why_there_is_no_probability():
    weighed, unweighed = Evidence(terms=(term(),)), Evidence(terms=(term(present=None),))

    assert state_probability(weighed, _).text == UNSTATED
    assert state_probability(unweighed, _).text == UNSTATED_UNWEIGHED
    assert draw_nomogram(unweighed, _) == ""


def test_reasons_come_in_their_order_and_the_last_line_cites(patient):
    """For, against, what would separate it."""
    mimic = Differential(
        name="Vasculitis", for_=("fever",), against=("no purpura",), ask="Biopsy?", reference="ng_case"
    )
    sections = weighing_sections(patient.model_copy(update={"differential": (mimic,)}), _)
    blocks = next(section.blocks for section in sections if section.key == "differential")
    (items,) = [block for block in blocks if isinstance(block, Items)]

    assert [item.lead for item in items.items] == ["For:", "Against:", "What would separate it:"]
    assert [item.cites for item in items.items] == [(), (), ("ng_case",)]
