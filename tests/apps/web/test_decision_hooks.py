"""A record system asks what is known of a patient, and a monitor how the server is."""

import asyncio
import json

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydicom import dcmread
from pydicom.filebase import DicomBytesIO

from calcinet.apps.web.application import make_application
from calcinet.apps.web.watching import Measured, Watched
from tests.support.servers import await_state, send_films

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]

MRN = "PHANTOM"
"""Identifier that the generated films bear."""


def ask(server, token: str | None, *, patient: dict | None, **changed) -> httpx.Response:
    body = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "7"},
        "prefetch": {} if patient is None else {"patient": patient},
        **changed,
    }
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.post(f"{server.url}/cds-services/calcinet", json=body, headers=headers, timeout=60)


def of(*identifiers: str) -> dict:
    told = [{"system": "urn:hospital", "value": value} for value in identifiers]
    return {"resourceType": "Patient", "id": "7", "name": [{"family": "Quackenbush"}], "identifier": told}


@pytest.fixture(scope="module")
def filmed(server, tokens, make_film) -> str:
    """A study of a film alone, whose patient it names, so that the study is his."""
    film = make_film(7)
    assert dcmread(DicomBytesIO(film)).PatientID == MRN
    with server.client(tokens["editor"]) as client:
        study = send_films(client, {"film.dcm": film})
        assert await_state(client, study, "done", "failed")["state"] == "done"
    return study


def test_services_are_discovered_without_a_token(server):
    told = httpx.get(f"{server.url}/cds-services").json()

    assert [service["hook"] for service in told["services"]] == ["patient-view"]
    assert told["services"][0]["prefetch"] == {"patient": "Patient/{{context.patientId}}"}


def test_card_says_what_is_known_and_leads_to_the_study(server, tokens, filmed, reader):
    """By any of the identifiers; its first sentence is the record's own."""
    answer = ask(server, tokens["reader"], patient=of("another", MRN))
    cards = {card["links"][0]["url"]: card for card in answer.json()["cards"]}
    card = cards[f"{server.url}/#/studies/{filmed}"]
    sentences = reader.get(f"/studies/{filmed}/record").json()["summary"]["sentences"]

    assert answer.status_code == 200
    assert sentences[0].startswith(card["summary"].removesuffix("…"))
    assert len(card["summary"]) <= 140
    assert card["indicator"] == "info"  # without a case no level of suspicion is said
    assert "not a diagnosis" in card["detail"]
    assert "Quackenbush" not in answer.text


def test_nothing_is_said_of_a_patient_who_is_unknown(server, tokens, filmed):
    """Also not of one without identifiers: a study that names nobody is of no patient."""
    for patient in (of("12345"), of(""), of()):
        assert ask(server, tokens["reader"], patient=patient).json() == {"cards": []}


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"prefetch": {}}, 412, "prefetch"),
        ({"hook": "order-sign"}, 422, "request"),
        ({"prefetch": {"patient": {"resourceType": "Group"}}}, 422, "request"),
        ({"hookInstance": "x" * 500}, 422, "request"),
    ],
)
def test_call_that_cannot_be_answered_is_told_why(server, tokens, changed, status, code):
    answer = ask(server, tokens["reader"], patient=of(MRN), **changed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_asks_of_a_patient_without_a_token(server):
    for answer in (ask(server, None, patient=of(MRN)), httpx.get(f"{server.url}/metrics")):
        assert (answer.status_code, answer.json()["code"]) == (401, "login")


def test_server_lives_and_is_ready(server):
    for place, status in (("healthz", "ok"), ("readyz", "ready")):
        answer = httpx.get(f"{server.url}/{place}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)


def test_metrics_are_those_of_prometheus_and_name_nobody(server, tokens, filmed):
    httpx.get(f"{server.url}/api/v1/studies/{filmed}/Quackenbush")
    headers = {"Authorization": f"Bearer {tokens['reader']}"}
    text = httpx.get(f"{server.url}/metrics", headers=headers).text
    told = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }

    assert told["calcinet_studies", ("state", "done")] >= 1
    assert told[("calcinet_workers",)] == 1
    assert told[("calcinet_free_bytes",)] > 0
    assert any(key[0] == "calcinet_requests_total" and ("route", "/readyz") in key for key in told)
    assert filmed not in text
    assert "Quackenbush" not in text


def test_log_has_a_line_a_request_without_what_was_asked(capfd):
    """The route as the interface names it stands there, and nothing that a caller wrote."""
    app = Watched(make_application(), Measured(), log=True)

    async def ask_twice() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            await client.get("/healthz?patient=Quackenbush")
            await client.get("/api/v1/Quackenbush")

    asyncio.run(ask_twice())
    said = capfd.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]

    assert (lines[0]["route"], lines[0]["status"]) == ("/healthz", 200)
    assert len(lines) == 2
    assert "Quackenbush" not in said
