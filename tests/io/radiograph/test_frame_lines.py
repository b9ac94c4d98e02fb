"""Frames of screens and edges of light boxes, told from what collimators and blinds leave."""

import cv2
import numpy as np
import pytest

from calcinet.io.radiograph.frame_lines import find_frame

ROWS, COLUMNS = 800, 600
SLANTED = ((90, 110), (520, 70), (540, 720), (60, 690))
"""Corners (column, row) of a screen seen from its left below: no side is parallel to another."""
TURNED = ((118.0, 82.0), (518.0, 110.0), (482.0, 718.0), (82.0, 690.0))
"""Corners of a rectangle turned by 4 degrees: (400, 28) is square on (-36, 608) to a third of a degree."""


def draw(outside, inside, corners, frame=None):
    """A quadrilateral with noise inside, in noise of another grey, perhaps with a frame around."""
    scene = np.full((ROWS, COLUMNS), outside, np.float32)
    if frame is not None:
        middle = np.mean(corners, axis=0)
        wide = middle + (np.array(corners) - middle) * 1.12
        cv2.fillConvexPoly(scene, np.rint(wide).astype(np.int32), (frame,))
    cv2.fillConvexPoly(scene, np.rint(corners).astype(np.int32), (inside,))
    noisy = scene + np.random.default_rng(5).normal(0, 2, scene.shape)
    noisy[300:420, 200:400] += 90
    noisy[0, 0], noisy[0, 1] = 0, 255
    return np.clip(noisy, 0, 255).astype(np.float32)


def test_screen_in_a_room_has_four_sides_at_a_slant():
    """A black frame before a grey wall; the corners' angles differ by five degrees."""
    frame = find_frame(draw(outside=120, inside=40, corners=SLANTED, frame=12))

    assert frame.sides == 4
    assert 2 < frame.skew_deg < 12


def test_film_before_a_light_box_has_light_around():
    """No frame: the lamp itself, not quite white."""
    frame = find_frame(draw(outside=225, inside=30, corners=SLANTED))

    assert frame.sides == 4


def test_turned_rectangle_is_no_slant():
    """A film that lay turned on a scanner, in light: sides, but square ones."""
    frame = find_frame(draw(outside=200, inside=40, corners=TURNED))

    assert frame.sides == 4
    assert frame.skew_deg < 0.8


@pytest.mark.parametrize("corners", [SLANTED, TURNED])
def test_collimated_field_has_the_dark_around(corners):
    """Whatever its tilt."""
    assert find_frame(draw(outside=14, inside=90, corners=corners)).sides == 0


def test_blinds_painted_white_are_no_light():
    """Viewers paint them in one white."""
    painted = draw(outside=200, inside=40, corners=TURNED)
    painted[painted > 150] = 255

    assert find_frame(painted).sides == 0


def test_film_of_a_limb_has_no_frame(grey):
    """Its edges are those of bones."""
    assert find_frame(grey).sides < 2
