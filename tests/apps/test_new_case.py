"""`calcinet new-case` as a shell sees it."""

import pytest

from calcinet.clinical.template import case_template
from tests.support.command_line import run


def test_it_writes_a_case_that_validate_accepts(tmp_path, capsys):
    path = tmp_path / "ward" / "case.yaml"

    assert run("new-case", str(path)) == 0
    assert path.read_text(encoding="utf-8") == case_template()
    assert "calcinet validate" in capsys.readouterr().out
    assert run("validate", str(path)) == 0


def test_a_file_that_is_there_stays(tmp_path, capsys):
    """Exit 2, and not a letter of it is changed."""
    path = tmp_path / "case.yaml"
    path.write_text("patient: {age_years: 60}\n", encoding="utf-8")

    assert run("new-case", str(path)) == 2
    assert path.read_text(encoding="utf-8") == "patient: {age_years: 60}\n"
    assert "is there already and was left as it is" in capsys.readouterr().err


def test_without_a_name_it_is_case_yaml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert run("new-case") == 0
    assert (tmp_path / "case.yaml").is_file()


def test_a_place_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert run("new-case", str(tmp_path / "file" / "case.yaml")) == 1
    assert "a file stands on the way" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["not known, never", "calcinet validate", "never over a file"])
def test_help_teaches(words, capsys):
    assert run("new-case", "--help") == 0
    assert words in " ".join(capsys.readouterr().out.replace("│", " ").split())
