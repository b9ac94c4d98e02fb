"""Level and probability, and the sentence where they do not agree."""

import pytest

from calcinet.evidence.contradiction import contradict


def test_a_disease_that_was_found_is_no_level_none():
    """The sentence speaks of what was found, not of the scheme."""
    assert contradict("none", 0.3, ["cellulitis"]).startswith("Another disease was found, yet the probability is 30 %")


@pytest.mark.parametrize(
    ("level", "probability", "words"),
    [
        ("none", 0.68, "68 %"),
        ("none", 0.30, "all-clear"),
        ("none", 0.05, None),
        ("suspected", 0.03, "3 %"),
        ("suspected", 0.3, None),
        ("clinical", 0.001667, "probability is 0.17 %"),
        ("clinical", 0.03, "3 %"),
        ("clinical", 0.68, None),
        ("confirmed", 0.3, "30 %"),
        ("confirmed", 0.9, None),
        (None, 0.68, "gives no level"),
        (None, 0.3, None),
        ("none", None, None),
        ("clinical", None, None),
    ],
)
def test_a_sentence_where_they_point_different_ways(level, probability, words):
    """None beside two in three, clinical beside three in a hundred; nothing where no probability was asked for."""
    sentence = contradict(level, probability)

    assert (sentence is None) is (words is None)
    assert words is None or words in sentence
