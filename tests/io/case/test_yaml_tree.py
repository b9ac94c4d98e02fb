"""Text as blocks and lists that know where they stand."""

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
