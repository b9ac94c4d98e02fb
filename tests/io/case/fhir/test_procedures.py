"""Procedures of a bundle, one at a time."""

import pytest

from calcinet.io.case.fhir.procedures import (
    biopsy_of,
    dialysis_of,
    goes_on,
    is_session,
    last_kind,
    procedure_of,
    treatment_of,
)


def named(text, **more):
    return {"code": {"text": text}, **more}


def test_dialysis_that_goes_on_has_no_end():
    """A period in progress has an end that was only planned."""
    period = {"start": "2022-03-09", "end": "2026-01-01"}

    assert dialysis_of(named("Hemodialysis", status="in-progress", performedPeriod=period)) == {
        "kind": "haemodialysis",
        "start": "2022-03-09",
    }
    assert dialysis_of(named("Hemodialysis", status="completed", performedPeriod=period))["stop"] == "2026-01-01"


@pytest.mark.parametrize(
    ("status", "reason", "biopsy"),
    [
        ("completed", None, {"status": "done"}),
        ("preparation", None, {"status": "planned"}),
        ("not-done", "Patient declined", {"status": "declined"}),
        ("not-done", None, None),
    ],
)
def test_a_biopsy_that_was_not_done_was_declined_only_where_it_is_said(status, reason, biopsy):
    assert biopsy_of(named("Punch biopsy of skin", status=status, statusReason={"text": reason})) == biopsy


def test_a_biopsy_of_the_kidney_is_none_of_the_skin():
    assert biopsy_of(named("Biopsy of kidney", status="completed")) is None


def test_what_was_not_done_is_neither_treatment_nor_procedure():
    assert treatment_of(named("Debridement of wound", status="not-done")) is None
    assert procedure_of(named("Angiography", status="not-done")) is None
    assert procedure_of(named("Angiography", status="completed")) == {"name": "vascular procedure"}


@pytest.mark.parametrize(
    "when",
    [
        {"performedDateTime": "2026-03-02"},
        {"performedPeriod": {"start": "2026-03-02T08:00:00Z", "end": "2026-03-02T12:00:00Z"}},
        {"occurrenceDateTime": "2026-03-02T08:00:00+08:00"},
        {},
    ],
)
def test_one_session_is_no_dialysis_that_goes_on(when):
    """Nor is it one that ended: nobody says whether another follows."""
    session = named("Hemodialysis", status="completed", **when)

    assert is_session(session)
    assert dialysis_of(session) is None


@pytest.mark.parametrize("status", ["preparation", "not-done", "on-hold", "unknown"])
def test_dialysis_that_has_not_begun_is_none(status):
    assert dialysis_of(named("Hemodialysis", status=status, performedPeriod={"start": "2026-03-02"})) is None


@pytest.mark.parametrize(
    "words",
    [
        *("Insertion of hemodialysis catheter", "Creation of arteriovenous fistula for hemodialysis"),
        *("Hemodialysis education", "Removal of peritoneal dialysis catheter"),
    ],
)
def test_what_is_done_for_dialysis_is_none(words):
    assert dialysis_of(named(words, status="in-progress", performedPeriod={"start": "2026-03-02"})) is None


def list_sessions(months):
    return [
        named("Hemodialysis", status="completed", performedDateTime=f"2026-{month:02}-{day:02}")
        for month in months
        for day in (1, 8, 15, 22)
    ]


@pytest.mark.parametrize(
    ("months", "now", "expected"),
    [(range(1, 6), "2026-05-25", True), (range(1, 6), "2026-07-01", False), (range(4, 6), "2026-05-25", False)],
)
def test_sessions_over_three_months_up_to_now_go_on(months, now, expected):
    """20 sessions over 141 days, the last 3 days ago; the last over a month ago; 8 sessions over 51 days."""
    assert goes_on(list_sessions(months), now) is expected


def test_few_sessions_far_apart_are_no_dialysis_that_goes_on():
    """Two in 142 days."""
    sessions = list_sessions(range(1, 6))

    assert not goes_on([sessions[0], sessions[-1]], "2026-05-25")


def test_last_session_tells_the_kind_where_it_was_lately():
    sessions = list_sessions(range(1, 6))

    assert (last_kind(sessions, "2026-05-25"), last_kind(sessions, "2026-07-01")) == ("haemodialysis", None)


@pytest.mark.parametrize("words", ["MRI without gadolinium contrast", "MRI, no gadolinium"])
def test_what_is_denied_is_no_procedure(words):
    assert procedure_of(named(words, status="completed")) is None


@pytest.mark.parametrize("status", ["unknown", "on-hold"])
def test_what_nobody_knows_to_be_done_is_neither_treatment_nor_biopsy(status):
    assert treatment_of(named("Debridement of wound", status=status)) is None
    assert biopsy_of(named("Punch biopsy of skin", status=status)) is None
    assert procedure_of(named("Angiography", status=status)) is None


def test_what_is_prepared_is_not_yet_past():
    assert procedure_of(named("MRI with gadolinium", status="preparation")) is None
