"""What was tried reads back, and a file that is broken says nothing."""

import os

import pytest

from calcinet.delivery.tries import TRIES, Tried, format_tries, read_tries


def test_tries_read_back(tmp_path):
    tried = {"1.2.dcm": Tried(times=3, because="no answer"), "1.3.dcm": Tried().again("busy")}
    (tmp_path / TRIES).write_bytes(format_tries(tried))

    assert read_tries(tmp_path) == tried
    assert tried["1.3.dcm"].times == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"a": 1}', '{"a": {"times": "x", "because": ""}}', "[" * 100_000]
)
def test_broken_file_says_nothing(tmp_path, text):
    (tmp_path / TRIES).write_text(text)

    assert read_tries(tmp_path) == {}


def test_file_that_is_none_says_nothing(tmp_path):
    """Absent, a link, and one that nothing is ever read from."""
    assert read_tries(tmp_path) == {}
    (tmp_path / TRIES).symlink_to("/dev/zero")
    assert read_tries(tmp_path) == {}
    (tmp_path / TRIES).unlink()
    os.mkfifo(tmp_path / TRIES)
    assert read_tries(tmp_path) == {}
