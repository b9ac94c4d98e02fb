"""What goes out comes back: every field of every record, whatever it holds."""

import csv
import io
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings

from calcinet.errors import BadInput
from calcinet.record import Clinical, ModelRecord, OutcomeRecord, Record
from calcinet.store import Store
from calcinet.store.exchange import redcap
from calcinet.store.exchange.files import WRITERS, read_files, write_files
from calcinet.store.exchange.flat import FlatRow, rebuild
from calcinet.store.exchange.layout import all_layouts, layouts
from calcinet.store.exchange.redcap import read_records, write_records
from calcinet.store.exchange.tables import (
    read_csv_tables,
    read_parquet_tables,
    write_csv_tables,
    write_parquet_tables,
)
from calcinet.store.exchange.visits import Visit, from_rows, to_rows
from calcinet.store.key import StoreKey
from calcinet.text import say
from tests.support import handmade
from tests.support.stored import content
from tests.support.trees import trees

PATIENT = "P-AAAA-AAAA-AAAA-AAAA"

few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def visit_of(tree):
    return Visit(patient=PATIENT, on=None, added_at="", added_by="", tree=tree)


@few
@given(tree=trees())
def test_redcap_gives_back_every_field(tree):
    """Whatever a text holds, nothing and an empty text apart."""
    rows = list(to_rows([visit_of(tree)]))

    assert from_rows(read_records(write_records(rows, all_layouts()), all_layouts()))[0].tree == tree


@few
@given(tree=trees())
def test_csv_gives_back_every_field(tree):
    rows = list(to_rows([visit_of(tree)]))

    assert from_rows(read_csv_tables(write_csv_tables(rows, all_layouts()), all_layouts()))[0].tree == tree


@few
@given(tree=trees())
def test_parquet_gives_back_every_field(tree):
    pytest.importorskip("pyarrow", reason="needs pyarrow of the extra 'tables'")
    rows = list(to_rows([visit_of(tree)]))

    assert from_rows(read_parquet_tables(write_parquet_tables(rows, all_layouts()), all_layouts()))[0].tree == tree


def fill(store):
    """Two patients, three records, two edits of one field by two people."""
    store.add([content("a"), handmade.examination().to_json().encode()], patient="1")
    store.add([content("b", sex="man")], patient="2")
    store.edit(1, "images/0/laterality", "L", why='said "so",\ntwice')
    store.edit(1, "images/0/laterality", "R", why="the other")


@pytest.fixture
def filled(tmp_path):
    with Store.open(tmp_path / "store.sqlite", who="ng", make=True) as store:
        fill(store)
        yield store


@pytest.mark.parametrize("form", WRITERS)
def test_an_export_taken_into_another_store_is_the_same(filled, tmp_path, form):
    """Bodies letter by letter, days, edits with who and when; the other audit is its own."""
    pytest.importorskip({"parquet": "pyarrow", "fhir": "fhir.resources"}.get(form, "json"))
    visits = filled.visits()

    with Store.open(tmp_path / "other.sqlite", who="lee", make=True) as other:
        other.take(read_files(write_files(visits, form)))

        assert other.visits() == visits
        given_first = {one.sha256 for one in filled.records()}
        assert {one.sha256 for one in other.records()} == given_first
        assert other.verify().faults == ()
        with pytest.raises(BadInput, match="is in the store already"):
            other.take(visits)
        assert not any(one.is_new for one in other.take(visits, skip_known=True))


def test_the_dictionary_describes_every_column_of_the_records_by_the_rules_of_redcap(filled):
    """18 columns; names of small letters, digits and strokes that begin with a letter; codes without a blank."""
    files = write_files(filled.visits(), "redcap")
    described = list(csv.DictReader(io.StringIO(files[redcap.DICTIONARY].decode())))
    columns = next(csv.reader(io.StringIO(files[redcap.RECORDS].decode())))

    assert len(described[0]) == 18
    names = [row["Variable / Field Name"] for row in described]
    assert [name for name in columns if not name.startswith("redcap_")] == names
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,99}", name) for name in names)
    assert {row["Field Type"] for row in described} == {"text", "notes", "yesno", "dropdown"}
    for row in described:
        if row["Field Type"] == "dropdown":
            codes = [choice.partition(",")[0] for choice in row["Choices, Calculations, OR Slider Labels"].split(" | ")]
            assert all(re.fullmatch("[A-Za-z0-9_]+", code) for code in codes)


