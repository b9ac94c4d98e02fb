"""What a reader corrects on a bone scan: signs go, or lie elsewhere; what was counted stays."""

import pytest

from calcinet.errors import BadInput
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.phantoms.scintigram.whole_body import whole_body
from calcinet.protocols import correct_image
from calcinet.protocols.corrections import FindingEdit, note_corrections
from calcinet.protocols.scintigram.corrected import correct_segments
from calcinet.protocols.scintigram.protocol import grade_scan
from calcinet.protocols.scintigram.sentences import describe_scan
from tests.support.ill_calf import ILL, segment


def reject_all(ill):
    return [FindingEdit(action="reject", finding=finding.id) for finding in ill.findings]


def test_rejected_uptake_is_no_sign_and_no_grade_any_more(ill):
    """All findings rejected: grade 0, as of a healthy person; every ratio as it was counted."""
    image = whole_body(ILL).image
    record, _ = correct_image(image, ill, DEFAULT_CLASSES, reject_all(ill))

    assert ill.scintigram.grade == 2
    assert record.scintigram.grade == 0
    assert record.findings == ()
    assert record.measures == ill.measures
    assert any("No increased and no heterogeneous uptake" in said for said in record.statements)
    assert "found as uptake (left lower leg), was rejected" in record.correction_notes[0]


def test_uptake_that_lies_in_another_segment_takes_its_signs_along(ill):
    """The ill calf, said to be the thigh of that side: the finding keeps its id, the calf has no sign."""
    kept = correct_segments(ill.scintigram.segments, [FindingEdit(action="relabel", finding="f1", detail="L thigh")])
    signs = {(one.side, one.part): one.signs for one in kept.segments if one.signs}

    assert signs == {("L", "thigh"): segment(ill, "lower leg", "L").signs}
    assert kept.ids == {("thigh", "L"): "f1"}
    assert grade_scan(kept.segments) == 2
    told = describe_scan(ill.scintigram.model_copy(update={"segments": tuple(kept.segments)}))
    assert "left thigh: increased, says a reader" in told[0]


def test_uptake_that_is_no_tissue_is_left_out(ill):
    edits = [FindingEdit(action="relabel", finding="f1", detail="injection site")]
    kept = correct_segments(ill.scintigram.segments, edits)

    assert [left.label for left in kept.left_out] == ["likely injection site (left lower leg), says a reader"]
    assert kept.ids == {}
    assert grade_scan(kept.segments) == 0
    told = note_corrections(ill, ill, edits, {})
    assert "found as uptake (left lower leg), is uptake (likely injection site)" in told.correction_notes[0]


def test_a_place_that_was_not_measured_is_refused(ill):
    with pytest.raises(BadInput, match="got L trunk"):
        note_corrections(ill, ill, [FindingEdit(action="relabel", finding="f1", detail="L trunk")], {})
