"""Workers and servers that are killed: nothing is lost, nothing is examined twice."""

import json
import os
import signal
import time

import pytest

from tests.support.servers import PATIENCE_S, Server, await_state, send_films

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killed")]


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path / "data").start()
    yield running
    running.stop()


def await_image(server, study, image):
    """Wait until a worker is at an image; the file of the one before is there then."""
    kept = server.data / "studies" / study / "kept" / f"img-{image - 1}"
    until = time.monotonic() + PATIENCE_S * 2
    while not kept.exists():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_killed_worker_and_server_cost_no_film_and_none_is_examined_twice(server, make_film):
    """The first film is kept when the worker dies, its file is the same at the end; the server dies at the last."""
    films = {f"{number}.dcm": make_film(number) for number in range(1, 4)}
    token = server.add_user("ng", "editor")
    with server.client(token) as client:
        study = send_films(client, films)
        await_image(server, study, 2)
        first = server.data / "studies" / study / "kept" / "img-1" / "image.json"
        made_at = first.stat().st_mtime_ns
        os.kill(server.find_workers()[0], signal.SIGKILL)
        await_image(server, study, 3)
    server.kill()
    server.start()
    with server.client(token) as client:
        assert await_state(client, study, "done", "failed")["state"] == "done"
        record = client.get(f"/studies/{study}/record").json()

    assert [image["refused"] for image in record["images"]] == [None] * 3
    assert first.stat().st_mtime_ns == made_at


AT_THE_SECOND = 0.36
"""Progress at which a worker is surely at the second of two films: a third is the end of the first one, too."""


def test_film_that_ends_its_worker_twice_is_set_aside(server, make_film):
    """Whoever kills the worker at its second film is the film, as far as the server can tell."""
    token = server.add_user("ng", "editor")
    with server.client(token) as client:
        study = send_films(client, {"1.dcm": make_film(1), "2.dcm": make_film(2)})
        behind = send_films(client, {"3.dcm": make_film(3)})
        await_image(server, study, 2)
        for _ in range(2):
            told = {}
            while told.get("stage") is None or told["progress"] < AT_THE_SECOND:
                told = client.get(f"/studies/{study}").json()
            os.kill(server.find_workers()[0], signal.SIGKILL)
            while client.get(f"/studies/{study}").json()["progress"] > 0:
                time.sleep(0.05)
        assert await_state(client, study, "done", "failed")["state"] == "done"
        record = client.get(f"/studies/{study}/record").json()
        assert await_state(client, behind, "done", "failed")["state"] == "done"

    assert [image["refused"] and image["refused"]["code"] for image in record["images"]] == [None, "set-aside"]


def test_cancelled_study_stops_and_can_be_tried_again(server, make_film):
    token = server.add_user("ng", "editor")
    with server.client(token) as client:
        study = send_films(client, {"1.dcm": make_film(1)})
        assert client.post(f"/studies/{study}/cancel").status_code == 200
        assert await_state(client, study, "cancelled")["state"] == "cancelled"
        assert client.get(f"/studies/{study}/record").status_code == 409
        assert client.post(f"/studies/{study}/retry").status_code == 200
        assert await_state(client, study, "done", "failed")["state"] == "done"
        assert json.loads(client.get(f"/studies/{study}/record").content)["images"][0]["refused"] is None
