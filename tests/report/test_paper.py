"""The report on paper: it opens, holds every letter, and sums up on its first page."""

import re
import zlib

import pytest
import typst

from calcinet.report.documents import Wanted
from calcinet.report.fonts import FONTS, covered
from calcinet.report.paper import pdf
from calcinet.report.pictures.drawn_image import draw_image
from calcinet.report.pictures.modalities import canvas_of
from calcinet.report.write import write_examination


@pytest.fixture(scope="module")
def pictures(patient, pixels):
    return {image.id: draw_image(canvas_of(image, pixels)) for image in patient.examined}


@pytest.fixture(scope="module", params=["en", "zh-Hant"])
def sheet_of_paper(request, patient, pictures) -> bytes:
    return pdf(patient, pictures, request.param)


def unpacked(data: bytes) -> bytes:
    """A PDF with its packed parts behind it."""
    packed = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    return data + b"".join(_unpacked(part) for part in packed)


def fonts_in(data: bytes) -> set[str]:
    """Names of the fonts of a PDF."""
    return {name.decode().partition("+")[2] for name in re.findall(rb"/BaseFont\s*/([\w+-]+)", unpacked(data))}


def _unpacked(part: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(part)
    except zlib.error:
        return b""


def test_paper_is_a_pdf_of_several_pages(sheet_of_paper):
    """A summary, a film, the details."""
    assert sheet_of_paper.startswith(b"%PDF-")
    assert sheet_of_paper.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", unpacked(sheet_of_paper))) >= 3


def test_no_letter_is_missing(sheet_of_paper):
    """Every letter comes from the report's own font: none was looked for elsewhere, none is an empty box."""
    assert fonts_in(sheet_of_paper) == {"NotoSansTC-Regular", "NotoSansTC-Bold"}


def test_same_record_gives_the_same_bytes(patient, pictures):
    """No clock is read."""
    assert pdf(patient, pictures) == pdf(patient, pictures)


def test_films_alone_make_a_paper_too(record, pixels, tmp_path):
    """Without a case there is no summary of the patient, but the films are there."""
    written = write_examination(record, {"img-1": pixels}, tmp_path / "out", Wanted(["pdf"]))

    assert "report.pdf" in written.files
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_case_alone_makes_page_and_paper(patient, tmp_path):
    """No film was given: the patient is told of all the same."""
    alone = patient.model_copy(update={"images": ()})
    written = write_examination(alone, {}, tmp_path / "out", Wanted(["html", "pdf"], language="zh-Hant"))

    assert {"report.html", "report.pdf"} <= set(written.files)
    assert "沒有檢視X光片" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_fonts_are_known_by_their_family():
    """Both weights, and nothing else, in the folder that is carried."""
    folder = str(FONTS[400]).rpartition("/")[0]
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).fonts()

    assert {(font.family, font.weight) for font in found} == {("Noto Sans TC", 400), ("Noto Sans TC", 700)}


def test_letters_that_the_font_lacks_are_known():
    """A Korean syllable is not in it; then the machine's fonts are asked."""
    assert covered("鈣化防禦 calciphylaxis ≥ 0.1 mm")
    assert not covered("한")
