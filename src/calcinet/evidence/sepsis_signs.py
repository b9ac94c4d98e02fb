"""Signs of the blood and the thermometer that speak of infection, alone or together. None is not known."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from calcinet.clinical.questions import FEVER_C, LOW_TEMPERATURE_C
from calcinet.clinical.results import LabResult
from calcinet.clinical.ternary import Ternary, any_of, at_least, at_or_above, below
from calcinet.evidence.context import PatientContext
from calcinet.evidence.result_age import recent_lab

MARKED_CRP_MG_L: Final = 100.0
MARKED_WHITE_CELLS: Final = 20.0
"""From here on (10*9/L) a sign of the blood is no slight one and infection is suspected, whatever the bedside says. Our
choice: two to twenty times the usual upper limits, seldom reached without infection."""

FEW_WHITE_CELLS: Final = 1.0
"""Below this (10*9/L) there are too few white cells to hold an infection or to show it. Our choice: the usual limit at
which a laboratory telephones."""

MARKED_PROCALCITONIN_UG_L: Final = 2.0
"""From here on procalcitonin makes infection suspected, with failing kidneys too. Our choice: four times the usual
limit, which kidney failure alone passes a little."""

RAISED_LACTATE: Final = 2.0
MARKED_LACTATE: Final = 4.0
"""Lactate in mmol/L that counts together with another sign, and that cannot wait alone. Our choice: the usual limit and
twice it."""

SIGNS_OF_SEPSIS: Final = 2
"""So many signs together are read as sepsis. Our choice: one alone has many other causes."""


def read_number(result: LabResult | None) -> float | None:
    """The number of a result; none where it is an upper limit only."""
    if result is None or result.comparator == "<":
        return None
    return result.value


def _read(situation: PatientContext, analyte: str) -> float | None:
    return read_number(recent_lab(situation, analyte))


def fever(situation: PatientContext) -> Ternary:
    """Whether there is fever."""
    return at_or_above(situation.case.examination.temperature_c, FEVER_C)


def low_temperature(situation: PatientContext) -> Ternary:
    """Whether the body is too cold, as it may be in sepsis."""
    return below(situation.case.examination.temperature_c, LOW_TEMPERATURE_C)


def white_cells_few(situation: PatientContext) -> Ternary:
    """Whether there are hardly any white cells."""
    return below(_read(situation, "white_cells"), FEW_WHITE_CELLS)


MARKED: Final[Mapping[str, float]] = MappingProxyType(
    {
        "crp": MARKED_CRP_MG_L,
        "white_cells": MARKED_WHITE_CELLS,
        "procalcitonin": MARKED_PROCALCITONIN_UG_L,
        "lactate": MARKED_LACTATE,
    }
)
"""From where on a result speaks of infection by itself, by its analyte."""


def is_marked(situation: PatientContext, analyte: str) -> Ternary:
    """Whether a result is so far out that infection is suspected, whatever its range."""
    high = at_or_above(_read(situation, analyte), MARKED[analyte])
    if analyte == "white_cells":
        return any_of([high, white_cells_few(situation)])
    return high


def marked_sign(situation: PatientContext) -> Ternary:
    """Whether one result of the blood is so far out that infection is suspected."""
    return any_of(is_marked(situation, analyte) for analyte in MARKED)


def several_signs(situation: PatientContext) -> Ternary:
    """Whether two of three signs come together: temperature, white cells, lactate."""
    white = at_or_above(_read(situation, "white_cells"), MARKED_WHITE_CELLS)
    signs: list[Ternary] = [
        any_of([fever(situation), low_temperature(situation)]),
        any_of([white, white_cells_few(situation)]),
        at_or_above(_read(situation, "lactate"), RAISED_LACTATE),
    ]
    sure, denied = signs.count(True), signs.count(False)
    return at_least(SIGNS_OF_SEPSIS, sure, len(signs) - denied)
