"""Whether uptake is where the lesions of the case are."""

import pytest

from calcinet.clinical.case import Case
from calcinet.protocols import assemble
from calcinet.protocols.scintigram.lesion_sentences import compare_with_lesions, is_affected
from calcinet.record import ImageRecord, NotMeasured, ScintigramRecord, UptakeSegment


def test_uptake_at_the_lesion_is_said(ill):
    """An ulcer of the left leg; and one of the right leg alone."""
    left, right = (Case.model_validate({"lesions": [{"site": "leg", "side": s, "kind": "ulcer"}]}) for s in "LR")

    assert "All of this uptake lies at affected sites" in assemble([ill], left).images[0].statements[-1]
    assert "None of this uptake lies at an affected site" in assemble([ill], right).images[0].statements[-1]


def test_a_lesion_without_a_side_is_not_given_one(ill):
    """An ulcer of a leg, the side not told: both sides count, and that is said; with the side it is not."""
    told = []
    for side in (None, "L"):
        case = Case.model_validate({"lesions": [{"site": "leg", "side": side, "kind": "ulcer"}]})
        told.append("side of a lesion was not told" in assemble([ill], case).images[0].statements[-1])

    assert told == [True, False]


def bone_scan(*segments) -> ImageRecord:
    scan = ScintigramRecord(views=("anterior",), whole_body=True, counts=1e6, grade=1, segments=segments)
    missing = (NotMeasured(measure="resolvable_mm", because="no lines"),)
    return ImageRecord(id="img-1", modality="NM", scintigram=scan, not_measured=missing)


def increased(part, side) -> UptakeSegment:
    return UptakeSegment(part=part, side=side, signs=("increased",))


def lesion(site, side) -> Case:
    return Case.model_validate({"lesions": [{"site": site, "side": side, "kind": "ulcer"}]})


def test_some_uptake_at_the_lesion_names_only_that():
    image = bone_scan(increased("lower leg", "L"), increased("forearm", "R"))

    assert compare_with_lesions(image, lesion("lower leg", "L")) == (
        "Some of this uptake lies at affected sites of the case: left lower leg.",
    )


def test_without_uptake_or_without_lesions_nothing_is_compared():
    quiet = UptakeSegment(part="lower leg", side="L")

    assert compare_with_lesions(bone_scan(quiet), lesion("lower leg", "L")) == ()
    assert compare_with_lesions(bone_scan(increased("thigh", "L")), Case()) == ()


@pytest.mark.parametrize(
    ("site", "side", "anywhere", "with_side"),
    [
        ("leg", "L", True, True),
        ("leg", "B", True, True),
        ("leg", None, True, False),
        ("leg", "R", False, False),
        ("arm", "L", False, False),
    ],
)
def test_a_leg_lesion_affects_the_thigh_of_its_side(site, side, anywhere, with_side):
    """Both sides count where the side is not given, unless a side is asked for."""
    thigh = increased("thigh", "L")

    assert is_affected(thigh, lesion(site, side)) is anywhere
    assert is_affected(thigh, lesion(site, side), with_side=True) is with_side
