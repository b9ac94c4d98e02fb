"""The outbox keeps objects whole, for their owner alone, until they are delivered."""

import json
import os

import pytest

from calcinet.delivery import Outbox, default_outbox, destination
from calcinet.errors import BadInput
from tests.support.captures import NOBODY, capture, uid_of


def test_what_is_no_dicom_object_is_not_kept(box):
    with pytest.raises(BadInput, match="only whole DICOM objects are sent"):
        box.put(b"nothing", destination(NOBODY))

    assert box.waiting(destination(NOBODY)) == []


def test_outbox_is_its_owners_alone_and_names_nobody(box):
    where = destination(NOBODY)
    path = box.put(capture(7), where)

    assert path.parent.stat().st_mode & 0o077 == 0
    assert "nemo" not in str([each.name for each in box.folder.rglob("*")]).lower()


def test_outbox_lies_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("CALCINET_OUTBOX", str(tmp_path / "here"))
    assert default_outbox() == tmp_path / "here"
    monkeypatch.delenv("CALCINET_OUTBOX")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_outbox() == tmp_path / "calcinet" / "outbox"


def test_crash_while_writing_leaves_no_half_object(box, monkeypatch):
    """The rename never happens: what was there before is still whole."""
    where = destination(NOBODY)
    path = box.put(capture(1), where)
    before = path.read_bytes()

    def no_power(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", no_power)
    with pytest.raises(KeyboardInterrupt):
        box.put(capture(1, side=16), where)

    assert path.read_bytes() == before
    assert box.waiting(where) == [path]


def test_object_put_twice_waits_once_under_its_own_identifier(box):
    where = destination(NOBODY)
    content = capture(2)
    first, second = box.put(content, where), box.put(content, where)

    assert first == second
    assert first.name == f"{uid_of(content)}.dcm"
    assert box.waiting(where) == [first]


def test_objects_wait_oldest_first(box):
    """Times of the files are 300, 100 and 200 seconds."""
    where = destination(NOBODY)
    paths = [box.put(capture(seed), where) for seed in range(3)]
    for path, second in zip(paths, (300, 100, 200), strict=True):
        os.utime(path, (second, second))

    assert box.waiting(where) == [paths[1], paths[2], paths[0]]


def test_object_that_is_refused_lies_aside_with_the_reason(box):
    where = destination(NOBODY)
    path = box.put(capture(3), where)
    box.refuse(path, "not wanted")
    (kept,) = box.refused(where)

    assert box.waiting(where) == []
    assert json.loads(kept.with_suffix(".json").read_text()) == {"reason": "not wanted"}


def test_object_that_was_delivered_may_be_removed_twice(box):
    """Two processes may have delivered it."""
    path = box.put(capture(4), destination(NOBODY))
    box.remove(path)
    box.remove(path)

    assert box.waiting(destination(NOBODY)) == []


def test_outbox_that_was_never_used_has_no_destinations(tmp_path):
    assert Outbox(tmp_path / "absent").destinations() == []


def test_outbox_that_cannot_be_written_is_refused(tmp_path):
    """A file is in its place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"the outbox cannot be written .*: give another folder with --outbox"):
        Outbox(tmp_path / "file").put(capture(5), destination(NOBODY))
