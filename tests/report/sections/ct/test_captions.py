"""What is said beside the pictures of a CT."""

import re

import pytest

from calcinet.record import FindingRecord
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.sections.ct.captions import describe_marked, legend, name_finding

ENGLISH = translator("en")


@pytest.fixture(scope="module")
def page(ct, ct_case) -> str:
    return html_page(ct_case, {"img-1": ct})


def test_colours_of_the_legend_are_those_of_the_compartments_found(page):
    legend = page[page.index('<ul class="legend">') :]
    shown = re.findall(r'swatch-full" style="background: (#\w+)"></span>([\w ]+)', legend[: legend.index("</ul>")])

    assert [name for _, name in shown] == ["artery", "muscle", "subcutis", "skin"]
    assert len({colour for colour, _ in shown}) == 4


def test_finding_is_named_by_form_and_compartment():
    """One without a form, as a film has it, by its kind."""
    artery = FindingRecord(id="f1", kind="vessel", form="tubular", compartment="artery")

    assert name_finding(artery, ENGLISH) == "tubular, artery"
    assert name_finding(FindingRecord(id="f1", kind="vessel"), ENGLISH) == "calcified vessel"


def test_marked_picture_is_described_with_its_count():
    assert describe_marked(1, "Knee, CT", ENGLISH) == "Knee, CT: the projection with 1 finding coloured and numbered"
    assert describe_marked(2, "Knee, CT", ENGLISH) == "Knee, CT: the projection with 2 findings coloured and numbered"


def test_legend_without_findings_is_empty(ct_image):
    assert list(legend(ct_image.model_copy(update={"findings": ()}), ENGLISH)) == []
