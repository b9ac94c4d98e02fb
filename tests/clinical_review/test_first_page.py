"""What the first page says of whole cases: which disease leads, what is asked, who the patient is."""

from calcinet.report.language import translator
from calcinet.report.sections.notes_paragraph import notes_paragraph
from tests.support.reviewed import codes, examine_reviewed


def test_found_cellulitis_leads_the_page():
    """In headline and next step; nowhere the level none."""
    record = examine_reviewed("51")

    assert record.summary.sentences[0].startswith("Cellulitis was found and explains the lesion")
    assert codes(record)[0] == "found_disease"
    assert record.advice[0].text.startswith("Cellulitis was found: treat it; if the lesion does not heal")
    assert not [caution for caution in record.evidence.cautions if 'level "none"' in caution]


def test_found_cellulitis_and_no_infection_are_asked_about():
    """Nothing stands against the disease that was named."""
    record = examine_reviewed("51")
    asked = [question.text for question in record.clinical.questions]

    assert record.differential[0].against == ()
    assert any(text.startswith("No infection is suspected at the bedside, yet cellulitis was found") for text in asked)
    assert any(text.startswith("Cellulitis is counted as found") for text in asked)


def test_the_dialysis_unit_is_asked_of_people_on_dialysis_alone():
    """Both are asked whether the list is whole."""
    on, off = (
        next(item.text for item in examine_reviewed(name).clinical.questions if item.field == "drugs_complete")
        for name in ("00", "60")
    )

    assert "dialysis unit" in on
    assert "dialysis unit" not in off


def test_key_facts_tell_what_acts_in_the_assessment():
    """A cause, a drug that makes ulcers, and an antagonist with its first day."""
    assert examine_reviewed("60").clinical.key_facts == ("primary hyperparathyroidism",)
    assert examine_reviewed("70").clinical.key_facts == ("nicorandil",)
    assert examine_reviewed("04-warfarin-5d").clinical.key_facts == ("warfarin since 15 September 2026",)


def test_open_diseases_begin_with_the_likeliest():
    """Necrosis by the drug five days after its start, arterial disease of fingers."""
    assert examine_reviewed("04-warfarin-5d").summary.suspicion.open[0] == "warfarin necrosis"
    assert examine_reviewed("12").summary.suspicion.open[0] == "arterial disease"


def test_of_the_penis_carcinoma_and_infection_are_asked_about_first():
    """And the ulcer of the drug that he takes."""
    asked = next(item.text for item in examine_reviewed("70").clinical.questions if item.field == "exclusions")

    assert asked.startswith(
        "Which of these have been excluded: penile carcinoma, penile infection, nicorandil ulcer, warfarin necrosis"
    )


def test_gangrene_is_not_called_an_ulcer_in_questions():
    """And a place that begins a sentence begins with a capital."""
    asked = [item.text for item in examine_reviewed("12").clinical.questions if item.field.startswith("lesions.")]

    assert asked
    assert all(text.startswith("Finger, both sides: gangrene") and "ulcer" not in text for text in asked)


def test_the_notes_hold_every_line_that_cannot_wait():
    """Sepsis and consumption of coagulation, with the values as they are written."""
    text = notes_paragraph(examine_reviewed("39"), translator("en"))

    assert "Sepsis or necrotising infection" in text
    assert "haematologist today" in text
    assert "28 x 10^9/L" in text
