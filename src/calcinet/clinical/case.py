"""The patient beside the picture, as a person writes it down: every field optional, nothing guessed.

Missing is missing: a field that is not given stays None, which reads "not stated" and never "no". A case holds no name,
no identifier and no date of birth; there is no field for them.
"""

from datetime import date
from typing import Any, Final, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails

from calcinet.clinical.block import CaseBlock, Day
from calcinet.clinical.films import Film
from calcinet.clinical.history import (
    BESIDE,
    CalibreClass,
    Drug,
    Exclusion,
    Imaging,
    Laboratory,
    Mimic,
    Outcome,
    Procedure,
    Treatment,
)
from calcinet.clinical.late_days import late_days
from calcinet.clinical.person import Condition, Dialysis, Examination, Kidney, Patient, Weight
from calcinet.clinical.skin_lesion import Biopsy, Kind, Lesion, Photograph
from calcinet.clinical.wound_score import ReaderScores, WoundScore
from calcinet.text import Text

__all__ = [
    "SCHEMA",
    "Biopsy",
    "CalibreClass",
    "Case",
    "Condition",
    "Dialysis",
    "Drug",
    "Examination",
    "Exclusion",
    "Film",
    "Imaging",
    "Kidney",
    "Kind",
    "Laboratory",
    "Lesion",
    "Mimic",
    "Outcome",
    "Patient",
    "Photograph",
    "Procedure",
    "ReaderScores",
    "Treatment",
    "Weight",
    "WoundScore",
]

SCHEMA: Final = "calcinet.case/1"
"""Name and version of the case file."""


class Case(CaseBlock):
    """One patient, as far as it is known; every block may be left out."""

    schema_: Literal["calcinet.case/1"] = Field(default=SCHEMA, alias="schema")
    """Name and version of this format."""
    examined_on: Day | None = None
    """Day that "now" means here: durations are counted up to it."""
    patient: Patient = Patient()
    """Age, sex, height, weights."""
    kidney: Kidney = Kidney()
    """Kidney function and dialysis."""
    lesions: tuple[Lesion, ...] | None = None
    """Skin lesions; [] where the skin was looked at and is sound, left out where not stated."""
    examination: Examination = Examination()
    """Bedside findings and history."""
    conditions: tuple[Condition, ...] | None = None
    """Other diseases; [] where there are none."""
    drugs: tuple[Drug, ...] | None = None
    """Drugs now and before; [] where none is taken now."""
    drugs_complete: bool | None = None
    """"yes" where somebody went through all drugs, now and in the year before the lesion, and none is missing."""
    labs: tuple[Laboratory, ...] = ()
    """Laboratory results."""
    treatments: tuple[Treatment, ...] = ()
    """What was done for it."""
    procedures: tuple[Procedure, ...] | None = None
    """Earlier procedures that matter; [] where there were none."""
    pathology: tuple[Biopsy, ...] = ()
    """Biopsies done, declined or planned."""
    scores: ReaderScores = ReaderScores()
    """Scores of large arteries as a reader gave them."""
    imaging: tuple[Imaging, ...] = ()
    """Earlier images as read by a person."""
    films: tuple[Film, ...] = ()
    """Which of the films that are given with the case is of what."""
    exclusions: tuple[Exclusion, ...] = ()
    """Other diseases excluded or found."""
    all_mimics_excluded: bool | None = None
    """"yes" where the treating clinician has excluded every disease of the list."""
    clinician_impression: str | None = None
    """What the treating clinician takes it for, in the clinician's own words; shown, never weighed; no name."""
    outcome: Outcome | None = None
    """How it went."""

    _left_out: tuple[Text, ...] = PrivateAttr(default=())

    @property
    def left_out(self) -> tuple[Text, ...]:
        """What the record of a hospital held and was not taken, one sentence a kind; no part of a case file."""
        return self._left_out

    def with_left_out(self, sentences: tuple[Text, ...]) -> Self:
        """Keep what was not taken beside what was."""
        case = self.model_copy()
        case._left_out = sentences
        return case

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_late_days(cls, told: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Name every day after the examination beside whatever else is wrong, all at once."""
        mistakes = [_explain_late_day(*late) for late in late_days(told)]
        if not mistakes:
            return handler(told)
        try:
            handler(told)
        except ValidationError as error:
            mistakes += [_repeat(entry) for entry in error.errors(include_url=False)]
        raise ValidationError.from_exception_data(cls.__name__, mistakes)

    @model_validator(mode="after")
    def _check_drugs_are_listed(self) -> Self:
        if self.drugs_complete and self.drugs is None:
            raise ValueError("drugs_complete is yes, but there is no list: write drugs: [] where none was taken")
        return self

    @property
    def died(self) -> bool:
        """Whether the patient has died, as far as was told."""
        return self.outcome is not None and self.outcome.state == "died"

    @property
    def photographs(self) -> tuple[tuple[int, int, Photograph], ...]:
        """Every clinical photograph with the place of its lesion and its own place there, from 0."""
        found: list[tuple[int, int, Photograph]] = []
        for place, lesion in enumerate(self.lesions or ()):
            found += [(place, index, photograph) for index, photograph in enumerate(lesion.photographs)]
        return tuple(found)

    @model_validator(mode="after")
    def _check_exclusions(self) -> Self:
        found = [entry.name for entry in self.exclusions if entry.state == "found" and entry.name not in BESIDE]
        if self.all_mimics_excluded and found:
            raise ValueError(f"all_mimics_excluded is yes, but exclusions has {found[0]} as found")
        return self


def _explain_late_day(path: tuple[str | int, ...], day: date, now: date) -> InitErrorDetails:
    text = f"{day} lies after examined_on, {now}; correct the one or the other, or write status: planned"
    return InitErrorDetails(type="value_error", loc=path, input=str(day), ctx={"error": ValueError(text)})


def _repeat(error: ErrorDetails) -> InitErrorDetails:
    """The same mistake, to be raised once more."""
    return InitErrorDetails(type=error["type"], loc=error["loc"], input=error["input"], ctx=error.get("ctx", {}))
