"""Stores on both databases, with a key of their own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from calcinet.store import Store
from tests.support.extras import of_extra
from tests.support.partners import need
from tests.support.stored import POSTGRES, Postgres


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    """The file of a key that nobody else has."""
    file = tmp_path / "configuration" / "store.key"
    monkeypatch.setenv("CALCINET_KEY", str(file))
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that many tests share; without PostgreSQL they are skipped, or fail where CI=true."""
    of_extra("postgres", "psycopg")
    need(POSTGRES, "PostgreSQL (Debian: postgresql)")
    with tempfile.TemporaryDirectory(prefix="calcinet-postgres-") as folder:  # that of pytest is closed to its user
        server = Postgres(Path(folder))
        try:
            yield server.start()
        finally:
            server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> str:
    """Where a store may be made: a file, and a database of the server."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    return request.getfixturevalue("postgres").make_database()


@pytest.fixture
def store(place) -> Iterator[Store]:
    """An empty store on each database."""
    with Store.open(place, who="ng", make=True) as store:
        yield store
