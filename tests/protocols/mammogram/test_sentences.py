"""Sentences about one mammogram."""

import pytest

from calcinet.protocols.mammogram.sentences import describe_mammogram
from tests.support.mammograms import view


@pytest.mark.parametrize(
    ("arteries", "told"),
    [
        (("f1",), "1 calcified artery marked, 87 mm of calcium along it."),
        (("f1", "f2"), "2 calcified arteries marked, 87 mm of calcium along them."),
    ],
)
def test_one_artery_is_told_in_the_singular(arteries, told):
    image = view("img-1", "L", 2, 87.0)
    breast_record = image.breast.model_copy(update={"coarse_arteries": arteries})
    image = image.model_copy(update={"breast": breast_record})

    assert told in describe_mammogram(image)


def test_the_interval_of_the_length_stands_beside_it():
    image = view("img-1", "L", 2, 87.0)
    breast_record = image.breast.model_copy(update={"coarse_arteries": ("f1", "f2")})
    bounded = image.model_copy(update={"breast": breast_record, "intervals95": {"bac.length_mm": (61.6, 118.2)}})

    assert describe_mammogram(bounded)[1] == (
        "2 calcified arteries marked, 87 mm of calcium in all (95 % interval 62 to 118 mm)."
    )
