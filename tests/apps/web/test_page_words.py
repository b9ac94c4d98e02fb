"""No sentence that reaches the page names an option or a command of the terminal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from calcinet.apps.web.page_words import PAGE_WORDS, reword_for_page, to_page_words
from calcinet.record import Timeline
from calcinet.report.language import translator
from calcinet.text import Text, placeholders, say
from tests.support.paths import ROOT
from tests.support.servers import await_state, send_films
from tools.catalogue import messages

SOURCE: Final = ROOT / "src"

PROGRAMS: Final = ("application", "worker", "timeline_process")
"""What answers a browser, what examines for it, what puts time lines together."""

COMMANDS: Final = (
    *("examine", "demo", "module", "send", "casereport", "follow", "phantom", "info", "train", "schema", "validate"),
    *("new-case", "cohort", "store", "audit", "serve", "node", "watch", "user", "token", "outbox", "echo"),
)

OF_THE_TERMINAL: Final = re.compile(rf"(?<![\w-])--[a-z][a-z-]+|\bcalcinet (?:{'|'.join(COMMANDS)})\b")

NEVER_ON_THE_PAGE: Final = {
    "calcinet.apps.baseline": "a baseline is given to the command alone",
    "calcinet.apps.examination": "of the options of the command; a worker only gathers photographs and tells refusals",
    "calcinet.apps.sending": "of the command that sends; the outbox of the page takes the counting from it",
    "calcinet.apps.web.application": "the description of the interface, for who writes programs",
    "calcinet.apps.web.guard": "the description of the interface, for who writes programs",
    "calcinet.io.ct.user_masks": "no masks are taken by the page",
    "calcinet.io.file_sources": "a worker is given the folder of a study, never a file",
    "calcinet.limits": "rows of docs/limits.md",
    "calcinet.reception.listener": "a node's own address, said where it starts",
    "calcinet.report.documents": "a worker writes the documents whose packages are there",
    "calcinet.report.write": "a worker writes over what it wrote",
    "calcinet.store": "of the commands of the store; what the server itself cannot keep goes into the audit",
}
"""Module -> why its words for the terminal reach no browser."""


def _find_module(name: str) -> Path | None:
    place = SOURCE / name.replace(".", "/")
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def _list_imports(tree: ast.AST) -> Iterator[str]:
    """What a module imports, within functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _list_modules() -> dict[str, ast.AST]:
    """Every module of ours that the programs behind the page can load."""
    found: dict[str, ast.AST] = {}
    waiting = [f"calcinet.apps.web.{program}" for program in PROGRAMS]
    while waiting:
        name = waiting.pop()
        path = _find_module(name) if name.startswith("calcinet") and name not in found else None
        if path is not None:
            found[name] = ast.parse(path.read_text("utf-8"))
            waiting += [*_list_imports(found[name]), name.rpartition(".")[0]]
    return found


def _list_sentences(tree: ast.AST) -> Iterator[str]:
    """Every string of a module that is no docstring; of one with values in it, its parts."""
    expressions = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    documentation = {id(value) for value in expressions if isinstance(value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def _is_exempt(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in NEVER_ON_THE_PAGE)


MODULES: Final = _list_modules()

FOUND: Final = [
    (module, sentence)
    for module, tree in sorted(MODULES.items())
    for sentence in _list_sentences(tree)
    if OF_THE_TERMINAL.search(sentence) and module != "calcinet.apps.web.page_words"
]


def test_programs_behind_the_page_load_the_rooms_that_refuse():
    """The walk went everywhere: readers, finders, measures, protocols, criteria, archives, machine."""
    rooms = {name.split(".")[1] for name in MODULES if "." in name}

    assert len(MODULES) > 400
    assert {"io", "findings", "measure", "protocols", "clinical", "evidence", "delivery", "machine", "image"} <= rooms
    assert len(FOUND) > 20


@pytest.mark.parametrize(("module", "sentence"), [one for one in FOUND if not _is_exempt(one[0])])
def test_sentence_of_the_terminal_has_words_for_the_page(module, sentence):
    told = to_page_words(sentence)

    assert told != sentence, f"{module} says this on the page: give it words in PAGE_WORDS"
    assert not OF_THE_TERMINAL.search(told)


def test_tables_and_templates_name_no_command():
    """Advice, criteria and the report are read in the browser as they stand."""
    said = {str(message) for message, places in messages().items() if _is_of_table(places)}

    assert len(said) > 200
    assert [message for message in said if OF_THE_TERMINAL.search(message)] == []


def _is_of_table(places: set[str]) -> bool:
    return any(place.endswith((".toml", ".j2")) and "/cohort/" not in place for place in places)


@pytest.mark.parametrize(("terminal", "page"), PAGE_WORDS.items())
def test_words_of_the_page_fit_a_sentence_that_is_said(terminal, page):
    """None is left over from a sentence that changed; the values are the same; it is said in Chinese, too."""
    assert terminal in messages()
    assert OF_THE_TERMINAL.search(terminal)
    assert not OF_THE_TERMINAL.search(page)
    assert placeholders(page) == placeholders(terminal)
    assert translator("zh-Hant").knows(page)


@pytest.mark.parametrize("module", NEVER_ON_THE_PAGE)
def test_no_module_is_exempt_without_need(module):
    assert any(name == module or name.startswith(f"{module}.") for name, _ in FOUND)


def test_reworded_sentence_remembers_its_values():
    terminal = next(message for message in PAGE_WORDS if message.startswith("found {found};"))
    reason = say("Not compared: {why}.", why=say(terminal, found=say("an object of modality {filed}", filed="SM")))

    told = to_page_words(reason)

    assert isinstance(told, Text)
    assert "found an object of modality SM" in told
    assert "'What the files do not say'" in told
    assert "SM" in translator("zh-Hant")(told)
    assert "send the image itself" not in translator("zh-Hant")(told)


def test_time_line_is_told_in_words_of_the_page():
    reason = "pixel spacing unknown: lengths in mm need --spacing-mm or a calibrated image"
    line = Timeline(version="1", records=(), not_compared=(say("{what}: {why}", what="area", why=say(reason)),))

    (told,) = reword_for_page(line).not_compared

    assert told.startswith("area: pixel spacing unknown")
    assert "--" not in told


@pytest.mark.slow
def test_refused_file_is_explained_in_words_of_the_page(editor, tmp_path):
    """A NIfTI volume without its modality: the worklist and the record tell where to click; the terminal its option."""
    nibabel = pytest.importorskip("nibabel")
    np = pytest.importorskip("numpy")
    nibabel.Nifti1Image(np.zeros((8, 8, 8), np.int16), np.eye(4)).to_filename(tmp_path / "scan.nii.gz")
    study = send_films(editor, {"scan.nii.gz": (tmp_path / "scan.nii.gz").read_bytes()})
    told = await_state(editor, study, "failed", "done")

    refused = editor.get(f"/studies/{study}/record").json()["images"][0]["refused"]

    assert told["code"] == refused["code"] == "no-modality"
    assert told["reason"] == refused["reason"]
    assert "CT as the kind of picture, on the page of studies" in told["reason"]
    assert "--modality" not in told["reason"]
