"""What a database refuses is one sentence with the place, and nothing is kept by halves."""

import sqlite3
import sys

import pytest

from calcinet.errors import BadInput
from calcinet.store import Store, StoreUnusable, upgrade_store
from calcinet.store.place import store_place
from calcinet.store.tables import REVISION
from tests.support.small_disk import small_disk
from tests.support.stored import content

PASSWORD = "sEcReT-17"


@pytest.fixture
def file(tmp_path):
    """A store in a file, with one record."""
    file = tmp_path / "store.sqlite"
    with Store.open(file, who="ng", make=True) as store:
        store.add([content("first")], patient="1")
    return file


def refuse_second(file, padding=0):
    """The sentence with which a second record, so many bytes larger, is refused; afterwards all is as it was."""
    with Store.open(file, who="ng") as store, pytest.raises(StoreUnusable) as refused:
        store.add([content("second") + b" " * padding], patient="1")
    return str(refused.value)


def test_a_locked_store_is_refused_after_a_while(file, monkeypatch):
    """By somebody who never ends; readers are not kept waiting."""
    monkeypatch.setenv("CALCINET_MAX_STORE_SECONDS", "1")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert "is locked by another program" in refuse_second(file)
    with Store.open(file, who="ng") as store:
        assert len(store.records()) == 1
    other.rollback()
    other.close()


def test_a_full_disk_is_refused_and_nothing_half_is_left(file):
    """The log of SQLite cannot grow beyond 40 kB; afterwards the same record is taken."""
    with small_disk(40_000):
        assert "refuses to write" in refuse_second(file, 200_000)

    with Store.open(file, who="ng") as store:
        assert len(store.records()) == 1
        assert store.verify().faults == ()
        store.add([content("second")], patient="1")


def test_a_store_that_reached_its_size_is_full(file):
    """SQLITE_FULL itself, by a trigger that the file holds: the same code as of a disk without room."""
    with Store.open(file, who="ng") as store:
        pages = store._connections.engine.raw_connection().cursor().execute("PRAGMA page_count").fetchone()[0]

        def limit(connection, _):
            connection.execute(f"PRAGMA max_page_count = {pages}")

        from sqlalchemy import event

        store._connections.engine.dispose()
        event.listen(store._connections.engine, "connect", limit)
        with pytest.raises(StoreUnusable, match="has no room left"):
            store.add([content("large", on=None) + b" " * 100_000], patient="1")
        assert len(store.records()) == 1


def test_a_read_only_store_is_read_and_not_written(file):
    """As root every file may be written, so that SQLite itself is told not to."""
    with Store.open(file, who="ng") as store:
        from sqlalchemy import event

        store._connections.engine.dispose()
        event.listen(store._connections.engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))
        with pytest.raises(StoreUnusable, match="can be read only"):
            store.add([content("second")], patient="1")
        assert len(store.records()) == 1


@pytest.mark.parametrize("bytes_of_it", [b"no database at all, but long enough to be looked at" * 40, b"\0" * 5000])
def test_a_file_that_is_no_store_is_refused_and_left(tmp_path, bytes_of_it):
    file = tmp_path / "mrs-lee.sqlite"
    file.write_bytes(bytes_of_it)

    with pytest.raises(BadInput, match="is no store"):
        Store.open(file, who="ng", make=True)

    assert file.read_bytes() == bytes_of_it


def test_a_database_of_another_program_is_refused_and_left(tmp_path):
    file = tmp_path / "other.sqlite"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE films (id)")
    other.close()

    with pytest.raises(BadInput, match="holds 1 tables of another program"):
        Store.open(file, who="ng", make=True)
    with pytest.raises(BadInput, match="there is no store"):
        Store.open(file, who="ng")


def test_a_folder_and_a_file_on_the_way_are_refused(tmp_path):
    (tmp_path / "plain").write_text("")

    with pytest.raises(BadInput, match="is a folder"):
        Store.open(tmp_path, who="ng", make=True)
    with pytest.raises(Exception, match="a file stands on the way"):
        Store.open(tmp_path / "plain" / "store.sqlite", who="ng", make=True)


def test_where_there_is_no_store_none_is_made_unasked(tmp_path):
    with pytest.raises(BadInput, match="there is no store at"):
        Store.open(tmp_path / "gone.sqlite", who="ng")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ng:{PASSWORD}@127.0.0.1:1/calcinet",
        f"postgresql://ng@127.0.0.1:1/calcinet?password={PASSWORD}",
        f"mysql://ng:{PASSWORD}@127.0.0.1/calcinet",
        f"postgresql://ng:{PASSWORD}@127.0.0.1:port/calcinet",
        f"postgresql://ng:{PASSWORD}@no-such-host.invalid/calcinet",
    ],
)
def test_no_password_is_ever_shown(address, monkeypatch):
    """Neither in the sentence nor in what an error carries along."""
    monkeypatch.setenv("CALCINET_MAX_STORE_SECONDS", "3")

    with pytest.raises(BadInput) as refused:
        Store.open(address, who="ng", make=True)

    error = refused.value
    while error is not None:
        assert PASSWORD not in str(error) + repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_a_place_shows_neither_password_nor_what_stands_behind_the_question_mark():
    place = store_place(f"postgres://ng:{PASSWORD}@db.example.org:5433/calcinet?sslmode=require&password={PASSWORD}")

    assert str(place) == "postgresql://ng@db.example.org:5433/calcinet"
    assert PASSWORD not in repr(place)
    assert PASSWORD in place.url.render_as_string(hide_password=False)


def test_a_database_that_is_not_there_and_a_user_who_may_not_are_told_apart(postgres):
    address = postgres.make_database()

    with pytest.raises(StoreUnusable, match="no such database"):
        Store.open(address + "-gone", who="ng", make=True)
    with pytest.raises(StoreUnusable, match="does not let this user in"):
        Store.open(address.replace("calcinet@", f"lee:{PASSWORD}@"), who="ng", make=True)


def test_a_locked_table_of_postgresql_is_refused_after_a_while(postgres, monkeypatch):
    import psycopg

    monkeypatch.setenv("CALCINET_MAX_STORE_SECONDS", "1")
    address = postgres.make_database()
    with Store.open(address, who="ng", make=True) as store:
        with psycopg.connect(address) as other:
            other.execute("SELECT * FROM store FOR UPDATE")
            with pytest.raises(StoreUnusable, match="is locked by another program"):
                store.add([content("first")], patient="1")
            other.rollback()
        store.add([content("first")], patient="1")


@pytest.mark.parametrize(("revision", "told"), [("0001", "earlier version"), ("9999", "later version")])
def test_a_store_of_another_version_is_refused(file, revision, told):
    raw = sqlite3.connect(file)
    raw.execute("UPDATE calcinet_version SET version_num = ?", (revision,))
    raw.commit()
    raw.close()

    with pytest.raises(BadInput, match=told):
        Store.open(file, who="ng")
    with pytest.raises(BadInput, match=told):
        Store.open(file, who="ng", make=True)


def test_a_store_of_this_version_has_nothing_to_be_upgraded(file):
    assert upgrade_store(file) == (REVISION, REVISION)


def test_nothing_of_a_database_is_loaded_by_the_commands_that_need_none():
    """The command line answers at once."""
    import subprocess

    program = (
        "import sys; from calcinet.apps import cli; print([m for m in sys.modules if m in ('sqlalchemy', 'alembic')])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "[]"
