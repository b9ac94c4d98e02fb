"""Pulses and pressure index of a limb with a wound."""

import pytest

from calcinet.evidence import limb_flow
from tests.support.patients import FINGER, LEGS, situation


@pytest.mark.parametrize(
    ("lesions", "examination", "threatened"),
    [
        ([LEGS], {"peripheral_pulses": "absent"}, True),
        ([LEGS], {"ankle_brachial_index": 0.39}, True),
        ([LEGS], {"ankle_brachial_index": 0.4, "peripheral_pulses": "present"}, False),
        ([LEGS], {"ankle_brachial_index": 1.6}, None),
        ([FINGER], {"peripheral_pulses": "absent"}, True),
        ([FINGER], {"ankle_brachial_index": 0.3, "peripheral_pulses": "present"}, False),
        ([{"site": "abdomen", "kind": "ulcer"}], {"peripheral_pulses": "absent", "ankle_brachial_index": 0.3}, False),
        ([{"site": "lower leg", "kind": "livedo", "necrotic": False}], {"peripheral_pulses": "absent"}, False),
    ],
)
def test_limb_in_danger(lesions, examination, threatened):
    """A wound or dead tissue of that limb, and no flow; an index above 1.4 says nothing."""
    assert limb_flow.limb_threatened(situation(lesions=lesions, examination=examination)) is threatened
