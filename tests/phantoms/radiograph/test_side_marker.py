"""The lead letter stands in open air, opaque on its plate."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.body import Body
from calcinet.phantoms.radiograph.confounders import Clutter
from calcinet.phantoms.radiograph.side_marker import LEAD, PLATE, draw_lead_letter
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.truth import AIR, SOFT


def _clutter(air_columns, seed=0, **more):
    """A film of 80 x 60 mm at 0.2 mm whose first columns are air."""
    spec = LimbSpec(field_mm=(80.0, 60.0), **more)
    depth = np.full(spec.shape, 5.0, np.float32)
    depth[:, :air_columns] = 0
    body = Body(np.zeros(spec.shape, np.float32), np.where(depth > 0, SOFT, AIR).astype(np.uint8), depth)
    planes = [np.zeros(spec.shape, np.float32) for _ in range(3)]
    return Clutter(
        spec=spec,
        body=body,
        rng=np.random.default_rng(seed),
        attenuation=planes[0],
        metal=planes[1],
        calcium_mm=planes[2],
    )


@pytest.mark.parametrize("letter", ["R", "L"])
def test_the_letter_lies_in_air_alone(letter):
    """120 columns of air are 24 mm: room for a plate of 12 mm and more."""
    clutter = _clutter(120)
    draw_lead_letter(clutter, letter)

    assert clutter.metal[:, :120].any()
    assert not clutter.metal[:, 120:].any()


def test_ink_is_opaque_and_the_plate_is_just_seen():
    """Plate 0.06, letter 4 on it."""
    clutter = _clutter(120)
    draw_lead_letter(clutter, "L")
    drawn = clutter.metal[clutter.metal > 0]

    assert drawn.min() == pytest.approx(PLATE)
    assert drawn.max() == pytest.approx(PLATE + LEAD, rel=0.02)
    assert 0.05 < np.mean(drawn > 1) < 0.4


def test_where_there_is_no_room_there_is_no_letter():
    """12 mm of air: less than twice 7 mm."""
    clutter = _clutter(60)
    draw_lead_letter(clutter, "R")

    assert not clutter.metal.any()


def test_the_letter_keeps_to_the_collimated_field():
    """A margin of 10 mm at top and bottom: 50 rows."""
    clutter = _clutter(120, border="white", margin_mm=(10.0, 0.0))
    draw_lead_letter(clutter, "R")

    assert clutter.metal[50:-50].any()
    assert not clutter.metal[:50].any()
    assert not clutter.metal[-50:].any()


def test_now_and_then_the_letter_is_seen_from_behind():
    """An L has more ink on its left; mirrored, on its right. Of 40 some are mirrored, most are not."""
    left = []
    for seed in range(40):
        clutter = _clutter(120, seed)
        draw_lead_letter(clutter, "L")
        columns = (clutter.metal > 1).sum(axis=0)
        inked = np.flatnonzero(columns)
        middle = (inked[0] + inked[-1]) // 2
        left.append(columns[:middle].sum() > columns[middle:].sum())

    assert 20 <= sum(left) < 40
