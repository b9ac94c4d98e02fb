"""The time line: what the records date, in order, and what they do not, last."""

import pytest

from calcinet.record import Record
from calcinet.report.casereport.course import timeline
from calcinet.report.language import translator

_ = translator("en")


def dated(record: Record, *days: str | None) -> Record:
    lab = record.clinical.labs[0]
    labs = tuple(lab.model_copy(update={"on": day, "value": float(n)}) for n, day in enumerate(days, start=1))
    clinical = record.clinical.model_copy(update={"labs": labs, "drugs": ()})
    return record.model_copy(update={"clinical": clinical, "images": ()})


@pytest.mark.parametrize(
    ("calendar", "when"),
    [(False, ["day 0", "day 10"]), (True, ["1 March 2024", "11 March 2024"])],
    ids=["counted from the first", "by the calendar"],
)
def test_days_are_counted_from_the_first_or_named(patient, calendar, when):
    """11 March comes ten days after 1 March, though it stands first in the record."""
    table = timeline([dated(patient, "2024-03-11", "2024-03-01")], _, calendar=calendar)

    assert [row[0].text for row in table.rows] == when
    assert "2.00" in table.rows[0][1].text


def test_value_without_a_day_is_no_event(patient):
    assert timeline([dated(patient, None)], _, calendar=False).rows == ()


def test_same_value_in_two_records_is_one_event(patient):
    record = dated(patient, "2024-03-01")

    assert len(timeline([record, record], _, calendar=False).rows) == 1


def test_events_without_a_day_come_last(patient):
    """A drug that was stopped, and the images."""
    drug = patient.clinical.drugs[0].model_copy(update={"status": "stopped"})
    record = dated(patient, "2024-03-01")
    clinical = record.clinical.model_copy(update={"drugs": (drug,)})
    full = record.model_copy(update={"clinical": clinical, "images": patient.images})
    rows = [(row[0].text, row[1].text) for row in timeline([full], _, calendar=False).rows]

    assert rows[0][0] == "day 0"
    assert rows[1:] == [
        ("day not stated", f"{drug.name}: stopped"),
        ("day not stated", "examination 1: images examined: 1"),
    ]
