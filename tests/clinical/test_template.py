"""The case file to fill in: it reads as it is, and each example in it is right."""

import re

import pytest

from calcinet.clinical.case import Case
from calcinet.clinical.template import EXAMPLES, case_template
from calcinet.io.case.reader import case_of_text

BLOCKS = [name for name in Case.model_fields if name != "schema_"]


def uncommented(template):
    """The template with every example in use; explanations keep their mark."""
    return re.sub(r"(?m)^# (?=\S|  )", "", template.split("schema:", 1)[1].join(("schema:", "")))


def test_template_is_a_case_of_which_nothing_is_told():
    assert case_of_text(case_template()) == Case()


def test_every_example_filled_in_is_a_case():
    """All at once, as a person would who takes every mark away."""
    case = case_of_text(uncommented(case_template()))

    assert {name for name in BLOCKS if getattr(case, name) != getattr(Case(), name)} == set(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_has_a_line_and_an_example(name):
    """One that is added to the case file needs an example too."""
    assert name in EXAMPLES
    assert re.search(rf"(?m)^## {name}: \S", case_template())


def test_lines_can_be_read_in_a_terminal():
    assert max(map(len, case_template().splitlines())) <= 125


def test_nobody_is_asked_for_a_name():
    assert not re.search(r"(?i)\b(surname|patient's name|date_of_birth|mrn):", case_template())
