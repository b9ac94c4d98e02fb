"""Whether uptake is where the lesions of the case are."""

from calcinet.clinical.case import Case
from calcinet.protocols import assemble


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
