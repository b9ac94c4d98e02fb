"""Identifiers of findings: they stay with the place, and a follow-up takes those of its baseline over."""

import pytest
from pydicom.uid import UID

from calcinet.protocols.tracking import take_over, track_findings
from calcinet.record import FindingRecord
from tests.support.courses import film


def box(number, row, column, kind="net"):
    edge = ((row, column), (row, column + 40.0), (row + 40.0, column + 40.0), (row + 40.0, column))
    return FindingRecord(id=f"f{number}", kind=kind, outline=edge)


def uids(image):
    return {finding.id: finding.tracking_uid for finding in track_findings(image).findings}


def test_an_identifier_stays_with_kind_and_place_whatever_the_number():
    """The middle of the first lies at (160, 160), that of the second at (161, 163): both in the third square of 64."""
    before = uids(film(1, findings=(box(1, 140.0, 140.0), box(2, 400.0, 140.0))))
    after = uids(film(1, findings=(box(2, 141.0, 143.0), box(1, 400.0, 140.0))))

    assert before == {"f1": after["f2"], "f2": after["f1"]}
    assert all(UID(uid).is_valid for uid in before.values())


@pytest.mark.parametrize(
    "other",
    [
        film(2, findings=(box(1, 140.0, 140.0),)),
        film(1, findings=(box(1, 240.0, 140.0),)),
        film(1, findings=(box(1, 140.0, 140.0, kind="focus"),)),
    ],
)
def test_films_places_and_kinds_are_told_apart(other):
    assert uids(other)["f1"] != uids(film(1, findings=(box(1, 140.0, 140.0),)))["f1"]


def test_two_in_one_square_have_two():
    assert len(set(uids(film(1, findings=(box(1, 140.0, 140.0), box(2, 140.0, 140.0)))).values())) == 2


def test_a_follow_up_takes_over_what_was_matched_and_keeps_the_rest():
    baseline = track_findings(film(1, findings=(box(1, 140.0, 140.0), box(2, 400.0, 140.0))))
    later = track_findings(film(2, findings=(box(1, 500.0, 10.0), box(2, 150.0, 150.0))))

    taken = take_over(later, baseline, {"f1": "f2"})

    assert taken.findings[1].tracking_uid == baseline.findings[0].tracking_uid
    assert taken.findings[0].tracking_uid == later.findings[0].tracking_uid
    assert uids(taken) == {finding.id: finding.tracking_uid for finding in taken.findings}
