"""What a terminal sees."""

import sys

from calcinet.apps.console import EXIT_MEANS, Exit, complain, progress_bar


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


def test_every_exit_code_is_explained():
    """In words, and none twice."""
    assert set(EXIT_MEANS) == set(Exit)
    assert len({*EXIT_MEANS.values()}) == len(Exit)


def test_a_complaint_names_the_program_on_stderr(capsys):
    complain("no film there")

    assert capsys.readouterr() == ("", "calcinet: no film there\n")
