"""Sentences of the record about the patient and the probability."""

from datetime import date
from typing import Final

from calcinet.clinical.case import Case, Dialysis
from calcinet.clinical.labs import ADULT_YEARS
from calcinet.clinical.results import Assessment
from calcinet.evidence.contradiction import contradict
from calcinet.evidence.likelihood_ratios import ON_REQUEST
from calcinet.record import Criterion, Evidence
from calcinet.text import Text, as_written, counted, say

DAYS_A_YEAR: Final = 365.25
"""Mean of the calendar."""


def describe_patient(case: Case) -> tuple[str, ...]:
    """Age, sex and kidneys, as far as the case names them."""
    sentences: list[str] = [_describe_person(case.patient.sex, case.patient.age_years)]
    if case.kidney.cause:
        sentences.append(say("kidney disease: {cause}", cause=case.kidney.cause))
    for period in case.kidney.dialysis:
        if period.stop is not None:
            continue
        sentences.append(describe_dialysis(period.kind, count_years(period, case.examined_on)))
    return tuple(sentences)


def count_years(period: Dialysis, today: date | None) -> float | None:
    """Years of dialysis: as written, else from the first day to the day of examination, to half a year."""
    if period.years is not None or period.start is None or today is None or today < period.start:
        return period.years
    days = (today - period.start).days
    if days < DAYS_A_YEAR:
        return None
    return round(2 * days / DAYS_A_YEAR) / 2


def _describe_person(sex: str | None, age_years: float | None) -> Text:
    grown = age_years is None or age_years >= ADULT_YEARS
    word = say("patient")
    if sex == "female":
        word = say("woman") if grown else say("girl")
    elif sex == "male":
        word = say("man") if grown else say("boy")
    if age_years is None:
        return word
    return say("{sex}, {age} years", sex=word, age=age_years)


def describe_dialysis(kind: str, years: float | None) -> Text:
    """A kind of dialysis and for how many years, where these are known."""
    if kind == "peritoneal":
        if years is None:
            return say("{kind} dialysis", kind=as_written(kind))
        return say("peritoneal dialysis for {years:g} years", years=years)
    if years is None:
        return as_written(kind)
    return say("{kind} for {years:g} years", kind=as_written(kind), years=years)


def describe_case(assessment: Assessment, criteria: list[Criterion], weighed: Evidence) -> tuple[str, ...]:
    """The patient in a few sentences: level, criteria, questions."""
    sentences: list[str] = []
    if assessment.suspicion is not None:
        sentences.append(assessment.suspicion.headline)
    elif assessment.lesions:
        sentences.append(say("The case does not say enough for the published scheme."))
    for criterion in criteria:
        count = criterion.counted
        if count is not None:
            sentences.append(count)
    if weighed.prior is None:
        sentences.append(say("No pre-test probability was given, so no post-test probability is stated."))
    if assessment.questions:
        asked = counted(
            len(assessment.questions),
            "{count} question about the case must be answered by a person.",
            "{count} questions about the case must be answered by a person.",
        )
        sentences.append(asked)
    return tuple(sentences)


def describe_left_out(case: Case) -> tuple[str, ...]:
    """That a hospital's record was not taken whole, with the weightiest of what is missing; none where it was."""
    if not case.left_out:
        return ()
    told = counted(
        len(case.left_out),
        "{count} kind of thing of the hospital's record was not taken: {first}",
        "{count} kinds of things of the hospital's record were not taken; the first of them: {first}",
        first=case.left_out[0],
    )
    return (told,)


def describe_death(case: Case) -> tuple[str, ...]:
    """That the patient has died, so that nothing reads as if there were next steps; none where nobody said so."""
    if case.outcome is None or not case.died:
        return ()
    if case.outcome.cause:
        return (say("The patient has died ({cause}); there are no next steps.", cause=as_written(case.outcome.cause)),)
    return (say("The patient has died; there are no next steps."),)


def describe_contradiction(assessment: Assessment, weighed: Evidence) -> tuple[str, ...]:
    """That the level and the probability point different ways; none where they do not."""
    if assessment.suspicion is None or weighed.posterior is None:
        return ()
    suspicion = assessment.suspicion
    sentence = contradict(suspicion.level, weighed.posterior.median, suspicion.found)
    if sentence is None:
        return ()
    return (sentence,)


def describe_posterior(weighed: Evidence) -> tuple[str, ...]:
    """The probability in a sentence; none where there is none."""
    if weighed.prior is None or weighed.posterior is None:
        return ()
    used = [term for term in weighed.terms if term.used]
    if not used:
        nothing = say(
            "Nothing found here changes the pre-test probability of {prior:.2g} that was given.",
            prior=weighed.prior.value,
        )
        return (nothing,)
    low, high = weighed.posterior.interval95
    sentence = say(
        "Pre-test probability {prior:.2g}, post-test probability {median:.2g} (95 % interval {low:.2g} to {high:.2g}).",
        prior=weighed.prior.value,
        median=weighed.posterior.median,
        low=low,
        high=high,
    )
    if any(term.status in ON_REQUEST for term in used):
        return sentence, say("It rests on figures read at second hand or recalled.")
    return (sentence,)
