"""The area within an outline on a photograph: sums done by hand, invariants, and what an interval is worth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from calcinet.clinical.outlined_area import POINT_SD, crosses_itself, measure_outline
from calcinet.clinical.skin_lesion import Photograph

SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))
RULER = ((0.1, 0.8), (0.6, 0.8))


def photograph(**parts) -> Photograph:
    return Photograph.model_validate({"file": "photo.jpg", **parts})


def draw_circle(radius: float, corners: int = 60) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    return [(0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)) for angle in angles]


def test_square_beside_a_ruler():
    """0.4 of the side, where 0.5 is 5 cm: 4 cm to a side, 16 cm2."""
    area = measure_outline(SQUARE, RULER, 5.0)

    assert area.cm2 == pytest.approx(16.0)
    assert area.interval95[0] < 16.0 < area.interval95[1]
    assert (area.points, area.ruler_cm) == (4, 5.0)


def test_circle_is_pi_r_squared():
    """Radius 2 cm: 12.57 cm2; sixty corners lie within and lose 0.2 %."""
    assert measure_outline(draw_circle(0.2), RULER, 5.0).cm2 == pytest.approx(math.pi * 4, rel=0.003)


@given(
    turn=st.floats(0, 6.28),
    shift=st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1)),
    size=st.floats(0.3, 1.0),
    backwards=st.booleans(),
)
def test_how_the_camera_was_held_changes_nothing(turn, shift, size, backwards):
    """Turned, moved, nearer or further, drawn either way round: the ruler goes with the lesion."""

    def seen(point):
        x, y = point[0] - 0.5, point[1] - 0.5
        cosine, sine = math.cos(turn), math.sin(turn)
        return (0.5 + shift[0] + size * (cosine * x - sine * y), 0.5 + shift[1] + size * (sine * x + cosine * y))

    outline = [seen(point) for point in SQUARE]
    ruler = (seen(RULER[0]), seen(RULER[1]))

    assert measure_outline(outline[::-1] if backwards else outline, ruler, 5.0).cm2 == pytest.approx(16.0)


def test_twice_the_centimetres_are_four_times_the_area():
    assert measure_outline(SQUARE, RULER, 10.0).cm2 == pytest.approx(64.0)


@pytest.mark.parametrize(("outline", "ruler"), [(SQUARE, RULER), (draw_circle(0.08, 20), ((0.1, 0.9), (0.3, 0.9)))])
def test_interval_holds_for_points_set_by_a_shaky_hand(outline, ruler):
    """Two thousand hands, each point with its own error: 93 to 97 % of their intervals hold the true area."""
    rng = np.random.default_rng(11)
    true = measure_outline(outline, ruler, 5.0).cm2
    held = 0
    for _ in range(2000):
        points = rng.normal([*outline, *ruler], POINT_SD)
        low, high = measure_outline([*map(tuple, points[:-2])], (tuple(points[-2]), tuple(points[-1])), 5.0).interval95
        held += low <= true <= high

    assert 0.93 < held / 2000 < 0.97


def test_bow_tie_crosses_itself_and_a_star_does_not():
    assert crosses_itself([(0.1, 0.1), (0.5, 0.5), (0.5, 0.1), (0.1, 0.5)])
    assert not crosses_itself(SQUARE)
    assert not crosses_itself([(0.5, 0.1), (0.55, 0.4), (0.9, 0.5), (0.55, 0.6), (0.5, 0.9), (0.45, 0.6), (0.1, 0.5)])


def test_photograph_without_outline_or_ruler_has_no_area():
    ruler = {"start": RULER[0], "end": RULER[1], "cm": 5}

    assert photograph().area is None
    assert photograph(ruler=ruler).area is None
    assert photograph(outline=SQUARE).area is None
    assert photograph(ruler=ruler, outline=SQUARE).area.cm2 == pytest.approx(16.0)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"outline": SQUARE[:2]}, "at least 3"),
        ({"outline": ((0.1, 0.1), (0.5, 0.5), (0.5, 0.1), (0.1, 0.5))}, "crosses itself"),
        ({"outline": ((0.1, 0.1), (0.3, 0.3), (0.5, 0.5))}, "has no area"),
        ({"outline": ((0.1, 0.1), (1.3, 0.3), (0.5, 0.5))}, "less than or equal to 1"),
        ({"ruler": {"start": (0.1, 0.1), "end": (0.11, 0.1), "cm": 1}}, "too close"),
        ({"ruler": {"start": (0.1, 0.1), "end": (0.5, 0.1), "cm": 0}}, "greater than 0"),
        ({"ruler": {"start": (0.1, 0.1), "end": (0.5, 0.1)}}, "cm"),
    ],
)
def test_what_can_be_no_area_is_refused(parts, why):
    with pytest.raises(ValidationError, match=why):
        photograph(**parts)
