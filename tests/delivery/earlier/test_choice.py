"""Which earlier studies are compared with: worked out by hand on short lists."""

from datetime import date

import pytest

from calcinet.delivery import destination
from calcinet.delivery.earlier import EarlierRule, EarlierSeries, Question, choose_studies
from calcinet.delivery.earlier.choice import FoundStudy

ARCHIVE = destination("dicom://PACS@127.0.0.1:104")
ASKED = Question(
    study="1.9",
    patient_id="7",
    born="19500101",
    day=date(2026, 6, 1),
    modalities=frozenset({"DX", "SR"}),
    body_parts=frozenset({"LEG"}),
)
SERIES = {
    "1.1": [
        EarlierSeries(series="1.1.1", modality="CR", body_part="LEG"),
        EarlierSeries(series="1.1.2", modality="SR"),
    ],
    "1.2": [EarlierSeries(series="1.2.1", modality="DX", body_part="")],
    "1.3": [EarlierSeries(series="1.3.1", modality="DX", body_part="HAND")],
    "1.4": [EarlierSeries(series="1.4.1", modality="CT", body_part="LEG")],
}


def find(study, day, **told):
    return FoundStudy(study=study, patient_id="7", day=day, **told)


FOUND = [
    find("1.1", date(2024, 1, 1)),
    find("1.2", date(2025, 1, 1)),
    find("1.3", date(2025, 2, 1)),
    find("1.4", date(2025, 3, 1)),
]


def choose(rule=None, found=FOUND, question=ASKED):
    chosen = choose_studies(
        question, rule or EarlierRule(source=ARCHIVE), found, SERIES.__getitem__, lambda part: part.lower() or "unknown"
    )
    return [(one.study, [series.series for series in one.series]) for one in chosen]


def test_latest_first_of_the_same_kind_and_part_and_what_is_not_stated_is_taken():
    """The hand and the CT are left out, and the report within the study of the leg; CR and DX are films."""
    assert choose() == [("1.2", ["1.2.1"]), ("1.1", ["1.1.1"])]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"most": 1}, ["1.2"]),
        ({"years": 2.0}, ["1.2"]),
        ({"same_body_part": False}, ["1.3", "1.2"]),
        ({"modalities": ("CT",)}, []),
        ({"modalities": ("CR",)}, ["1.2", "1.1"]),
    ],
)
def test_rule_bounds_what_is_taken(changed, expected):
    """2024-01-01 lies more than two years before 2026-06-01."""
    assert [study for study, _ in choose(EarlierRule(source=ARCHIVE, **changed))] == expected


@pytest.mark.parametrize(
    "other",
    [
        find("1.1", date(2026, 6, 1)),
        find("1.1", date(2027, 6, 1)),
        find("1.1", None),
        find("1.9", date(2025, 6, 1)),
        find("1.1", date(2025, 6, 1), born="19600101"),
        FoundStudy(study="1.1", patient_id="77", day=date(2025, 6, 1)),
        FoundStudy(study="1.1", day=date(2025, 6, 1)),
    ],
    ids=["same day", "later", "no day", "itself", "born on another day", "other patient", "patient not stated"],
)
def test_what_is_not_surely_earlier_and_of_the_patient_is_not_taken(other):
    assert choose(found=[other]) == []


def test_study_without_a_day_or_patient_is_compared_with_nothing():
    for lacking in (Question(patient_id="7", modalities=frozenset({"DX"})), Question(day=date(2026, 6, 1))):
        assert choose(question=lacking) == []
