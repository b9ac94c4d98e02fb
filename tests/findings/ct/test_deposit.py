"""Components where they are in the body, and nets of several of them."""

import numpy as np
import pytest

from calcinet.findings.ct.deposit import join_net
from calcinet.findings.ct.nets import Net
from calcinet.findings.finding import Kind
from tests.support.ct_volumes import LIMB_MM, block, ct, deposit, deposits_of, limb, put


def test_compartments_follow_from_depth_and_layer():
    """The limb's right edge is at column 110: skin, 5 mm of fat, 25 mm of muscle."""
    pixels = limb()
    components = [
        put(pixels, (30, 59, 108), (32, 61, 110)),
        put(pixels, (30, 59, 104), (32, 61, 106)),
        put(pixels, (30, 59, 84), (32, 61, 86)),
    ]
    _, found = deposits_of(ct(pixels, LIMB_MM), components, skin_mm=1.5)

    assert [one.compartment for one in found] == ["skin", "subcutis", "unknown"]
    assert [one.depth_mm for one in found] == pytest.approx([1.5, 5.5, 25.5], abs=1.0)
    assert {one.kind for one in found} == {Kind.FOCUS}
    assert {one.peak_hu for one in found} == {600.0}


def test_what_is_joined_into_a_net_is_all_of_its_members():
    """8 voxels at 2 mm and 24 at 4 mm: (8 x 2 + 24 x 4) / 32 = 3.5 mm; the brighter peak; the larger one's side."""
    small = deposit(block((0, 0, 0), (2, 2, 2)), depth_mm=2.0, peak_hu=900.0, side="R")
    large = deposit(block((4, 4, 4), (6, 6, 10)), depth_mm=4.0, peak_hu=500.0, side="L")
    net = Net((0, 2), np.ones((3, 3), dtype=bool), np.ones((3, 3), dtype=bool))

    joined = join_net([small, deposit(block((9, 9, 9), (10, 10, 10))), large], net, skin_mm=1.5)

    assert joined.kind is Kind.NET
    assert joined.form == "net-like"
    assert joined.depth_mm == pytest.approx(3.5)
    assert joined.peak_hu == 900.0
    assert joined.side == "L"
    assert joined.compartment == "subcutis"
    assert joined.part.origin == (0, 0, 0)
    assert {tuple(v) for v in joined.part.voxels()} == {
        tuple(v) for v in np.concatenate([small.part.voxels(), large.part.voxels()])
    }


def test_a_net_as_deep_as_the_skin_is_in_the_skin():
    """1.5 mm deep in skin of 1.5 mm."""
    member = deposit(block((0, 0, 0), (2, 2, 2)), depth_mm=1.5)
    net = Net((0,), np.ones((3, 3), dtype=bool), np.ones((3, 3), dtype=bool))

    assert join_net([member], net, skin_mm=1.5).compartment == "skin"
