"""The patient on the page: what was told, what follows from it, what must be asked."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from calcinet.record import Clinical, Criterion, Lab, Record
from calcinet.record.patient import CriterionItem, Derived, Drug
from calcinet.report.blocks import (
    Block,
    Copied,
    Heading,
    Items,
    Prose,
    Section,
    Table,
    Tone,
    cite,
    itemise,
    itemise_labels,
    keep_filled,
    quote,
)
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, dose, number, unit
from calcinet.report.sections.bedside import (
    list_conditions,
    list_course,
    list_examination,
    list_prognosis,
    show_photographs,
)
from calcinet.report.sections.body_map import draw_body
from calcinet.report.sections.notes_paragraph import notes_paragraph
from calcinet.text import say

FLAGS: Final[Mapping[str, str]] = {"H": say("high"), "L": say("low"), "N": say("normal")}

FLAG_BASIS: Final[Mapping[str, str]] = {
    "printed": say("as the laboratory flagged it"),
    "stated": say("as it was stated"),
    "laboratory range": say("by the laboratory's range"),
    "default range": say("by a usual range"),
}

WORDS: Final[Mapping[str, str]] = {
    "positive": say("positive"),
    "negative": say("negative"),
    "normal": say("normal"),
    "high": say("high"),
    "low": say("low"),
}

STATUS: Final[Mapping[str, str]] = {"taking": say("taken"), "stopped": say("stopped"), "planned": say("planned")}

LEVELS: Final[Mapping[str, str]] = {
    "none": say("no level reached"),
    "suspected": say("suspected"),
    "clinical": say("clinical"),
    "confirmed": say("confirmed"),
}

TIMES: Final[Mapping[str, str]] = {"a": say("years"), "mo": say("months"), "wk": say("weeks"), "d": say("days")}
"""UCUM codes that are words."""

NEW_DAYS: Final = 60
"""A drug so new is counted in days. Our choice: where days matter (warfarin, heparin) it is within two weeks."""

MONTHS_SAID: Final = 24
"""From so many months on years are said. Our choice: as people speak."""

MANY: Final = 1e6
"""From here on a laboratory's number is rounded. Our choice: six digits are shown, and no exponent."""

ANSWERS: Final[Mapping[bool | None, tuple[str, Tone]]] = {
    True: (say("met"), "good"),
    False: (say("not met"), "plain"),
    None: (say("not known"), "warn"),
}


def patient_sections(record: Record, _: Language) -> tuple[Section, ...]:
    """The patient in sections; none where no case was given."""
    clinical = record.clinical
    sections = (
        Section("questions", _("All questions"), tuple(_list_questions(clinical, _))),
        Section("left-out", _("Not taken from the hospital's record"), tuple(_list_left_out(clinical, _))),
        Section("notes", _("For the notes"), tuple(_write_notes(record, _))),
        Section("patient", _("The patient"), tuple(_describe_person(record, _))),
        Section("course", _("What was done, and how it went"), tuple(list_course(clinical, _))),
        Section("prognosis", _("Prognosis in studies"), tuple(list_prognosis(clinical, _))),
        Section("laboratory", _("Laboratory"), tuple(_list_laboratory(clinical, _))),
        Section("drugs", _("Drugs"), tuple(_list_drugs(clinical, _))),
        Section("criteria", _("Criteria, item by item"), tuple(_list_criteria(clinical, _))),
    )
    return keep_filled(sections)


def _list_questions(clinical: Clinical, _: Language) -> Iterator[Block]:
    if clinical.questions:
        yield itemise([question.text for question in clinical.questions], _, tone="warn")
        yield Prose(_("Nothing was guessed: a value in question counts as missing until it is answered."), tone="note")


def _list_left_out(clinical: Clinical, _: Language) -> Iterator[Block]:
    """What a bundle held and the case does not, so that nothing is missed in silence."""
    if clinical.left_out:
        yield itemise(clinical.left_out, _, tone="warn")


def _write_notes(record: Record, _: Language) -> Iterator[Block]:
    """The paragraph that can be copied into the notes as it is."""
    paragraph = notes_paragraph(record, _)
    if paragraph:
        yield Copied(paragraph)


