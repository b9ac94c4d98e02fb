"""A case and what its findings weigh -> their parts of the record."""

from datetime import date
from typing import Any, TypeVar

from calcinet.clinical.case import Case
from calcinet.clinical.drugs import table
from calcinet.clinical.imaging import in_words
from calcinet.clinical.results import Assessment, CriterionResult, DrugResult, LabResult
from calcinet.evidence.advice import advice
from calcinet.evidence.cautions import about_patient
from calcinet.evidence.context import PatientContext
from calcinet.evidence.differential import differential
from calcinet.evidence.likelihood_ratios import ON_REQUEST
from calcinet.evidence.priors import Prior, presets
from calcinet.evidence.readings import observations, read_by_people
from calcinet.evidence.weigh import Term, Weighing, weigh
from calcinet.record import (
    Advice,
    Clinical,
    Criterion,
    CriterionItem,
    Derived,
    Differential,
    Drug,
    EarlierImage,
    Evidence,
    Lab,
    Lesion,
    Move,
    Posterior,
    Preset,
    Question,
    Suspicion,
)
from calcinet.record import Prior as PriorRecord
from calcinet.record import Term as TermRecord
from calcinet.record.base import RecordModel
from calcinet.text import counted, say

P = TypeVar("P", bound=RecordModel)


def clinical(case: Case, assessment: Assessment) -> Clinical:
    """The patient in the record."""
    return Clinical(
        about=_about(case),
        questions=tuple(_part(Question, question) for question in assessment.questions),
        drugs=tuple(_part(Drug, drug, classes=_in_words(drug)) for drug in assessment.drugs),
        lesions=tuple(_part(Lesion, lesion) for lesion in assessment.lesions),
        derived=tuple(_part(Derived, number) for number in assessment.derived),
        labs=tuple(_part(Lab, lab, on=_day(lab)) for lab in assessment.labs),
        imaging=tuple(
            EarlierImage(id=reading.id, label=in_words(image))
            for reading, image in zip(read_by_people(case), case.imaging, strict=True)
        ),
        criteria={name: _criterion(result) for name, result in assessment.criteria.items()},
    )


def suspicion(assessment: Assessment) -> Suspicion | None:
    """Level of suspicion by the published scheme; None where it cannot be applied."""
    return None if assessment.suspicion is None else _part(Suspicion, assessment.suspicion)


def evidence(situation: PatientContext, *, prior: Prior | None = None, include_secondary: bool = False) -> Evidence:
    """What the findings weigh, with the presets that a user may take as prior."""
    seen = observations(situation.case, situation.assessment, situation.readings)
    weighing = weigh(seen, prior=prior, include_secondary=include_secondary)
    offered = [one for one in presets().values() if include_secondary or one.status not in ON_REQUEST]
    return Evidence(
        prior=None if prior is None else _part(PriorRecord, prior),
        terms=tuple(_term(term) for term in weighing.terms),
        posterior=_posterior(weighing),
        by_prior=weighing.by_prior,
        ratio=weighing.ratio,
        moves=tuple(_part(Move, move) for move in weighing.moves),
        presets=tuple(_part(Preset, preset) for preset in offered),
        cautions=(*weighing.cautions, *about_patient(weighing, situation.case)),
    )


def alternatives(situation: PatientContext) -> tuple[Differential, ...]:
    """Other diseases, for the record."""
    return tuple(
        Differential(
            name=one.name, against=one.against, ask=one.ask, reference=one.reference, **{"for": one.speaks_for}
        )
        for one in differential(situation)
    )


def next_steps(situation: PatientContext) -> tuple[Advice, ...]:
    """Advice, for the record."""
    return tuple(_part(Advice, step) for step in advice(situation))


