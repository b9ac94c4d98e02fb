"""The outbox keeps objects whole, for their owner alone, until they are delivered."""

import errno
import json
import os
import time

import pytest

from calcinet.delivery import Outbox, default_outbox, destination
from calcinet.delivery.outbox import ADDRESS, OutboxFull, read_waiting
from calcinet.delivery.wholeness import NotWhole
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


def test_object_that_is_cut_is_not_kept(box):
    with pytest.raises(NotWhole, match="cut off"):
        box.put(capture(6)[:-10], destination(NOBODY))

    assert box.waiting(destination(NOBODY)) == []


BROKEN = [
    *(b"", b"{", b"[]", b"7", b"null", b'{"destination": 7}', b'{"else": 1}', b"\xff\xfe", b"[" * 3000, b" " * 5000),
    b'{"destination": "http://127.0.0.1:9/other"}',
    b'{"destination": "http://h/?token=SECRET"}',
    b'{"destination": "http://me:SECRET@h/"}',
]


@pytest.mark.parametrize("told", BROKEN)
def test_folder_whose_destination_is_broken_is_told_and_counted(box, told):
    """Others go on; the address given again mends it."""
    where, other = destination(NOBODY), destination("dicom://OTHER@127.0.0.1:9")
    box.put(capture(1), where)
    box.put(capture(2), other)
    (box.folder_of(where) / ADDRESS).write_bytes(told)

    assert box.destinations() == [other]
    (stray,) = box.strays()
    assert (stray.folder, stray.waiting) == (box.folder_of(where), 1)
    assert "SECRET" not in stray.why
    with box.locked(where):
        assert {str(each) for each in box.destinations()} == {str(where), str(other)}
    assert box.strays() == []


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "gone"])
def test_file_of_a_destination_that_is_none(box, tmp_path, kind):
    where = destination(NOBODY)
    box.put(capture(1), where)
    file = box.folder_of(where) / ADDRESS
    content = file.read_bytes()
    file.unlink()
    (tmp_path / "elsewhere").write_bytes(content)
    make = {
        "link": lambda: file.symlink_to(tmp_path / "elsewhere"),
        "fifo": lambda: os.mkfifo(file),
        "folder": file.mkdir,
    }
    make.get(kind, lambda: None)()

    assert box.destinations() == []
    assert [stray.waiting for stray in box.strays()] == [1]


def test_lock_that_is_a_link_empties_nothing(box, tmp_path):
    where, precious = destination(NOBODY), tmp_path / "precious"
    box.put(capture(1), where)
    precious.write_text("kept")
    (box.folder_of(where) / ".lock").symlink_to(precious)

    with pytest.raises(BadInput, match="remove it"), box.locked(where):
        pass
    assert precious.read_text() == "kept"


def test_half_of_an_object_goes_when_nobody_writes_at_it_any_more(box):
    """One of two hours ago, and one of now."""
    where = destination(NOBODY)
    box.put(capture(1), where)
    old, new = (box.folder_of(where) / f".1.2.dcm.{process}.partial" for process in (1, 2))
    for half in (old, new):
        half.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    with box.locked(where):
        pass

    assert not old.exists()
    assert new.exists()


def test_disk_that_is_full_leaves_nothing_half(box, monkeypatch):
    """The system says so while the bytes are written out."""

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    where = destination(NOBODY)
    box.put(capture(1), where)
    before = sorted(box.folder.rglob("*"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutboxFull, match="No space left on device"):
        box.put(capture(2), where)

    assert sorted(box.folder.rglob("*")) == before


def test_what_is_dropped_is_gone_with_what_was_refused(box):
    """Of one destination alone."""
    where, other = destination(NOBODY), destination("dicom://OTHER@127.0.0.1:9")
    box.put(capture(1), other)
    box.refuse(box.put(capture(2), where), "no")
    box.put(capture(3), where)
    (box.folder_of(where) / "1.2.dcm").mkdir()

    assert box.drop(where) == 3
    assert box.waiting(where) == box.refused(where) == []
    assert len(box.waiting(other)) == 1


def test_object_that_waits_reads_back(box):
    path = box.put(capture(8), destination(NOBODY))
    content, instance = read_waiting(path)

    assert content == capture(8)
    assert instance.uid == uid_of(content)


def test_objects_of_the_same_name_are_set_aside_beside_each_other(box):
    """A folder that was refused is not put into one of its name."""
    where = destination(NOBODY)
    for _ in range(2):
        path = box.put(capture(9), where).with_name("1.2.dcm")
        path.mkdir()
        box.refuse(path, "a folder")

    assert len(box.refused(where)) == 2
