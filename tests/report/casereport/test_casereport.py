"""The draft holds CARE's items in order, says what the record says, asks for the rest, and invents nothing."""

import re
from pathlib import Path

import docx
import pytest

from calcinet.api import examine
from calcinet.apps.casereport import write_case_report
from calcinet.errors import BadInput
from calcinet.io.case.reader import read_case
from calcinet.record import Record
from calcinet.report.casereport import Examination, draft
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination
from tests.support import handmade
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"

CARE = [
    *("Keywords", "Abstract", "Introduction", "Patient information", "Clinical findings", "Timeline"),
    *("Diagnostic assessment", "Therapeutic intervention", "Follow-up and outcomes", "Discussion"),
    *("Patient perspective", "Informed consent"),
]
"""The thirteen items of the checklist but the title, in its order."""

TAGS = re.compile(r"\[\d+(, \d+)*\]|\(\w\d{2}\w{2}\d{2}\)|f?img-\d+|imaging\.\d+")


@pytest.fixture(scope="module")
def patient(tmp_path_factory) -> Path:
    """The patient of the case report, with a film drawn by hand and its pictures."""
    folder = tmp_path_factory.mktemp("patient") / "out"
    seen = handmade.examination()
    told = examine(case=CASE, prior=0.3)
    record = told.model_copy(update={"images": seen.images, "meanings": seen.meanings})
    write_examination(record, {"img-1": handmade.limb()}, folder, Wanted(("json", "png")))
    return folder


@pytest.fixture(scope="module")
def text(patient, tmp_path_factory) -> str:
    out = tmp_path_factory.mktemp("draft") / "draft.md"
    write_case_report([patient], out)
    return out.read_text("utf-8")


def test_items_of_care_stand_in_order(text):
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)

    assert text.startswith("# ")
    assert headings == [*CARE, "Questions to the author", "References"]


def test_word_document_has_the_same_headings_and_pictures(patient, tmp_path, text):
    """Opened again by python-docx: Word's own heading styles, a table, a picture with words for who cannot see it."""
    write_case_report([patient], tmp_path / "draft.docx")
    document = docx.Document(tmp_path / "draft.docx")
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]

    assert headings == [*CARE, "Questions to the author", "References"]
    assert len(document.inline_shapes) == 1
    assert "arrow 1" in document.inline_shapes[0]._inline.docPr.get("descr")
    assert any("parathyroid hormone" in cell.text for table in document.tables for cell in table.columns[0].cells)


