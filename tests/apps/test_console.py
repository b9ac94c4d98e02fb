"""What a terminal sees."""

import io
import os
import subprocess
import sys

import pytest

from calcinet.apps.bar import shown_bar
from calcinet.apps.console import EXIT_MEANS, Exit, complain, prepare_terminal, progress_bar, show


def test_progress_is_silent_when_nobody_watches(capsys):
    """Standard error of a test is no terminal."""
    with progress_bar("examining") as progress:
        assert progress is None

    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar_that_goes_away(capsys, monkeypatch):
    """Results are on stdout alone, so that they can be piped."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with progress_bar("examining") as progress:
        progress(1, 2)
        progress(2, 2)

    assert capsys.readouterr().out == ""


def test_the_clock_of_a_bar_goes_on_when_something_else_begins(monkeypatch, capsys):
    """Files that were all looked at, then as many images."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with shown_bar("files") as bar:
        bar.move("files", 2, 2)
        (task,) = bar._bar.tasks
        assert not task.finished
        assert task.percentage > 99
        bar.move("images", 0, 2)
        assert (task.description, task.completed) == ("images", 0)
        bar.tell("a\x1b[31m[bold]b")

    assert "a [31m[bold]b" in capsys.readouterr().err


def test_every_exit_code_is_explained():
    """In words, and none twice."""
    assert set(EXIT_MEANS) == set(Exit)
    assert len({*EXIT_MEANS.values()}) == len(Exit)


def test_a_complaint_names_the_program_on_stderr(capsys):
    complain("no film there")

    assert capsys.readouterr() == ("", "calcinet: no film there\n")


@pytest.mark.parametrize("say", [show, complain])
def test_control_characters_do_not_reach_the_terminal(say, capsys):
    """A title of the window, a bell, a way back, C1 codes, a turn of direction: none is left; lines stay lines."""
    say("a\x1b]0;owned\x07b\rc\x9bd\u202ee\nf")
    told = "".join(capsys.readouterr())

    assert "\n" in told
    assert not set(told) & set("\x1b\x07\r\x9b\u202e")


def test_letter_that_the_terminal_lacks_becomes_a_question_mark(monkeypatch):
    """In place of a failure after everything was written."""
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii"))
    prepare_terminal()
    show("3 cm² 鈣")

    assert shown.getvalue() == b"3 cm? ?\n"


def run(*words, stdout, **environment):
    command = [sys.executable, "-m", "calcinet", *words]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, env={**os.environ, **environment}
    )


def test_output_that_cannot_be_written_is_told():
    """One sentence, exit 1."""
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = run("schema", stdout=full)

    assert done.returncode == 1
    assert done.stderr == (
        "calcinet: no space is left in the file that the output is sent to: make room there, or give another place\n"
    )


@pytest.mark.parametrize("words", [("schema",), ("--help",), ("examine", "--help")])
def test_reader_that_went_away_is_no_fault_to_speak_of(words):
    """As `calcinet schema | true` and `calcinet --help | true`: quiet, with the code that other programs have."""
    reading, writing = os.pipe()
    os.close(reading)
    done = run(*words, stdout=writing)
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, "")
