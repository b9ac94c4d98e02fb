"""What the server keeps beside the store: its tables over an upgrade, and failed logins over a restart."""

import sqlite3
from contextlib import closing

import pytest

from calcinet.apps.web.access import Access
from calcinet.apps.web.login_brake import FREE_TRIES, LONGEST_WAIT_S, LoginBrake
from calcinet.apps.web.queue import STEPS, Queue
from calcinet.errors import MachineFault


def test_queue_of_the_first_version_keeps_its_studies(tmp_path):
    """As it was published: without a version and without the newest column."""
    path = tmp_path / "queue.sqlite"
    with closing(sqlite3.connect(path)) as first:
        first.executescript(STEPS[0])
        first.execute(
            "insert into studies (id, made_at, made_by, state) values ('0123456789abcdef', '', 'ng', 'queued')"
        )
        first.commit()
    queue = Queue(path)
    taken = queue.claim("a worker")

    assert taken is not None
    assert taken.id == "0123456789abcdef"
    assert Queue(path).find("0123456789abcdef").state == "running"


def test_queue_of_a_later_version_is_left_alone(tmp_path):
    path = tmp_path / "queue.sqlite"
    Queue(path)
    with closing(sqlite3.connect(path)) as later:
        later.execute("PRAGMA user_version = 99")

    with pytest.raises(MachineFault, match="a later version of calcinet made queue"):
        Queue(path)


def test_step_that_fails_changes_nothing(tmp_path, monkeypatch):
    """The disk is full in the middle, say: the file is as before, and the next start tries again."""
    path = tmp_path / "queue.sqlite"
    monkeypatch.setattr("calcinet.apps.web.queue.STEPS", (STEPS[0], "create table half (a); create nonsense"))
    with pytest.raises(MachineFault):
        Queue(path)
    monkeypatch.undo()
    Queue(path)

    with closing(sqlite3.connect(path)) as database:
        tables = {name for (name,) in database.execute("select name from sqlite_master")}
        assert "half" not in tables
        assert database.execute("PRAGMA user_version").fetchone() == (len(STEPS),)


def test_worker_that_gives_no_sign_of_life_is_known(tmp_path, monkeypatch):
    """Claimed at second 1000, a sign at 1500: at 1599 it is silent for 99 s, at 1601 for 101 s."""
    monkeypatch.setattr("calcinet.apps.web.queue.time.time", lambda: 1000.0)
    queue = Queue(tmp_path / "queue.sqlite")
    study = queue.add(who="ng", files=1, options={})
    queue.claim("a worker")
    monkeypatch.setattr("calcinet.apps.web.queue.time.time", lambda: 1500.0)
    queue.move(study, "a worker", share=0.5, stage=None, at_image="img-1")
    found = []
    for moment in (1599.0, 1601.0):
        monkeypatch.setattr("calcinet.apps.web.queue.time.time", lambda moment=moment: moment)
        found.append(queue.is_silent("a worker", 100.0))

    assert found == [False, True]
    assert not queue.is_silent("another worker", 100.0)


def test_failed_logins_are_remembered_over_a_restart(tmp_path):
    """Five failures of one name are told by a second server on the same folder; names stand in no file."""
    path = tmp_path / "access.sqlite"
    Access(path)
    for _ in range(FREE_TRIES):
        LoginBrake(path).note_failure("name ng", "address 10.0.0.9")
    again = LoginBrake(path)

    assert 0 < again.seconds_to_wait("name ng") <= LONGEST_WAIT_S
    assert again.seconds_to_wait("name chan") == 0
    assert b"10.0.0.9" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    again.note_success("name ng")
    assert LoginBrake(path).seconds_to_wait("name ng") == 0
