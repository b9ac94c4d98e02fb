"""Commands with --json: stdout is JSON, and nothing else."""

import io
import json
import sys
from pathlib import Path

import pytest

from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
from calcinet.apps.sending import send_all
from calcinet.delivery import Outbox, destination
from calcinet.report.documents import Wanted
from tests.support import handmade
from tests.support.captures import capture
from tests.support.command_line import run
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"
NOBODY = "http://127.0.0.1:9/dicom-web"


def read_stdout(capsys):
    return json.loads(capsys.readouterr().out)


def sees_the_example(paths, *, progress=None, note_files=None, **options):
    return handmade.examination(), {"img-1": handmade.limb()}


def refuses_each(paths, *, progress=None, note_files=None, **options):
    return handmade.nothing_examined(), {}


def examine(folder, examiner, **more):
    order = Order(paths=[Path("film.dcm")], folder=folder, wanted=Wanted(["html"]), as_json=True, **more)
    return examine_and_write(order, examiner)


def test_an_examination_in_short(tmp_path, capsys):
    """What is counted stands in the record; every file lies there."""
    folder = tmp_path / "out"
    examine(folder, sees_the_example)
    told = read_stdout(capsys)
    record = json.loads((folder / "record.json").read_text("utf-8"))

    assert told["schema"] == "calcinet.examined/1"
    assert Path(told["record"]) == folder / "record.json"
    assert Path(told["page"]) == folder / "report.html"
    assert sorted(told["files"]) == sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    assert told["sentences"] == record["summary"]["sentences"]
    assert [image["id"] for image in told["images"]] == [image["id"] for image in record["images"]]
    first, second = told["images"]
    for kind, count in first["findings"].items():
        assert count == sum(finding["kind"] == kind for finding in record["images"][0]["findings"])
    assert first["refused"] is None
    assert second["refused"]["code"] == "constant"
    assert told["delivery"] is None


def test_what_is_refused_is_told_as_well(tmp_path, capsys):
    """Exit 3."""
    assert examine(tmp_path / "out", refuses_each) == 3
    told = read_stdout(capsys)

    assert told["page"] is None
    assert told["files"] == ["record.json"]
    assert told["images"][0]["refused"]["code"]


def test_the_level_of_a_case_stands_there(tmp_path, capsys):
    options = ExamineOptions(case=CASE)
    order = Order(paths=[], folder=tmp_path / "out", wanted=Wanted(["json"]), options=options, as_json=True)
    examine_and_write(order)

    assert read_stdout(capsys)["level"] == "clinical"


def test_a_mistaken_call_leaves_stdout_empty(capsys, tmp_path):
    assert run("examine", "nowhere.dcm", "--json", "-o", str(tmp_path / "out")) == 2
    assert capsys.readouterr().out == ""


def test_a_case_is_checked(capsys):
    """As many questions as people are told; each with its place."""
    assert run("validate", str(CASE), "--json") == 0
    told = read_stdout(capsys)

    assert told["valid"] is True
    assert told["blocks"] == {"lesions": 5, "conditions": 5, "drugs": 13, "results": 21}
    assert len(told["questions"]) == 9
    assert told["questions"][0]["field"] == "labs.6.unit"
    assert told["questions"][0]["line"] == 55
    assert told["questions"][0]["answer_with"] == "unit_confirmed: pmol/L"


def test_a_block_that_is_not_stated_has_no_number(capsys, tmp_path):
    """Nor has it one for people: results were never counted as none where nobody spoke of them."""
    (tmp_path / "case.yaml").write_text("drugs: []\n", encoding="utf-8")

    assert run("validate", str(tmp_path / "case.yaml"), "--json") == 0
    assert read_stdout(capsys)["blocks"] == {"lesions": None, "conditions": None, "drugs": 0, "results": None}


def test_mistakes_of_a_case_have_places(capsys, monkeypatch):
    """Exit 2, and the sentences on stderr as ever."""
    text = b"lesions: [{site: leg, kind: ulcr}]\npatient: {age_years: -3}\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))

    assert run("validate", "-", "--json") == 2
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert told["valid"] is False
    assert [(mistake["line"], mistake["column"]) for mistake in told["mistakes"]] == [(1, 29), (2, 22)]
    assert shown.err.startswith("calcinet: the case file has 2 mistakes:\n")


@pytest.fixture
def outbox(tmp_path):
    """Two objects of one study wait for somebody who does not answer."""
    box = Outbox(tmp_path / "outbox")
    for number in (1, 2):
        box.put(capture(number), destination(NOBODY))
    return box


def test_what_waits_is_listed_object_by_object(outbox, capsys):
    assert run("send", "--list", "--json", "--outbox", str(outbox.folder)) == 0
    (told,) = read_stdout(capsys)["destinations"]

    assert told["address"] == NOBODY
    assert sorted(entry["uid"] for entry in told["waiting"]) == sorted(
        path.stem for path in outbox.waiting(destination(NOBODY))
    )
    assert {(entry["tried"], entry["because"]) for entry in told["waiting"]} == {(0, "")}
    assert told["refused"] == 0


def test_what_was_sent_is_told_for_programs(outbox):
    """Both wait on; the exit code says so."""
    sent = send_all([], None, outbox.folder, attempts=1, quiet=True)
    (told,) = sent.as_json()["destinations"]

    assert (told["address"], told["sent"], told["waiting"], told["refused"]) == (NOBODY, 0, 2, 0)
    assert told["because"]
    assert sent.exit == 1


def test_an_empty_outbox(capsys, tmp_path):
    assert run("send", "--list", "--json", "--outbox", str(tmp_path)) == 0
    assert read_stdout(capsys) == {"schema": "calcinet.outbox/1", "destinations": [], "strays": []}
