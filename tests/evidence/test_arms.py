"""Facts of hands and arms: dead tissue, and a dialysis access on that side."""

import pytest

from calcinet.evidence import arms
from tests.support.patients import FINGER, LEGS, situation


@pytest.mark.parametrize(
    ("lesions", "only"),
    [([FINGER], True), ([FINGER, {"site": "forearm", "kind": "ulcer"}], True), ([FINGER, LEGS], False), ([], False)],
)
def test_lesions_of_arms_alone(lesions, only):
    assert arms.arm_only(situation(lesions=lesions)) is only


@pytest.mark.parametrize(
    ("names", "there"),
    [
        ([], None),
        (["hypertension"], None),
        (["AV fistula"], True),
        (["AV fistula, right arm"], True),
        (["left brachiocephalic fistula"], False),
        (["left AVF", "right AV graft"], True),
        (["perianal fistula"], None),
        (["ventriculoperitoneal shunt"], None),
    ],
)
def test_access_in_the_arm_of_the_lesion(names, there):
    """The finger is of the right hand; a fistula whose side was not told may be there."""
    patient = situation(lesions=[FINGER], conditions=[{"name": name} for name in names])

    assert arms.access_on_that_side(patient) is there


def test_access_that_is_absent_or_past():
    absent = situation(lesions=[FINGER], conditions=[{"name": "AV fistula", "present": False}])
    past = situation(lesions=[FINGER], conditions=[{"name": "previous AV fistula"}])

    assert arms.access_on_that_side(absent) is False
    assert arms.access_on_that_side(past) is None


def test_sites_of_dead_tissue_of_the_hand():
    """An ulcer that is not dead, and a leg, are not among them."""
    lesions = [FINGER, FINGER, LEGS, {"site": "hand", "kind": "ulcer", "necrotic": False}]

    assert arms.list_hand_sites(situation(lesions=lesions)) == ["finger"]
