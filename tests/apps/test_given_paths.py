"""Paths that lead nowhere."""

import io
import json
import sys

import PIL.Image
import pytest

from calcinet.api import examine
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


@pytest.fixture
def pipe(monkeypatch):
    """Put something into standard input."""
    return lambda content: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_film_comes_by_standard_input_as_from_its_file(pipe, tmp_path):
    """A picture that is refused for what it holds: by the same code, hash and name."""
    film = tmp_path / "film.png"
    PIL.Image.new("L", (300, 400)).save(film)
    pipe(film.read_bytes())

    assert run("examine", "-", "--keep-names", "-o", str(tmp_path / "out")) == 3
    (told,) = json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))["images"]
    (known,) = examine(film).images
    assert (told["sha256"], told["source"]) == (known.sha256, known.source)
    assert told["refused"]["code"] == known.refused.code


def test_a_case_comes_by_standard_input(pipe, tmp_path, capsys):
    pipe(b"labs: [{name: calcium, value: 2.45, unit: mmol/L}]")
    assert run("examine", "--case", "-", "--formats", "json", "-o", str(tmp_path / "out")) == 0

    pipe(b'{"labs": [{"name": "calcium", "value": 2.45, "unit": "mmol/L"}]}')
    assert run("validate", "-") == 0
    assert "results 1" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["validate", "-"], ["examine", "--case", "-", "-o", "out"]])
def test_photographs_of_a_case_without_a_file_are_refused(words, pipe, capsys, monkeypatch, tmp_path):
    """They lie beside a file that is not there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"")
    pipe(b"lesions: [{site: leg, kind: ulcer, photographs: [{file: a.jpg}]}]")

    assert run(*words) == 2
    assert "found beside its case file, and this case came without one: give the case as a file" in (
        capsys.readouterr().err
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["examine", "-", "-"], "can be read once"),
        (["examine", "-", "--case", "-"], "can be read once"),
        (["validate", "-"], "expected a block of keys"),
    ],
)
def test_standard_input_that_cannot_be_ends_with_2(words, told, pipe, capsys):
    """Given twice, or empty."""
    pipe(b"")

    assert run(*words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("words", "bound"), [(["examine", "-"], "FILE_BYTES"), (["validate", "-"], "CASE_BYTES")])
def test_bounds_of_files_hold_for_standard_input(words, bound, pipe, capsys, monkeypatch):
    """No more is read than one byte too many."""
    monkeypatch.setenv(f"CALCINET_MAX_{bound}", "1000")
    pipe(bytes(10**7))

    assert run(*words) == 3
    assert "found more than 1 kB" in capsys.readouterr().err
    assert sys.stdin.buffer.tell() == 1001


def test_without_standard_input_a_file_is_asked_for(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)

    assert run("validate", "-") == 2
    assert "there is none: give a file" in capsys.readouterr().err
