"""The small pieces of FHIR resources."""

from datetime import UTC, datetime

import pytest

from calcinet.report.edition import Edition
from calcinet.report.fhir.parts import coded, dicom_term, dicom_uid, entry, quantity, reference, term, without_empty
from calcinet.report.quantities.codes import side_code
from tests.support import handmade

EDITION = Edition.of(handmade.examination(), when=datetime(2026, 1, 2, tzinfo=UTC))


def test_words_come_always_and_a_code_where_there_is_one():
    assert coded(None, "left leg") == {"text": "left leg"}
    assert coded(side_code("L"), "left")["coding"] == [
        {"system": "http://snomed.info/sct", "code": "7771000", "display": side_code("L").meaning}
    ]


@pytest.mark.parametrize(("unit", "fields"), [("mm", {"value", "unit", "system", "code"}), ("", {"value"})])
def test_a_quantity_without_a_unit_has_no_system(unit, fields):
    assert set(quantity(2.5, unit)) == fields


def test_a_reference_is_the_address_of_its_entry():
    """The same name, the same address; another name, another."""
    made = entry(EDITION, {"resourceType": "Patient"}, "patient")

    assert reference(EDITION, "patient") == {"reference": made["fullUrl"]}
    assert reference(EDITION, "device") != reference(EDITION, "patient")
    assert made["fullUrl"].startswith("urn:uuid:")


def test_identifiers_and_terms_name_their_systems():
    assert dicom_uid("1.2.3") == {"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}
    assert dicom_term("CT")["code"] == "CT"
    assert term("v2-0074", "RAD")["coding"][0]["system"].endswith("/v2-0074")


def test_empty_elements_are_left_out():
    assert without_empty({"a": 1, "b": [], "c": "", "d": None, "e": {"f": 0}}) == {"a": 1, "e": {"f": 0}}
