"""The one-page summary: how far the suspicion goes, why, and what to do next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from calcinet.record import ImageRecord, Record, Suspicion, Term
from calcinet.report.blocks import Prose, cite, say_each
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import number
from calcinet.report.sections.cover import choose_cover
from calcinet.report.sections.weighing import draw_nomogram, say_cautions, state_probability, weighed_terms
from calcinet.text import say, sentences

MOST_STEPS: Final = 6
"""Next steps of the summary. Our choice: what fits on the page; the details have all."""

MOST_QUESTIONS: Final = 3
"""Questions of the summary. Our choice: what fits on the page; the details have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPage:
    """The first page, in words of its language."""

    suspicion: Prose
    reading: Prose | None
    """The probability, or why there is none."""
    cautions: tuple[Prose, ...]
    """What to bear in mind with it."""
    why: tuple[Prose, ...]
    """Three lines at most: the patient, the picture, the weight."""
    questions: tuple[Prose, ...]
    more_questions: int
    """Number of questions that the details alone show."""
    steps: tuple[Prose, ...]
    more_steps: int
    """Number of next steps that the details alone show."""
    nomogram: str
    lead_image: str | None
    """Id of the image that is shown."""


def summary_page(record: Record, _: Language) -> SummaryPage | None:
    """Sum up an examination with a case; None for films alone, whose page begins with the film."""
    if not has_case(record):
        return None
    questions = say_each([question.text for question in record.clinical.questions], _)
    steps = list(_list_steps(record, _))
    lead = lead_image(record)
    return SummaryPage(
        suspicion=_say_suspicion(record.summary.suspicion, _),
        reading=_say_probability(record, _),
        cautions=tuple(say_cautions(record.evidence, _)),
        why=tuple(_list_reasons(record, lead, _)),
        questions=tuple(questions[:MOST_QUESTIONS]),
        more_questions=max(0, len(questions) - MOST_QUESTIONS),
        steps=tuple(steps[:MOST_STEPS]),
        more_steps=max(0, len(steps) - MOST_STEPS),
        nomogram=draw_nomogram(record.evidence, _),
        lead_image=lead.id if lead is not None else None,
    )


def has_case(record: Record) -> bool:
    """Whether the record tells of a patient, and not of films alone."""
    clinical = record.clinical
    return bool(clinical.about or clinical.labs or clinical.lesions or clinical.drugs or clinical.criteria)


def lead_image(record: Record) -> ImageRecord | None:
    """Choose the image of the first page."""
    return choose_cover(record.examined, record.clinical.lesions)


def _say_suspicion(suspicion: Suspicion | None, _: Language) -> Prose:
    """Write the scheme's own word for the level as the lead, and its rule."""
    if suspicion is None:
        return Prose("", lead=_("The case does not say enough for the published scheme"))
    return Prose(_(suspicion.rule), lead=_(suspicion.headline), cites=cite(suspicion.reference))


def _say_probability(record: Record, _: Language) -> Prose | None:
    if not record.evidence.terms:
        return None
    return state_probability(record.evidence, _)


def _list_steps(record: Record, _: Language) -> Iterator[Prose]:
    for advice in record.advice:
        yield Prose(_(advice.text), cites=cite(advice.reference))


def _list_reasons(record: Record, lead: ImageRecord | None, _: Language) -> Iterator[Prose]:
    yield from _say_patient(record, _)
    yield _say_picture(record, lead, _)
    yield from _say_weight(record, _)


def _say_patient(record: Record, _: Language) -> Iterator[Prose]:
    """Say who it is, and the items of the scheme that counts them."""
    texts: list[str] = []
    references: list[str] = []
    if record.clinical.about:
        texts.append(say("{about:; }.", about=record.clinical.about))
    for criterion in record.clinical.criteria.values():
        if criterion.counted:
            texts.append(criterion.counted)
            references += cite(criterion.reference)
    text = _(sentences(*texts))
    if text:
        yield Prose(text[:1].upper() + text[1:], lead=_("The patient."), cites=tuple(references))


def _say_picture(record: Record, lead: ImageRecord | None, _: Language) -> Prose:
    """Say what the program found on the film shown, and what people read on earlier images."""
    texts = list(_find_statements(record, lead))
    earlier = [image.label for image in record.clinical.imaging]
    if earlier:
        texts.append(say("Read by a person: {images:; }.", images=earlier))
    return Prose(_(sentences(*texts)), lead=_("The picture."))


def _find_statements(record: Record, lead: ImageRecord | None) -> tuple[str, ...]:
    """Find the summary's own sentence on the lead image, else the image's statements."""
    if lead is None:
        return (say("No film was examined by the program."),)
    for sentence in record.summary.sentences:
        if sentence.startswith(f"{lead.id} "):
            return (sentence,)
    return lead.statements


def _say_weight(record: Record, _: Language) -> Iterator[Prose]:
    """Say by which factor the findings change the odds."""
    evidence = record.evidence
    terms = weighed_terms(evidence)
    if not evidence.terms:
        return
    if not terms:
        unweighed = _("No finding could be weighed; the table of likelihood ratios gives the reason for each.")
        yield Prose(unweighed, lead=_("The likelihood ratio."))
        return
    median, low, high = evidence.ratio
    text = _(
        "{findings:, }: likelihood ratio {median} (95 % interval {low} to {high}).",
        findings=[_name_finding(term) for term in terms],
        median=number(median),
        low=number(low),
        high=number(high),
    )
    cites = dict.fromkeys(term.reference for term in terms)
    yield Prose(text, lead=_("The likelihood ratio."), cites=tuple(cites))


def _name_finding(term: Term) -> str:
    """Name a finding, and say where it is not there."""
    finding = term.label or term.finding
    if term.present:
        return finding
    return say("{finding} is not there", finding=finding)
