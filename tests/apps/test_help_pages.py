"""Help as a person reads it."""

import re
import shlex

import pytest
from typer.main import get_command

from calcinet.apps import completion
from calcinet.apps.cli import app
from calcinet.apps.console import Exit
from calcinet.evidence.priors import list_presets
from tests.support.command_line import run

WHOLE = get_command(app)
INNER = [f"{group} {name}" for group, one in WHOLE.commands.items() for name in getattr(one, "commands", ())]
COMMANDS = sorted([*WHOLE.commands, *INNER])
"""Those of groups too: "store add"."""

every_command = pytest.mark.parametrize("command", COMMANDS)


def find_command(name):
    command = WHOLE
    for word in name.split():
        command = command.commands[word]
    return command


def read_help(command, capsys, monkeypatch, columns=100):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run(*command.split(), "--help") == 0
    return capsys.readouterr().out


def list_examples(command):
    """Lines of examples; what stands after three blanks says what it is."""
    text = find_command(command).help
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("calcinet ")]
    return [re.split(r" {3}| [<>] ", part)[0] for line in lines for part in line.split(" && ")]


@every_command
def test_no_type_of_python_is_shown(command, capsys, monkeypatch):
    """<bool>, <path>, <list[Path]>, <int range>."""
    assert re.findall(r"<[a-z]|range|\[x>", read_help(command, capsys, monkeypatch)) == []


@every_command
def test_values_have_names_in_capitals(command, capsys, monkeypatch):
    """FILE, FOLDER, MM: as they stand in the usage line, too."""
    shown = read_help(command, capsys, monkeypatch)

    for parameter in find_command(command).params:
        if not getattr(parameter, "is_flag", False):
            assert (parameter.metavar or "").isupper(), parameter.name
            assert parameter.metavar in shown


@every_command
def test_exit_codes_and_an_example_stand_there(command, capsys, monkeypatch):
    """Those that there are."""
    shown = " ".join(read_help(command, capsys, monkeypatch).split())
    told = re.findall(r"\d(?= [a-z])", shown.partition("Exit codes ")[2].partition("\u256d")[0])

    assert "Examples" in shown
    assert "0" in told
    assert {int(code) for code in told} <= {int(code) for code in Exit}


@every_command
def test_examples_can_be_typed(command):
    """Each names options that there are, and values of their kind."""
    examples = list_examples(command)

    assert examples
    for example in examples:
        words, found = shlex.split(example)[1:], WHOLE
        while hasattr(found, "commands"):
            _, found, words = found.resolve_command(found.make_context("calcinet", list(words)), words)
        if "--help" not in words:
            found.make_context("calcinet", list(words))


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_it_fits_a_narrow_terminal(columns, capsys, monkeypatch):
    for command in COMMANDS:
        assert max(map(len, read_help(command, capsys, monkeypatch, columns).splitlines())) <= columns


def test_names_of_priors_are_those_that_there_are():
    """Help and completion read no table."""
    known = {entry.split()[0] for entry in list_presets()}

    assert set(completion.PRIORS) == known
