"""Which two walls are one artery, on films whose lumen is drawn."""

import numpy as np
import pytest

from calcinet.findings.vessel_pairing import pair_walls

MM = 0.2
SHAPE = (200, 160)


def draw_walls(*columns):
    """Lines of two pixels from row 20 to 180."""
    walls = np.zeros(SHAPE, bool)
    for column in columns:
        walls[20:180, column : column + 2] = True
    return walls


def pair(walls, lumen, between=slice(62, 80)):
    """Vessels of walls of 10 and what is between them."""
    film = np.where(walls, 10.0, 0.0).astype(np.float32)
    film[20:180, between] = np.where(walls[20:180, between], 10.0, lumen)
    return pair_walls(film, walls, walls.astype(np.float32), MM)


def test_two_walls_with_calcium_before_and_behind_the_lumen_are_one_artery():
    """Walls at columns 60 and 80: the middle is column 70 to 71, the outer half-width 11."""
    (vessel,) = pair(draw_walls(60, 80), lumen=3.0)

    assert vessel.two_walls
    assert np.median(vessel.centre_line[:, 1]) == pytest.approx(70.5, abs=0.5)
    assert np.median(vessel.half_width_px) == pytest.approx(11, abs=1)


@pytest.mark.parametrize("lumen", [0.0, 30.0], ids=["nothing", "more than on the walls"])
def test_without_the_lumen_of_a_tube_two_walls_are_two_lines(lumen):
    """What is between them is in the middle half."""
    vessels = pair(draw_walls(60, 80), lumen, between=slice(66, 76))

    assert [vessel.two_walls for vessel in vessels] == [False, False]


def test_narrow_tubes_are_not_judged_by_their_lumen():
    """10 pixels of 0.2 mm from side to side are 2 mm, of which a little less is traced."""
    (vessel,) = pair(draw_walls(60, 68), lumen=0.0, between=slice(62, 68))

    assert vessel.two_walls


def test_two_arteries_side_by_side_are_not_paired_crosswise():
    """Walls at 40 and 50, and at 70 and 80: the nearer ones belong together, though 50 and 70 face each other too."""
    walls = draw_walls(40, 50, 70, 80)
    film = np.where(walls, 10.0, 0.0).astype(np.float32)
    film[20:180, 42:50] = film[20:180, 72:80] = 3.0
    vessels = pair_walls(film, walls, walls.astype(np.float32), MM)

    assert sorted(round(float(np.median(vessel.centre_line[:, 1]))) for vessel in vessels) in ([45, 75], [46, 76])


def test_a_line_shorter_than_a_centimetre_is_no_vessel():
    """40 pixels are 8 mm."""
    short = draw_walls(60) & (np.arange(SHAPE[0]) < 60)[:, None]

    assert pair(short, lumen=0.0) == []


def test_a_piece_on_the_wall_of_a_tube_is_no_vessel_of_its_own():
    """A line of 10 mm beside the wall, within the tube."""
    walls = draw_walls(60, 80)
    walls[60:110, 64:66] = True
    vessels = pair(walls, lumen=3.0)

    assert [vessel.two_walls for vessel in vessels] == [True]
