"""Studies over the interface: sent, examined, looked at, corrected, removed."""

import io
import json
import zipfile

import numpy as np
import pydicom
import pytest

from calcinet.api import examine
from calcinet.delivery import Outbox, destination
from calcinet.record import Record
from tests.support.captures import NOBODY, capture, uid_of
from tests.support.servers import await_state, send_films

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


def test_record_is_that_of_examine(reader, examined, make_film):
    """The server finds what the command finds: same bytes, same record, but for the files and the case beside it."""
    told = Record.from_json(reader.get(f"/studies/{examined}/record").content)
    alone = Record.from_json(examine(make_film(1)).to_json())

    assert told.images[0].findings == alone.images[0].findings
    assert told.images[0].measures == alone.images[0].measures
    assert told.summary.suspicion is not None


def test_worklist_tells_of_the_study(reader, examined):
    study = next(entry for entry in reader.get("/studies").json() if entry["id"] == examined)

    assert (study["state"], study["progress"], study["title"], study["images"]) == ("done", 1.0, "bed 4", 1)


def test_report_can_run_nothing(reader, examined):
    """Its policy is a sandbox without scripts; every other answer allows our own files alone."""
    page = reader.get(f"/studies/{examined}/report.html")

    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<script" not in page.text
    policy = reader.get("/studies").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_report_is_read_in_either_language(reader, examined):
    """The study was sent in English; whoever asks for Chinese gets page and paper in Chinese."""
    pages = [reader.get(f"/studies/{examined}/report.html", params=asked).text for asked in ({}, {"lang": "zh-Hant"})]

    assert 'lang="en"' in pages[0]
    assert 'lang="zh-Hant"' in pages[1]
    assert reader.get(f"/studies/{examined}/report.pdf?lang=zh-Hant").content.startswith(b"%PDF")
    refused = reader.get(f"/studies/{examined}/report.html?lang=xx")
    assert (refused.status_code, refused.json()["code"]) == (422, "input")


def test_documents_are_there(reader, examined):
    assert reader.get(f"/studies/{examined}/report.pdf").content.startswith(b"%PDF")
    assert reader.get(f"/studies/{examined}/images/img-1/overlay.png").content.startswith(b"\x89PNG")
    names = zipfile.ZipFile(io.BytesIO(reader.get(f"/studies/{examined}/objects.zip").content)).namelist()
    assert {"record.json", "report.sr.dcm", "img-1.seg.dcm", "bundle.fhir.json"} <= set(names)


def test_pixels_are_those_of_the_film(reader, examined, make_film):
    """320 rows of 800 columns of two bytes; grey = slope * pixel + intercept."""
    from calcinet.io import read

    head = reader.get(f"/studies/{examined}/images/img-1").json()
    (listed,) = reader.get(f"/studies/{examined}/images").json()
    assert listed == {"id": "img-1"} | head
    raw = reader.get(f"/studies/{examined}/images/img-1/pixels").content
    values = np.frombuffer(raw, "<u2").reshape(head["rows"], head["columns"]) * head["slope"] + head["intercept"]

    assert (head["rows"], head["columns"], len(raw)) == (320, 800, 320 * 800 * 2)
    assert head["spacing_mm"] == pytest.approx([0.175, 0.175])
    assert np.abs(values - read(make_film(1)).plane).max() <= head["slope"]


def test_rejected_finding_leaves_the_numbers_and_both_values_are_said(editor, examined):
    """Without its one vessel a film has no calcified length; taken back, all is as before."""
    before = editor.get(f"/studies/{examined}/record").json()
    vessels = [finding["id"] for finding in before["images"][0]["findings"] if finding["kind"] == "vessel"]
    assert vessels
    for vessel in vessels:
        place = f"/studies/{examined}/images/img-1/findings/{vessel}"
        answer = editor.patch(place, json={"action": "reject", "why": "a seam of the stocking"})
        assert answer.status_code == 200, answer.text
    after = answer.json()["images"][0]

    assert [finding for finding in after["findings"] if finding["kind"] == "vessel"] == []
    assert after["measures"]["calcified_length_mm"] == 0
    assert before["images"][0]["measures"]["calcified_length_mm"] > 0
    assert [entry["finding"] for entry in after["corrections"]] == vessels
    told = " ".join(after["correction_notes"])
    assert "corrected by a reader: 0 mm; as the program found it" in told
    assert told.split(".")[0] in editor.get(f"/studies/{examined}/report.html").text
    edits = editor.get(f"/studies/{examined}/edits").json()
    assert [(edit["who"], edit["why"]) for edit in edits] == [("a editor", "a seam of the stocking")] * len(vessels)
    for _ in vessels:
        restored = editor.post(f"/studies/{examined}/undo").json()
    assert restored["images"] == before["images"]


