"""What the case tells beside the laboratory arrives in the record."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.protocols import assemble
from calcinet.protocols.clinical_record import record_patient
from calcinet.record import Record


def recorded(**parts):
    case = Case.model_validate(parts)
    return record_patient(case, assess(case))


def test_every_condition_is_kept_and_an_unknown_name_is_marked():
    told = recorded(
        conditions=[
            {"name": "dm", "since": "2021-05-01"},
            {"name": "ennui"},
            {"name": "hypertension", "present": False},
        ]
    )
    shown = [(entry.name, entry.condition, entry.present, entry.label) for entry in told.conditions]

    assert shown == [
        ("dm", "diabetes mellitus", True, "dm, since 1 May 2021"),
        ("ennui", None, True, "ennui"),
        ("hypertension", "hypertension", False, "no hypertension"),
    ]


def test_the_clinician_s_words_are_kept_and_weigh_nothing():
    case = {"lesions": [{"site": "leg", "kind": "ulcer", "painful": True, "necrotic": True}]}
    with_words = assemble([], Case.model_validate({**case, "clinician_impression": "calciphylaxis"}))
    without = assemble([], Case.model_validate(case))

    assert with_words.clinical.impression == "calciphylaxis"
    assert with_words.evidence == without.evidence


@pytest.mark.parametrize("status", ["given", "refused", "planned", "stopped"])
def test_a_treatment_has_status_dose_days_and_reason(status):
    told = {
        "name": "sodium thiosulphate", "status": status, "route": "intravenous", "dose": "25 g", "reason": "ulcers",
        "start": "2026-03-02", "stop": "2026-03-20", "sessions": 8,
    }  # fmt: skip
    (treatment,) = recorded(treatments=[told]).treatments

    assert treatment.model_dump(exclude={"label", "drug"}) == told


def test_photographs_are_numbered_and_their_files_named_nowhere():
    photograph = {"file": "tai-man.jpg", "caption": "black edges", "on": "2026-02-03"}
    lesions = [
        {"site": "leg", "kind": "ulcer", "photographs": [photograph]},
        {"site": "thigh", "kind": "ulcer", "photographs": [{"file": "tai-man 2.jpg"}]},
    ]
    case = Case.model_validate({"lesions": lesions})
    record = assemble([], case)

    assert [entry.model_dump(exclude_none=True) for entry in record.clinical.photographs] == [
        {"id": "photo-1", "lesion": 0, "caption": "black edges", "on": "2026-02-03"},
        {"id": "photo-2", "lesion": 1},
    ]
    assert "tai-man" not in record.to_json()


def test_a_lesion_keeps_what_the_case_tells_of_it():
    told = {
        "site": "finger", "digit": "middle", "side": "right", "aspect": "tip", "kind": "gangrene", "count": "multiple",
        "size_cm": "2 x 1", "colour": "black", "began_as": "purpura", "changed_within": "weeks", "since": "2026-01-20",
    }  # fmt: skip
    (lesion,) = recorded(lesions=[told]).lesions

    assert (lesion.digit, lesion.aspect, lesion.count, lesion.several) == ("middle", "tip", None, True)
    assert (lesion.size_cm, lesion.colour, lesion.began_as) == ((2.0, 1.0), "black", "purpura")
    assert (lesion.changed_within, lesion.since) == ("weeks", "2026-01-20")


def test_the_whole_patient_survives_being_written_and_read():
    case = Case.model_validate(
        {
            "lesions": [{"site": "leg", "kind": "ulcer", "size_cm": "3 x 2", "painful": True, "necrotic": True}],
            "examination": {"pain_score": 7},
            "treatments": [{"name": "wound care"}],
            "pathology": [{"status": "declined", "reason": "pain"}],
            "procedures": [{"name": "gadolinium"}],
            "outcome": {"state": "worse"},
        }
    )
    record = assemble([], case)

    assert Record.from_json(record.to_json()).clinical == record.clinical


def test_outlined_photograph_tells_its_area_with_how_it_was_got():
    """4 cm to a side by a ruler of 5 cm: 16 cm2; the other photograph has none."""
    measured = {
        "file": "photo.jpg",
        "ruler": {"start": [0.1, 0.8], "end": [0.6, 0.8], "cm": 5},
        "outline": [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]],
    }
    told = recorded(lesions=[{"site": "thigh", "kind": "ulcer", "photographs": [{"file": "other.jpg"}, measured]}])
    plain, outlined = told.photographs

    assert (plain.area_cm2, plain.area_interval95, plain.area_text) == (None, None, None)
    assert outlined.area_cm2 == pytest.approx(16.0)
    assert outlined.area_interval95[0] < 16.0 < outlined.area_interval95[1]
    assert outlined.area_text.startswith("16.0 cm2 (")
    assert "outline of 4 points" in outlined.area_text
    assert "lie 5 cm apart" in outlined.area_text
