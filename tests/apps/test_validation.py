"""`calcinet validate` and `calcinet schema case` as a shell sees them."""

import json
import re

import pytest
import yaml

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.template import case_template
from calcinet.io.case.reader import case_of_text
from tests.support.command_line import run
from tests.support.paths import ROOT

REPORT = ROOT / "examples" / "case-report" / "case.yaml"


def test_case_of_the_report_has_questions_and_no_mistake(capsys):
    """Exit 0; each question with its line and the field that takes the answer."""
    assert run("validate", str(REPORT)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "A case without mistakes: lesions 5, conditions 5, drugs 13, results 21."
    assert lines[1] == "9 questions:"
    assert lines[2].startswith(
        "  line 55, labs.6.unit: parathyroid hormone 64 pml/L: pml/L is no unit of it. It is likely pmol/L"
    )


def test_answered_case_has_no_questions(capsys):
    """The second biopsy settles everything."""
    assert run("validate", str(next((ROOT / "examples" / "invented").glob("10*")))) == 0
    assert capsys.readouterr().out.splitlines()[1] == "No questions."


def test_unknown_names_are_listed(tmp_path, capsys):
    """They are kept as written."""
    path = tmp_path / "case.yaml"
    path.write_text("drugs: [{name: moonshine}]\nconditions: [{name: ennui}]\n", encoding="utf-8")

    assert run("validate", str(path)) == 0
    assert "Not known, kept as written: moonshine, ennui." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lesions: [{site: leg, kind: ulcr}]", 'line 1, column 29: lesions.kind: found "ulcr"'),
        ("patient: {age_years: -3}", "line 1, column 22: patient.age_years: found"),
        ("patient: [", "the text breaks off"),
    ],
)
def test_malformed_or_impossible_case_ends_with_2(text, words, tmp_path, capsys):
    """Nothing on stdout; the mistakes on stderr, without the file's name."""
    path = tmp_path / "Chan.yaml"
    path.write_text(text, encoding="utf-8")

    assert run("validate", str(path)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("calcinet: the case file has a mistake:\n")
    assert words in shown.err
    assert "Chan" not in shown.err


def test_case_that_is_not_there_ends_with_2(capsys):
    """As every wrong call."""
    assert run("validate", "no-such-case.yaml") == 2
    assert "does not exist" in capsys.readouterr().err


def test_schema_of_the_case_is_the_published_one(capsys):
    """docs/case.schema.json is what the command prints."""
    assert run("schema", "case") == 0
    assert json.loads(capsys.readouterr().out) == json.loads(
        (ROOT / "docs" / "case.schema.json").read_text(encoding="utf-8")
    )


def test_schema_of_the_time_line_is_the_published_one(capsys):
    """docs/timeline.schema.json is what the command prints."""
    assert run("schema", "timeline") == 0
    assert json.loads(capsys.readouterr().out) == json.loads(
        (ROOT / "docs" / "timeline.schema.json").read_text(encoding="utf-8")
    )


def test_schema_explains_every_field():
    """An editor shows these while somebody writes."""
    schema = json.loads((ROOT / "docs" / "case.schema.json").read_text(encoding="utf-8"))
    blocks = [schema, *schema["$defs"].values()]

    assert all(field.get("description") for block in blocks for field in block["properties"].values())
    assert all(block["additionalProperties"] is False for block in blocks)


def test_schema_of_something_else_ends_with_2(capsys):
    """There are two."""
    assert run("schema", "weather") == 2
    assert "there are: record, case" in capsys.readouterr().err


def test_keys_of_the_examples_are_in_the_schema():
    """The published schema and the examples cannot drift apart."""
    schema = json.loads((ROOT / "docs" / "case.schema.json").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "examples").rglob("*.yaml")):
        assert set(yaml.safe_load(path.read_text(encoding="utf-8"))) <= set(schema["properties"])


def test_every_example_of_the_page_is_a_case():
    """What docs/case-file.md teaches is what the reader takes."""
    text = (ROOT / "docs" / "case-file.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)

    assert len(blocks) >= 6
    assert all(isinstance(case_of_text(block), Case) for block in blocks)


def test_question_of_the_page_is_the_question_asked():
    """The quoted sentence is that of the code."""
    text = (ROOT / "docs" / "case-file.md").read_text(encoding="utf-8")
    quoted = " ".join(line.removeprefix("> ") for line in text.splitlines() if line.startswith("> "))
    lab = {"name": "PTH", "value": "64 pml/L"}

    assert assess(Case.model_validate({"labs": [lab]})).questions[0].text == quoted


def test_an_untouched_template_is_not_called_free_of_questions(tmp_path, capsys):
    """Nothing is stated: that is said, and asked for."""
    path = tmp_path / "case.yaml"
    path.write_text(case_template(), encoding="utf-8")

    assert run("validate", str(path)) == 0
    shown = capsys.readouterr().out
    assert "No questions" not in shown
    assert "Not stated: kidney, lesions, drugs, results (labs)." in shown


def test_a_name_that_is_nearly_one_of_the_list_is_suggested(tmp_path, capsys):
    """Of the diseases to exclude as of every list."""
    path = tmp_path / "case.yaml"
    path.write_text("exclusions: [{name: ordinary calcifiation of arteries, status: excluded}]\n", encoding="utf-8")

    assert run("validate", str(path)) == 2
    assert "did you mean vascular calcification?" in capsys.readouterr().err
