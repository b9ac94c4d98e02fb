"""What a reader rejects on a mammogram, on marks of a few pixels."""

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.findings.finding import LABELS, Kind
from calcinet.findings.mammogram.finder import BreastCalcium
from calcinet.findings.projection_calcium import Calcium
from calcinet.protocols.corrections import FindingEdit, check_corrections
from calcinet.protocols.mammogram.corrected import reject_findings
from calcinet.protocols.net_measures import CandidateNet
from calcinet.record import FindingRecord, ImageRecord
from tests.support.limbs import square


def reject(finding):
    return [FindingEdit(action="reject", finding=finding)]


@pytest.fixture
def mammogram():
    """A net that is called (f1), one that is not, and two arteries (f2, f3); 4 pixels each."""
    nets = [square(0, 0, kind=Kind.NET), square(0, 5, kind=Kind.NET)]
    vessels = [square(10, 0, kind=Kind.VESSEL), square(10, 5, kind=Kind.VESSEL)]
    found = BreastCalcium(
        Calcium(findings=(*nets, *vessels), labels=np.zeros((20, 20), np.uint8), net_score=0.0),
        arteries=("first", "second"),
        grains=0,
    )
    candidates = [
        CandidateNet(finding=net, patch=net.mask, geometry=None, probability=probability)
        for net, probability in zip(nets, (0.9, 0.2), strict=True)
    ]
    return found, candidates


def test_rejected_artery_goes_with_its_pixels_and_the_others_keep_their_ids(mammogram):
    left = reject_findings(*mammogram, reject("f2"))

    assert left.ids == ["f1", "f3"]
    assert left.found.arteries == ("second",)
    assert (left.found.calcium.labels == LABELS[Kind.VESSEL]).sum() == 4


def test_rejected_net_leaves_the_candidate_that_was_not_called(mammogram):
    left = reject_findings(*mammogram, reject("f1"))

    assert left.ids == ["f2", "f3"]
    assert [net.is_called for net in left.nets] == [False]
    assert (left.found.calcium.labels == LABELS[Kind.NET]).sum() == 4


def test_finding_of_a_mammogram_is_called_nothing_else():
    found = ImageRecord(
        id="img-1",
        modality="MG",
        findings=(FindingRecord(id="f1", kind="vessel"),),
        resolvable_mm=0.2,
    )

    with pytest.raises(BadInput, match="rejected, and called nothing else"):
        check_corrections(found, [FindingEdit(action="relabel", finding="f1", kind="focus")])
