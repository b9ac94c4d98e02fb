"""Several studies on one time line, over the interface."""

import io
import sqlite3
from contextlib import closing

import pydicom
import pytest

from tests.support.extras import of_extra
from tests.support.priors import restate
from tests.support.servers import await_state, send_films

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


@pytest.fixture(scope="module")
def visits(server, tokens):
    """Two studies of a case alone, a month apart, with another pain each; and one without a day."""
    pains = {"2026-01-10": 70, "2026-02-10": 20, None: 5}
    studies = []
    with server.client(tokens["editor"]) as client:
        for day, pain in pains.items():
            stated = "" if day is None else f"examined_on: {day}\n"
            case = f"{stated}examination:\n  pain_vas: {pain}\n"
            sent = client.post("/studies", files={"case": ("case.yaml", case.encode())})
            study = sent.json()["id"]
            await_state(client, study, "done")
            studies.append(study)
    return studies


def test_studies_are_put_on_one_time_line(reader, visits):
    first, second, _ = visits
    answer = reader.get("/timelines", params={"study": [second, first]})

    assert answer.status_code == 200, answer.text
    assert [record["on"] for record in answer.json()["records"]] == ["2026-01-10", "2026-02-10"]
    (pain,) = [quantity for quantity in answer.json()["quantities"] if quantity["group"] == "pain"]
    assert [point["value"] for point in pain["points"]] == [70, 20]
    page = reader.get("/timelines/page.html", params={"study": [first, second], "lang": "zh-Hant"})
    assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert 'lang="zh-Hant"' in page.text


def test_films_of_the_studies_are_laid_on_one_another(editor, reader, make_film):
    """One leg, the second film 36 rows farther down: by their own files, as the server keeps them."""
    of_extra("serial", "SimpleITK")
    studies = []
    for number, day in ((1, "2026-01-10"), (5, "2026-02-10")):
        film = restate(make_film(number), f"visit {number}", ImageLaterality="L")
        given = [("files", (f"{number}.dcm", film)), ("case", ("case.yaml", f"examined_on: {day}\n".encode()))]
        studies.append(editor.post("/studies", files=given).json()["id"])
        await_state(editor, studies[-1], "done")

    line = reader.get("/timelines", params={"study": studies}).json()
    page = reader.get("/timelines/page.html", params={"study": studies}).text

    (laid,) = line["laid"]
    assert laid["refused"] is None, laid
    assert laid["shift_mm"] == pytest.approx(36 * 0.175, abs=1.0)
    assert any(mark["kind"] == "vessel" and all(film["size"] for film in mark["films"]) for mark in line["marks"])
    assert page.count("data:image/") >= 2


def test_study_without_a_day_is_refused_in_a_sentence(reader, visits):
    answer = reader.get("/timelines", params={"study": visits[1:]}, headers={"Accept-Language": "zh-Hant"})

    assert (answer.status_code, answer.json()["code"]) == (422, "timeline")
    assert "examined_on" in answer.json()["detail"]


def test_study_that_is_not_there_has_no_time_line(reader, visits):
    assert reader.get("/timelines", params={"study": [visits[0], "0123456789abcdef"]}).status_code == 404
    assert reader.get("/timelines").status_code == 422


def test_record_is_put_under_its_patient_and_goes_with_its_study(server, editor, make_film):
    """The film names a patient: the store has one record of its pseudonym, another after a correction, none at last."""

    def list_stored(patient):
        with closing(sqlite3.connect(server.data / "store.sqlite")) as database:
            asked = (
                "select records.id from records join studies on studies.id = records.study_id"
                " join patients on patients.id = studies.patient_id where pseudonym = ?"
            )
            return [number for (number,) in database.execute(asked, (patient,))]

    named = pydicom.dcmread(io.BytesIO(make_film(5)))
    named.PatientID = "HK-77"
    film = io.BytesIO()
    named.save_as(film)
    study = send_films(editor, {"a.dcm": film.getvalue()})
    patient = await_state(editor, study, "done")["patient"]
    first = list_stored(patient)
    finding = editor.get(f"/studies/{study}/record").json()["images"][0]["findings"][0]["id"]
    editor.patch(f"/studies/{study}/findings/{finding}", json={"action": "reject", "why": "a seam"})
    second = list_stored(patient)

    assert patient
    assert "HK-77" not in patient
    assert (len(first), len(second)) == (1, 1)
    assert first != second
    assert editor.delete(f"/studies/{study}").status_code == 204
    assert list_stored(patient) == []