def test_columns_that_redcap_adds_are_passed_over(filled):
    """Its status of a form, and its own event."""
    files = write_files(filled.visits(), "redcap")
    lines = list(csv.reader(io.StringIO(files[redcap.RECORDS].decode())))
    lines[0] += ["redcap_event_name", "visit_complete"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([lines[0], *([*line, "visit_arm_1", "2"] for line in lines[1:])])

    assert read_files({redcap.RECORDS: text.getvalue().encode()}) == filled.visits()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("visit_version", "visit_vision", "no column|does not know"),
        ("record_id", "id", "no column record_id"),
        (",1.1,", ",1.9,", "no item that it belongs to"),
        (",visit,", ",visits,", "none of calcinet's"),
        ("0.1.0", '"""', "holds a value that is no text|no CSV"),
    ],
)
def test_a_table_that_was_spoilt_is_refused_and_nothing_is_taken(filled, tmp_path, old, new, told):
    text = write_files(filled.visits(), "redcap")[redcap.RECORDS].decode()
    assert old in text

    with (
        Store.open(tmp_path / "other.sqlite", who="lee", make=True) as other,
        pytest.raises(BadInput, match=told),
    ):
        other.take(read_files({redcap.RECORDS: text.replace(old, new).encode()}))
    with Store.open(tmp_path / "other.sqlite", who="lee") as other:
        assert other.patients() == ()


def test_what_is_no_export_is_refused():
    with pytest.raises(BadInput, match="no export is there"):
        read_files({"notes.txt": b""})
    with pytest.raises(BadInput, match="no form odm"):
        write_files([], "odm")


def test_a_bundle_of_a_hospital_is_refused_with_where_it_belongs():
    pytest.importorskip("fhir.resources")

    with pytest.raises(BadInput, match="calcinet examine --case"):
        read_files({"x.fhir.json": json.dumps({"resourceType": "Bundle", "entry": []}).encode()})


def test_a_row_without_its_record_is_refused():
    row = FlatRow(table="images", at=(1, 1), cells={"images_id": "img-1"})

    with pytest.raises(BadInput, match=r"images has a row 1\.1"):
        rebuild([row], layouts())


def make_told():
    """A record that names days in fields and sentences, and somebody in what was typed."""
    from datetime import date

    day = date(2026, 3, 9)
    return Record(
        version="0.1.0",
        model=ModelRecord(name="m", sha256="f" * 64),
        options={"case_sha256": "c" * 64},
        clinical=Clinical(
            about=(say("examined on {day}", day=day), "asked Mrs Lee twice"),
            impression="Mrs Lee",
            outcome=OutcomeRecord(state="died", cause="Mrs Lee", on="2026-03-23", label=say("died: {c}", c="Mrs Lee")),
        ),
    )


def test_a_deidentified_record_tells_no_day_no_words_and_no_hash_and_keeps_the_time_between(tmp_path):
    """14 days from the one to the other; each day is shifted by as many weeks, and they are days of the same week."""
    key = StoreKey(b"k" * 32)
    told = make_told()
    with Store.open(tmp_path / "s.sqlite", who="ng", make=True) as store:
        store.add([told.to_json().encode(), content("film", on="2026-03-02")], patient="MRN-17")
        key = store._key
        hidden = {visit.on: visit for visit in store.visits(deidentify=True)}
        shift = key.shift_days(store.patients()[0].pseudonym)
        written = "".join(file.decode() for file in write_files(list(hidden.values()), "redcap").values())

    from datetime import UTC, date, datetime, timedelta

    days = {date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 23)}
    taken = {day + timedelta(shift) for day in (*days, datetime.now(UTC).date())}  # another day may come to lie there
    told = {text for day in days - taken for text in (day.isoformat(), f"{day.day} {day:%B} {day.year}")}
    assert shift % 7 == 0
    assert -365 < shift < 0
    for secret in {"Lee", "c" * 64, "MRN-17"} | told:
        assert secret not in written, secret
    assert "f" * 64 in written

    record = next(visit for visit in hidden.values() if visit.tree["clinical"]["outcome"]).tree["clinical"]
    assert date.fromisoformat(record["outcome"]["on"]) == date(2026, 3, 23) + timedelta(shift)
    moved = date(2026, 3, 9) + timedelta(shift)
    assert f"{moved.day} {moved:%B} {moved.year}" in record["about"][0]


def test_a_deidentified_patient_is_the_same_in_every_export_and_another_in_every_store(filled, tmp_path):
    first, again = filled.visits(deidentify=True), filled.visits(deidentify=True)
    with Store.open(tmp_path / "other.sqlite", who="lee", make=True) as other:
        fill(other)
        elsewhere = other.visits(deidentify=True)

    assert [visit.patient for visit in first] == [visit.patient for visit in again]
    assert not {visit.patient for visit in first} & {visit.patient for visit in elsewhere}
    assert not {visit.patient for visit in first} & {patient.pseudonym for patient in filled.patients()}
