"""The command line as a shell sees it: text, files, exit codes."""

import errno
import json
import logging
import subprocess
import sys

import PIL.Image
import pytest

from calcinet import __version__
from calcinet.apps.cli import _parse_spacing, main
from tests.support.command_line import run
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"


@pytest.mark.parametrize("command", [[], ["examine"], ["demo"], ["phantom"], ["info"], ["schema"]])
def test_help_is_there_for_every_command(command, capsys):
    """-h as well as --help."""
    assert run(*command, "-h") == 0
    assert "Usage:" in capsys.readouterr().out


def test_version_is_that_of_the_package(capsys):
    """calcinet 0.1.0 or later."""
    assert run("--version") == 0
    assert capsys.readouterr().out.strip() == f"calcinet {__version__}"


def test_python_can_be_asked_as_well():
    """`python -m calcinet` where the command is not on the path."""
    asked = subprocess.run(
        [sys.executable, "-m", "calcinet", "--version"], capture_output=True, text=True, check=True, timeout=120
    )
    assert asked.stdout.strip() == f"calcinet {__version__}"


def test_schema_describes_the_record(capsys):
    """JSON Schema with the contract's own name."""
    assert run("schema") == 0

    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["schema"]["const"] == "calcinet.record/1"
    assert "images" in schema["properties"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["examine"],
        ["examine", "film.dcm", "--formats", "pdf"],
        ["examine", "film.dcm", "--lang", "zh-Hant"],
        ["examine", "film.dcm", "--no-such-option"],
        ["examine", "--case", "no-such-case.yaml"],
        ["examine", "--case", "no-such-case.yaml", "--prior", "1.5"],
        ["phantom", "--anatomy", "wing"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(arguments, capsys, tmp_path, monkeypatch):
    """Nothing on stdout, nothing written."""
    monkeypatch.chdir(tmp_path)

    assert run(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip()
    assert "Traceback" not in shown.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("prior", ["0", "1", "often", "painful-necrotic-lesion"])
def test_a_prior_that_cannot_be_ends_with_2_and_a_sentence(prior, capsys, tmp_path):
    """For a painful necrotic lesion no figure has been published."""
    assert run("examine", "--case", str(CASE), "--prior", prior, "-o", str(tmp_path / "out")) == 2
    assert capsys.readouterr().err.strip()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("widths", ["0.5,2", "2,0.5,4", "wide"])
def test_calibre_classes_that_cannot_be_end_with_2_and_a_sentence(widths, capsys, tmp_path):
    """Two widths, widths that do not rise, and a word; said before any film is looked at."""
    code = run("examine", "--case", str(CASE), "--calibre-classes", widths, "-o", str(tmp_path / "out"))

    assert code == 2
    assert "calibre" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["wide", "0.2,", "0.1,0.2,0.3", "0", "0.2,-0.1", "nan"])
def test_what_is_no_size_of_a_pixel_ends_with_2_and_a_sentence(given, capsys, tmp_path):
    """Letters, half a pair, three numbers, nothing, less than nothing, no number."""
    film = tmp_path / "film.png"
    PIL.Image.new("L", (300, 400)).save(film)
    code = run("examine", str(film), f"--spacing-mm={given}", "-o", str(tmp_path / "out"))

    assert code == 2
    assert "spacing" in capsys.readouterr().err


@pytest.mark.parametrize(("given", "read"), [("0.2", 0.2), ("0.2,0.1", (0.2, 0.1)), (None, None)])
def test_one_size_or_two_are_given(given, read):
    assert _parse_spacing(given) == read


def test_calibre_classes_of_the_caller_stand_in_the_record(tmp_path):
    """0.3, 1 and 3 mm."""
    folder = tmp_path / "out"
    run("examine", "--case", str(CASE), "--calibre-classes", "0.3,1,3", "--formats", "json", "-o", str(folder))
    record = json.loads((folder / "record.json").read_text("utf-8"))

    assert record["calibre_cutoffs_mm"] == {"large": 3.0, "medium": 1.0, "small": 0.3}


def test_a_case_alone_is_examined(capsys, tmp_path):
    """The patient of the report: level, criteria, questions, probability."""
    folder = tmp_path / "out"

    assert run("examine", "--case", str(CASE), "--prior", "0.3", "-o", str(folder), "--formats", "json") == 0
    told = capsys.readouterr().out
    assert 'level "clinical", second of three' in told
    assert "post-test probability 0.68" in told
    assert (folder / "record.json").exists()


@pytest.mark.parametrize(
    "failure",
    [
        ImportError("libopenblas.so: failed to map segment from shared object"),
        MemoryError("Unable to allocate 4.00 GiB for an array"),
        RuntimeError("OpenCV(5.0.0) error: (-4:Insufficient memory) Failed to allocate 60262400 bytes"),
    ],
)
def test_want_of_memory_is_told_whoever_finds_it(monkeypatch, capsys, failure):
    """As libraries said it under `ulimit -v 700000` and 1000000."""

    def refuse(_):
        raise failure

    monkeypatch.setattr("calcinet.apps.validation.schema_of", refuse)

    assert run("schema") == 1
    assert capsys.readouterr().err.startswith("calcinet: the memory of this machine was not enough")


def test_an_address_space_too_small_to_load_in_is_told_at_once(tmp_path):
    """OpenBLAS would ask for more without end."""
    command = f"ulimit -v 600000; exec {sys.executable} -m calcinet examine --case x.yaml -o {tmp_path}/out"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert done.stderr.startswith("calcinet: this process may use 586 MiB of memory (ulimit -v)")


@pytest.fixture
def broken(monkeypatch):
    """A mistake of ours, where the schema is printed."""
    monkeypatch.setattr("calcinet.apps.validation.schema_of", lambda _: {}["CHAN^TAI MAN"])


def test_unexpected_failure_ends_with_1_and_one_sentence(broken, capsys):
    """What it quotes is not told."""
    assert run("schema") == 1
    assert capsys.readouterr().err == (
        "calcinet: unexpected failure (KeyError); `calcinet --debug ...` shows what and where\n"
    )


def test_debug_shows_where_it_failed(broken):
    """The error itself comes through."""
    with pytest.raises(KeyError, match="CHAN"):
        main(["--debug", "schema"])


@pytest.mark.parametrize(("words", "told"), [(["schema"], ""), (["--debug", "schema"], "seen [2J\n")])
def test_debug_shows_the_log_and_nothing_else_does(words, told, capsys, monkeypatch):
    """Without what would steer the terminal, and only as long as the command runs."""
    log = logging.getLogger("calcinet")

    def speak(what):
        log.debug("seen\x1b[2J")
        return {}

    monkeypatch.setattr("calcinet.apps.validation.schema_of", speak)
    run(*words)

    assert capsys.readouterr() == ("{}\n", told)
    log.debug("late")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CALCINET_MAX_FILE_BYTES", "lots"), ("CALCINET_MAX_FILE_BITES", "1"), ("CALCINET_MAX_PIXELS", "0")],
)
def test_a_bound_that_cannot_be_is_told_before_anything_is_done(variable, value, capsys, monkeypatch):
    """Whatever the command is."""
    monkeypatch.setenv(variable, value)

    assert run("info") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert variable in shown.err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "the memory of this machine was not enough"),
        (
            OSError(errno.ENOSPC, "No space left", "/data/CHAN TAI MAN.dcm"),
            "no space is left in a folder that is needed",
        ),
        (OSError(errno.EROFS, "Read-only"), "or that for temporary files"),
    ],
)
def test_what_the_machine_refuses_is_told_wherever_it_comes_up(error, words, monkeypatch, capsys):
    """One sentence with the reason, and no name of a file."""

    def refuse(_):
        raise error

    monkeypatch.setattr("calcinet.apps.validation.schema_of", refuse)

    assert run("schema") == 1
    told = capsys.readouterr().err
    assert words in told
    assert "CHAN" not in told
