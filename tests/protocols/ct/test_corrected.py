"""What a reader corrects on a CT: deposits go, are called otherwise or lie elsewhere, and every number follows."""

import pytest

from calcinet.apps.web.kept_groundwork import read_groundwork, write_groundwork
from calcinet.errors import BadInput
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.protocols import correct_image
from calcinet.protocols.corrections import FindingEdit


def correct(scan, examined, *edits):
    """The record as a reader corrects it, begun with what was found."""
    record, marks = examined
    return correct_image(scan[0], record, DEFAULT_CLASSES, edits, marks.groundwork)


def in_compartment(record, compartment):
    return [finding for finding in record.findings if finding.compartment == compartment]


def volume_of(findings):
    return sum(finding.volume_mm3 for finding in findings)


def test_rejected_deposit_goes_with_its_volume_and_its_voxels(scan, examined):
    """The volume of all is that of the sum of those that are left, which keep their ids."""
    found = examined[0]
    gone = in_compartment(found, "artery")[0].id
    record, marks = correct(scan, examined, FindingEdit(action="reject", finding=gone))

    assert [finding.id for finding in record.findings] == [name.id for name in found.findings if name.id != gone]
    assert record.measures["ct.volume_mm3"] == pytest.approx(volume_of(record.findings))
    assert record.measures["ct.volume_mm3"] < found.measures["ct.volume_mm3"]
    assert record.measures["ct.agatston"] < found.measures["ct.agatston"]
    assert gone not in marks.volume.voxels
    assert all(gone not in artery.findings for artery in record.ct.arteries)
    assert any("Volume" in note and "as the program found it" in note for note in record.correction_notes)


def test_deposit_that_lies_in_an_artery_is_scored(scan, examined):
    """Its volume moves from the soft tissue to the arteries, and the whole stays."""
    found = examined[0]
    moved = next(finding for finding in found.findings if finding.compartment in ("muscle", "subcutis", "skin"))
    record, _ = correct(scan, examined, FindingEdit(action="relabel", finding=moved.id, detail="artery"))
    after = next(finding for finding in record.findings if finding.id == moved.id)

    assert (after.kind, after.compartment) == ("vessel", "artery")
    assert volume_of(in_compartment(record, "artery")) == pytest.approx(record.measures["ct.artery_volume_mm3"])
    assert record.measures["ct.artery_volume_mm3"] > found.measures["ct.artery_volume_mm3"]
    assert record.measures["ct.volume_mm3"] == pytest.approx(found.measures["ct.volume_mm3"], rel=0.05)
    told = record.corrections[0]
    assert (told.found_as, told.detail_before) == (moved.kind, moved.compartment)
    assert (told.corrected_to, told.detail_after) == ("vessel", "artery")


def test_correction_is_that_of_a_whole_examination(scan, examined, tmp_path):
    """With the groundwork written and read again as without any."""
    write_groundwork(tmp_path / "groundwork.npz", examined[1].groundwork)
    edits = [FindingEdit(action="reject", finding="f1"), FindingEdit(action="relabel", finding="f2", kind="focus")]
    kept = read_groundwork(tmp_path / "groundwork.npz")
    assert kept is not None
    record, marks = correct_image(scan[0], examined[0], DEFAULT_CLASSES, edits, kept)
    whole, marked = correct_image(scan[0], examined[0], DEFAULT_CLASSES, edits)

    assert record == whole
    assert (marks.mask == marked.mask).all()


def test_other_calcium_lies_in_no_artery(scan, examined):
    """Called so, it counts no more among the arteries; said to be both, it is refused."""
    found = examined[0]
    artery = in_compartment(found, "artery")[0].id
    record, _ = correct(scan, examined, FindingEdit(action="relabel", finding=artery, kind="focus"))

    assert (record.corrections[0].corrected_to, record.corrections[0].detail_after) == ("focus", "unknown")
    assert next(finding for finding in record.findings if finding.id == artery).compartment == "unknown"
    assert record.measures["ct.agatston"] < found.measures["ct.agatston"]
    with pytest.raises(BadInput, match="calcium in an artery is a vessel"):
        correct(scan, examined, FindingEdit(action="relabel", finding=artery, kind="focus", detail="artery"))


def test_net_and_line_are_not_drawn_on_a_ct(scan, examined):
    with pytest.raises(BadInput, match="can be called vessel, focus"):
        correct(scan, examined, FindingEdit(action="relabel", finding="f1", kind="uptake"))
    with pytest.raises(BadInput, match="rejected or relabelled"):
        correct(scan, examined, FindingEdit(action="add", finding="f9", kind="vessel", points=((0, 0), (9, 9))))