def case_sentences(assessment: Assessment, weighed: Evidence) -> tuple[str, ...]:
    """The patient in a few sentences: level, criteria, questions."""
    sentences: list[str] = []
    if assessment.suspicion is not None:
        level = say(assessment.suspicion.level)
        sentences.append(say("Level of suspicion by the published scheme: {level}.", level=level))
    elif assessment.lesions:
        sentences.append(say("The case does not say enough for the published scheme."))
    sentences += filter(None, (_criterion(result).counted for result in assessment.criteria.values()))
    if weighed.prior is None:
        sentences.append(say("No prior was given, so no probability is given; the curve over priors stands beside."))
    if assessment.questions:
        asked = counted(
            len(assessment.questions),
            "{count} question about the case must be answered by a person.",
            "{count} questions about the case must be answered by a person.",
        )
        sentences.append(asked)
    return tuple(sentences)


def posterior_sentence(weighed: Evidence) -> tuple[str, ...]:
    """The probability in a sentence; none where there is none."""
    if weighed.prior is None or weighed.posterior is None:
        return ()
    if not any(term.used for term in weighed.terms):
        return (
            say("Nothing is known that can be weighed: the prior of {prior:.2g} stays.", prior=weighed.prior.value),
        )
    low, high = weighed.posterior.interval95
    sentence = say(
        "A prior of {prior:.2g} and the findings weighed give {median:.2g} (95 % interval {low:.2g} to {high:.2g}).",
        prior=weighed.prior.value,
        median=weighed.posterior.median,
        low=low,
        high=high,
    )
    borrowed = any(term.used and term.status in ON_REQUEST for term in weighed.terms)
    return (sentence, say("It rests on figures read at second hand or recalled.")) if borrowed else (sentence,)


def _in_words(drug: DrugResult) -> tuple[str, ...]:
    """The classes of a drug as people call them."""
    return tuple(table().classes[key].name for key in drug.classes)


def _about(case: Case) -> tuple[str, ...]:
    """Age, sex and kidneys, as far as they were told."""
    patient, kidney = case.patient, case.kidney
    sex = {"female": say("woman"), "male": say("man")}.get(patient.sex or "", say("patient"))
    known: list[str] = [sex if patient.age_years is None else say("{sex}, {age} years", sex=sex, age=patient.age_years)]
    known += [say("kidney disease: {cause}", cause=kidney.cause)] if kidney.cause else []
    known += [_dialysis(period.kind, period.years) for period in kidney.dialysis if period.stop is None]
    return tuple(known)


def _dialysis(kind: str, years: float | None) -> str:
    if years is None:
        return say("{kind} dialysis", kind=say(kind)) if kind == "peritoneal" else say(kind)
    if kind == "peritoneal":
        return say("peritoneal dialysis for {years:g} years", years=years)
    return say("{kind} for {years:g} years", kind=say(kind), years=years)


def _criterion(result: CriterionResult) -> Criterion:
    return Criterion(
        met=result.met,
        items={name: item.met for name, item in result.items.items()},
        label=result.label,
        reference=result.reference,
        level=result.level,
        details={name: _part(CriterionItem, item) for name, item in result.items.items()},
    )


def _term(term: Term) -> TermRecord:
    of_row = {name: value for name, value in _values(TermRecord, term.weight).items() if name != "ratio"}
    return TermRecord(**{**of_row, **_values(TermRecord, term)})


def _posterior(weighing: Weighing) -> Posterior | None:
    if weighing.posterior is None:
        return None
    middle, low, high = weighing.posterior
    return Posterior(median=middle, interval95=(low, high))


def _day(lab: LabResult) -> str | None:
    return lab.on.isoformat() if isinstance(lab.on, date) else None


def _part(kind: type[P], result: Any, **instead: Any) -> P:
    """A part of the record from a result whose fields have the same names."""
    return kind(**{**_values(kind, result), **instead})


def _values(kind: type[RecordModel], result: Any) -> dict[str, Any]:
    return {name: getattr(result, name) for name in kind.model_fields if hasattr(result, name)}
