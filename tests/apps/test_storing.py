"""The store on the command line."""

import io
import json
import sys

import pytest

from tests.support.command_line import run
from tests.support.stored import content


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A store and a key of the test's own."""
    monkeypatch.setenv("CALCINET_KEY", str(tmp_path / "configuration" / "store.key"))
    monkeypatch.setenv("CALCINET_STORE", str(tmp_path / "state" / "store.sqlite"))
    return tmp_path / "state" / "store.sqlite"


@pytest.fixture
def folder(tmp_path):
    """What examine wrote."""
    folder = tmp_path / "examined"
    folder.mkdir()
    (folder / "record.json").write_bytes(content("film"))
    return folder


def read_json(capsys, *arguments):
    capsys.readouterr()
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_record_is_added_listed_shown_edited_and_purged(folder, capsys):
    assert run("store", "add", str(folder), "--patient", "12", "--who", "ng") == 0
    assert run("store", "edit", "1", "images/0/laterality", "L", "--why", "marker seen", "--who", "lee") == 0
    capsys.readouterr()

    assert run("store", "list") == 0
    assert "1 record  2026-03-09 to 2026-03-09" in capsys.readouterr().out
    shown = read_json(capsys, "store", "show", "1")
    assert shown["record"]["images"][0]["laterality"] == "L"
    assert [(edit["who"], edit["before"], edit["after"]) for edit in shown["edits"]] == [("lee", None, "L")]
    assert [record["number"] for record in read_json(capsys, "store", "list", "--patient", "12")["records"]] == [1]
    assert read_json(capsys, "store", "purge", "--patient", "12", "--why", "withdrawn")["records"] == 1
    assert read_json(capsys, "store", "list")["patients"] == []
    assert [entry["who"] for entry in read_json(capsys, "audit", "list")["entries"]][1:3] == ["ng", "lee"]


def test_the_number_of_a_patient_is_read_from_standard_input(folder, monkeypatch, capsys):
    """As it is typed, without the end of the line."""
    assert run("store", "add", str(folder), "--patient", "0012345") == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"0012345\n")))

    assert len(read_json(capsys, "store", "list", "--patient", "-")["records"]) == 1


def test_an_audit_that_was_changed_ends_with_1_and_says_where(folder, place, capsys):
    import sqlite3

    run("store", "add", str(folder), "--patient", "12")
    assert run("audit", "verify") == 0
    raw = sqlite3.connect(place)
    raw.execute("UPDATE audit SET who = 'somebody' WHERE number = 2")
    raw.commit()
    raw.close()
    capsys.readouterr()

    assert run("audit", "verify") == 1
    assert "entry 2 was changed after it was written" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["redcap", "csv"])
def test_an_export_is_imported_elsewhere(folder, tmp_path, capsys, form):
    run("store", "add", str(folder), "--patient", "12")
    out = tmp_path / "export"

    assert run("store", "export", "-o", str(out), "--format", form) == 0
    assert run("store", "import", str(out), "--store", str(tmp_path / "other.sqlite")) == 0
    there = read_json(capsys, "store", "list", "--store", str(tmp_path / "other.sqlite"))
    assert there == read_json(capsys, "store", "list")
    assert run("store", "export", "-o", str(out), "--format", form) == 2
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list",), "there is no store"),
        (("add", "RECORD"), "Give --patient"),
        (("add", "gone", "--patient", "1"), "does not exist"),
        (("add", "OLDER", "--patient", "1"), "of the schema calcinet.record/0"),
        (("add", "RECORD", "--patient", "1", "--on", "yesterday"), "--on takes a day"),
        (("purge", "--why", "x"), "--patient or --record"),
        (("list", "--store", "mysql://ng:sEcReT@host/x"), "begins with mysql"),
        (("import", "RECORD"), "no export is there"),
    ],
)
def test_a_call_that_cannot_be_is_one_sentence_and_makes_nothing(folder, place, capsys, arguments, told):
    older = folder.parent / "older.json"
    older.write_text('{"schema": "calcinet.record/0"}', encoding="utf-8")
    places = {"RECORD": str(folder), "OLDER": str(older)}
    words = [places.get(word, word) for word in arguments]

    assert run("store", *words) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert shown.count("\n") == 1
    assert "sEcReT" not in shown
    assert not place.exists()
