"""Every quantity has a code, every standard code stands in pydicom's dictionary, every code of ours says why."""

from typing import get_args

import pytest
from pydicom.sr._concepts_dict import concepts

from calcinet.errors import BadInput
from calcinet.protocols.ct.body_site import NAMES
from calcinet.protocols.ct.meanings import MEANINGS as CT_MEANINGS
from calcinet.protocols.radiograph.meanings import MEANINGS
from calcinet.report.quantities import codes
from calcinet.report.quantities.meanings import FINDING_QUANTITIES
from calcinet.vocabulary import BodyLevel, CalibreClass, Compartment, DepositForm, FindingKind, Side
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "codes.md"

ALL = [(group, name) for group, entries in codes.codes().items() for name in entries]


@pytest.mark.parametrize("name", [*MEANINGS, *CT_MEANINGS, *FINDING_QUANTITIES, "resolvable_mm"])
def test_every_quantity_has_a_code(name):
    assert codes.quantity_code(name).meaning


def test_words_of_the_record_have_codes():
    for kind in get_args(FindingKind):
        assert codes.kind_code(kind).value
    for calibre_class in get_args(CalibreClass):
        assert codes.class_code(calibre_class).ours
    for compartment in get_args(Compartment):
        assert codes.compartment_code(compartment).value
    for side in get_args(Side):
        assert codes.side_code(side).scheme == "SCT"


def test_parts_and_forms_of_a_ct_have_codes():
    """A level that is unknown is coded by the body part of the image."""
    for level in set(get_args(BodyLevel)) - {"unknown"}:
        assert codes.level_code(level, "unknown").scheme == "SCT"
    for form in get_args(DepositForm):
        assert codes.form_code(form).ours
    for anatomy in NAMES.values():
        assert codes.level_code("unknown", anatomy).scheme == "SCT"
    assert codes.level_code(None, "unknown") is None


@pytest.mark.parametrize(("group", "name"), ALL)
def test_standard_codes_stand_in_the_dictionary_with_that_meaning(group, name):
    code = codes.codes()[group][name]
    if code.ours:
        assert code.because
        return
    meanings = {entry[code.value][0] for entry in concepts[code.scheme].values() if code.value in entry}

    assert any(meaning.lower().startswith(code.meaning.lower()) for meaning in meanings)


@pytest.mark.parametrize("code", [code for code in codes.private_codes() if code.nearest != "none"], ids=str)
def test_nearest_concepts_exist(code):
    scheme, _, rest = code.nearest.partition(":")
    value, _, meaning = rest.partition(" ")
    meanings = {entry[value][0] for entry in concepts[scheme].values() if value in entry}

    assert any(known.lower().startswith(meaning.lower()) for known in meanings)


def test_codes_of_ours_differ():
    values = [code.value for code in codes.private_codes()]

    assert len(set(values)) == len(values)
    assert codes.scheme()["uri"] == codes.SYSTEMS[codes.scheme()["designator"]]


def test_quantity_without_a_code_is_refused():
    with pytest.raises(BadInput, match=r"give it one in report/codes\.toml"):
        codes.quantity_code("luck_mm")


def test_code_longer_than_dicom_allows_is_refused():
    with pytest.raises(ValueError, match="longer"):
        codes.Code(value="X" * 17, scheme="DCM", meaning="x")


def test_unverified_site_has_no_code():
    assert codes.site_code("tail") is None


def test_page_of_codes_is_that_of_the_table():
    assert PAGE.read_text("utf-8") == codes.mapping_page()
