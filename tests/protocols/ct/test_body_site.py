"""Which part of the body a CT shows."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.protocols.ct.body_site import name_site, shown_part


@pytest.fixture(scope="module")
def anatomy(scan):
    return find_calcium_on_ct(scan[0]).anatomy


def test_two_bones_are_a_lower_leg(anatomy):
    assert shown_part(anatomy)[0] == "lower leg"


def test_the_word_of_the_file_goes_before_the_bones(scan, anatomy):
    """A file that says knee is believed; one that says nothing is told by the bones."""
    image, _ = scan

    assert name_site(replace(image, anatomy="knee"), anatomy)["anatomy"] == "knee"
    assert name_site(replace(image, anatomy="unknown"), anatomy)["anatomy"] == "lower leg"


def test_a_volume_that_does_not_say_how_it_lies_has_only_the_side_of_its_file(scan, anatomy):
    image, _ = scan

    assert name_site(replace(image, affine=None, laterality=None), anatomy)["laterality"] is None
    assert name_site(replace(image, affine=None, laterality="R"), anatomy)["laterality"] == "R"


def test_a_picture_that_cuts_the_body_shows_no_part(anatomy):
    """Body from edge to edge in every slice."""
    cut = replace(anatomy, body=np.ones_like(anatomy.body))

    assert shown_part(cut) == ("unknown", None)
