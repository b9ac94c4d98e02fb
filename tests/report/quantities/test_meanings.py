"""Label and unit of every number come from the record, the contract or the field, never from a name's spelling."""

import pytest

from calcinet.errors import BadInput
from calcinet.record import Course, CtArtery, CtScore, FindingRecord, Meaning, NotMeasured
from calcinet.record.base import field_meanings
from calcinet.report.quantities.codes import codes
from calcinet.report.quantities.meanings import (
    ARTERY_QUANTITIES,
    CONTRACT_MEANINGS,
    FINDING_QUANTITIES,
    measure_meaning,
    missing_labels,
    missing_of_findings,
    quantity_meaning,
)
from calcinet.report.quantities.table import image_rows


@pytest.mark.parametrize("model", [FindingRecord, CtScore, Course])
def test_every_number_declares_its_unit(model):
    """A number is a field of the type `float`, `int` or `Quantity`; what counts things has the unit 1."""
    numbers = {name for name, field in model.model_fields.items() if field.annotation in (float, int, float | None)}

    assert set(field_meanings(model)) == numbers


def test_units_fit_the_names_of_the_contract():
    """docs/record.md: every name ends in its unit."""
    ends = {
        "mm": "mm",
        "mm2": "mm2",
        "mm3": "mm3",
        "hu": "[hnsf'U]",
        "px": "{pixel}",
        "percent": "%",
        "cm2": "cm2",
        "probability": "1",
        "lesions": "1",
        "agatston": "1",
    }
    declared = {**FINDING_QUANTITIES, **field_meanings(CtScore), **ARTERY_QUANTITIES}

    assert [name for name, meaning in declared.items() if ends[name.rpartition("_")[2]] != meaning.unit] == []


def test_upper_limit_is_listed_behind_the_calibre():
    assert list(FINDING_QUANTITIES)[:4] == ["probability", "calibre_mm", "upper_limit_mm", "length_mm"]


def test_artery_of_a_ct_declares_what_its_parent_declares():
    assert set(ARTERY_QUANTITIES) == {"length_mm", "calcified_mm", "calcified_percent"}
    assert set(CtArtery.model_fields) == {*Course.model_fields, "calcified_interval_mm"}


def test_declared_units_leave_the_schema_as_it_is():
    """A field with a unit reads as one without."""
    properties = FindingRecord.model_json_schema()["properties"]

    assert properties["peak_hu"] == {
        "anyOf": [{"type": "number"}, {"type": "null"}],
        "default": None,
        "title": "Peak Hu",
    }


def test_record_explains_before_the_contract(record):
    own = record.model_copy(update={"meanings": {"resolvable_mm": Meaning(label="Thinnest", unit="cm")}})

    assert measure_meaning("resolvable_mm", own).unit == "cm"
    assert measure_meaning("resolvable_mm", record).unit == "mm"


def test_record_may_explain_a_number_of_a_finding(record):
    own = record.model_copy(update={"meanings": {"length_mm": Meaning(label="Path", unit="mm")}})

    assert quantity_meaning("length_mm", own).label == "Path"
    assert quantity_meaning("length_mm", record).label == "Length"


def test_measure_that_nobody_explains_is_refused(record):
    """A guess of its unit would go into archives."""
    with pytest.raises(BadInput, match="no label and no unit for the measure 'luck_mm'"):
        measure_meaning("luck_mm", record)


def test_contract_names_measures_that_have_codes():
    """But the share of soft tissue that was marked, which no document holds."""
    assert set(CONTRACT_MEANINGS) - set(codes()["quantity"]) <= {"marked_soft_tissue_percent"}


def test_missing_number_of_a_finding_is_told_with_its_number(record):
    """f1 is a vessel of the image; f77 is none, though its name looks like one."""
    missing = (NotMeasured(measure="f1.calibre_mm", because="too short"),)
    image = record.images[0].model_copy(update={"not_measured": missing, "measures": {}, "intervals95": {}})
    (finding, quantity) = missing_of_findings(image)["f1.calibre_mm"]
    row = image_rows(image, record)[-1]

    assert (finding.id, quantity) == ("f1", "calibre_mm")
    assert missing_labels(image, record) == {"f1.calibre_mm": "Finding 1: Calibre"}
    assert (row.quantity, row.label, row.unit, row.value) == ("f1.calibre_mm", "Finding 1: Calibre", "mm", None)
    assert row.concept == codes()["quantity"]["calibre_mm"]

    strange = image.model_copy(update={"not_measured": (NotMeasured(measure="f77.calibre_mm", because="?"),)})
    with pytest.raises(BadInput, match="f77"):
        image_rows(strange, record)
