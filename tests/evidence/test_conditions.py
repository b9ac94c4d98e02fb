"""Conditions of rules: facts and values by name."""

import pytest

from calcinet.clinical.case import Case
from calcinet.evidence.conditions import Condition, placed, said
from calcinet.evidence.context import PatientContext
from calcinet.evidence.facts import FACTS

NOBODY = PatientContext.of(Case())
FACT = next(name for name in FACTS if FACTS[name](NOBODY) is None)


def test_what_is_not_known_is_neither_so_nor_not_so():
    assert not Condition(FACT).holds(NOBODY)
    assert not Condition(f"not {FACT}").holds(NOBODY)
    assert Condition(f"unknown {FACT}").holds(NOBODY)


def test_a_fact_that_there_is_not_stops_the_rule():
    with pytest.raises(ValueError, match="no fact is called moonshine"):
        Condition("moonshine")


def test_another_word_than_not_and_unknown_stops_the_rule():
    with pytest.raises(ValueError, match="joined by and"):
        Condition(f"perhaps {FACT}")


def test_a_sentence_without_a_value_is_said_as_it_is():
    assert said("Stop the drug.", NOBODY) == "Stop the drug."


def test_a_value_that_there_is_not_stops_the_sentence():
    """A misspelt name would else stand on the page in braces."""
    with pytest.raises(ValueError, match="no value is called no_such_value"):
        placed("Look at {no_such_value}.")


def test_a_value_that_there_is_passes():
    assert placed("Not yet seen: {film_sites:, }.") is None
