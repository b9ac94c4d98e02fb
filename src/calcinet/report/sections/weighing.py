"""What the findings weigh, what else it could be, and what to do next, on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from calcinet.evidence.likelihood_ratios import ON_REQUEST
from calcinet.evidence.weigh import UNVALIDATED
from calcinet.record import Differential, Evidence, Record, Term
from calcinet.record.weighing import Preset
from calcinet.report.blocks import Block, Figure, Folded, Heading, Items, Prose, Section, Table
from calcinet.report.language import Language
from calcinet.report.pictures.charts import Bar, prior_curve, tornado
from calcinet.report.pictures.nomogram import Reading, nomogram
from calcinet.report.quantities.numbers import NO_VALUE, number, share
from calcinet.text import say

STATUS: Final[Mapping[str, str]] = {
    "seen": say("counted in a study that was read"),
    "derived": say("worked out from a study that was read"),
    "secondary": say("read at second hand: weighed only on request"),
    "recalled": say("recalled, not yet read: weighed only on request"),
    "case": say("rests on the case report alone"),
}
"""How far the text behind a weight was read."""

LEVELS: Final[Mapping[str, str]] = {
    "evidence": say("from studies"),
    "expert": say("expert opinion"),
    "report": say("from the case report alone"),
}

PRESENT: Final[Mapping[bool | None, str]] = {True: say("present"), False: say("absent"), None: say("not known")}

NO_SCORE: Final = say(
    "There is no validated score for this disease. What stands here is what counted studies say of the findings, if "
    "the probability before is right; it is no score and has not been tested on patients."
)

UNSTATED: Final = say(
    "No probability before the findings was given, so none after them is stated; the drawing shows each."
)

UNSTATED_UNWEIGHED: Final = say(
    "No probability before the findings was given, and nothing here could be weighed: none is stated."
)

FAN: Final = (0.01, 0.05, 0.2, 0.5)
"""Priors that the nomogram shows where none is given. Our choice: from a dialysis clinic to even odds."""

MOST_BARS: Final = 8
"""Our choice: the findings that move the answer most; the table has all."""


def weighing_sections(record: Record, _: Language) -> tuple[Section, ...]:
    """Evidence, differential and advice in sections; none where nothing was weighed."""
    sections = (
        Section("weighing", _("What the findings weigh"), _weighing(record.evidence, _)),
        Section("differential", _("What else it could be"), _differential(record, _)),
        Section("advice", _("Next steps, with their grounds"), _advice(record, _)),
    )
    return tuple(section for section in sections if section.blocks)


def reading(evidence: Evidence, _: Language) -> Prose:
    """The probability in a sentence, marked where it rests on figures read at second hand; or why there is none."""
    used = weighed(evidence)
    if evidence.posterior is None or evidence.prior is None:
        return Prose(_(UNSTATED if used else UNSTATED_UNWEIGHED))
    before = share(evidence.prior.value)
    if not used:
        return Prose(
            _(
                "Nothing here could be weighed, so the probability of calciphylaxis stays as it was given: {prior}.",
                prior=before,
            )
        )
    low, high = (share(value) for value in evidence.posterior.interval95)
    text = _(
        "Probability of calciphylaxis: {prior} before the findings, {median} after (95 % interval {low} to {high}).",
        prior=before,
        median=share(evidence.posterior.median),
        low=low,
        high=high,
    )
    borrowed = any(term.status in ON_REQUEST for term in used)
    if not borrowed:
        return Prose(text)
    return Prose(text, lead=_("With figures read at second hand or recalled."), tone="warn")


def weighed(evidence: Evidence) -> list[Term]:
    """The findings that are multiplied in."""
    return [term for term in evidence.terms if term.used and term.present is not None]


def cautions(evidence: Evidence, _: Language) -> tuple[Prose, ...]:
    """What to bear in mind with the probability; that it is no score is said beside it at more length."""
    told = [caution for caution in evidence.cautions if caution != UNVALIDATED]
    return tuple(Prose(_(caution), tone="warn") for caution in told)


def drawn_nomogram(evidence: Evidence, _: Language) -> str:
    """The nomogram with the reading of this patient, or with several where no prior is given.

    Empty where nothing was weighed: a line through a ratio of 1 says nothing.
    """
    if not weighed(evidence):
        return ""
    if evidence.prior is not None and evidence.posterior is not None:
        only = Reading(evidence.prior.value, evidence.posterior.median, *evidence.posterior.interval95)
        return nomogram([only], _)
    readings = [Reading(*row) for row in evidence.by_prior if row[0] in FAN]
    return nomogram(readings, _) if readings else ""


def _weighing(evidence: Evidence, _: Language) -> tuple[Block, ...]:
    if not evidence.terms:
        return ()
    blocks: list[Block] = [reading(evidence, _), Prose(_(NO_SCORE), tone="note")]
    if evidence.prior is not None:
        cites = (evidence.prior.reference,) if evidence.prior.reference else ()
        blocks.append(Prose(_(evidence.prior.basis), lead=_("Where the probability before comes from:"), cites=cites))
    blocks += cautions(evidence, _)
    head = (_("Finding"), _("Here"), _("Likelihood ratio"), _("Study"), _("Counts"))
    blocks.append(Table(head, tuple(_term_row(term, _) for term in evidence.terms), (4, 1.6, 2.2, 3.4, 3.4)))
    if any(move.high > move.low for move in evidence.moves):
        bars = [Bar(_(move.label), move.low, move.high, move.known) for move in evidence.moves[:MOST_BARS]]
        caption = _(
            "By which factor each finding moves the odds: full where it is known (95 % interval), hollow where it has "
            "not been looked for (from absent to present)."
        )
        blocks += [Heading(_("Which finding moves the answer most")), Figure(tornado(bars, _), caption)]
    if evidence.by_prior and weighed(evidence):
        chosen = evidence.prior.value if evidence.prior else None
        caption = _(
            "What the same findings lead to from any probability before them; the dashed line is where they would "
            "change nothing."
        )
        blocks += [
            Heading(_("From every probability before")),
            Figure(prior_curve(evidence.by_prior, _, chosen=chosen), caption),
        ]
    if evidence.presets:
        blocks += [
            Heading(_("Published figures that could stand before")),
            Items(tuple(_preset(preset, _) for preset in evidence.presets)),
        ]
    return tuple(blocks)


def _preset(preset: Preset, _: Language) -> Prose:
    figure = share(preset.value) if preset.value is not None else _("no figure")
    status = "" if preset.status == "seen" else _(STATUS[preset.status])
    return Prose(figure, lead=_(preset.label), cites=(preset.reference,), small=_(preset.why_none) or status)


def _term_row(term: Term, _: Language) -> tuple[Prose, ...]:
    median, low, high = (number(value) for value in term.ratio)
    interval = "" if low == high else _("{low} to {high}", low=low, high=high)
    borrowed = term.used and term.status in ON_REQUEST
    counts = Prose(_counts(term, _), small=_(term.note) if term.used else "")
    return (
        Prose(
            _(term.label) if term.label else term.finding,
            small=_standing(term, _),
            tone="warn" if borrowed else "plain",
        ),
        Prose(_(PRESENT[term.present]), small=", ".join(term.images)),
        Prose(median if term.used or low != high else NO_VALUE, small=interval),
        Prose(
            term.study,
            cites=(term.reference,),
            small=_(STATUS[term.status]),
            tone="plain" if term.status == "seen" else "warn",
        ),
        counts,
    )


def _standing(term: Term, _: Language) -> str:
    """Why it does not count, or in spite of what it does."""
    if not term.used:
        return _("not multiplied in: {why}", why=_(term.why_not) if term.why_not else "")
    return _("weighed because it was asked for") if term.status in ON_REQUEST else ""


def _counts(term: Term, _: Language) -> str:
    """The counts behind a weight, or how many people there were."""
    if term.cases and term.controls:
        return _(
            "{k} of {n} patients, {c} of {m} controls",
            k=term.cases[0],
            n=term.cases[1],
            c=term.controls[0],
            m=term.controls[1],
        )
    if term.controls:
        return _("patients not counted, {c} of {m} controls", c=term.controls[0], m=term.controls[1])
    return _("{n} patients, {m} controls", n=term.n[0], m=term.n[1])


def _differential(record: Record, _: Language) -> tuple[Block, ...]:
    """Those for which something speaks in full, the others folded."""
    likely = [mimic for mimic in record.differential if mimic.for_]
    against = [mimic for mimic in record.differential if mimic.against and not mimic.for_]
    open_ones = [mimic for mimic in record.differential if not mimic.against and not mimic.for_]
    blocks: list[Block] = [block for mimic in likely for block in _mimic(mimic, _)]
    if against:
        blocks.append(_folded(_("Something speaks against these, nothing for them:"), against, _))
    if open_ones:
        blocks.append(_folded(_("Nothing here speaks for or against these:"), open_ones, _, line_alone=True))
    return tuple(blocks)


def _folded(title: str, mimics: Sequence[Differential], _: Language, *, line_alone: bool = False) -> Folded:
    names = _("{names:, }.", names=[mimic.name for mimic in mimics])
    line = Prose(names, lead=title, cites=tuple(dict.fromkeys(mimic.reference for mimic in mimics)))
    return Folded(line, tuple(_in_brief(mimic, _) for mimic in mimics), line_alone)


def _in_brief(mimic: Differential, _: Language) -> Prose:
    return Prose(
        _("{reasons: }", reasons=list(mimic.against)),
        lead=_("{name}.", name=mimic.name),
        small=_(mimic.ask),
        cites=(mimic.reference,),
    )


def _mimic(mimic: Differential, _: Language) -> tuple[Block, ...]:
    points = [
        *(Prose(_(reason), lead=_("For:")) for reason in mimic.for_),
        *(Prose(_(reason), lead=_("Against:")) for reason in mimic.against),
    ]
    if mimic.ask:
        points.append(Prose(_(mimic.ask), lead=_("What would separate it:")))
    *others, last = points
    return (Heading(_(mimic.name)), Items((*others, replace(last, cites=(mimic.reference,)))))


def _advice(record: Record, _: Language) -> tuple[Block, ...]:
    if not record.advice:
        return ()
    items = tuple(
        Prose(_(advice.text), cites=(advice.reference,), small=_(LEVELS[advice.level])) for advice in record.advice
    )
    return (
        Prose(_("None of this is an order: each line is a question for whoever treats the patient."), tone="note"),
        Items(items),
    )
