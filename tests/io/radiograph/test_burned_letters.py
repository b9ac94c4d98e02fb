"""Print that is burned into films is pointed at, lead letters for the side are not; nothing is read."""

import cv2
import numpy as np
import pytest

from calcinet.io import read
from calcinet.io.radiograph.burned_letters import describe_letters, find_lines

FACES = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)
NAME = "DOE JANE 1950"


@pytest.fixture(scope="module")
def large(grey):
    """The film with 1050 x 750 pixels."""
    return cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)


def burn(film, text, place, *, size=0.9, ink=250, face=cv2.FONT_HERSHEY_SIMPLEX, ground=None, width=2):
    """The film with a text whose lower left corner lies at (column, row), on a label perhaps."""
    burned = film.copy()
    (across, up), down = cv2.getTextSize(text, face, size, width)
    if ground is not None:
        left, bottom = place
        burned[bottom - up - 6 : bottom + down + 6, left - 6 : left + across + 6] = ground
    return cv2.putText(burned, text, place, face, size, (ink,), width, cv2.LINE_AA)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [0.6, 1.6])
@pytest.mark.parametrize(
    ("place", "words"),
    [((20, 60), "upper left corner"), ((20, 1030), "lower left corner"), ((20, 540), "left edge")],
)
def test_name_is_pointed_at(large, face, size, place, words):
    """The middle of 13 letters from column 20 on lies in the left third while the line is shorter than 480."""
    told = describe_letters(burn(large, NAME[: int(12 / size) + 2], place, face=face, size=size, ground=8))

    assert told is not None
    assert f"({words})" in told
    assert "DOE" not in told


def test_box_holds_the_letters(large):
    """Of a line set at (300, 200) by OpenCV, whose own measure of the text is the true box."""
    (across, up), _ = cv2.getTextSize(NAME, FACES[0], 0.9, 2)
    boxes = np.array(find_lines(burn(large, NAME, (300, 200), ground=8)))
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)

    np.testing.assert_allclose([left, top, right, bottom], [300, 200 - up, 300 + across, 200], atol=8)


def test_dark_print_and_print_along_a_side_are_found(large):
    """Black on a white label; and a line turned by a quarter along the left side."""
    dark = burn(large, NAME, (480, 60), ink=10, ground=245)
    turned = np.ascontiguousarray(np.rot90(burn(np.ascontiguousarray(np.rot90(large)), NAME, (400, 60), ground=8), -1))

    assert "upper right corner" in describe_letters(dark)
    assert "right edge" in describe_letters(turned)


@pytest.mark.parametrize("marker", ["R", "L", "RT", "R D"])
def test_side_marker_is_no_print(large, marker):
    """One or two letters of lead, as large as they are."""
    assert describe_letters(burn(large, marker, (40, 120), size=2.5, width=6)) is None


def test_film_and_noise_hold_no_print(large):
    """Neither bones nor noise of one pixel or three."""
    noise = np.random.default_rng(1).normal(120, 40, (500, 500))

    assert describe_letters(large) is None
    assert describe_letters(noise) is None
    assert describe_letters(cv2.GaussianBlur(noise, (0, 0), 1.5)) is None


def test_picture_and_dicom_say_where(picture, dicom, large):
    """A picture without print says that none was found; a film of a radiograph's class is looked at, too."""
    burned = burn(large, NAME, (20, 60), ground=8)
    film = dicom(pixels=burned.astype(np.uint16))

    for path in (picture(burned, "smith.png"), film):
        assert sum("upper left corner" in text for text in read(path).cautions) == 1
    assert any("no letters were found" in text for text in read(picture(large, "smith.png")).cautions)
