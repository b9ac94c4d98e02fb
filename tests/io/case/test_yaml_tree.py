"""Text as blocks and lists that know where they stand."""

import pytest

from calcinet.io.case.reader import case_of_text
from calcinet.io.case.yaml_tree import tree_of


def test_value_is_kept_as_it_was_written():
    """11.40 is not 11.4, and "no" is text where text is wanted."""
    case = case_of_text("labs:\n  - {name: hb, value: 11.40, unit: g/dL}\n  - {name: 'no', value: no}\n")

    assert [lab.as_given for lab in case.labs] == ["11.40 g/dL", "no"]


def test_every_key_and_value_knows_its_line_and_column():
    """Counted from 1."""
    tree = tree_of("a: 1\nb:\n  - x\n  - {c: no}\n")

    assert tree.value == {"a": "1", "b": ["x", {"c": "no"}]}
    assert tree.places[("a",)] == (1, 4)
    assert tree.places[("b", 1, "c")] == (4, 9)
    assert tree.keys[("b", 1, "c")] == (4, 6)


def test_nothing_is_none_and_quoted_text_is_text():
    assert tree_of("a:\nb: ~\nc: ''\n").value == {"a": None, "b": None, "c": ""}


def test_a_key_that_stands_twice_keeps_its_first_value():
    tree = tree_of("a: 1\na: 2\n")

    assert tree.value == {"a": "1"}
    assert [(mistake.line, mistake.column) for mistake in tree.mistakes] == [(2, 1)]


@pytest.mark.parametrize("value", ["1" * 41, f"-0.{'0' * 40}1", f"1e{'9' * 40}", f"'{'7' * 5000}'"])
def test_a_number_that_no_laboratory_prints_is_a_mistake_where_it_stands(value):
    """41 digits, signs and points among them; text that is no number may be as long."""
    tree = tree_of(f"a: 1\nb: {value}\nc: {'x1' * 30}\n")

    assert [(mistake.line, mistake.column) for mistake in tree.mistakes] == [(2, 4)]
    assert "digits" in tree.mistakes[0].text
    assert tree.value == {"a": "1", "b": None, "c": "x1" * 30}


def test_forty_digits_are_read():
    assert tree_of(f"a: {'1' * 40}\n").mistakes == []
