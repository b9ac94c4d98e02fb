"""How long a session lasts: to its end, and only while somebody does something."""

import sqlite3
import time

import pytest

from calcinet.apps.web.access import Access


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path / "access.sqlite")


def age(access, tmp_path, column, seconds):
    """Let time go by for every session, without waiting for it."""
    with sqlite3.connect(tmp_path / "access.sqlite") as database:
        database.execute(f"update sessions set {column} = {column} - ?", (seconds,))


def test_session_ends_at_its_end_whatever_is_done(access, tmp_path):
    """12 hours from the log-in."""
    key, _ = access.open_session("ng")
    age(access, tmp_path, "ends_at", 12 * 3600 - 60)
    assert access.find_session(key) is not None
    age(access, tmp_path, "ends_at", 61)

    assert access.find_session(key) is None


def test_session_ends_where_nobody_does_anything(access, tmp_path):
    """An hour."""
    key, _ = access.open_session("ng")
    age(access, tmp_path, "seen_at", 3599 - 60)
    assert access.find_session(key, by_hand=False) is not None
    age(access, tmp_path, "seen_at", 61)

    assert access.find_session(key) is None


def test_what_a_page_asks_by_itself_keeps_no_session_alive(access, tmp_path):
    """Half an hour, a look of the page, half an hour: over. With a click in between it goes on."""
    left, used = access.open_session("ng")[0], access.open_session("chan")[0]
    age(access, tmp_path, "seen_at", 1900)
    assert access.find_session(left, by_hand=False) is not None
    assert access.find_session(used) is not None
    age(access, tmp_path, "seen_at", 1900)

    assert access.find_session(left) is None
    assert access.find_session(used) is not None


def test_lifetimes_come_from_the_environment(access, tmp_path, monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_SESSION_SECONDS", "100")
    monkeypatch.setenv("CALCINET_MAX_IDLE_SECONDS", "10")
    key, _ = access.open_session("ng")
    with sqlite3.connect(tmp_path / "access.sqlite") as database:
        ((ends_at,),) = database.execute("select ends_at from sessions").fetchall()
    age(access, tmp_path, "seen_at", 11)

    assert ends_at - time.time() <= 100
    assert access.find_session(key) is None


def test_session_of_before_the_upgrade_begins_anew(tmp_path):
    """A file of the earlier version: nobody knows when such a session was last used."""
    with sqlite3.connect(tmp_path / "access.sqlite") as database:
        database.execute("create table sessions (hash text primary key, name text not null, csrf text, ends_at real)")
        database.execute("insert into sessions values ('h', 'ng', 'c', ?)", (time.time() + 1000,))
        database.execute("pragma user_version = 0")

    assert Access(tmp_path / "access.sqlite").find_session("h") is None
