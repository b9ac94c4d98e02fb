"""Braces in what a case says are letters: nothing that comes from a case or a file is ever a template."""

import ast
import html
import json

import pytest

import calcinet
from calcinet.apps.casereport import write_case_report
from calcinet.io.case.reader import case_of_mapping
from calcinet.report.content import collect_content
from calcinet.report.documents import Wanted
from calcinet.report.language import translator
from calcinet.report.write import write_examination
from tests.support.extras import of_extra
from tools.source import SOURCE, read_folder

BRACES = "{%import os%}{name}"
ODD = ("{0}", "{", "}{", "{{7*7}}", "{x!r:>99}", "{x.__class__}", "{n:99999999d}")


@pytest.fixture(scope="module")
def record():
    """Braces wherever a case takes words."""
    told = {
        "examined_on": "2026-03-09",
        "patient": {"age_years": 58, "sex": "female"},
        "kidney": {"stage": "5D", "cause": BRACES, "dialysis": [{"kind": "haemodialysis", "start": "2022-11-01"}]},
        "conditions": [
            {"name": BRACES, "since": "2020-01-01"},
            {"name": f"no {BRACES}", "present": "no"},
            *({"name": odd} for odd in ODD),
        ],
        "drugs": [
            {"name": BRACES, "start": "2024-01-01", "daily_dose": BRACES},
            *({"name": odd, "status": "stopped", "stop": "2025-01-01"} for odd in ODD),
        ],
        "labs": [
            {"name": BRACES, "value": f"2 {BRACES}"},
            {"name": "calcium", "value": BRACES, "unit": "{unit}"},
            {"name": "PTH", "value": "64", "unit": "pml/L{x}"},
        ],
        "lesions": [{"kind": "ulcer", "site": "thigh", "side": "left", "painful": "yes", "necrotic": "yes"}],
        "treatments": [{"name": "drug stopped", "drug": BRACES}],
        "clinician_impression": BRACES,
    }
    return calcinet.examine((), case_of_mapping(told))


@pytest.fixture(scope="module", params=["en", "zh-Hant"])
def folder(request, record, tmp_path_factory):
    """Record and page of that case, in one language."""
    folder = tmp_path_factory.mktemp("braces") / request.param
    write_examination(record, {}, folder, Wanted(["json", "html"], language=request.param))
    return folder


def test_record_asks_about_every_name_to_the_letter(folder):
    questions = json.loads((folder / "record.json").read_text("utf-8"))["clinical"]["questions"]
    texts = " ".join(question["text"] for question in questions)

    assert all(f'"{name}"' in texts for name in (BRACES, *ODD))


def test_page_shows_every_name_to_the_letter(folder):
    shown = html.unescape((folder / "report.html").read_text("utf-8"))

    assert all(name in shown for name in (BRACES, *ODD))


def test_draft_shows_every_name_to_the_letter(folder, tmp_path):
    write_case_report([folder], tmp_path / "draft.md", language=folder.name)

    shown = (tmp_path / "draft.md").read_text("utf-8").replace("\\", "")
    assert all(name in html.unescape(shown) for name in (BRACES, *ODD))


@pytest.mark.parametrize("tag", ["en", "zh-Hant"])
def test_paper_is_set_from_every_name_to_the_letter(record, tag, tmp_path):
    of_extra("pdf", "typst")
    from calcinet.report.paper import collect_words, pdf

    _ = translator(tag)
    words = json.dumps(collect_words(record, collect_content(record, _), _), ensure_ascii=False)

    assert all(name in words for name in (BRACES, *ODD))
    assert pdf(record, {}, tag).startswith(b"%PDF-")


def test_bundle_is_written(record, tmp_path):
    of_extra("hospital", "fhir.resources")

    written = write_examination(record, {}, tmp_path / "out", Wanted(["fhir"]))

    assert "bundle.fhir.json" in written.files
    assert json.loads((tmp_path / "out" / "bundle.fhir.json").read_text("utf-8"))["resourceType"] == "Bundle"


def says_sentences(tree: ast.Module) -> bool:
    """Whether `say` is that of calcinet.text in a file."""
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "calcinet.text"]
    return any(name.name == "say" for node in taken for name in node.names)


def test_only_sentences_of_the_program_are_said():
    """A name that is looked up goes through `as_written`: `say` without values takes a sentence that stands there."""
    looked_up = []
    for source in filter(lambda source: says_sentences(source.tree), read_folder(SOURCE)):
        for node in ast.walk(source.tree):
            is_said = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
            if is_said and not node.keywords and not isinstance(node.args[0], ast.Constant):
                looked_up.append(f"{source.inner}:{node.lineno}")

    assert looked_up == []
