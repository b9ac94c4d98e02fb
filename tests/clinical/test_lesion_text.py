"""Skin lesions in words."""

import pytest

from calcinet.clinical.lesion_text import describe, in_full, in_words, ulcers
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


def test_in_full_nothing_stated_is_lost():
    """Place with digit, face and side; kind, number, size, colour; traits; how it began."""
    told = Lesion.model_validate(
        {
            "site": "finger", "digit": "middle", "side": "R", "aspect": "tip", "kind": "gangrene", "count": 1,
            "size_cm": "2 x 1", "colour": "black", "painful": True, "tender": True, "necrotic": True,
            "began_as": "purpura", "changed_within": "weeks", "since": "2026-01-20",
        }
    )  # fmt: skip

    assert in_full(told) == (
        "middle finger, tip, right: gangrene, single, 2 × 1 cm, black, painful, tender, necrotic, began as purpura, "
        "changed within weeks, first seen on 20 January 2026"
    )


def test_in_full_a_no_is_said():
    told = Lesion(site="leg", side="B", kind="ulcer", count=2, painful=False, purpura_around=False)

    assert in_full(told) == "leg, both sides: ulcer, 2 on each side, not painful, no purpura around it"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"several": True}, "multiple"),
        ({"count": 4}, "4 of them"),
        ({"size_mm": 35}, "3.5 cm across"),
        ({"size_cm": 7}, "7 cm across"),
        ({"large": True}, "large"),
        ({"changed_within": "days"}, "changed within days"),
        ({"began_as": "plaque"}, "began as plaque"),
    ],
)
def test_in_full_each_field_alone(field, words):
    assert in_full(Lesion.model_validate({"site": "thigh", "kind": "ulcer", **field})) == f"thigh: ulcer, {words}"
