"""Diseases that were thought of, as the case file writes them."""

import pytest

from calcinet.clinical.history import Exclusion


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"excluded": True}, "excluded"),
        ({"excluded": False}, "found"),
        ({"status": "excluded"}, "excluded"),
        ({"status": "Found"}, "found"),
        ({"status": "treated"}, "treated"),
        ({"status": "treated", "excluded": False}, "treated"),
    ],
)
def test_either_field_says_it(told, state):
    """`excluded: yes` and `no` stay readable beside `status`."""
    assert Exclusion.model_validate({"name": "cellulitis", **told}).state == state


@pytest.mark.parametrize(
    ("told", "words"), [({}, "say of a disease"), ({"status": "found", "excluded": True}, "contradict")]
)
def test_an_exclusion_that_says_nothing_or_both_is_a_mistake(told, words):
    """Neither is guessed."""
    with pytest.raises(ValueError, match=words):
        Exclusion.model_validate({"name": "cellulitis", **told})


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Necrotizing fasciitis", "necrotising fasciitis"),
        ("pyoderma", "pyoderma gangrenosum"),
        ("Buerger's disease", "thromboangiitis obliterans"),
        ("venous ulcer", "varicose ulcer"),
        ("cryoglobulinemia", "cryoglobulinaemia"),
        ("al amyloidosis", "AL amyloidosis"),
        ("inflammatory breast cancer", "breast carcinoma"),
        ("HIT", "heparin-induced necrosis"),
    ],
)
def test_diseases_go_by_their_usual_names(written, name):
    """British, American and eponyms."""
    assert Exclusion.model_validate({"name": written, "status": "found"}).name == name
