"""Photographs that are sent with a case: pixels alone are kept, under a name that says nothing, and not for longer."""

from io import BytesIO
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from tests.support.servers import await_state

NAME = "photographs/photo-1a2b3c4d.jpg"
OTHER = "photographs/photo-00c0ffee.jpg"

CASE = """
lesions:
  - site: thigh
    kind: ulcer
    painful: yes
    photographs:
      - file: {name}
        ruler: {{start: [0.1, 0.7], end: [0.6, 0.7], cm: 5}}
        outline: [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]]
"""

pytestmark = pytest.mark.slow


def take_photograph() -> bytes:
    """A red square on skin, with what a camera writes beside it."""
    pixels = np.full((300, 400, 3), (224, 190, 170), np.uint8)
    pixels[80:240, 80:240] = (120, 20, 30)
    exif = PIL.Image.Exif()
    exif[0x010E] = "Chan Tai Man"
    stream = BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def send(client, case: str, photographs: dict[str, bytes]):
    files = [("photographs", (name, content, "image/jpeg")) for name, content in photographs.items()]
    return client.post("/studies", files=[("case", ("case.yaml", case.encode())), *files])


def list_files(server, study: str) -> list[Path]:
    return [path for path in (server.data / "studies" / study).rglob("*") if path.is_file()]


def test_photograph_is_measured_shown_and_deleted_with_its_study(server, editor):
    answer = send(editor, CASE.format(name=NAME), {NAME: take_photograph()})
    assert answer.status_code == 201, answer.text
    study = answer.json()["id"]
    assert await_state(editor, study, "done", "failed")["state"] == "done"

    (told,) = editor.get(f"/studies/{study}/record").json()["clinical"]["photographs"]
    kept = (server.data / "studies" / study / NAME).read_bytes()
    report = editor.get(f"/studies/{study}/report.html").text

    assert told["area_cm2"] == pytest.approx(16.0)
    assert PIL.Image.open(BytesIO(kept)).size == (400, 300)
    assert not any(b"Chan" in path.read_bytes() for path in list_files(server, study))
    assert "16.0 cm2" in report
    assert "data:image/jpeg" in report
    assert editor.delete(f"/studies/{study}").status_code == 204
    assert not (server.data / "studies" / study).exists()


def test_photograph_that_a_case_names_no_more_is_removed(server, editor):
    study = send(editor, CASE.format(name=NAME), {NAME: take_photograph()}).json()["id"]
    await_state(editor, study, "done", "failed")

    refused = editor.put(f"/studies/{study}/case", content=CASE.format(name=OTHER))
    taken = editor.put(f"/studies/{study}/case", content="lesions: [{site: thigh, kind: ulcer}]")
    await_state(editor, study, "done", "failed")

    assert (refused.status_code, refused.json()["code"]) == (422, "photograph")
    assert taken.status_code == 200
    assert not (server.data / "studies" / study / NAME).exists()
    assert [path for path in list_files(server, study) if path.suffix == ".jpg"] == []


@pytest.mark.parametrize(
    ("named", "sent", "why"),
    [
        (NAME, (), "was not sent with it"),
        (NAME, (OTHER,), "was not sent with it"),
        (NAME, (NAME, OTHER), "does not name"),
        ("photographs/chan.jpg", ("photographs/chan.jpg",), "may name the patient"),
        ("../photographs/photo-1a2b3c4d.jpg", (NAME,), "may name the patient"),
        ("/etc/passwd", (), "may name the patient"),
    ],
)
def test_case_and_photographs_must_fit(editor, named, sent, why):
    answer = send(editor, CASE.format(name=named), dict.fromkeys(sent, take_photograph()))

    assert (answer.status_code, answer.json()["code"]) == (422, "photograph")
    assert why in answer.json()["detail"]


def test_what_is_no_photograph_is_refused(server, editor):
    before = set((server.data / "studies").iterdir())

    answer = send(editor, CASE.format(name=NAME), {NAME: b"<svg onload='x'>"})

    assert answer.status_code == 422
    assert "expected a whole JPEG or PNG" in answer.json()["detail"]
    assert set((server.data / "studies").iterdir()) == before


def test_photograph_is_shown_again_and_another_is_put_beside_it(server, editor, reader):
    """The other is forgotten with the next case that does not name it; a reader looks, and changes nothing."""
    study = send(editor, CASE.format(name=NAME), {NAME: take_photograph()}).json()["id"]
    await_state(editor, study, "done", "failed")

    kept = reader.get(f"/studies/{study}/{NAME}")
    put = editor.put(f"/studies/{study}/{OTHER}", content=take_photograph())
    refused = reader.put(f"/studies/{study}/{OTHER}", content=take_photograph())
    changed = editor.put(f"/studies/{study}/case", content=CASE.format(name=OTHER))
    await_state(editor, study, "done", "failed")

    assert (kept.status_code, kept.headers["content-type"]) == (200, "image/jpeg")
    assert PIL.Image.open(BytesIO(kept.content)).size == (400, 300)
    assert (put.status_code, refused.status_code, changed.status_code) == (204, 403, 200)
    assert editor.get(f"/studies/{study}/{NAME}").status_code == 404
    assert editor.get(f"/studies/{study}/{OTHER}").status_code == 200
    assert b"Chan" not in (server.data / "studies" / study / OTHER).read_bytes()


@pytest.mark.parametrize(
    "name", ["photographs/chan.jpg", "photographs/..%2F..%2Fqueue.sqlite", "photographs/photo-1.jpg"]
)
def test_other_names_are_no_photographs(editor, name):
    study = send(editor, CASE.format(name=NAME), {NAME: take_photograph()}).json()["id"]

    assert editor.get(f"/studies/{study}/{name}").status_code in (404, 422)
    assert editor.put(f"/studies/{study}/{name}", content=take_photograph()).status_code in (404, 405, 422)


def test_what_is_put_is_a_photograph(editor):
    study = send(editor, CASE.format(name=NAME), {NAME: take_photograph()}).json()["id"]

    refused = editor.put(f"/studies/{study}/{OTHER}", content=b"<svg onload='x'>")
    assert (refused.status_code, editor.get(f"/studies/{study}/{OTHER}").status_code) == (422, 404)
