"""What the caller states for all films at once."""

import numpy as np
import pytest

from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.stated_site import put_stated_side, split_side


def film(**parts):
    return Image(np.zeros((1, 4, 4), np.float32), None, "1", **parts)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("right lower leg", ("lower leg", "R")),
        ("Lower leg, LEFT", ("lower leg", "L")),
        ("both hands", ("hands", "B")),
        ("hip", ("hip", None)),
        ("shin", ("lower leg", None)),
        ("left or right foot", ("or foot", None)),
        (None, (None, None)),
    ],
)
def test_a_side_is_taken_out_of_the_body_part(given, told):
    """So that "right lower leg" is a lower leg."""
    assert split_side(given) == told


def test_a_lone_film_gets_the_side():
    """It can be of no other."""
    assert put_stated_side(film(), "R", films=1).laterality == "R"


def test_several_films_do_not():
    """One word cannot be the side of two legs."""
    stated = put_stated_side(film(), "R", films=2)

    assert stated.laterality is None
    assert "for 2 films at once" in stated.cautions[0]


def test_the_side_of_the_file_stays():
    """The caller's word for all does not overrule the marker of one."""
    stated = put_stated_side(film(laterality="L"), "R", films=1)

    assert stated.laterality == "L"
    assert "the file says left, --anatomy says right" in stated.cautions[0]


def test_two_pictures_called_right_stay_without_a_side(picture, grey):
    """Read from files."""
    films = read_all([picture(grey, "a.png"), picture(grey[:-1], "b.png")], anatomy="right lower leg")

    assert [(image.anatomy, image.laterality) for image in films] == [("lower leg", None)] * 2


def test_one_picture_called_right_is_right(picture, grey):
    (image,) = read_all([picture(grey, "a.png")], anatomy="right calf")

    assert (image.anatomy, image.laterality) == ("lower leg", "R")