def _describe_person(record: Record, _: Language) -> Iterator[Block]:
    """List what is known of the person, the lesions on a body, the examination and earlier images."""
    clinical = record.clinical
    if clinical.about:
        yield itemise(clinical.about, _)
    if clinical.lesions:
        yield Heading(_("Lesions"))
        drawn = list(draw_body(record, _))
        yield from drawn
        if not drawn:
            yield itemise_labels(clinical.lesions, _)
    yield from _list_scores(clinical, _)
    yield from show_photographs(clinical, _)
    yield from list_examination(clinical, _)
    yield from list_conditions(clinical, _)
    if clinical.imaging:
        yield Heading(_("Images that a person read"))
        yield Items(tuple(Prose(_(image.label)) for image in clinical.imaging))


def _list_scores(clinical: Clinical, _: Language) -> Iterator[Block]:
    """List wound scores with their lesion, and scores of large arteries, which say nothing of arterioles."""
    scores: list[Prose] = []
    for lesion in clinical.lesions:
        if lesion.wound is not None:
            text = _("{lesion}: {score}", lesion=lesion.label, score=lesion.wound.label)
            scores.append(Prose(text, cites=(lesion.wound.reference,)))
    for score in clinical.reader_scores:
        text = _("{label}: {value} of {most}", label=score.label, value=score.value, most=score.most)
        scores.append(Prose(text, cites=(score.reference,)))
    if scores:
        yield Heading(_("Scores, as entered"))
        yield Items(tuple(scores))


def _list_laboratory(clinical: Clinical, _: Language) -> Iterator[Block]:
    if clinical.labs:
        head = (_("Analyte"), _("Result"), _("Reference range"), _("Reading"))
        yield Table(head, tuple(_list_lab_rows(clinical, _)), (3.2, 2.4, 2.4, 3))
    if clinical.derived:
        yield Heading(_("Worked out from these"))
        titles = (_("Quantity"), _("Value"), _("What it says"))
        yield Table(titles, tuple(_list_derived_rows(clinical, _)), (3.2, 2, 6))


def _list_lab_rows(clinical: Clinical, _: Language) -> Iterator[tuple[Prose, ...]]:
    for lab in clinical.labs:
        day = ""
        if lab.on:
            day = _("{day}", day=date.fromisoformat(lab.on))
        yield (
            Prose(_(lab.name), small=day),
            Prose(_write_result(lab, _), small=_write_given(lab, _)),
            Prose(_write_range(lab, _), cites=cite(lab.reference)),
            _read_flag(lab, _),
        )


def _read_flag(lab: Lab, _: Language) -> Prose:
    """Say whether a result is high, low or normal, and by what it is judged."""
    if not lab.flag:
        return Prose("")
    basis = _(FLAG_BASIS.get(lab.flag_basis or "", ""))
    return Prose(_(FLAGS[lab.flag]), tone=_choose_tone(lab.flag), small=basis)


def _choose_tone(flag: str | None) -> Tone:
    if flag in ("H", "L"):
        return "warn"
    return "plain"


def _write_result(lab: Lab, _: Language) -> str:
    """Write a result with the laboratory's own digits; in another unit, with as many as it deserves."""
    if lab.value is None:
        return _(WORDS.get(lab.word or "", NO_VALUE))
    value = _keep_digits(lab.value)
    if value.replace(",", "") not in lab.as_given.replace(",", ""):
        value = number(lab.value)
    return _join(lab.comparator or "", value, unit(lab.unit))


def _write_given(lab: Lab, _: Language) -> str:
    """Write the value as it was printed, where that is not what stands above."""
    printed = "".join(lab.as_given.split()).lower()
    shown = "".join(_write_result(lab, _).split()).lower()
    if lab.word or printed in shown:
        return ""
    return _("given as {given}", given=quote(lab.as_given, _))


def _join(*parts: str) -> str:
    return FIXED_SPACE.join(filter(None, parts))


def _keep_digits(value: float) -> str:
    """Write a laboratory's number with its own digits, unless it is a million or more."""
    if abs(value) >= MANY:
        return number(value)
    return f"{value:,.6g}"


def _write_range(lab: Lab, _: Language) -> str:
    low, high = lab.range or (None, None)
    if low is not None and high is not None:
        return _("{low} to {high}", low=_keep_digits(low), high=_keep_digits(high))
    if high is not None:
        return f"≤{FIXED_SPACE}{_keep_digits(high)}"
    if low is not None:
        return f"≥{FIXED_SPACE}{_keep_digits(low)}"
    return NO_VALUE


