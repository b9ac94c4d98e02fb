"""The one-page summary: how far the suspicion goes, why, and what to do next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Final

from calcinet.clinical.results import SCALE
from calcinet.record import Advice, ImageRecord, Record, Suspicion, Term
from calcinet.report.blocks import Prose, cite, cut_first_sentence, say_each
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import number
from calcinet.report.sections.cover import choose_cover
from calcinet.report.sections.patient import LEVELS
from calcinet.report.sections.weighing import say_cautions, state_probability, weighed_terms
from calcinet.text import counted, say, sentences

MOST_STEPS: Final = 6
"""Next steps of the summary. Our choice: what is read in a minute; the details have all."""

MOST_LESIONS: Final = 3
"""Lesions of the summary. Our choice: what is read in a minute; the details have all."""

MOST_OPEN: Final = 3
"""Diseases still open that the summary names. Our choice: what is read in a minute; the details have all."""

MOST_CAUTIONS: Final = 3
"""Cautions of the summary. Our choice: what is read in a minute; the weighing has all."""

MOST_QUESTIONS: Final = 3
"""Questions of the summary. Our choice: what is read in a minute; the details have all."""

SOON: Final[Mapping[str | None, str]] = {"now": say("now"), "today": say("today"), "this week": say("this week")}
"""How soon a step is to be taken."""

OF_IMAGES: Final = ("Image ", "No image ")
"""How the record's sentences on images begin; those on the patient come before them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A level on the scale of the scheme."""

    word: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPage:
    """The first page, in words of its language, to be read in a minute."""

    urgent: tuple[Prose, ...]
    """What cannot wait, before anything on calciphylaxis; whom to call stands before it."""
    died: Prose | None
    """That the patient has died, and of what; there are no next steps then."""
    suspicion: Prose
    scale: tuple[Mark, ...]
    """The levels of the scheme, lowest first; none where it gives no level."""
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
    lead_image: str | None
    """Id of the image that is shown."""


def summary_page(record: Record, _: Language) -> SummaryPage | None:
    """Sum up an examination with a case; None for films alone, whose page begins with the film."""
    if not record.tells_of_patient:
        return None
    died = _say_death(record, _)
    questions: list[Prose] = []
    if died is None:
        questions = list(say_each([question.text for question in record.clinical.questions], _))
    urgent = [step for step in record.advice if step.kind == "urgent"]
    others = [step for step in record.advice if step.kind != "urgent"]
    lead = lead_image(record)
    return SummaryPage(
        urgent=tuple(_say_step(step, _) for step in urgent),
        died=died,
        suspicion=_say_suspicion(record.summary.suspicion, _),
        scale=_draw_scale(record.summary.suspicion, _),
        reading=_say_probability(record, _),
        cautions=tuple(say_cautions(record.evidence, _)[:MOST_CAUTIONS]),
        why=tuple(_list_reasons(record, lead, _)),
        questions=tuple(questions[:MOST_QUESTIONS]),
        more_questions=max(0, len(questions) - MOST_QUESTIONS),
        steps=tuple(_say_shortly(step, _) for step in others[:MOST_STEPS]),
        more_steps=max(0, len(others) - MOST_STEPS),
        lead_image=lead.id if lead is not None else None,
    )


def found_sentences(record: Record) -> tuple[str, ...]:
    """What was found on the images, sentence by sentence; what the first page says of the patient is not said again."""
    if not record.tells_of_patient:
        return record.summary.sentences
    return tuple(dropwhile(lambda sentence: not sentence.startswith(OF_IMAGES), record.summary.sentences))


def lead_image(record: Record) -> ImageRecord | None:
    """Choose the image of the first page."""
    return choose_cover(record.examined, record.clinical.lesions)


def _say_death(record: Record, _: Language) -> Prose | None:
    outcome = record.clinical.outcome
    if outcome is None or not record.clinical.died:
        return None
    return Prose(_(outcome.label), lead=_("The patient has died; no next steps are given."))


def _say_suspicion(suspicion: Suspicion | None, _: Language) -> Prose:
    """Write the level with its place on the scale as the lead, and what it rests on and waits for."""
    if suspicion is None:
        return Prose("", lead=_("The case does not say enough for the published scheme"))
    return Prose(_say_rule(suspicion, _), lead=_(suspicion.headline), cites=cite(suspicion.reference))


def _say_rule(suspicion: Suspicion, _: Language) -> str:
    """The rule in short: of many diseases that are still open the first few by name; the details have all."""
    whole = _(suspicion.rule)
    if len(suspicion.open) <= MOST_OPEN:
        return whole
    still_open = _(
        "It holds only if {count} other diseases are excluded, among them {diseases:, }; all stand below.",
        count=len(suspicion.open),
        diseases=list(suspicion.open[:MOST_OPEN]),
    )
    return _("{first} {then}", first=cut_first_sentence(whole), then=still_open)


def _draw_scale(suspicion: Suspicion | None, _: Language) -> tuple[Mark, ...]:
    """The levels in their order, the one that is reached among them."""
    if suspicion is None or suspicion.level is None:
        return ()
    return tuple(Mark(_(LEVELS[level]), reached=level == suspicion.level) for level in SCALE)


def _say_probability(record: Record, _: Language) -> Prose | None:
    if not record.evidence.terms:
        return None
    return state_probability(record.evidence, _)


def _say_step(step: Advice, _: Language) -> Prose:
    """A step in full, with whom to call and how soon before it."""
    called = [_(word) for word in (step.who, SOON.get(step.how_soon)) if word]
    lead = ""
    if called:
        lead = _("{called:, }:", called=called)
    return Prose(_(step.text), lead=lead[:1].upper() + lead[1:], cites=cite(step.reference))


def _say_shortly(step: Advice, _: Language) -> Prose:
    """A step in one sentence; its grounds stand in the details."""
    whole = _say_step(step, _)
    return replace(whole, text=cut_first_sentence(whole.text))


def _list_reasons(record: Record, lead: ImageRecord | None, _: Language) -> Iterator[Prose]:
    yield from _say_patient(record, _)
    yield _say_picture(record, lead, _)
    yield from _say_weight(record, _)


def _say_patient(record: Record, _: Language) -> Iterator[Prose]:
    """Say who it is, the diseases and drugs that decide here, and the lesions."""
    clinical = record.clinical
    texts: list[str] = []
    who = [*clinical.about, *clinical.key_facts]
    if who:
        texts.append(say("{about:; }.", about=who))
    shown = [lesion.label for lesion in clinical.lesions[:MOST_LESIONS]]
    more = len(clinical.lesions) - len(shown)
    if more > 0:
        shown.append(counted(more, "{count} more", "{count} more"))
    if shown:
        texts.append(say("{lesions:^}.", lesions=say("{lesions:; }", lesions=shown)))
    text = _(sentences(*texts))
    if text:
        yield Prose(text[:1].upper() + text[1:], lead=_("The patient."))


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
        if sentence.startswith(f"Image {lead.number} ("):
            return (sentence,)
    return lead.statements


def _say_weight(record: Record, _: Language) -> Iterator[Prose]:
    """Say by which factor the findings change the odds; nothing where none does, which the probability says."""
    terms = weighed_terms(record.evidence)
    if not terms:
        return
    median, low, high = record.evidence.ratio
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
