"""Earlier images in words."""

import pytest

from calcinet.clinical.history import Imaging
from calcinet.clinical.imaging import in_words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"modality": "film", "site": "lower leg", "side": "L", "net_like": True, "vessels": []},
         "film, lower leg, left: net-like calcification, no calcified vessel"),
        ({"modality": "film", "vessels": ["small", "arteriole"], "quality": "limited"},
         "film: calcified vessels (small, arteriole), limited quality"),
        ({"modality": "bone scan", "uptake": False}, "bone scan: no uptake of soft tissue"),
        ({"modality": "CT", "contrast": True}, "CT, with contrast: no reading stated"),
    ],
)  # fmt: skip
def test_an_image_says_what_was_read_and_nothing_else(told, words):
    """What is not stated is neither there nor not there."""
    assert in_words(Imaging.model_validate(told)) == words