def _list_derived_rows(clinical: Clinical, _: Language) -> Iterator[tuple[Prose, ...]]:
    for entry in clinical.derived:
        flag = _(FLAGS.get(entry.flag or "", ""))
        yield (
            Prose(_(entry.label)),
            Prose(_write_derived(entry, _), small=flag, tone=_choose_tone(entry.flag)),
            Prose(_(entry.text), cites=cite(entry.reference)),
        )


def _write_derived(entry: Derived, _: Language) -> str:
    if entry.value is None:
        return NO_VALUE
    if entry.unit in TIMES:
        return _join(number(entry.value), _(TIMES[entry.unit]))
    return _join(number(entry.value), unit(entry.unit))


def _list_drugs(clinical: Clinical, _: Language) -> Iterator[Block]:
    if clinical.drugs:
        head = (_("Drug"), _("Class"), _("Status"), _("Why it matters here"))
        rows = tuple(_make_drug_row(drug, _) for drug in clinical.drugs)
        yield Table(head, rows, (2.6, 2.8, 1.6, 4))


def _make_drug_row(drug: Drug, _: Language) -> tuple[Prose, ...]:
    status = _(STATUS[drug.status])
    if drug.drug is None:
        return Prose(drug.name), Prose(_ask_for_drug(drug, _), tone="warn"), Prose(status), Prose(NO_VALUE)
    classes = NO_VALUE
    if drug.classes:
        classes = _("{classes:, }", classes=list(drug.classes))
    return (
        Prose(drug.name, small=drug.atc or ""),
        Prose(classes),
        Prose(status, small=_describe_course(drug, _)),
        Prose(_(drug.matters or "") or NO_VALUE, cites=cite(drug.reference)),
    )


def _ask_for_drug(drug: Drug, _: Language) -> str:
    if drug.likely:
        return _("not known here; is {likely} meant?", likely=drug.likely)
    return _("not known here")


def _describe_course(drug: Drug, _: Language) -> str:
    """Write dose, route and duration, as far as they are known."""
    details = []
    if drug.daily_dose:
        details.append(dose(drug.daily_dose))
    if drug.route:
        details.append(_(drug.route))
    if drug.days_since_start is not None and 0 <= drug.days_since_start <= NEW_DAYS:
        details.append(_("day {day}", day=drug.days_since_start))
    elif drug.months is not None:
        details.append(_say_duration(drug.months, _))
    return " · ".join(details)


def _say_duration(months: float, _: Language) -> str:
    """Say how long, as people do: whole months, from two years on half years."""
    if months < MONTHS_SAID:
        return _.counted(max(1, round(months)), "for {count} month", "for {count} months")
    return _("for {years:g} years", years=round(months / 6) / 2)


def _list_criteria(clinical: Clinical, _: Language) -> Iterator[Block]:
    for name, criterion in clinical.criteria.items():
        yield Heading(_(criterion.label) or name)
        yield _answer(criterion, _)
        yield _tabulate_items(criterion, _)


def _answer(criterion: Criterion, _: Language) -> Prose:
    """Say whether a set of criteria is met, or which level."""
    answer, tone = ANSWERS[criterion.met]
    if criterion.why_not:
        answer, tone = criterion.why_not, "plain"
    elif criterion.level is not None:
        answer, tone = _say_level(criterion, criterion.level), "plain"
    return Prose(_(answer), lead=_("Altogether:"), cites=cite(criterion.reference), tone=tone)


def _say_level(criterion: Criterion, level: str) -> str:
    """The level in words, and what it waits for."""
    if level == "none" or criterion.met:
        return LEVELS[level]
    return say("{level}, if other diseases are excluded", level=LEVELS[level])


def _tabulate_items(criterion: Criterion, _: Language) -> Table:
    items = criterion.details
    if not items:
        items = {name: CriterionItem(met=met, text=name) for name, met in criterion.items.items()}
    head = (_("Item"), _("Here"), _("Because, or what to ask"))
    rows = []
    for item in items.values():
        answer, tone = ANSWERS[item.met]
        rows.append((Prose(_(item.text)), Prose(_(answer), tone=tone), _give_grounds(item, _)))
    return Table(head, tuple(rows), (5, 1.6, 5))


def _give_grounds(item: CriterionItem, _: Language) -> Prose:
    """Give the reason for an answer, and the question where the answer is open."""
    question = ""
    if item.met is None:
        question = _(item.question or "")
    because = _(item.because)
    if because:
        return Prose(because, small=question)
    return Prose(question or NO_VALUE)
