"""One examination at a time, and what is found out before it."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from calcinet.errors import MachineFault
from calcinet.report import workshop
from calcinet.report.workshop import open_workshop
from tests.support.small_disk import small_disk

HOLD = """
import sys, time
from pathlib import Path
from calcinet.report.workshop import open_workshop
with open_workshop(Path(sys.argv[1]), lambda _: None):
    print("held", flush=True)
    time.sleep(600)
"""


def leave_alone(_):
    """Nothing to put right."""


def test_the_second_of_two_at_once_is_told(tmp_path):
    """By any name of the folder; afterwards it is free, and nothing is left."""
    (tmp_path / "link").symlink_to("out")
    with open_workshop(tmp_path / "out", leave_alone):
        for name in ("out", "link"):
            with (
                pytest.raises(MachineFault, match="another examination is being written into"),
                open_workshop(tmp_path / name, leave_alone),
            ):
                pass
        with open_workshop(tmp_path / "other", leave_alone):
            pass
    with open_workshop(tmp_path / "out", leave_alone):
        pass

    assert {path.name for path in tmp_path.iterdir()} == {"link"}


def test_one_that_was_killed_holds_nobody_up(tmp_path):
    """The system lets go of the lock; what was left is taken over and removed."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "out")], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(MachineFault, match="another examination"), open_workshop(tmp_path / "out", leave_alone):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert [path.name for path in tmp_path.iterdir()] == [".out.writing"]
    with open_workshop(tmp_path / "out", leave_alone):
        pass

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_somebody_else_put_in_its_place_is_not_touched(tmp_path, kind):
    """A link would lead the result, and the removal of what is left, elsewhere."""
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "new").touch()
    place = tmp_path / ".out.writing"
    place.touch() if kind == "file" else place.symlink_to("private")
    with pytest.raises(MachineFault, match="stands in the way and is not ours"), open_workshop(tmp_path / "out", print):
        pass

    assert (tmp_path / "private" / "new").exists()


@pytest.mark.parametrize("length", [240, 255])
def test_a_name_may_be_as_long_as_names_can_be(tmp_path, length):
    """In letters of two bytes, too."""
    for name in ("x" * length, "é" * (length // 2)):
        with open_workshop(tmp_path / name, leave_alone) as opened:
            opened.clear()
            opened.replace()
        assert [path.name for path in tmp_path.iterdir()] == [name]
        (tmp_path / name).rmdir()


def test_without_exchange_it_takes_two_steps(tmp_path, monkeypatch):
    """Some disks cannot exchange two folders."""
    monkeypatch.setattr(workshop, "_exchange", lambda one, other: False)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").touch()
    with open_workshop(tmp_path / "out", leave_alone) as opened:
        opened.clear()
        (opened.new / "new").touch()
        opened.replace()

    assert os.listdir(tmp_path) == ["out"]  # noqa: PTH208
    assert os.listdir(tmp_path / "out") == ["new"]  # noqa: PTH208


def test_a_workshop_that_somebody_removed_leaves_nothing(tmp_path):
    """He clears the disk while we work, and what we write then makes the folders anew."""
    with open_workshop(tmp_path / "out", leave_alone) as opened:
        shutil.rmtree(opened.place)
        opened.clear()

    assert list(tmp_path.iterdir()) == []


def test_a_workshop_that_somebody_removed_is_another_ones_then(tmp_path):
    """Who comes next holds the place; the first leaves his hands off it."""
    with ExitStack() as second:
        with open_workshop(tmp_path / "out", leave_alone) as first:
            shutil.rmtree(first.place)
            opened = second.enter_context(open_workshop(tmp_path / "out", leave_alone))
            opened.clear()
        kept = sorted(path.name for path in opened.place.iterdir())

    assert kept == ["lock", "new", "typesetting"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs /sys, which Linux mounts")
def test_a_disk_that_can_be_read_only_is_called_so():
    """Of a folder that is there, too: no right helps. /proc/self/mountinfo lists a mount and its options."""
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines()]
    read_only = [Path(fields[4]) for fields in mounts if "ro" in fields[5].split(",") and Path(fields[4]).is_dir()]
    if not read_only:
        pytest.skip("needs a disk that is mounted to be read only")

    with pytest.raises(MachineFault, match="can be read only"), open_workshop(read_only[0], leave_alone):
        pass


def test_a_disk_without_room_is_found_out_before_any_work(tmp_path):
    """With the folders above that would have been made; what is less than the least result tells enough."""
    with (
        small_disk(workshop.LEAST_BYTES - 1),
        pytest.raises(MachineFault, match="takes no file of this size"),
        open_workshop(tmp_path / "deep" / "out", leave_alone),
    ):
        pytest.fail("work began")

    assert list(tmp_path.iterdir()) == []
