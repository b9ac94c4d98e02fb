"""Yes, no and unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.clinical.ternary import (
    above,
    all_of,
    any_of,
    at_least,
    at_or_above,
    below,
    is_among,
    is_filled,
    share_any,
)


@given(st.lists(st.sampled_from([True, False, None])))
def test_unknown_is_neither_yes_nor_no(answers):
    """De Morgan holds with three values."""
    turned = [None if answer is None else not answer for answer in answers]
    either = any_of(turned)

    assert all_of(answers) is (None if either is None else not either)


@given(sure=st.integers(0, 5), more=st.integers(0, 5), number=st.integers(1, 6))
def test_count_within_bounds(sure, more, number):
    """What is surely reached is possible; what is impossible is no."""
    met = at_least(number, sure, sure + more)

    assert met is (True if number <= sure else False if number > sure + more else None)


@pytest.mark.parametrize("limit", [0.0, 7.5])
def test_a_value_that_is_not_stated_is_on_neither_side_of_a_limit(limit):
    """Never taken for 0."""
    assert above(None, limit) is below(None, limit) is at_or_above(None, limit) is None


def test_a_value_at_its_limit_is_neither_above_nor_below():
    assert (above(2.0, 2.0), below(2.0, 2.0), at_or_above(2.0, 2.0)) == (False, False, True)
    assert (above(2.1, 2.0), below(1.9, 2.0), at_or_above(1.9, 2.0)) == (True, True, False)


def test_a_word_that_is_not_stated_is_in_no_list_and_out_of_none():
    assert is_among(None, ["foot"]) is None
    assert (is_among("foot", ["foot", "hand"]), is_among("knee", ["foot"])) == (True, False)


def test_a_list_that_is_not_stated_shares_nothing_known():
    """An empty list is a statement, none is not."""
    assert share_any(None, ["foot"]) is is_filled(None) is None
    assert (share_any([], ["foot"]), share_any(["foot", "knee"], ["foot"])) == (False, True)
    assert (is_filled([]), is_filled(["foot"])) == (False, True)
