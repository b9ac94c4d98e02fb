"""The draft fills CARE's items from records, and asks for the rest."""

import pytest

from calcinet.report.blocks import Folded, Prose
from calcinet.report.casereport import Draft, Examination, draft
from calcinet.report.casereport.asked import ASKED
from tests.support import handmade


def test_empty_record_yields_questions_and_no_patient():
    made = draft([Examination(handmade.nothing_examined())])
    words = " ".join(str(block) for section in made.sections for block in section.blocks)

    assert made.title == "Calcium outside bone: a case report"
    assert "woman" not in words
    assert words.count("[Author]") >= 19


def test_items_of_care_come_in_their_order(patient):
    made = draft([Examination(patient)])

    assert [section.key for section in made.sections] == [*ASKED, "questions"]


def test_every_citation_of_the_draft_has_its_source(patient):
    made = draft([Examination(patient)])
    first = next(iter(made.references))

    assert made.marks(Prose("x", cites=(first,))) == " [1]"
    assert made.marks(Prose("x")) == ""


def test_marks_follow_the_order_of_the_sentence():
    made = Draft(title="t", note="n", sections=(), photos={}, references={"a": "A", "b": "B", "c": "C"})

    assert made.marks(Prose("x", cites=("c", "a", "unknown"))) == " [3, 1]"


def test_draft_holds_no_folded_list_and_no_drawing(patient):
    """A text document opens nothing."""
    blocks = [block for section in draft([Examination(patient)]).sections for block in section.blocks]

    assert not any(isinstance(block, Folded) for block in blocks)
    assert "<svg" not in str(blocks)


@pytest.mark.parametrize(("count", "names"), [(1, ["img-1.png"]), (2, ["1-img-1.png", "2-img-1.png"])])
def test_pictures_of_several_examinations_are_numbered(record, count, names):
    made = draft([Examination(record, {"img-1": b"png"})] * count)

    assert [photo.name for photo in made.photos["assessment"]] == names


def test_later_examination_is_the_follow_up(record):
    """What it says in its summary, in its own words; the first is none."""
    outcome = [
        next(section.blocks for section in draft([Examination(record)] * count).sections if section.key == "outcome")
        for count in (1, 2)
    ]
    added = [block.text for block in outcome[1] if block not in outcome[0]]

    assert added == ["Examination 2", *handmade.examination().summary.sentences]


def test_keywords_name_the_kinds_that_were_found(record):
    (keywords,) = draft([Examination(record)]).sections[0].blocks

    assert keywords.text.endswith("radiography, calcified vessel, net-like calcification, other calcium")


def test_drug_that_was_stopped_is_an_intervention(patient):
    drug = patient.clinical.drugs[0]
    drugs = tuple(drug.model_copy(update={"status": status}) for status in ("stopped", "planned", "taking"))
    clinical = patient.clinical.model_copy(update={"drugs": drugs, "treatments": ()})
    changed = patient.model_copy(update={"clinical": clinical})
    sections = {section.key: section.blocks for section in draft([Examination(changed)]).sections}

    assert [item.text for item in sections["intervention"][0].items] == [
        f"{drug.name}: stopped",
        f"{drug.name}: planned",
    ]
