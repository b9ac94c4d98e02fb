"""A server that many tests share, and films that are examined fast."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    """One server."""
    running = Server(tmp_path_factory.mktemp("server") / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def tokens(server) -> dict[str, str]:
    """A token of somebody of each role."""
    return {role: server.add_user(f"a {role}", role) for role in ("reader", "editor", "admin")}


@pytest.fixture
def editor(server, tokens):
    """Somebody who sends films."""
    with server.client(tokens["editor"]) as client:
        yield client


@pytest.fixture
def reader(server, tokens):
    """Somebody who looks."""
    with server.client(tokens["reader"]) as client:
        yield client


@pytest.fixture
def admin(server, tokens):
    """Somebody who lets people in, too."""
    with server.client(tokens["admin"]) as client:
        yield client


@pytest.fixture(scope="session")
def examined(server, tokens, make_film) -> str:
    """A study of one film and the case of the report that was examined."""
    from tests.support.paths import ROOT
    from tests.support.servers import await_state, send_films

    with server.client(tokens["editor"]) as client:
        case = (ROOT / "examples/case-report/case.yaml").read_text("utf-8")
        study = send_films(client, {"film.dcm": make_film(1)}, case=case, title="bed 4")
        await_state(client, study, "done", "failed")
    return study
