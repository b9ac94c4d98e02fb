"""One slice, repeated and flattened again."""

import numpy as np
import pytest

from calcinet.findings.ct.anatomy import find_anatomy
from calcinet.findings.ct.nets import Net
from calcinet.findings.ct.single_slice import flatten_anatomy, flatten_deposit, repeat_mask, repeat_slice
from calcinet.findings.finding import Kind
from tests.support.ct_volumes import LIMB_MM, block, ct, deposit, limb


@pytest.mark.parametrize(("slice_mm", "count"), [(5.0, 5), (1.0, 24), (40.0, 2)])
def test_a_slice_is_repeated_to_24_mm(slice_mm, count):
    """24 / 5 = 4.8 is rounded to 5; there are two at least."""
    image = ct(np.arange(12).reshape(1, 3, 4), (slice_mm, 1.0, 1.0))
    tall = repeat_slice(image)

    assert tall.pixels.shape == (count, 3, 4)
    assert (tall.pixels == image.pixels).all()


def test_a_mask_is_repeated_with_its_slice_and_none_stays_none():
    """Three times."""
    mask = np.array([[[True, False]]])

    assert repeat_mask(mask, 3).tolist() == [[[True, False]]] * 3
    assert repeat_mask(None, 3) is None


def test_a_deposit_is_its_section():
    """A column of 24 slices becomes a bar in the plane, whose form and size are those of the section."""
    tall = deposit(block((0, 10, 20), (24, 12, 40)), (1.0, 1.0, 1.0))
    flat = flatten_deposit(tall, (1.0, 1.0, 1.0))

    assert flat.part.mask.shape == (1, 2, 20)
    assert flat.part.box[1:] == tall.part.box[1:]
    assert flat.part.origin == (0, 10, 20)
    assert flat.form == flat.shape.form == "tubular"


def test_a_net_is_a_focus_on_one_slice():
    """One section of it shows no meshes."""
    net = Net((0,), np.ones((3, 3), dtype=bool), np.ones((3, 3), dtype=bool))
    tall = deposit(block((0, 10, 20), (24, 12, 40)), kind=Kind.NET, net=net)

    flat = flatten_deposit(tall, (1.0, 1.0, 1.0))

    assert flat.kind is Kind.FOCUS
    assert flat.net is None


def test_the_map_of_the_slice_is_one_slice_of_all_maps():
    """Body, bone, layers, depth, side, trunk."""
    flat = flatten_anatomy(find_anatomy(ct(limb(24), LIMB_MM)))

    assert flat.grid.shape == (1, 120, 120)
    for values in (flat.body, flat.layers, flat.depth_mm, flat.side, flat.trunk, flat.skeleton.bone, flat.grid.hu):
        assert len(values) == 1
    assert flat.skeleton.bone[0, 30, 20]
