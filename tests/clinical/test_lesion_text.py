"""Skin lesions in words."""

import pytest

from calcinet.clinical.lesion_text import describe, in_words, ulcers
from calcinet.clinical.skin_lesion import Lesion


def test_a_lesion_is_said_by_site_side_kind_and_traits():
    lesion = Lesion(site="lower leg", side="B", kind="ulcer", painful=True, necrotic=True, refractory=False)

    assert in_words(lesion) == "lower leg, both sides: ulcer, painful, necrotic"


def test_what_is_not_stated_is_not_said():
    """Neither that it is painful nor that it is not."""
    assert in_words(Lesion(site="thigh", kind="plaque")) == "thigh: plaque"


@pytest.mark.parametrize(
    ("site", "zone", "acral"),
    [("thigh", "proximal", False), ("lower leg", "distal", False), ("finger", "distal", True)],
)
def test_a_lesion_has_the_zone_of_its_site(site, zone, acral):
    described = describe(Lesion(site=site, kind="ulcer"))

    assert (described.zone, described.acral) == (zone, acral)


def test_ulcers_keep_their_place_in_the_list():
    """Eschar is an ulcer under a crust; a plaque is none."""
    lesions = [Lesion(site="thigh", kind=kind) for kind in ("plaque", "ulcer", "livedo", "eschar")]

    assert [number for number, _ in ulcers(lesions)] == [1, 3]