def test_every_number_stands_in_the_record(patient, text):
    """Whatever the draft counts is in record.json, as it is or rounded, or in a citation."""
    known = {float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", (patient / "record.json").read_text("utf-8"))}
    body = TAGS.sub("", text.split("## References")[0]).replace(",", "")
    known |= {100 * n for n in known} | {n / 100 for n in known}  # shares in percent, areas in cm2
    numbers = [float(n) for n in re.findall(r"(?<![\w.])\d+\.?\d*", body)]
    counts = {1.0, 2.0, 3.0, 8.0}  # of arrows, figures and lists

    strange = [n for n in numbers if n not in counts and not any(_same(n, k) for k in known)]
    assert strange == []


def _same(shown: float, known: float) -> bool:
    """Equal in the digits shown: at most half a unit of the third significant one."""
    return abs(shown - known) <= max(0.006 * abs(known), 1e-9)


def test_what_the_record_does_not_say_is_asked(text):
    """No perspective and no consent stands in a record."""
    for title in ("Patient perspective", "Informed consent"):
        part = text.split(f"## {title}\n")[1].split("\n## ")[0]
        sentences = [line for line in part.splitlines() if line.strip()]
        assert sentences
        assert all(line.startswith("**[Author]**") for line in sentences), title


def test_treatment_and_outcome_are_told_and_what_is_missing_of_them_asked(text):
    """Amputation was refused, she died; doses and the course of the wounds are for the author."""
    for title, told in (
        ("Therapeutic intervention", "amputation: refused by the patient"),
        ("Follow-up and outcomes", "died of sepsis 2 months after"),
    ):
        part = text.split(f"## {title}\n")[1].split("\n## ")[0]
        assert told in part
        assert "**[Author]**" in part


def test_questions_of_the_case_come_first_among_those_to_the_author(text):
    asked = text.split("## Questions to the author")[1]

    assert asked.index("64 pml/L") < asked.index("consent to publication")


def test_it_never_says_diagnosed(text):
    assert "diagnosed" not in text
    assert "It is not a diagnosis" in text


def test_caption_says_what_arrows_point_at_and_what_the_film_could_not_show(text):
    assert re.search(r"arrow 1, calcified vessel, 1\.00\smm, 95 % interval 0\.84 to 1\.16 mm", text)
    assert handmade.examination().images[0].statements[0] in text


def test_chinese_draft_has_no_english_sentence(tmp_path):
    """Names, codes, units and sources apart; of the case alone, for the film drawn by hand has English sentences."""
    patient = tmp_path / "out"
    write_examination(examine(case=CASE, prior=0.3), {}, patient, Wanted(("json",)))
    write_case_report([patient], tmp_path / "draft.md", language="zh-Hant")
    text = (tmp_path / "draft.md").read_text("utf-8").split("## 參考文獻")[0]
    runs = re.findall(r"[A-Za-z][A-Za-z' ]{24,}", text)

    assert "## 知情同意" in text
    assert not re.search(r"[\u4e00-\u9fff）][;,] ", text), "a list is parted by the marks of its language"
    own = [entry.reason for entry in read_case(CASE).pathology] + [read_case(CASE).clinician_impression]
    assert [run for run in runs if len(run.split()) > 4 and not any(run in (words or "") for words in own)] == []


def test_two_records_make_one_course(patient):
    """The second examination stands under follow-up, dated facts of both in one table, counted from the first day."""
    first = Record.from_json((patient / "record.json").read_bytes())
    labs = [first.clinical.labs[0].model_copy(update={"on": day}) for day in ("2024-03-11", "2024-03-01")]
    dated = [
        first.model_copy(update={"clinical": first.clinical.model_copy(update={"labs": (lab,)})}) for lab in labs[::-1]
    ]
    made = draft([Examination(one) for one in dated])
    sections = {section.key: section for section in made.sections}
    when = [row[0].text for row in sections["timeline"].blocks[0].rows]

    assert when[:2] == ["day 0", "day 10"]
    assert set(when[2:]) == {"day not stated"}
    assert any("Examination 2" in str(block) for block in sections["outcome"].blocks)
    calendar = draft([Examination(one) for one in dated], calendar=True)
    assert "2024" in calendar.sections[5].blocks[0].rows[0][0].text


def test_missing_pictures_are_no_figures(patient, tmp_path):
    (tmp_path / "record.json").write_bytes((patient / "record.json").read_bytes())
    write_case_report([tmp_path / "record.json"], tmp_path / "draft.md")

    assert "![" not in (tmp_path / "draft.md").read_text("utf-8")
    assert not (tmp_path / "draft.figures").exists()


def test_pictures_lie_beside_the_text(patient, tmp_path):
    write_case_report([patient], tmp_path / "draft.md")

    assert [path.name for path in (tmp_path / "draft.figures").iterdir()] == ["img-1.png"]
    assert "(draft.figures/img-1.png)" in (tmp_path / "draft.md").read_text("utf-8")


def test_draft_that_is_there_is_not_replaced(patient, tmp_path):
    (tmp_path / "draft.md").write_text("MY OWN")
    with pytest.raises(BadInput, match="--force"):
        write_case_report([patient], tmp_path / "draft.md")

    assert (tmp_path / "draft.md").read_text() == "MY OWN"
    write_case_report([patient], tmp_path / "draft.md", force=True)
    assert "MY OWN" not in (tmp_path / "draft.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "match"), [(b"{}", "no record of the schema"), (b"\x00", "no record"), (None, "cannot be read")]
)
def test_what_is_no_record_is_refused(tmp_path, content, match):
    if content is not None:
        (tmp_path / "record.json").write_bytes(content)
    with pytest.raises(BadInput, match=match):
        write_case_report([tmp_path], tmp_path / "draft.md")

    assert not (tmp_path / "draft.md").exists()


def test_draft_of_another_kind_is_refused(patient, tmp_path):
    with pytest.raises(BadInput, match=r"\.md or \.docx"):
        write_case_report([patient], tmp_path / "draft.pdf")


def test_picture_and_caption_fit_on_one_page(patient, tmp_path):
    """A tall film is made smaller until it is no taller than the page is wide: 15 cm of some 25."""
    write_case_report([patient], tmp_path / "draft.docx")
    (shape,) = docx.Document(tmp_path / "draft.docx").inline_shapes

    assert shape.height.cm == pytest.approx(15, abs=0.01)
    assert shape.width / shape.height == pytest.approx(400 / 600, abs=0.1)
