"""What a shell is told when the Tab key is pressed."""

import os
import subprocess
import sys

import pytest

from calcinet.apps.phantom import WRITERS


def ask(shell, line, **more):
    """What the program answers a shell for a line that is half typed."""
    words = line.split(" ")
    asked = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    environment = {**os.environ, **asked, **more, "_CALCINET_COMPLETE": f"complete_{shell}"}
    answer = subprocess.run(
        [sys.executable, "-m", "calcinet"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert answer.stderr == ""
    return answer.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_are_offered(shell):
    assert "examine" in ask(shell, "calcinet exa")
    assert "validate" not in ask(shell, "calcinet exa")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("calcinet examine --spac", ["--spacing-mm"]),
        ("calcinet examine --lang z", ["zh-Hant"]),
        ("calcinet examine --formats json,h", ["json,html"]),
        ("calcinet examine --prior registry-", ["registry-germany", "registry-uk"]),
        ("calcinet schema ", ["record", "case", "timeline"]),
        ("calcinet phantom --kind ", list(WRITERS)),
    ],
)
def test_options_and_values_are_offered(line, offered):
    assert ask("bash", line).split() == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell):
    """What --show-completion prints in it."""
    environment = {**os.environ, "_CALCINET_COMPLETE": f"source_{shell}"}
    told = subprocess.run(
        [sys.executable, "-m", "calcinet"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )

    assert f"_CALCINET_COMPLETE=complete_{shell}" in told.stdout
