"""The patient on the page: the summary first, then everything with its source."""

import re

import pytest

import calcinet
from calcinet.report.html import html_page
from calcinet.report.language import translator
from tests.support.paths import ROOT
from tests.support.reading import Page

_ = translator("en")

EXAMPLES = ROOT / "examples" / "invented"


@pytest.fixture(scope="module")
def page(patient, pixels) -> Page:
    return Page(html_page(patient, {"img-1": pixels}))


def test_page_is_well_formed(page):
    """Every element that opens closes, drawings too."""
    assert page.open == []


def test_a_value_in_question_is_not_shown_as_a_result(page):
    """64 pml/L stands as it was given, beside a dash."""
    assert 'parathyroid hormone – given as "64 pml/L"' in page.text


def test_laboratory_has_ranges_and_flags(page):
    """The printed flag is said to be the laboratory's."""
    assert "albumin-adjusted calcium 2.67 mmol/L 2.1 to 2.6" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "high as the laboratory flagged it" in page.text


def test_every_citation_leads_to_a_reference(page):
    """Also those of the patient's part."""
    targets = {attributes["id"] for _tag, attributes in page.tags if "id" in attributes}
    links = {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")}

    assert links <= targets


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_page_never_says_diagnosed(patient, pixels, language):
    """It measures, cites and shows its uncertainty; the word stands in "not a diagnosis" and in the scheme's levels."""
    text = Page(html_page(patient, {"img-1": pixels}, language), left_out="li#ref-").text.lower()
    rest = text.replace("not a diagnosis", "").replace("並非診斷", "")
    rest = re.sub("疑似 臨床診斷 確診|「臨床診斷」級別|總結： 臨床診斷", "", rest)

    assert not any(word in rest for word in ("diagnos", "診斷", "確診"))


def test_result_in_another_unit_has_no_digits_that_nobody_measured():
    """8.0 mg/dL of phosphate are 2.58314 mmol/L, written as 2.58."""
    woman = calcinet.examine((), EXAMPLES / "01-young-woman-low-pth.yaml")
    text = Page(html_page(woman, {})).text.replace("\N{NO-BREAK SPACE}", " ")

    assert '2.58 mmol/L given as "8.0 mg/dL"' in text
