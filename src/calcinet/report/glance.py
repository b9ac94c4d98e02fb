"""The one-page summary: how far the suspicion goes, why, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calcinet.record import ImageRecord, Record
from calcinet.report.blocks import Prose
from calcinet.report.figures import ranked
from calcinet.report.language import Language
from calcinet.report.numbers import number
from calcinet.report.weighing import drawn_nomogram, reading
from calcinet.text import say

SUSPICION: Final[Mapping[str, str]] = {
    "none": say("No suspicion by the published scheme"),
    "suspected": say("Suspected"),
    "clinical": say("Clinical: strong suspicion without a biopsy"),
    "confirmed": say("Confirmed by biopsy"),
}

MOST_STEPS: Final = 6
MOST_QUESTIONS: Final = 3
"""Next steps and questions of the summary. Our choice: what fits on the page; the details have all."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands on the first page, in words of its language."""

    suspicion: Prose | None
    reading: str
    why: tuple[Prose, ...]
    """Three lines at most: the patient, the picture, the weight."""
    questions: tuple[Prose, ...]
    more_questions: int
    steps: tuple[Prose, ...]
    more_steps: int
    """How many stand in the details only; so, too, `more_questions`."""
    nomogram: str
    lead_image: str | None
    """Id of the image that is shown."""


def glance(record: Record, _: Language) -> Glance | None:
    """Sum up an examination with a case; None for films alone, whose page begins with the film."""
    if not has_case(record):
        return None
    suspicion = record.summary.suspicion
    level = SUSPICION[suspicion.level] if suspicion else say("The case does not say enough for the published scheme")
    questions = tuple(Prose(_(question.text)) for question in record.clinical.questions)
    steps = tuple(Prose(_(advice.text), cites=(advice.reference,)) for advice in record.advice)
    lead = lead_image(record)
    return Glance(
        suspicion=Prose(
            _(suspicion.rule) if suspicion else "", lead=_(level), cites=(suspicion.reference,) if suspicion else ()
        ),
        reading=reading(record.evidence, _) if record.evidence.terms else "",
        why=tuple(filter(None, (_patient(record, _), _picture(record, lead, _), _weight(record, _)))),
        questions=questions[:MOST_QUESTIONS],
        more_questions=max(0, len(questions) - MOST_QUESTIONS),
        steps=steps[:MOST_STEPS],
        more_steps=max(0, len(steps) - MOST_STEPS),
        nomogram=drawn_nomogram(record.evidence, _),
        lead_image=lead.id if lead else None,
    )


def has_case(record: Record) -> bool:
    """Whether the record tells of a patient, and not of films alone."""
    clinical = record.clinical
    return bool(clinical.about or clinical.labs or clinical.lesions or clinical.drugs or clinical.criteria)


def lead_image(record: Record) -> ImageRecord | None:
    """The image that tells most: the one with the best-ranked finding, else the first."""
    order = {"net": 0, "uptake": 1, "vessel": 2, "focus": 3}

    def telling(image: ImageRecord) -> tuple[int, float]:
        first = ranked(image.findings)[:1]
        return (order[first[0].kind], -(first[0].area_px or 0)) if first else (len(order), 0.0)

    return min(record.examined, key=telling, default=None)


def _patient(record: Record, _: Language) -> Prose | None:
    """The first scheme that is met, or else the first of all, with how many of its items are."""
    criteria = list(record.clinical.criteria.values())
    chosen = next((criterion for criterion in criteria if criterion.met), criteria[0] if criteria else None)
    if chosen is None:
        return None
    answers = list(chosen.items.values())
    text = _(
        "{label}: {met} of {all} items met, {unknown} unknown.",
        label=chosen.label or say("Criteria"),
        met=answers.count(True),
        all=len(answers),
        unknown=answers.count(None),
    )
    return Prose(text, lead=_("The patient."), cites=(chosen.reference,) if chosen.reference else ())


def _picture(record: Record, lead: ImageRecord | None, _: Language) -> Prose:
    if lead is None:
        return Prose(_("No film was examined."), lead=_("The picture."))
    told = next((sentence for sentence in record.summary.sentences if sentence.startswith(f"{lead.id} ")), "")
    return Prose(_(told) if told else " ".join(_(sentence) for sentence in lead.statements), lead=_("The picture."))


def _weight(record: Record, _: Language) -> Prose | None:
    evidence = record.evidence
    used = [term for term in evidence.terms if term.used and term.present is not None]
    if not used:
        return (
            Prose(_("No finding here has a weight that a study counted."), lead=_("The weight."))
            if evidence.terms
            else None
        )
    median, low, high = (number(value) for value in evidence.ratio)
    text = _(
        "{findings:, }: together the odds change by a factor of {median} (95 % interval {low} to {high}).",
        findings=[term.label or term.finding for term in used],
        median=median,
        low=low,
        high=high,
    )
    return Prose(text, lead=_("The weight."), cites=tuple(dict.fromkeys(term.reference for term in used)))
