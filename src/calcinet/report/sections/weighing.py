"""What the findings weigh, what else it could be, and what to do next, on the page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from calcinet.evidence.likelihood_ratios import ON_REQUEST
from calcinet.evidence.priors import NONE_FOR_LESIONS
from calcinet.evidence.weigh import UNVALIDATED
from calcinet.record import Advice, Differential, Evidence, Record, Term
from calcinet.references import reference
from calcinet.report.blocks import (
    Block,
    Figure,
    Folded,
    Heading,
    Items,
    Prose,
    Section,
    Table,
    Tone,
    cite,
    keep_filled,
    say_each,
)
from calcinet.report.language import Language
from calcinet.report.pictures.charts import FACTORS, Bar, prior_curve, tornado
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
    "report": say("from case reports or small series"),
}

PRESENT: Final[Mapping[bool | None, str]] = {True: say("present"), False: say("absent"), None: say("not known")}

NO_SCORE: Final = say(
    "No score for this disease has been validated. The post-test probability follows from published "
    "counts and from the pre-test probability given; it has not been tested on patients."
)

UNSTATED: Final = say("No pre-test probability was given, so no post-test probability is stated.")

UNSTATED_UNWEIGHED: Final = say(
    "No pre-test probability was given and no finding could be weighed: no post-test probability is stated."
)

FAN: Final = (0.01, 0.05, 0.2, 0.5)
"""Priors that the nomogram shows where none is given. Our choice: from a dialysis clinic to even odds."""

MOST_BARS: Final = 8
"""Our choice: the findings that move the answer most; the table has all."""


def weighing_sections(record: Record, _: Language) -> tuple[Section, ...]:
    """Evidence, differential and advice in sections; none where nothing was weighed."""
    sections = (
        Section("weighing", _("Likelihood ratios of the findings"), tuple(_list_evidence(record.evidence, _))),
        Section("differential", _("What else it could be"), tuple(_list_differential(record, _))),
        Section("advice", _("Next steps, with their grounds"), tuple(_list_advice(record, _))),
    )
    return keep_filled(sections)


def state_probability(evidence: Evidence, _: Language) -> Prose:
    """The probability in a sentence, marked where it rests on figures read at second hand; or why there is none."""
    terms = weighed_terms(evidence)
    if evidence.posterior is None or evidence.prior is None:
        if terms:
            return Prose(_(UNSTATED))
        return Prose(_(UNSTATED_UNWEIGHED))
    before = share(evidence.prior.value)
    if not terms:
        return Prose(
            _(
                "Nothing found here changes the pre-test probability of calciphylaxis that was given, {prior}.",
                prior=before,
            )
        )
    low, high = evidence.posterior.interval95
    text = _(
        "Probability of calciphylaxis: pre-test {prior}, post-test {median} (95 % interval {low} to {high}).",
        prior=before,
        median=share(evidence.posterior.median),
        low=share(low),
        high=share(high),
    )
    if not ON_REQUEST.isdisjoint(term.status for term in terms):
        return Prose(text, lead=_("With figures read at second hand or recalled."), tone="warn")
    return Prose(text)


def weighed_terms(evidence: Evidence) -> list[Term]:
    """The findings that are multiplied in."""
    return [term for term in evidence.terms if term.used and term.present is not None]


def say_cautions(evidence: Evidence, _: Language) -> list[Prose]:
    """What to bear in mind with the probability; that it is no score is said beside it at more length."""
    cautions = [caution for caution in evidence.cautions if caution != UNVALIDATED]
    return say_each(cautions, _, tone="warn")


def draw_nomogram(evidence: Evidence, _: Language) -> str:
    """The nomogram with the reading of this patient, or with several where no prior is given.

    Empty where nothing was weighed: a line through a ratio of 1 says nothing.
    """
    if not weighed_terms(evidence):
        return ""
    if evidence.prior is not None and evidence.posterior is not None:
        only = Reading(evidence.prior.value, evidence.posterior.median, *evidence.posterior.interval95)
        return nomogram([only], _)
    readings = [Reading(*row) for row in evidence.by_prior if row[0] in FAN]
    if not readings:
        return ""
    return nomogram(readings, _)


def limit_drawn(high: float | None) -> float:
    """Where the upper end of a likelihood ratio is drawn: at the end of the scale where no upper limit can be given."""
    if high is None:
        return FACTORS[-1]
    return high


def _list_evidence(evidence: Evidence, _: Language) -> Iterator[Block]:
    if not evidence.terms:
        return
    yield state_probability(evidence, _)
    yield Prose(_(NO_SCORE), tone="note")
    if evidence.prior is not None:
        lead = _("Source of the pre-test probability:")
        yield Prose(_(evidence.prior.basis), lead=lead, cites=cite(evidence.prior.reference))
    yield from say_cautions(evidence, _)
    yield from _draw_reading(evidence, _)
    yield _tabulate_terms(evidence, _)
    yield from _draw_moves(evidence, _)
    yield from _draw_priors(evidence, _)
    if evidence.presets:
        yield Heading(_("Published figures that could stand before"))
        yield Prose(_(NONE_FOR_LESIONS), tone="note")
        yield Items(tuple(_list_presets(evidence, _)))


def _draw_reading(evidence: Evidence, _: Language) -> Iterator[Block]:
    """Draw how the pre-test probability becomes the post-test one."""
    drawn = draw_nomogram(evidence, _)
    if not drawn:
        return
    caption = _("Pre-test probability, likelihood ratio and post-test probability are joined by a straight line.")
    yield Figure(drawn, caption)


def _draw_moves(evidence: Evidence, _: Language) -> Iterator[Block]:
    """Draw by how much each finding moves the answer, unless none does."""
    bars: list[Bar] = []
    for move in evidence.moves[:MOST_BARS]:
        bars.append(Bar(_(move.label), move.low, limit_drawn(move.high), move.known))
    if not any(bar.high > bar.low for bar in bars):
        return
    caption = _(
        "Likelihood ratio of each finding: filled where it is known (95 % interval), hollow where it "
        "has not been looked for (from absent to present)."
    )
    yield Heading(_("Which finding moves the answer most"))
    yield Figure(tornado(bars, _), caption)


def _draw_priors(evidence: Evidence, _: Language) -> Iterator[Block]:
    """Draw what the findings make of every prior, where any was weighed."""
    if not evidence.by_prior or not weighed_terms(evidence):
        return
    chosen = None
    if evidence.prior is not None:
        chosen = evidence.prior.value
    caption = _(
        "Post-test probability that the same findings give from any pre-test probability; on the "
        "dashed line they change nothing."
    )
    yield Heading(_("Post-test probability for every pre-test probability"))
    yield Figure(prior_curve(evidence.by_prior, _, chosen=chosen), caption)


def _list_presets(evidence: Evidence, _: Language) -> Iterator[Prose]:
    for preset in evidence.presets:
        small = ""
        if preset.status != "seen":
            small = _(STATUS[preset.status])
        yield Prose(share(preset.value), lead=_(preset.label), cites=cite(preset.reference), small=small)


def _name_images(term: Term, _: Language) -> str:
    """The images that show a finding, by their numbers; those that a person read are earlier ones."""
    named: list[str] = []
    for key in term.images:
        if key.startswith("imaging."):
            named.append(_("read by a person"))
        else:
            named.append(_("image {number}", number=key.removeprefix("img-")))
    return _("{images:, }", images=list(dict.fromkeys(named))) if named else ""


def _tabulate_terms(evidence: Evidence, _: Language) -> Table:
    head = (_("Finding"), _("Here"), _("Likelihood ratio"), _("Study"), _("Counts"))
    rows = []
    for term in evidence.terms:
        present = Prose(_(PRESENT[term.present]), small=_name_images(term, _))
        rows.append(
            (_name_finding(term, _), present, _write_ratio(term, _), _name_study(term, _), _write_counts(term, _))
        )
    return Table(head, tuple(rows), (4, 1.6, 2.2, 3.4, 3.4))


def _name_finding(term: Term, _: Language) -> Prose:
    """Name a finding, and say why it does not count, or in spite of what it does."""
    name = _(term.label) or term.finding
    if not term.used:
        return Prose(name, small=_("not multiplied in: {why}", why=_(term.why_not or "")))
    if term.status in ON_REQUEST:
        return Prose(name, small=_("weighed because it was asked for"), tone="warn")
    return Prose(name)


def _write_ratio(term: Term, _: Language) -> Prose:
    """Write the likelihood ratio with its interval; a dash where nothing is known of it and nothing used."""
    median, low, high = term.ratio
    if high is None:
        return Prose(number(median), small=_("from {low}; no upper limit can be given", low=number(low)))
    if number(low) != number(high):
        return Prose(number(median), small=_("{low} to {high}", low=number(low), high=number(high)))
    if term.used:
        return Prose(number(median))
    return Prose(NO_VALUE)


def _name_study(term: Term, _: Language) -> Prose:
    tone: Tone = "warn"
    if term.status == "seen":
        tone = "plain"
    return Prose(term.study, cites=cite(term.reference), small=_(STATUS[term.status]), tone=tone)


def _write_counts(term: Term, _: Language) -> Prose:
    if not term.used:
        return Prose(_count_people(term, _))
    return Prose(_count_people(term, _), small=_(term.note))


def _count_people(term: Term, _: Language) -> str:
    """Write the counts behind a likelihood ratio, or how many people there were."""
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


def _list_differential(record: Record, _: Language) -> Iterator[Block]:
    """Describe in full the diseases for which something speaks; fold the others."""
    against: list[Differential] = []
    undecided: list[Differential] = []
    for mimic in record.differential:
        if mimic.for_:
            yield Heading(_(mimic.name))
            yield _list_reasons(mimic, _)
        elif mimic.against:
            against.append(mimic)
        else:
            undecided.append(mimic)
    if against:
        yield _fold(_("Something speaks against these, nothing for them:"), against, _)
    if undecided:
        yield _fold(_("Nothing here speaks for or against these:"), undecided, _, line_alone=True)


def _list_reasons(mimic: Differential, _: Language) -> Items:
    """List what speaks for a disease and against it, and what would separate it; the last line cites."""
    *points, last = _list_points(mimic, _)
    return Items((*points, replace(last, cites=cite(mimic.reference))))


def _list_points(mimic: Differential, _: Language) -> Iterator[Prose]:
    for reason in mimic.for_:
        yield Prose(_(reason), lead=_("For:"))
    for reason in mimic.against:
        yield Prose(_(reason), lead=_("Against:"))
    if mimic.ask:
        yield Prose(_(mimic.ask), lead=_("What would separate it:"))


def _fold(title: str, mimics: Sequence[Differential], _: Language, *, line_alone: bool = False) -> Folded:
    """Name diseases in one line, and list under it what little is known of each."""
    names: list[str] = []
    cites: dict[str, None] = {}
    items: list[Prose] = []
    for mimic in mimics:
        names.append(mimic.name)
        cites[mimic.reference] = None
        items.append(_say_in_brief(mimic, _))
    line = Prose(_("{names:, }.", names=names), lead=title, cites=tuple(cites))
    return Folded(line, tuple(items), line_alone)


def _say_in_brief(mimic: Differential, _: Language) -> Prose:
    return Prose(
        _("{reasons: }", reasons=list(mimic.against)),
        lead=_("{name}.", name=mimic.name),
        small=_(mimic.ask),
        cites=cite(mimic.reference),
    )


def _say_grounds(advice: Advice) -> str:
    """What a step rests on; a study that was read at second hand is called so."""
    if advice.level == "evidence" and reference(advice.reference).confidence != "seen":
        return say("from a study read at second hand")
    return LEVELS[advice.level]


def _list_advice(record: Record, _: Language) -> Iterator[Block]:
    if not record.advice:
        return
    yield Prose(_("None of this is an order: each line is a question for whoever treats the patient."), tone="note")
    items = []
    for advice in record.advice:
        grounds = _(_say_grounds(advice))
        items.append(Prose(_(advice.text), cites=cite(advice.reference), small=grounds))
    yield Items(tuple(items))