def test_vessel_is_drawn_split_and_joined_again(editor, examined):
    """Two strokes of a reader: the record names them; undone and done again it is the same."""
    place = f"/studies/{examined}"
    before = editor.get(f"{place}/record").json()["images"][0]
    rows, columns = before["shape"]
    line = [[0.25 * rows, 0.5 * columns], [0.75 * rows, 0.5 * columns]]
    drawn = {"kind": "vessel", "points": line, "why": "missed"}
    added = editor.post(f"{place}/images/img-1/findings", json=drawn).json()["images"][0]
    new = added["corrections"][-1]["finding"]
    cut = {"action": "split", "points": [[0.5 * rows, 0.5 * columns]], "why": "two arteries"}
    split = editor.patch(f"{place}/findings/{new}", json=cut).json()["images"][0]

    assert added["corrections"][-1]["by"] == "a editor"
    vessel = next(finding for finding in added["findings"] if finding["id"] == new)
    assert vessel["length_px"] == pytest.approx(0.5 * rows, abs=2)
    assert added["measures"]["calcified_length_mm"] > before["measures"]["calcified_length_mm"]
    assert len(split["findings"]) == len(added["findings"]) + 1
    assert editor.post(f"{place}/undo").json()["images"][0] == added
    assert editor.post(f"{place}/redo").json()["images"][0] == split
    beside = {"action": "split", "points": [[0.5 * rows, 0.5 * columns]], "why": "x"}
    net = {"kind": "net", "points": [*line, [0.5 * rows, 0.7 * columns]], "why": "missed"}
    assert editor.patch(f"{place}/findings/f999", json=beside).status_code == 404
    assert editor.post(f"{place}/images/img-1/findings", json=net | {"points": line}).status_code == 422
    for _ in range(2):
        restored = editor.post(f"{place}/undo").json()["images"][0]
    assert restored == before


def test_vessel_is_called_other_calcium(editor, examined):
    """It keeps its id and its pixels, and loses calibre and course. One image alone has it: it need not be named."""
    before = editor.get(f"/studies/{examined}/record").json()["images"][0]
    vessel = next(finding for finding in before["findings"] if finding["kind"] == "vessel")
    place = f"/studies/{examined}/findings/{vessel['id']}"
    after = editor.patch(place, json={"action": "relabel", "kind": "focus", "why": "a phlebolith"}).json()["images"][0]
    editor.patch(place, json={"action": "restore", "why": "my mistake"})

    focus = next(finding for finding in after["findings"] if finding["id"] == vessel["id"])
    assert (focus["kind"], focus["area_px"], focus["calibre_mm"]) == ("focus", vessel["area_px"], None)
    (said,) = after["corrections"]
    told = ("finding", "action", "found_as", "corrected_to", "by")
    assert [said[name] for name in told] == [vessel["id"], "relabel", "vessel", "focus", "a editor"]
    assert {value for name, value in said.items() if name not in told} == {None}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"action": "reject", "why": " "}, 422),
        ({"action": "relabel", "why": "x"}, 422),
        ({"action": "relabel", "kind": "uptake", "why": "x"}, 422),
        ({"action": "burn", "why": "x"}, 422),
    ],
)
def test_correction_that_cannot_be_is_refused(editor, examined, change, status):
    answer = editor.patch(f"/studies/{examined}/images/img-1/findings/f1", json=change)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_finding_of_a_study_is_that_of_one_image(editor, make_film):
    """Of two films each has its own f1; neither has f999."""
    study = send_films(editor, {"a.dcm": make_film(1), "b.dcm": make_film(2)})
    await_state(editor, study, "done")
    change = {"action": "reject", "why": "a seam"}
    among, none = (editor.patch(f"/studies/{study}/findings/{name}", json=change) for name in ("f1", "f999"))

    assert (among.status_code, among.json()["code"]) == (409, "image")
    assert "img-1, img-2 each have a finding f1" in among.json()["detail"]
    assert (none.status_code, none.json()["code"]) == (404, "no-finding")
    assert editor.get(f"/studies/{study}/edits").json() == []


