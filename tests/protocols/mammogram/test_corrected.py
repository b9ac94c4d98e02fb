"""What a reader rejects or relabels on a mammogram, on marks of a few pixels."""

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.findings.finding import LABELS, Kind
from calcinet.findings.mammogram.arteries import Artery
from calcinet.findings.mammogram.finder import BreastCalcium
from calcinet.findings.projection_calcium import Calcium
from calcinet.protocols.corrections import FindingEdit, check_corrections
from calcinet.protocols.mammogram.corrected import correct_findings
from calcinet.protocols.net_measures import CandidateNet
from calcinet.record import FindingRecord, ImageRecord
from tests.support.limbs import square


def reject(finding):
    return [FindingEdit(action="reject", finding=finding)]


def artery(pattern):
    line = np.array([[10.0, 0.0], [10.0, 1.0]])
    return Artery(
        centre_line=line,
        half_width_px=np.ones(2),
        calcified=np.ones(2, bool),
        pixels=line.astype(np.intp),
        pattern=pattern,
        two_walls=False,
    )


@pytest.fixture
def mammogram():
    """A net that is called (f1), one that is not, and two arteries (f2, f3); 4 pixels each."""
    nets = [square(0, 0, kind=Kind.NET), square(0, 5, kind=Kind.NET)]
    vessels = [square(10, 0, kind=Kind.VESSEL), square(10, 5, kind=Kind.VESSEL)]
    found = BreastCalcium(
        Calcium(findings=(*nets, *vessels), labels=np.zeros((20, 20), np.uint8), net_score=0.0),
        arteries=(artery("punctate"), artery("coarse")),
        grains=0,
    )
    candidates = [
        CandidateNet(finding=net, patch=net.mask, geometry=None, probability=probability)
        for net, probability in zip(nets, (0.9, 0.2), strict=True)
    ]
    return found, candidates


def test_rejected_artery_goes_with_its_pixels_and_the_others_keep_their_ids(mammogram):
    left = correct_findings(*mammogram, reject("f2"))

    assert left.ids == ["f1", "f3"]
    assert [kept.pattern for kept in left.found.arteries] == ["coarse"]
    assert (left.found.calcium.labels == LABELS[Kind.VESSEL]).sum() == 4


def test_rejected_net_leaves_the_candidate_that_was_not_called(mammogram):
    left = correct_findings(*mammogram, reject("f1"))

    assert left.ids == ["f2", "f3"]
    assert [net.is_called for net in left.nets] == [False]
    assert (left.found.calcium.labels == LABELS[Kind.NET]).sum() == 4


def test_artery_that_is_none_is_other_calcium_with_its_pixels(mammogram):
    left = correct_findings(*mammogram, [FindingEdit(action="relabel", finding="f3", kind="focus")])

    assert left.ids == ["f1", "f2"]
    assert [*left.foci] == ["f3"]
    assert [kept.pattern for kept in left.found.arteries] == ["punctate"]
    assert (left.found.calcium.labels == LABELS[Kind.FOCUS]).sum() == 4


def test_pattern_of_an_artery_is_the_readers(mammogram):
    left = correct_findings(*mammogram, [FindingEdit(action="relabel", finding="f2", detail="coarse")])

    assert left.ids == ["f1", "f2", "f3"]
    assert [kept.pattern for kept in left.found.arteries] == ["coarse", "coarse"]


@pytest.mark.parametrize(
    ("edit", "because"),
    [
        ({"action": "relabel", "kind": "net"}, "can be called focus"),
        ({"action": "relabel", "detail": "skin"}, "one of punctate, coarse, got skin"),
        ({"action": "erase", "points": ((0, 0), (0, 1), (1, 1))}, "rejected or relabelled, got erase"),
    ],
)
def test_what_cannot_be_said_of_an_artery_is_refused(edit, because):
    found = ImageRecord(
        id="img-1",
        modality="MG",
        findings=(FindingRecord(id="f1", kind="vessel"),),
        resolvable_mm=0.2,
    )

    with pytest.raises(BadInput, match=because):
        check_corrections(found, [FindingEdit(finding="f1", **edit)])
