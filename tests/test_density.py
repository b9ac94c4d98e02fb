"""The rule of density: every line of the package can be read at once, and every helper says what it does."""

import pytest

from tools import house, source


@pytest.fixture(scope="module")
def package():
    """All files of src/calcinet."""
    return source.House(sources=source.read_folder(source.SOURCE), tests=())


def name_places(places):
    """The places one a line, as editors open them."""
    return "\n".join(map(str, (f"{len(places)} places:", *places)))


def test_conditional_expression_stands_in_no_other_and_in_no_comprehension(package):
    """A choice within a choice is an `if` or a function with a name."""
    places = house.find_all(house.find_nested_conditionals, package)

    assert not places, name_places(places)


def test_comprehension_has_one_for(package):
    """A second one is a loop or a function with a name; a comprehension inside a comprehension is a second one."""
    places = house.find_all(house.find_crowded_comprehensions, package)

    assert not places, name_places(places)


def test_private_function_begins_with_a_verb(package):
    """A private function does something: `_find_veins`, not `_of_veins`. A missing verb goes into tools/verbs.txt."""
    places = house.find_all(house.find_verbless_functions, package)

    assert not places, name_places(places)
