"""Rows of likelihood ratios: counts, study, reference."""

import pytest

from calcinet.evidence.likelihood_ratios import load, weights
from calcinet.references import references


def test_every_row_names_a_reference_that_there_is():
    assert {row.reference for row in weights().values()} <= set(references())


def test_what_every_patient_has_has_the_ratio_1():
    """Calcium of large and medium vessels is nearly the rule on dialysis."""
    fixed = [row.ratio for row in weights().values() if row.ratio is not None]

    assert fixed
    assert set(fixed) == {1.0}


def test_counted_rows_have_no_more_positive_than_there_were():
    for row in weights().values():
        for counts in (row.cases, row.controls):
            if counts is not None:
                positive, total = counts
                assert 0 <= positive <= total


def test_a_row_with_a_field_that_none_has_does_not_load():
    with pytest.raises(TypeError):
        load('[thing]\ncolour = "green"\n')
