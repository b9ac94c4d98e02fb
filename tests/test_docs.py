"""The documents keep up with the code: links, targets, commands, names, fields and codes."""

import re

import pytest
from typer.main import get_command

import calcinet
from calcinet import record
from calcinet.apps.cli import app
from calcinet.apps.console import Exit
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.protocols.ct.meanings import MEANINGS as CT_MEANINGS
from calcinet.protocols.radiograph.meanings import MEANINGS
from calcinet.record import FindingRecord, ImageRecord, Record
from fuzz.__main__ import make_parser
from tests.support.paths import ROOT

BREASTS = (record.BreastRecord, record.BreastSummary)
SCANS = (*(record.ScintigramRecord, record.UptakeSegment, record.LeftOut, record.ScanComparison, record.SegmentChange),)
RECORDS = (
    Record,
    ImageRecord,
    FindingRecord,
    record.CtRecord,
    record.CtScore,
    record.CtArtery,
    record.VesselCourse,
    *BREASTS,
    *SCANS,
)

DOCUMENTS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
README = (ROOT / "README.md").read_text("utf-8")
RECORD = (ROOT / "docs/record.md").read_text("utf-8")

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def heading_anchors(text: str) -> set[str]:
    """Headings as hosts of Markdown make anchors of them.

    >>> heading_anchors("## A false alarm, or a miss")
    {'a-false-alarm-or-a-miss'}
    """
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@every_document
def test_no_half_of_a_merge_is_left(document):
    """A table with both sides of a conflict is still a table to every other test here."""
    assert not re.search(r"^(<{7}|={7}|>{7})( |$)", document.read_text("utf-8"), re.MULTILINE)


@every_document
def test_links_lead_somewhere(document):
    """Every relative link names a file here, and after # one of its headings."""
    text = document.read_text("utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    lost = []
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        if not path.exists() or (anchor and anchor not in heading_anchors(path.read_text("utf-8"))):
            lost.append(target)

    assert lost == []


@every_document
def test_no_document_names_a_place_on_somebodys_machine(document):
    """A path that begins with a slash exists on one machine only."""
    absolute = re.findall(r"(?<![\w.:/<)\]}])/(?:\w+/)+\w*", document.read_text("utf-8"))

    assert absolute == []


@every_document
def test_every_make_target_that_is_named_exists(document):
    """`make NAME` in a line of code or between backticks."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE)

    assert set(named) <= targets


def test_the_readme_names_every_command():
    commands = get_command(app).commands

    assert [name for name in commands if f"calcinet {name}" not in README] == []


def test_the_readme_names_every_option_of_examine():
    options = [name for option in get_command(app).commands["examine"].params for name in option.opts if name[0] == "-"]

    assert [name for name in options if f"`{name}`" not in README] == []


def test_no_command_or_option_is_named_that_is_not_there():
    """`calcinet NAME` and `--option` in any document belong to the command line, or to the fuzzer."""
    whole = get_command(app)
    commands_of_groups = [inner for one in whole.commands.values() for inner in getattr(one, "commands", {}).values()]
    every = (whole, *whole.commands.values(), *commands_of_groups)
    known = {name for command in every for p in command.params for name in p.opts}
    known.update(make_parser().format_help().replace(",", " ").split())
    text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)
    commands = set(re.findall(r"(?:^|`|bin/)calcinet ([a-z][a-z-]*)", text, re.MULTILINE))
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))

    assert commands <= set(whole.commands)
    assert options <= known | {"--help"}


def test_the_readme_tells_every_exit_code():
    told = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}

    assert told == {int(code) for code in Exit}


@pytest.fixture(scope="module")
def folder_with_film(tmp_path_factory):
    """Where the examples of the README find their film."""
    folder = tmp_path_factory.mktemp("readme")
    phantom = limb(random_spec(6, net=True, vessels=True, anatomy="hand"))
    write_radiograph(folder / "film.dcm", phantom.image)
    return folder


@pytest.mark.parametrize("number", range(README.count("```python")))
def test_the_examples_in_python_run(number, folder_with_film, monkeypatch, capsys):
    """As they stand; something is printed, and the film is no refusal."""
    monkeypatch.chdir(folder_with_film)
    code = README.split("```python")[number + 1].split("```")[0]
    names = {}
    exec(compile(code, "README.md", "exec"), names)

    assert names["record"].refused == ()
    assert capsys.readouterr().out.strip()


def test_the_readme_names_everything_public():
    assert [name for name in calcinet.__all__ if f"calcinet.{name}" not in README] == []


def test_every_field_of_the_record_is_described():
    fields = {f.alias or name for part in RECORDS for name, f in part.model_fields.items()}

    assert sorted(name for name in fields if f"`{name}`" not in RECORD) == []


def test_every_field_of_the_patient_and_of_the_evidence_is_described():
    parts = (
        *(record.Clinical, record.Question, record.Lab, record.Drug, record.Lesion, record.Derived),
        *(record.Criterion, record.CriterionItem, record.Suspicion, record.Differential, record.Advice),
        *(record.Evidence, record.Prior, record.Preset, record.Posterior, record.Term, record.Move),
    )
    fields = {field.alias or name for part in parts for name, field in part.model_fields.items()}

    assert sorted(name for name in fields if f"`{name}`" not in RECORD) == []


def test_every_measure_is_described_with_its_unit():
    rows = [line for line in RECORD.splitlines() if line.startswith("| `")]
    wrong = [
        name
        for name, meaning in (MEANINGS | CT_MEANINGS).items()
        if not any(f"`{name}`" in row.split("|")[1] and row.split("|")[2].strip() == meaning.unit for row in rows)
    ]

    assert wrong == []


def test_every_refusal_code_is_described():
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    codes = set(re.findall(r"""\bcode(?:=|": )"([a-z]+(?:-[a-z]+)*)\"""", sources))
    described = RECORD + (ROOT / "docs/serve.md").read_text("utf-8")

    assert sorted(code for code in codes if f"`{code}`" not in described) == []


def test_the_changelog_has_this_version():
    assert f"## [{calcinet.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
