"""What bright components of a limb are."""

import numpy as np
import pytest

from calcinet.findings.ct.classify import Scan, classify, is_given
from calcinet.findings.ct.exclusions import distance_from_bone
from calcinet.findings.finding import Kind
from tests.support.ct_volumes import LIMB_MM, MUSCLE, block, ct, deposit, deposits_of, limb, put


def _classify(pixels, components, **changes):
    image = ct(pixels, LIMB_MM)
    anatomy, deposits = deposits_of(image, components)
    fields = {
        "image": image,
        "anatomy": anatomy,
        "muscle": MUSCLE,
        "skin_mm": 1.5,
        "from_bone": distance_from_bone(anatomy),
        "arteries": None,
        "is_enhanced": False,
    }
    return classify(Scan(**{**fields, **changes}), deposits)


NODULE = ((28, 58, 80), (31, 61, 83))
"""In the muscle, 27 mm deep."""

VESSEL = ((20, 59, 104), (32, 60, 105))
"""12 mm long, in the subcutis."""


def test_a_nodule_in_muscle_is_a_focus_of_muscle():
    """Alone, far from bone, in no bundle."""
    pixels = limb()
    found = _classify(pixels, [put(pixels, *NODULE)])

    assert [(one.kind, one.compartment) for one in found.deposits] == [(Kind.FOCUS, "muscle")]
    assert not found.paths
    assert not found.left_out


def test_a_long_tube_deep_under_the_fascia_is_an_artery():
    """30 mm along the limb: one path with all of it."""
    pixels = limb()
    found = _classify(pixels, [put(pixels, *NODULE), put(pixels, (10, 59, 90), (40, 61, 92))])

    assert [one.compartment for one in found.deposits] == ["muscle", "artery"]
    assert found.deposits[1].kind is Kind.VESSEL
    assert [path.members for path in found.paths] == [(1,)]
    assert found.paths[0].calcified_mm == pytest.approx(30, abs=1)


def test_a_thin_tube_of_the_subcutis_is_a_small_vessel_unless_blood_is_enhanced():
    """A vein with contrast agent looks the same."""
    pixels = limb()
    component = put(pixels, *VESSEL)

    assert _classify(pixels, [component]).deposits[0].kind is Kind.VESSEL
    assert _classify(pixels, [component], is_enhanced=True).deposits[0].kind is Kind.FOCUS
    assert _classify(pixels, [component]).deposits[0].compartment == "subcutis"


def test_what_touches_bone_is_left_out_as_bone():
    """The bone ends at column 52."""
    pixels = limb()
    found = _classify(pixels, [put(pixels, (28, 59, 53), (31, 62, 56))])

    assert not found.deposits
    assert found.left_out == {"bone": 1}


def test_a_splinter_near_to_bone_is_an_ossicle():
    """4 mm beside the bone, and touching nothing."""
    pixels = limb()
    found = _classify(pixels, [put(pixels, (28, 59, 57), (31, 62, 60))])

    assert not found.deposits
    assert found.left_out == {"ossicle": 1}


def test_an_artery_that_the_caller_knows_is_one_whatever_else_it_looks_like():
    """The nodule of muscle, and the splinter near to bone."""
    pixels = limb()
    components = [put(pixels, *NODULE), put(pixels, (28, 59, 57), (31, 62, 60))]
    arteries = np.zeros(pixels.shape, dtype=bool)
    for component in components:
        arteries[component.box] = True
    found = _classify(pixels, components, arteries=arteries)

    assert [one.compartment for one in found.deposits] == ["artery", "artery"]
    assert not found.left_out


def test_a_net_under_the_skin_is_one_deposit():
    """Lines of 1 mm every 7 mm on a plane of 42 x 42 mm in the subcutis."""
    pixels = limb()
    pixels[:, 10:20, 30:90] = np.where(pixels[:, 10:20, 30:90] == -1000, -100, pixels[:, 10:20, 30:90])
    mask = np.zeros((43, 1, 43), dtype=bool)
    mask[::7] = mask[:, :, ::7] = True
    box = (slice(8, 51), slice(14, 15), slice(39, 82))
    pixels[box][mask] = 500
    component = type(block((0, 0, 0), (1, 1, 1)))(mask, box)
    found = _classify(pixels, [component])

    assert [one.kind for one in found.deposits] == [Kind.NET]
    assert found.deposits[0].net.members == (0,)


def test_a_deposit_is_given_where_most_of_it_is_at_the_mask():
    """Two pixels beside the mask still are; five are not; without a mask nothing is."""
    arteries = np.zeros((20, 20, 20), dtype=bool)
    arteries[:, :, :5] = True

    assert is_given(deposit(block((5, 5, 5), (8, 8, 7))), arteries)
    assert not is_given(deposit(block((5, 5, 10), (8, 8, 12))), arteries)
    assert not is_given(deposit(block((5, 5, 5), (8, 8, 7))), None)
