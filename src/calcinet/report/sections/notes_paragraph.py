"""One paragraph to paste into the notes: who, what is seen, which level, what is open, what next."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.record import Advice, Record
from calcinet.report.blocks import cut_first_sentence, quote
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import percent
from calcinet.report.sections.image_name import image_name
from calcinet.text import say

MOST_WORDS: Final = 120
"""Our choice: what is read at a glance in the notes."""

MOST_WORDS_OF_A_LIST: Final = 38
"""Of lesions, and of images. Our choice: a third of the paragraph."""

MOST_STEPS: Final = 4
"""Our choice: the page has all."""

MOST_WORDS_OF_A_QUESTION: Final = 26
"""A longer one is cut. Our choice: the page has it whole."""

PIECES: Final = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+")
"""A Chinese character, or a word of another script."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence of the paragraph."""

    text: str
    rank: int
    """What is left out first where room is short has the highest rank; 0 always stands."""


def notes_paragraph(record: Record, _: Language) -> str:
    """Write the paragraph as plain text, at most 120 words; empty where no case was given.

    >>> from calcinet.report.language import translator
    >>> from calcinet.record import ModelRecord
    >>> notes_paragraph(Record(version="1", model=ModelRecord(name="m")), translator("en"))
    ''
    """
    if not record.clinical.about and not record.clinical.lesions:
        return ""
    parts = [part for part in _list_parts(record, _) if part.text]
    kept = _choose_parts(parts)
    return _(" ").join(part.text for part in kept)


def count_words(text: str) -> float:
    """Count words; two Chinese characters count as one.

    >>> count_words("two words"), count_words("透析")
    (2.0, 1.0)
    """
    pieces = PIECES.findall(text)
    characters = [piece for piece in pieces if "\u2e80" <= piece <= "\uffef"]
    return len(pieces) - len(characters) / 2


def _choose_parts(parts: Sequence[_Part]) -> list[_Part]:
    """Keep what fits, what matters most first, in the order of the paragraph."""
    room = MOST_WORDS - sum(count_words(part.text) for part in parts if part.rank == 0)
    kept = {id(part) for part in parts if part.rank == 0}
    for part in sorted(parts, key=lambda part: part.rank):
        words = count_words(part.text)
        if part.rank > 0 and words <= room:
            kept.add(id(part))
            room -= words
    return [part for part in parts if id(part) in kept]


def _list_parts(record: Record, _: Language) -> Iterator[_Part]:
    yield _Part(_say_who(record, _), 0)
    yield _Part(_say_skin(record, _), 0)
    yield _Part(_say_images(record, _), 3)
    yield _Part(_say_level(record, _), 0)
    yield _Part(_say_probability(record, _), 4)
    yield _Part(_say_impression(record, _), 5)
    outcome = record.clinical.outcome
    if outcome is not None and record.clinical.died:
        yield _Part(_("Outcome: {outcome}.", outcome=outcome.label), 0)
    else:
        yield from _list_next(record.advice, _)
    yield _Part(_say_open(record, _), 2)
    yield _Part(_("Decision support, not a diagnosis."), 0)


def _say_who(record: Record, _: Language) -> str:
    """Say age, sex and kidneys, and the diseases and drugs that matter."""
    about = say("{about:, }", about=[*record.clinical.about, *record.clinical.key_facts])
    return _("{about:^}.", about=about)


def _say_skin(record: Record, _: Language) -> str:
    """Say the lesions, as many as there is room for."""
    labels = [_(lesion.label) for lesion in record.clinical.lesions]
    if not labels:
        return ""
    return _("Skin: {lesions}.", lesions=_shorten(labels, _))


def _say_images(record: Record, _: Language) -> str:
    """Say what people read and what the program marked."""
    told = [_(image.label) for image in record.clinical.imaging]
    for image in record.examined:
        net = any(finding.kind == "net" for finding in image.findings)
        found = say("net-like calcification marked") if net else say("no net-like calcification marked")
        told.append(_("{image}: {found}", image=image_name(image, _), found=found))
    if not told:
        return ""
    return _("Images: {images}.", images=_shorten(told, _))


def _shorten(texts: Sequence[str], _: Language) -> str:
    """Join texts while there is room, the first always, and count the rest."""
    kept = [texts[0]]
    for text in texts[1:]:
        if count_words(" ".join([*kept, text])) > MOST_WORDS_OF_A_LIST:
            break
        kept.append(text)
    if len(kept) == len(texts):
        return _("{texts:; }", texts=kept)
    return _("{texts:; }; and {count} more", texts=kept, count=len(texts) - len(kept))


def _say_level(record: Record, _: Language) -> str:
    suspicion = record.summary.suspicion
    if suspicion is None:
        return _("No level: the case does not say enough for the published scheme, or is not one for it.")
    return _(suspicion.headline)


def _say_probability(record: Record, _: Language) -> str:
    evidence = record.evidence
    weighed = any(term.used for term in evidence.terms)
    if evidence.prior is None or evidence.posterior is None or not weighed:
        return ""
    low, high = evidence.posterior.interval95
    return _(
        "Pre-test probability {prior}, post-test {median} (95 % interval {low} to {high}).",
        prior=percent(evidence.prior.value),
        median=percent(evidence.posterior.median),
        low=percent(low),
        high=percent(high),
    )


def _say_impression(record: Record, _: Language) -> str:
    if not record.clinical.impression:
        return ""
    return _("The treating clinician's words: {words}.", words=quote(record.clinical.impression, _))


def _say_open(record: Record, _: Language) -> str:
    """Say the first question, and how many more there are."""
    questions = record.clinical.questions
    if not questions or record.clinical.died:
        return ""
    asked = _cut_question(_(questions[0].text))
    if len(questions) == 1:
        return _("Open: {question}", question=asked)
    more = _.counted(len(questions) - 1, "{count} more question.", "{count} more questions.")
    return _("Open: {question} {more}", question=asked, more=more)


def _list_next(steps: Sequence[Advice], _: Language) -> Iterator[_Part]:
    """Give the first sentence of each step that cannot wait, which always stands, and of the first others.

    Of a paragraph without any that cannot wait the first step stands before all that can be left out.
    """
    urgent = [step for step in steps if step.kind == "urgent"]
    others = [step for step in steps if step.kind != "urgent"]
    kept = [*urgent, *others[: max(0, MOST_STEPS - len(urgent))]]
    for number, step in enumerate(kept):
        text = cut_first_sentence(_(step.text))
        if number == 0:
            text = _("Next: {step}", step=text)
        yield _Part(text, _rank_step(step, number))


def _rank_step(step: Advice, number: int) -> int:
    if step.kind == "urgent":
        return 0
    return 1 if number == 0 else 5 + number


def _cut_question(text: str) -> str:
    """Keep a question that is short, else its first sentence, cut where that is long too."""
    if text.endswith(("?", "\uff1f")) and count_words(text) <= MOST_WORDS_OF_A_QUESTION:
        return text
    asked = cut_first_sentence(text)
    if count_words(asked) <= MOST_WORDS_OF_A_QUESTION:
        return asked
    kept = ""
    for piece in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*", asked):
        if count_words(kept + piece) > MOST_WORDS_OF_A_QUESTION:
            break
        kept += piece
    return kept.rstrip(" ,;\u3001") + " \u2026"
