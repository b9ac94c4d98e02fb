"""Letters, plates and burned-in text on drawn grids."""

import numpy as np

from calcinet.findings.coarse_grid import make_coarse_grid
from calcinet.findings.radiograph.metal import find_metal

SHAPE = (300, 300)
LIMB = np.zeros(SHAPE, bool)
LIMB[:, 80:220] = True
NO_BORDER = np.zeros(SHAPE, bool)


def draw_grid(*, bright=None, border=None):
    """A limb of 0.5 in air, what is bright at 1; 1 mm pixels."""
    film = np.where(LIMB, 0.5, 0.0)
    if border is not None:
        film[border] = 0.0
    if bright is not None:
        film[bright] = 1.0
    film[:2, 80:150] = 1.0
    return make_coarse_grid(film.astype(np.float32), (1.0, 1.0))


def box(top, left, height, width):
    mask = np.zeros(SHAPE, bool)
    mask[top : top + height, left : left + width] = True
    return mask


def test_a_bright_letter_with_a_sharp_outline_is_metal():
    """8 x 8 mm within the limb; the limb beside it is none."""
    letter = box(150, 150, 8, 8)
    found = find_metal(draw_grid(bright=letter), LIMB, NO_BORDER)

    assert found[letter].all()
    assert not found[180:].any()


def test_a_plate_larger_than_five_centimetres_square_is_no_letter():
    """60 x 60 mm are 3600 mm2."""
    plate = box(120, 100, 60, 60)

    assert not find_metal(draw_grid(bright=plate), LIMB, NO_BORDER)[plate].any()


def test_a_bright_spot_that_fades_out_is_no_letter():
    """A bone rounds off: 1 in the middle, by 0.03 less a pixel."""
    away = np.hypot(*np.ogrid[-150:150, -150:150])
    grid = draw_grid()
    np.maximum(grid.plane, (1 - 0.03 * away).astype(np.float32), out=grid.plane, where=LIMB)

    assert not find_metal(grid, LIMB, NO_BORDER)[140:160, 140:160].any()


def test_a_small_thing_beside_the_limb_is_no_part_of_the_body():
    """20 x 20 mm are less than a twentieth of the field, and do not run over its edge."""
    thing = box(100, 20, 20, 20)
    found = find_metal(draw_grid(), LIMB | thing, NO_BORDER)

    assert found[thing].all()
    assert not found[LIMB & ~box(0, 78, 6, 80)].any()


def test_bright_letters_on_a_black_border_are_burned_in():
    border = box(0, 0, 300, 60)
    letter = box(100, 20, 12, 4)
    found = find_metal(draw_grid(bright=letter, border=border), LIMB, border)

    assert found[letter].all()
    assert not found[200:].any()


def test_a_line_beside_the_limb_and_what_hangs_on_it_are_no_limb():
    """Two millimetres wide, from the limb to a box of 20 x 20 mm."""
    line, thing = box(150, 40, 2, 40), box(140, 20, 20, 20)
    found = find_metal(draw_grid(), LIMB | line | thing, NO_BORDER)

    assert found[thing].all()
    assert found[line & ~box(0, 76, 300, 4)].all()
    assert not found[10:, 80:220].any()
