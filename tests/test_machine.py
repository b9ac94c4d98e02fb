"""What the machine refuses, told in a sentence."""

import errno
import os
import signal
from pathlib import Path

import pytest

from calcinet.errors import MachineFault
from calcinet.machine import FAULTS, check_name, explain_fault, making, undisturbed, writing_in


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space is left in /mnt/disk: make room"),
        (errno.EDQUOT, "your share of the disk is used up in /mnt/disk"),
        (errno.EROFS, "/mnt/disk can be read only"),
        (errno.EACCES, "there is no right to write in /mnt/disk"),
        (errno.ENAMETOOLONG, "too long in /mnt/disk"),
        (errno.ENOTDIR, "a file stands on the way to /mnt/disk"),
        (errno.ENOENT, "/mnt/disk is gone"),
        (errno.EMLINK, "no more folders can be made in /mnt/disk"),
        (errno.EXDEV, f"/mnt/disk cannot be written ({os.strerror(errno.EXDEV)})"),
    ],
)
def test_every_fault_names_the_place(number, words):
    """Known ones in words of ours, others in those of the system."""
    assert words in str(explain_fault(OSError(number, os.strerror(number)), "/mnt/disk"))


def test_no_sentence_lacks_what_to_do():
    """After a colon."""
    assert all(": " in sentence for sentence in FAULTS.values())


def test_real_faults_become_sentences(tmp_path):
    """A file in the way of a folder, a name that is too long, a device that is full."""
    (tmp_path / "file").touch()
    with pytest.raises(MachineFault, match="a file stands on the way"), writing_in(tmp_path):
        (tmp_path / "file" / "below").mkdir()
    with pytest.raises(MachineFault, match="too long"), writing_in(tmp_path):
        (tmp_path / ("x" * 300)).touch()
    with pytest.raises(MachineFault, match="no space is left"), writing_in(tmp_path):
        Path("/dev/full").write_bytes(b"x")


def test_of_some_faults_alone_the_others_pass(tmp_path):
    """A film that is gone is not told as a disk that is."""
    with pytest.raises(FileNotFoundError), writing_in(tmp_path, {errno.ENOSPC}):
        (tmp_path / "film.dcm").read_bytes()


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_name_that_no_file_can_have_is_refused(name):
    with pytest.raises(MachineFault, match="the name of the place holds"):
        check_name(Path(name))


def test_what_is_being_made_leaves_nothing_when_it_fails(tmp_path):
    """Nor do the folders above it that were not there."""
    with pytest.raises(MachineFault, match="no space is left"), making(tmp_path / "a" / "b" / "film.dcm"):
        Path("/dev/full").write_bytes(b"half")

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path):
    (tmp_path / ".film.dcm.writing").mkdir()
    (tmp_path / ".film.dcm.writing" / "half").touch()
    with making(tmp_path / "film.dcm") as place:
        assert list(place.iterdir()) == []
        (place / "whole").write_bytes(b"whole")
        (place / "whole").replace(tmp_path / "film.dcm")

    assert [path.name for path in tmp_path.iterdir()] == ["film.dcm"]


def test_signal_waits_for_the_end_of_a_step():
    """Then it is heard, once, by whoever listened before."""
    heard = []
    usual = signal.signal(signal.SIGTERM, lambda *_: heard.append("term"))
    try:
        with undisturbed():
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
            assert heard == []
        assert heard == ["term"]
    finally:
        signal.signal(signal.SIGTERM, usual)
