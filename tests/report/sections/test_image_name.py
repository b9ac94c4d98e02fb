"""What an image is called."""

import pytest

from calcinet.record import ImageRecord
from calcinet.report.language import translator
from calcinet.report.sections.image_name import cover_name, image_name

_ = translator("en")


def film(**parts):
    return ImageRecord(id="img-1", modality="DX", resolvable_mm=0.2, **parts)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"anatomy": "lower leg", "laterality": "R", "view": "AP"}, "Right lower leg, AP"),
        ({"anatomy": "lower leg", "laterality": "R", "view": "lateral"}, "Right lower leg, lateral"),
        ({"anatomy": "lower leg"}, "Lower leg, side not known"),
        ({}, "Film of an unnamed body part, side not known"),
        ({"anatomy": "chest"}, "Chest"),
    ],
)
def test_the_first_page_says_whose_side_it_is(parts, name):
    """Or that nobody has said it, where there is one."""
    assert cover_name(film(**parts), _) == name


def test_elsewhere_the_name_is_the_name():
    assert image_name(film(anatomy="lower leg"), _) == "Lower leg"
