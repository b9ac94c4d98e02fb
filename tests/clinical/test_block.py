"""Blocks of a case file."""

from datetime import date

import pytest
from pydantic import ValidationError

from calcinet.clinical.block import CaseBlock, ordered
from calcinet.clinical.person import Dialysis, Weight


@pytest.mark.parametrize("word", ["haemodialysis", "Haemodialysis", "HD", "  hemodialysis "])
def test_a_word_of_a_list_is_taken_in_any_case_and_by_its_other_names(word):
    assert Dialysis(kind=word).kind == "haemodialysis"


def test_another_word_is_refused():
    with pytest.raises(ValidationError, match="peritoneal"):
        Dialysis(kind="plasmapheresis")


@pytest.mark.parametrize("day", [0, 1735689600, "1.2.2025", "2025-13-01", "2025-1-1"])
def test_a_day_reads_year_month_day(day):
    """Seconds since 1970 are no day."""
    with pytest.raises(ValidationError):
        Weight(kg=60, on=day)


def test_a_day_in_that_form_is_a_date():
    assert Weight(kg=60, on="2026-03-09").on == date(2026, 3, 9)


def test_a_key_that_is_not_there_is_an_error():
    with pytest.raises(ValidationError, match="extra"):
        CaseBlock.model_validate({"weigth": 1})


def test_an_order_of_days_is_checked_only_where_both_are_known():
    ordered(None, date(2025, 1, 1))
    ordered(date(2025, 1, 1), date(2025, 1, 1))
    with pytest.raises(ValueError, match="before start"):
        ordered(date(2025, 1, 2), date(2025, 1, 1))
