"""The case beside the laboratory -> the record: diseases, examination, what was done, how it went, photographs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from calcinet.clinical.case import Case, Condition, Dialysis, Outcome, Procedure, Treatment
from calcinet.clinical.conditions import condition
from calcinet.clinical.course_text import biopsy_in_words, outcome_in_words, procedure_in_words, treatment_in_words
from calcinet.clinical.examination_text import examination_in_words
from calcinet.clinical.skin_lesion import Biopsy
from calcinet.clinical.wound_score import ADRAGAO_MOST, KAUPPILA_MOST
from calcinet.evidence.context import PatientContext
from calcinet.evidence.prognosis import prognosis
from calcinet.record import (
    BiopsyRecord,
    DialysisRecord,
    ExaminationFinding,
    KnownCondition,
    OutcomeRecord,
    PhotographRecord,
    ProcedureRecord,
    PrognosisRecord,
    ReaderScore,
    TreatmentRecord,
)
from calcinet.text import Text, as_written, say


def record_bedside(case: Case) -> dict[str, Any]:
    """Fields of `Clinical` that the case alone fills."""
    findings = []
    for field, label in examination_in_words(case.examination):
        findings.append(ExaminationFinding(field=f"examination.{field}", label=label))
    return {
        "conditions": tuple(_record_condition(entry) for entry in case.conditions or ()),
        "examination": tuple(findings),
        "pain_score": case.examination.pain_score,
        "pain_vas": case.examination.pain_vas,
        "reader_scores": tuple(_list_reader_scores(case)),
        "dialysis": tuple(_record_dialysis(period) for period in case.kidney.dialysis),
        "treatments": tuple(_record_treatment(entry) for entry in case.treatments),
        "biopsies": tuple(_record_biopsy(entry) for entry in case.pathology),
        "procedures": tuple(_record_procedure(entry) for entry in case.procedures or ()),
        "photographs": _record_photographs(case),
        "impression": case.clinician_impression,
        "outcome": _record_outcome(case.outcome),
    }


def record_prognosis(situation: PatientContext) -> tuple[PrognosisRecord, ...]:
    """What studies found of the groups that the patient belongs to."""
    figures = []
    for figure in prognosis(situation):
        figures.append(PrognosisRecord(text=figure.text, kind=figure.kind, references=figure.references))
    return tuple(figures)


def write_day(day: date | None) -> str | None:
    """Write a day as YYYY-MM-DD."""
    if day is None:
        return None
    return day.isoformat()


def _list_reader_scores(case: Case) -> Iterator[ReaderScore]:
    """The scores of large arteries that a reader gave."""
    scores = case.scores
    day = write_day(scores.on or case.examined_on)
    if scores.adragao is not None:
        yield ReaderScore(
            name="adragao",
            value=scores.adragao,
            most=ADRAGAO_MOST,
            on=day,
            label=say("Adragao score of large arteries, as read by a person"),
            reference="adragao2004",
        )
    if scores.kauppila is not None:
        yield ReaderScore(
            name="kauppila",
            value=scores.kauppila,
            most=KAUPPILA_MOST,
            on=day,
            label=say("Kauppila score of the abdominal aorta, as read by a person"),
            reference="kauppila1997",
        )


def _record_dialysis(period: Dialysis) -> DialysisRecord:
    return DialysisRecord(
        kind=period.kind,
        start=write_day(period.start),
        stop=write_day(period.stop),
        dialysate_calcium_mmol_l=period.dialysate_calcium_mmol_l,
    )


def _record_condition(entry: Condition) -> KnownCondition:
    return KnownCondition(
        name=entry.name,
        condition=condition(entry.name),
        present=entry.present,
        since=write_day(entry.since),
        label=say_condition(entry),
    )


def say_condition(entry: Condition) -> Text:
    """Say a disease by the name that was written, for instance "no diabetes mellitus"."""
    if not entry.present:
        return say("no {condition}", condition=as_written(entry.name))
    if entry.since is not None:
        return say("{condition}, since {day}", condition=as_written(entry.name), day=entry.since)
    return as_written(entry.name)


def _record_treatment(entry: Treatment) -> TreatmentRecord:
    return TreatmentRecord(
        name=entry.name,
        status=entry.status,
        drug=entry.drug,
        route=entry.route,
        dose=entry.dose,
        sessions=entry.sessions,
        reason=entry.reason,
        start=write_day(entry.start),
        stop=write_day(entry.stop),
        label=treatment_in_words(entry),
    )


def _record_biopsy(entry: Biopsy) -> BiopsyRecord:
    return BiopsyRecord(
        status=entry.status,
        result=entry.result,
        site=entry.site,
        on=write_day(entry.on),
        reason=entry.reason,
        label=biopsy_in_words(entry),
    )


def _record_procedure(entry: Procedure) -> ProcedureRecord:
    return ProcedureRecord(name=entry.name, on=write_day(entry.on), label=procedure_in_words(entry))


def _record_photographs(case: Case) -> tuple[PhotographRecord, ...]:
    """The photographs in the order of the case; their files are numbered alike."""
    photographs = []
    for number, (place, _index, photograph) in enumerate(case.photographs, start=1):
        area = photograph.area
        photographs.append(
            PhotographRecord(
                id=f"photo-{number}",
                lesion=place,
                caption=photograph.caption,
                on=write_day(photograph.on),
                area_cm2=None if area is None else area.cm2,
                area_interval95=None if area is None else area.interval95,
                area_text=None if area is None else area.explain(),
            )
        )
    return tuple(photographs)


def _record_outcome(outcome: Outcome | None) -> OutcomeRecord | None:
    if outcome is None:
        return None
    return OutcomeRecord(
        state=outcome.state,
        cause=outcome.cause,
        on=write_day(outcome.on),
        months_after_diagnosis=outcome.months_after_diagnosis,
        label=outcome_in_words(outcome),
    )
