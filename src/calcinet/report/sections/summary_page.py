"""The one-page summary: how far the suspicion goes, why, and what to do next."""

from dataclasses import dataclass
from typing import Final

from calcinet.record import ImageRecord, Record, Suspicion, Term
from calcinet.report.blocks import Prose
from calcinet.report.language import Language
from calcinet.report.pictures.figures import ranked
from calcinet.report.quantities.numbers import number
from calcinet.report.sections.weighing import cautions, drawn_nomogram, reading, weighed
from calcinet.text import say, sentences

MOST_STEPS: Final = 6
MOST_QUESTIONS: Final = 3
"""Next steps and questions of the summary. Our choice: what fits on the page; the details have all."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands on the first page, in words of its language."""

    suspicion: Prose | None
    reading: Prose | None
    """The probability, or why there is none."""
    cautions: tuple[Prose, ...]
    """What to bear in mind with it."""
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
    questions = tuple(Prose(_(question.text)) for question in record.clinical.questions)
    steps = tuple(Prose(_(advice.text), cites=(advice.reference,)) for advice in record.advice)
    lead = lead_image(record)
    return Glance(
        suspicion=Prose(
            _(suspicion.rule) if suspicion else "",
            lead=_level(suspicion, _),
            cites=(suspicion.reference,) if suspicion else (),
        ),
        reading=reading(record.evidence, _) if record.evidence.terms else None,
        cautions=cautions(record.evidence, _),
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


def _level(suspicion: Suspicion | None, _: Language) -> str:
    """The scheme's own word for the level."""
    if suspicion is None:
        return _("The case does not say enough for the published scheme")
    return _("Level of suspicion by the published scheme: {level}", level=say(suspicion.level))


def _patient(record: Record, _: Language) -> Prose | None:
    """Who it is, and the items of the scheme that counts them."""
    counting = [criterion for criterion in record.clinical.criteria.values() if criterion.counted]
    who = (say("{about:; }.", about=record.clinical.about),) if record.clinical.about else ()
    told = _(sentences(*who, *(criterion.counted for criterion in counting if criterion.counted)))
    cites = tuple(criterion.reference for criterion in counting if criterion.reference)
    return Prose(told[:1].upper() + told[1:], lead=_("The patient."), cites=cites) if told else None


def _picture(record: Record, lead: ImageRecord | None, _: Language) -> Prose:
    """What the program found on the film shown, and what people read on earlier images."""
    earlier = [image.label for image in record.clinical.imaging]
    by_people = (say("Read by a person: {images:; }.", images=earlier),) if earlier else ()
    return Prose(_(sentences(*_by_program(record, lead), *by_people)), lead=_("The picture."))


def _by_program(record: Record, lead: ImageRecord | None) -> tuple[str, ...]:
    if lead is None:
        return (say("No film was examined by the program."),)
    told = tuple(sentence for sentence in record.summary.sentences if sentence.startswith(f"{lead.id} "))
    return told[:1] or lead.statements


def _weight(record: Record, _: Language) -> Prose | None:
    evidence = record.evidence
    used = weighed(evidence)
    if not used:
        return (
            Prose(_("No finding here could be weighed; the table of weights says why for each."), lead=_("The weight."))
            if evidence.terms
            else None
        )
    median, low, high = (number(value) for value in evidence.ratio)
    text = _(
        "{findings:, }: the odds change by a factor of {median} (95 % interval {low} to {high}).",
        findings=[_seen(term) for term in used],
        median=median,
        low=low,
        high=high,
    )
    return Prose(text, lead=_("The weight."), cites=tuple(dict.fromkeys(term.reference for term in used)))


def _seen(term: Term) -> str:
    """A finding, and whether it is there."""
    finding = term.label or term.finding
    return finding if term.present else say("{finding} is not there", finding=finding)
