"""Files that a user names: regular ones alone, up to a limit, and whole."""

import os
import socket
from io import BytesIO
from pathlib import Path

import pytest

from calcinet.errors import Unreadable
from calcinet.given_files import is_regular, open_given, read_given, read_head, read_stream
from calcinet.limits import Limit

SMALL = Limit(name="SMALL_FOR_TESTS", default=100, unit="bytes", what="a test", why="Small.")


def refuse(path, limit=SMALL):
    with pytest.raises(Unreadable) as caught:
        read_given(path, limit)
    assert "SECRET" not in str(caught.value)
    return caught.value


def test_a_file_of_as_many_bytes_as_may_be_is_read(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)

    assert read_given(path, SMALL) == b"x" * 100
    assert read_given(str(path), SMALL) == b"x" * 100


def test_a_larger_one_is_refused_by_its_size_alone(tmp_path):
    """A file with holes takes no room on the disc and would take ten gigabytes of memory."""
    path = tmp_path / "SECRET"
    with path.open("wb") as stream:
        stream.truncate(10 * 2**30)

    error = refuse(path)
    assert (error.code, str(error)) == (
        "too-large",
        "the file has 10240 MiB, more than is read of its kind (0 kB): give a smaller one",
    )


def test_a_pipe_is_not_opened(tmp_path):
    """To open it would wait for who writes."""
    path = tmp_path / "SECRET"
    os.mkfifo(path)

    error = refuse(path)
    assert (error.code, str(error)) == (
        "not-a-file",
        "found a pipe, not a file: give a file that lies on a disc",
    )
    assert not is_regular(path)


def test_a_socket_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("SECRET")

        assert "a socket" in str(refuse(tmp_path / "SECRET"))


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/null", "/dev/full", "/dev/urandom"])
def test_a_link_to_a_device_is_not_followed(tmp_path, target):
    path = tmp_path / "x.dcm"
    path.symlink_to(target)

    error = refuse(path)
    assert error.code == "not-a-file"
    assert "a device" in str(error)


@pytest.mark.parametrize("target", ["/proc/self/mem", "/proc/self/environ", "/proc/self/maps", "/sys/kernel/notes"])
def test_a_file_of_the_system_is_none_of_a_patient(target):
    if not Path(target).exists():
        pytest.skip("not on this system")

    assert "a file of the system itself" in str(refuse(target))


def test_a_folder_is_no_file(tmp_path):
    assert "a folder" in str(refuse(tmp_path))


def test_links_that_lead_nowhere_are_told(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "c").symlink_to(tmp_path / "SECRET")

    assert "leads back to itself" in str(refuse(tmp_path / "a"))
    assert "leads nowhere" in str(refuse(tmp_path / "c"))


@pytest.mark.parametrize("name", ["SECRET" * 1000, "SECRET\0", "a/" * 5000])
def test_names_that_no_file_can_have_are_told(tmp_path, name):
    assert refuse(tmp_path / name).code == "cannot-open"


def test_a_link_to_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"film")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    assert read_given(tmp_path / "b", SMALL) == b"film"
    assert is_regular(tmp_path / "b")


@pytest.mark.parametrize("change", ["grows", "shrinks", "is written again"])
def test_a_file_that_changes_meanwhile_is_not_taken_for_whole(tmp_path, monkeypatch, change):
    """The size is asked for first; what the disc does after that is played here."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * 50)
    os.utime(path, (0, 0))
    asked = []
    true_fstat = os.fstat

    def ask(descriptor):
        found = true_fstat(descriptor)
        asked.append(found)
        if len(asked) == 3:  # of the check, of the size, of the time
            {
                "grows": lambda: path.write_bytes(b"x" * 60),
                "shrinks": lambda: os.truncate(path, 10),
                "is written again": lambda: path.write_bytes(b"y" * 50),
            }[change]()
        return found

    monkeypatch.setattr(os, "fstat", ask)

    assert refuse(path).code == "changed"


def test_the_head_is_as_long_as_the_file(tmp_path):
    (tmp_path / "a").write_bytes(b"film")

    assert read_head(tmp_path / "a", 1024) == b"film"
    assert read_head(tmp_path / "a", 2) == b"fi"


def test_a_read_that_fails_is_a_refusal_too(tmp_path):
    """A disc may fail after the file was opened."""
    (tmp_path / "a").write_bytes(b"film")

    with pytest.raises(Unreadable) as caught, open_given(tmp_path / "a"):
        raise OSError(5, "Input/output error")

    assert caught.value.code == "cannot-open"


def test_of_a_stream_no_more_is_taken_than_may_be():
    endless = BytesIO(b"x" * 1000)

    with pytest.raises(Unreadable) as caught:
        read_stream(endless, SMALL)

    assert caught.value.code == "too-large"
    assert endless.tell() == 101
    assert read_stream(BytesIO(b"x" * 100), SMALL) == b"x" * 100
