"""The languages of the report: nothing lacks its words, numbers and dates are local."""

import re
from datetime import date

import pytest

import calcinet
from calcinet.errors import BadInput
from calcinet.record import Record
from calcinet.report.fonts import covered, letters
from calcinet.report.html import html_page
from calcinet.report.language import catalogue, translated, translator
from calcinet.text import placeholders, say
from tests.support.paths import ROOT
from tests.support.reading import Page
from tools.catalogue import LOCALE, SAID, messages

EXAMPLES = ROOT / "examples" / "invented"

ALLOWED = {
    *("calcinet", "record", "json", "img", "imaging", "radiograph", "lines"),  # names of ours, of files and of images
    *("DX", "AP", "CT", "HU", "CEAP", "GFR", "PTH", "SHA", "csv", "png", "pdf", "html", "masks", "report", "measures"),
    *("mm", "cm", "min", "mmol", "mol", "pmol", "pml", "umol", "pg", "mL", "dL"),
    *("mg", "ug", "mcg", "kg", "IgA", "III"),
    *("include", "secondary", "spacing"),  # words of options
    *(
        "ABI",
        "ALP",
        "ANA",
        "ANCA",
        "BMI",
        "CK",
        "CRP",
        "EPO",
        "ESR",
        "INR",
        "KDIGO",
        "APTT",
        "ENA",
        "PT",
        "RF",
        "DIC",
    ),  # what is read in Latin letters
    *(
        "calciphylaxis",
        "heparin",
        "hydroxyurea",
        "morphine",
        "codeine",
        "sevelamer",
        "sodium",
        "thiosulphate",
        "warfarin",
    ),  # beside the Chinese
    *("von", "Kossa", "Martorell"),
}
"""Units, codes and names; drugs, studies and what the case file says come from the record."""


def chinese() -> dict[str, str]:
    return catalogue("zh-Hant")


def test_no_message_lacks_its_translation():
    """`make catalogue` lists what is new; it is translated by hand."""
    known = chinese()
    missing = [message for message in messages() if (message if isinstance(message, str) else message[0]) not in known]

    assert missing == []


def test_translations_have_the_places_of_their_messages():
    """A place that is lost loses a number."""
    wrong = [message for message, string in chinese().items() if placeholders(message) != placeholders(string)]

    assert wrong == []


def test_catalogue_holds_nothing_that_nobody_says():
    """What has gone from the code goes from the catalogue with `make catalogue`."""
    said = {part for message in messages() for part in ((message,) if isinstance(message, str) else message)}

    assert set(chinese()) - said == {" "}


def test_every_letter_of_the_catalogue_is_in_the_font():
    """`python -m tools.font` makes the font anew."""
    text = "".join(chinese().values())

    assert covered(text), sorted(set(text) - letters())


def test_messages_are_found_in_code_templates_and_tables():
    """One of each kind, and a counted one."""
    found = messages()

    assert "evidence/rules.toml" in str(found.values())
    assert "report/templates/report.html.j2" in str(found.values())
    assert ("{count} calcified vessel marked", "{count} calcified vessels marked") in found
    assert "say" in SAID
    assert (LOCALE / "zh_Hant.po").is_file()


def test_dates_and_numbers_are_local():
    """9 March 2026 is 2026年3月9日; both languages group by commas."""
    text = say("{day}: {n:,.1f}", day=date(2026, 3, 9), n=1430.25)

    assert translated(text, "en") == "9 March 2026: 1,430.2"
    assert translated(text, "zh-Hant") == "2026年3月9日: 1,430.2"


def test_lists_are_joined_as_the_language_does():
    """Commas in English, enumeration commas in Chinese; sentences without a blank."""
    text = say("{classes:, }", classes=["large", "small"])

    assert (translated(text, "en"), translated(text, "zh-Hant")) == ("large, small", "大、小動脈")


def test_one_and_several_are_one_in_chinese():
    """Both English forms have the same translation."""
    told = [translator("zh-Hant").counted(n, "{count} image examined", "{count} images examined") for n in (1, 2)]

    assert told == ["已檢視 1 張影像", "已檢視 2 張影像"]


def test_language_that_is_not_there_is_refused():
    """The message says which there are."""
    with pytest.raises(BadInput, match="the languages are: en, zh-Hant"):
        translator("tlh")


def foreign_words(page: Page, record: Record) -> set[str]:
    """Words in Latin letters that are no unit, code, name or number of a finding."""
    clinical = record.clinical
    given = [drug.name for drug in clinical.drugs] + [lab.as_given for lab in clinical.labs]
    given += [question.as_given for question in clinical.questions] + [term.study for term in record.evidence.terms]
    given += [entry.name for entry in clinical.conditions] + [clinical.impression or ""]
    given += [entry.reason or "" for entry in (*clinical.treatments, *clinical.biopsies)]
    given += [entry.dose or "" for entry in clinical.treatments] + [
        clinical.outcome.cause or "" if clinical.outcome else ""
    ]
    own = {word for text in [*given, "calcitriol"] for word in re.findall("[A-Za-z]+", text)}
    text = re.sub(r"\b[0-9a-f]{12,}(\.\w+)?", "", page.text)
    return {
        word for word in re.findall(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])", text) if word not in ALLOWED | own
    }


def test_chinese_page_has_no_english_word(patient, pixels):
    """Units, codes, names and references stay; everything else is said in Chinese."""
    page = Page(html_page(patient, {"img-1": pixels}, "zh-Hant"), left_out="li#ref-")

    assert page.all("html") == [{"lang": "zh-Hant"}]
    assert foreign_words(page, patient) == set()


@pytest.mark.parametrize("case", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_invented_patient_has_an_english_word(case):
    """Other lesions, drugs, laboratory values and mimics than those of the report."""
    record = calcinet.examine((), case=case, prior=0.1)
    page = Page(html_page(record, {}, "zh-Hant"), left_out="li#ref-")

    assert foreign_words(page, record) == set()


def test_record_read_back_gives_the_same_chinese_page(patient, pixels):
    """The file alone is enough to say everything in another language."""
    read = Record.from_json(patient.to_json())

    assert html_page(read, {"img-1": pixels}, "zh-Hant") == html_page(patient, {"img-1": pixels}, "zh-Hant")
