"""Vessels traced from walls drawn at known places."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.errors import BadInput
from calcinet.findings.vessel_tracing import TracedVessel, trace_vessels

SHAPE = (400, 400)


def drawn(*lines: np.ndarray, width: int = 3) -> np.ndarray:
    """Paint polylines of (row, column) points."""
    canvas = np.zeros(SHAPE, dtype=np.uint8)
    for line in lines:
        cv2.polylines(canvas, [np.round(np.asarray(line)[:, ::-1] * 16).astype(np.int32)], False, 1, width, shift=4)
    return canvas > 0


def track(angle_deg: float, apart: float, *, bend: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centre line of 300 px and its two walls."""
    t = np.linspace(-150, 150, 301)
    angle = np.deg2rad(angle_deg)
    along = np.array([np.sin(angle), np.cos(angle)])
    across = np.array([np.cos(angle), -np.sin(angle)])
    centre = 200 + t[:, None] * along + bend * np.sin(t / 60)[:, None] * across
    tangent = np.gradient(centre, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return centre, centre + apart / 2 * normal, centre - apart / 2 * normal


def traced(mask: np.ndarray, **options: float) -> list[TracedVessel]:
    return trace_vessels(mask, **{"max_calibre_px": 45.0, "min_length_px": 40.0} | options)


def farthest(line: np.ndarray, truth: np.ndarray) -> float:
    """Largest distance of a point of `line` from `truth`, whose ends are drawn out by 8 px: across, not along."""
    steps = np.arange(1, 9)[:, None]
    before, after = truth[0] + steps * (truth[0] - truth[1]), truth[-1] + steps * (truth[-1] - truth[-2])
    truth = np.vstack([before, truth, after])
    return float(np.linalg.norm(line[:, None] - truth[None], axis=2).min(axis=1).max())


@pytest.mark.parametrize("apart", [8, 20, 38])
@pytest.mark.parametrize("angle_deg", [0, 33, 90])
def test_two_parallel_walls_are_one_vessel(angle_deg, apart):
    """Walls 3 px wide and `apart` from middle to middle: the outer half-width is (apart + 3) / 2."""
    centre, left, right = track(angle_deg, apart, bend=12)
    (vessel,) = traced(drawn(left, right))

    assert vessel.two_walls
    assert farthest(vessel.centre_line, centre) < 1.5
    assert np.median(vessel.half_width_px) == pytest.approx((apart + 3) / 2, abs=1)
    assert len(vessel.centre_line) == pytest.approx(300, rel=0.06)


def test_a_wall_broken_in_places_still_belongs_to_its_vessel():
    """One wall whole, the other one in three pieces with gaps of 20 and 45 px."""
    centre, left, right = track(20, 24)
    (vessel,) = traced(drawn(left, right[:90], right[110:180], right[225:]))

    assert vessel.two_walls
    assert farthest(vessel.centre_line, centre) < 2


def test_where_one_wall_ends_the_other_leads_on():
    """The left wall covers the first two thirds, the right one the last two: the vessel is as long as both."""
    centre, left, right = track(70, 20)
    (vessel,) = traced(drawn(left[:200], right[100:]))

    assert farthest(vessel.centre_line, centre) < 2
    assert len(vessel.centre_line) == pytest.approx(300, abs=15)


def test_walls_that_meet_at_the_end_are_one_vessel():
    """A hairpin: the two walls are joined by a cap."""
    centre, left, right = track(0, 20)
    vessels = traced(drawn(left, right, np.stack([left[-1], right[-1]])))

    assert vessels[0].two_walls
    assert len(vessels[0].centre_line) == pytest.approx(300, abs=25)
    assert farthest(vessels[0].centre_line[20:-20], centre) < 2


def test_a_single_line_is_a_vessel_of_its_own_width():
    """5 px wide: half-width 2.5 px."""
    centre, *_ = track(40, 0)
    (vessel,) = traced(drawn(centre, width=5))

    assert not vessel.two_walls
    assert np.median(vessel.half_width_px) == pytest.approx(2.5, abs=0.7)
    assert farthest(vessel.centre_line, centre) < 1


def test_lines_that_cross_go_straight_on():
    """An X of two lines is two vessels, not four or two bends."""
    first, *_ = track(30, 0)
    second, *_ = track(80, 0)
    vessels = traced(drawn(first, second))

    assert [len(vessel.centre_line) for vessel in vessels] == pytest.approx([300, 300], abs=8)


def test_small_gaps_are_bridged_and_wide_ones_are_not():
    """15 px against 80 px, with calibres up to 45 px."""
    line, *_ = track(10, 0)

    assert len(traced(drawn(line[:140], line[155:]))) == 1
    assert len(traced(drawn(line[:110], line[190:]))) == 2


def test_lines_far_apart_are_two_vessels():
    """60 px is more than the widest calibre asked for."""
    _, left, right = track(0, 60)

    assert [vessel.two_walls for vessel in traced(drawn(left, right))] == [False, False]


def test_meshes_of_a_net_are_not_strung_into_long_vessels():
    """Hexagons: three lines meet at 120 degrees, none goes straight on."""
    corners = np.deg2rad(np.arange(0, 361, 60))
    ring = 16 * np.stack([np.sin(corners), np.cos(corners)], axis=1)
    middles = [(40 + 27.7 * i + 13.9 * (j % 2), 40 + 24 * j) for i in range(10) for j in range(12)]
    vessels = traced(drawn(*[ring + middle for middle in middles], width=2))

    assert max((len(vessel.centre_line) for vessel in vessels), default=0) < 120


@given(rows=st.integers(-30, 30), columns=st.integers(-30, 30))
@settings(max_examples=8, deadline=None)
def test_a_shifted_mask_gives_shifted_vessels(rows, columns):
    """Moving the mask by whole pixels moves the lines by as much."""
    _, left, right = track(25, 16, bend=8)
    mask = drawn(left, right)
    (here,) = traced(mask)
    (there,) = traced(np.roll(mask, (rows, columns), axis=(0, 1)))

    assert farthest(there.centre_line - (rows, columns), here.centre_line) < 1


def test_strength_centres_the_line_below_the_pixel():
    """A ridge a third of a pixel beside the mask's middle."""
    row = np.arange(SHAPE[0], dtype=np.float32)[:, None]
    strength = np.exp(-0.5 * ((row - 200.33) / 1.5) ** 2) * np.ones(SHAPE, dtype=np.float32)
    mask = np.zeros(SHAPE, dtype=bool)
    mask[199:202, 50:350] = True
    (vessel,) = trace_vessels(mask, strength, max_calibre_px=40, min_length_px=40)

    assert np.median(vessel.centre_line[:, 0]) == pytest.approx(200.33, abs=0.12)


def test_an_empty_mask_has_no_vessel():
    """Nothing found is not an error."""
    assert traced(np.zeros(SHAPE, dtype=bool)) == []


def test_strength_of_another_shape_is_refused():
    """It would centre the lines on something else."""
    with pytest.raises(BadInput, match="shape"):
        trace_vessels(np.zeros((9, 9), bool), np.zeros((8, 9), np.float32), max_calibre_px=40, min_length_px=10)
