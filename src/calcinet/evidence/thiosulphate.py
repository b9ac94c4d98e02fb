"""Sodium thiosulphate, as facts: thought of, given, and whither. One that was refused is neither."""

from collections.abc import Iterator

from calcinet.clinical.ternary import Ternary
from calcinet.evidence.context import PatientContext

Course = tuple[str, str | None]
"""Where it stands (given, planned, stopped) and its route."""


def thiosulphate(situation: PatientContext) -> Ternary:
    """Whether it is, was or is to be given, as a treatment or as a drug."""
    return any(True for _ in _list_courses(situation))


def intraperitoneal_planned(situation: PatientContext) -> Ternary:
    """Whether it is to go into the abdomen and does not yet."""
    return ("planned", "intraperitoneal") in _list_courses(situation)


def intraperitoneal_given(situation: PatientContext) -> Ternary:
    """Whether it goes into the abdomen now."""
    return ("given", "intraperitoneal") in _list_courses(situation)


def _list_courses(situation: PatientContext) -> Iterator[Course]:
    for treatment in situation.case.treatments:
        if treatment.name == "sodium thiosulphate" and treatment.status != "refused":
            yield treatment.status, treatment.route
    for drug in situation.assessment.drugs:
        if "thiosulphate" in drug.classes:
            yield drug.status.replace("taking", "given"), drug.route