def test_what_is_no_image_is_told_beside_its_study(editor):
    """As on the command line: the sentence of the refusal."""
    study = send_films(editor, {"notes.txt": b"just words"})
    told = await_state(editor, study, "failed", "done")

    assert told["state"] == "failed"
    assert told["reason"]
    assert editor.delete(f"/studies/{study}").status_code == 204
    assert editor.get(f"/studies/{study}").status_code == 404


def test_case_with_a_mistake_is_refused_with_its_place(editor):
    answer = editor.post("/studies", data={"case": "patient:\n  age_years: many\n"}, files=[("files", ("a.dcm", b"x"))])

    assert answer.status_code == 422
    assert answer.json()["places"][0]["line"] == 2


def test_case_alone_is_assessed_as_examine_does(reader):
    case = {"patient": {"age_years": 55}, "lesions": [{"site": "calf", "kind": "ulcer"}]}
    answer = reader.post("/cases/assess", json=case)

    assert answer.status_code == 200, answer.text
    assert answer.json() == json.loads(examine(case=case).to_json())


def test_case_goes_to_yaml_and_back(reader):
    case = {"patient": {"age_years": "55"}, "lesions": [{"site": "calf", "kind": "ulcer"}]}
    text = reader.post("/cases/yaml", json=case)
    if text.status_code == 422:
        pytest.fail(text.text)

    assert reader.post("/cases/read", content=text.content).json() == case


def test_films_of_two_patients_are_two_studies(editor, make_film):
    """Sent at once: each is examined alone, under a pseudonym of its own that names nobody."""
    other = pydicom.dcmread(io.BytesIO(make_film(2)))
    other.PatientID, other.PatientName = "17", "Somebody^Else"
    changed = io.BytesIO()
    other.save_as(changed)
    study = send_films(editor, {"one.dcm": make_film(1), "two.dcm": changed.getvalue()}, title="two people")
    await_state(editor, study, "done", "failed")
    both = [entry for entry in editor.get("/studies").json() if entry["title"] == "two people"]
    for entry in both:
        assert await_state(editor, entry["id"], "done", "failed")["state"] == "done"

    assert [entry["files"] for entry in both] == [1, 1]
    assert len({entry["patient"] for entry in both}) == 2
    assert all(entry["patient"].startswith("P-") for entry in both)


def test_outbox_of_the_folder_is_told_to_who_is_logged_in(server, reader):
    """One object for an address where nobody is, which nobody has tried yet."""
    box, content = Outbox(server.data / "outbox"), capture(77)
    nobody = destination(NOBODY)
    box.put(content, nobody)
    try:
        (told,) = reader.get("/outbox").json()
    finally:
        box.drop(nobody)

    assert told["address"] == NOBODY
    assert [(one["uid"], one["tried"]) for one in told["waiting"]] == [(uid_of(content), 0)]
    assert told["refused"] == []
    with server.client() as stranger:
        assert stranger.get("/outbox").status_code == 401


def test_outbox_is_tried_again_by_an_editor_and_emptied_by_an_admin(server, admin, editor):
    """An object that its archive refused for good waits again; only an admin deletes it. What is not there is said."""
    box, content = Outbox(server.data / "outbox"), capture(78)
    nobody = destination(NOBODY)
    box.refuse(box.put(content, nobody), "no such patient")
    named = {"address": NOBODY, "uids": [uid_of(content)]}
    try:
        (refused,) = editor.get("/outbox").json()
        (waiting,) = editor.post("/outbox/retry", json=named).json()
        forbidden = editor.post("/outbox/drop", json=named).status_code
        left = admin.post("/outbox/drop", json=named).json()
        gone = admin.post("/outbox/drop", json=named)
    finally:
        box.drop(nobody)

    assert [one["because"] for one in refused["refused"]] == ["no such patient"]
    assert ([one["uid"] for one in waiting["waiting"]], waiting["refused"]) == (named["uids"], [])
    assert forbidden == 403
    assert left == []
    assert gone.status_code == 422
    assert "is not in the outbox" in gone.json()["detail"]
