"""Paths that lead nowhere."""

import sys

import pytest

from tests.support.command_line import run

NAME = "CHAN Tai Man.dcm"


@pytest.mark.parametrize(
    "words",
    [
        ["examine", NAME],
        ["examine", "--case", NAME],
        ["examine", ".", "--labels", NAME],
        ["validate", NAME],
        ["casereport", NAME, "-o", "draft.md"],
        ["send", NAME, "--to", "http://127.0.0.1:9/dicom-web"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("watched", [True, False])
def test_a_path_that_is_missing_is_named_on_a_terminal_alone(words, watched, capsys, monkeypatch, tmp_path):
    """A log that keeps what was told would name a patient."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)

    assert run(*words) == 2
    told = capsys.readouterr().err
    assert "does not exist: check its spelling" in told
    assert (NAME in told) is watched
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_refused_without_its_name(capsys, tmp_path):
    """Where no terminal shows it: of two, the first."""
    films = [tmp_path / NAME, tmp_path / "b.dcm"]
    films[1].write_bytes(b"")

    assert run("examine", *map(str, films), "-o", str(tmp_path / "out")) == 2
    assert capsys.readouterr().err == "calcinet: path 1 of 2 does not exist: check its spelling\n"
