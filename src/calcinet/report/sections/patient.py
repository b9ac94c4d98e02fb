"""The patient on the page: what was told, what follows from it, what must be asked."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from calcinet.record import Clinical, Criterion, Lab, Record
from calcinet.record.patient import CriterionItem, Derived, Drug
from calcinet.report.blocks import Block, Heading, Items, Prose, Section, Table, Tone
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number, unit
from calcinet.text import say

FLAGS: Final[Mapping[str, str]] = {"H": say("high"), "L": say("low"), "N": say("normal")}

FLAG_BASIS: Final[Mapping[str, str]] = {
    "printed": say("as the laboratory flagged it"),
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
    "none": say("no suspicion"),
    "suspected": say("suspected"),
    "clinical": say("clinical"),
    "confirmed": say("confirmed"),
}

TIMES: Final[Mapping[str, str]] = {"a": say("years"), "mo": say("months"), "wk": say("weeks"), "d": say("days")}
"""UCUM codes that are words."""

ANSWERS: Final[Mapping[bool | None, tuple[str, Tone]]] = {
    True: (say("met"), "good"),
    False: (say("not met"), "plain"),
    None: (say("not known"), "warn"),
}


def patient_sections(record: Record, _: Language) -> tuple[Section, ...]:
    """The patient in sections; none where no case was given."""
    clinical = record.clinical
    sections = (
        Section("questions", _("Questions to settle first"), _questions(clinical, _)),
        Section("patient", _("The patient"), _person(clinical, _)),
        Section("laboratory", _("Laboratory"), _laboratory(clinical, _)),
        Section("drugs", _("Drugs"), _drugs(clinical, _)),
        Section("criteria", _("Criteria, item by item"), _criteria(clinical, _)),
    )
    return tuple(section for section in sections if section.blocks)


def _questions(clinical: Clinical, _: Language) -> tuple[Block, ...]:
    if not clinical.questions:
        return ()
    asked = tuple(Prose(_(question.text), tone="warn") for question in clinical.questions)
    return (
        Items(asked),
        Prose(_("Nothing was guessed: a value in question counts as missing until it is answered."), tone="note"),
    )


def _person(clinical: Clinical, _: Language) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if clinical.about:
        blocks.append(Items(tuple(Prose(_(sentence)) for sentence in clinical.about)))
    if clinical.lesions:
        blocks.append(Heading(_("Lesions")))
        blocks.append(Items(tuple(Prose(_(lesion.label)) for lesion in clinical.lesions)))
    if clinical.imaging:
        blocks.append(Heading(_("Images that a person read")))
        blocks.append(Items(tuple(Prose(_(image.label), lead=image.id) for image in clinical.imaging)))
    return tuple(blocks)


def _laboratory(clinical: Clinical, _: Language) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if clinical.labs:
        head = (_("Analyte"), _("Result"), _("Reference range"), _("Reading"))
        blocks.append(Table(head, tuple(_lab_row(lab, _) for lab in clinical.labs), (3.2, 2.4, 2.4, 3)))
    if clinical.derived:
        blocks.append(Heading(_("Worked out from these")))
        titles = (_("Quantity"), _("Value"), _("What it says"))
        blocks.append(Table(titles, tuple(_derived_row(entry, _) for entry in clinical.derived), (3.2, 2, 6)))
    return tuple(blocks)


def _lab_row(lab: Lab, _: Language) -> tuple[Prose, ...]:
    day = _("{day}", day=date.fromisoformat(lab.on)) if lab.on else ""
    flag = _(FLAGS[lab.flag]) if lab.flag else ""
    basis = _(FLAG_BASIS.get(lab.flag_basis or "", "")) if lab.flag else ""
    return (
        Prose(_(lab.name), small=day),
        Prose(_result(lab, _), small=_given(lab, _)),
        Prose(_range(lab, _), cites=(lab.reference,) if lab.reference else ()),
        Prose(flag, tone="warn" if lab.flag in ("H", "L") else "plain", small=basis),
    )


def _result(lab: Lab, _: Language) -> str:
    """A result keeps the laboratory's own digits; one in another unit gets as many as it deserves."""
    if lab.value is None:
        return _(WORDS.get(lab.word or "", NO_VALUE))
    own = _plain(lab.value)
    converted = own.replace(",", "") not in lab.as_given.replace(",", "")
    return _joined(lab.comparator or "", number(lab.value) if converted else own, unit(lab.unit))


def _given(lab: Lab, _: Language) -> str:
    """The value as it was printed, where that is not what stands above."""
    shown = _result(lab, _)
    same = "".join(lab.as_given.split()).lower() in "".join(shown.split()).lower()
    return "" if same or lab.word else _("given as {given}", given=f"“{lab.as_given}”")


def _joined(*parts: str) -> str:
    return FIXED_SPACE.join(filter(None, parts))


def _plain(value: float | None) -> str:
    """A laboratory's number keeps its own digits."""
    return NO_VALUE if value is None else f"{value:,.6g}" if abs(value) < 1e6 else number(value)


def _range(lab: Lab, _: Language) -> str:
    low, high = lab.range or (None, None)
    if low is None and high is None:
        return NO_VALUE
    if low is None or high is None:
        limit, sign = (high, "≤") if low is None else (low, "≥")
        return f"{sign}{FIXED_SPACE}{_plain(limit)}"
    return _("{low} to {high}", low=_plain(low), high=_plain(high))


def _derived_row(entry: Derived, _: Language) -> tuple[Prose, ...]:
    measured_in = _(TIMES[entry.unit]) if entry.unit in TIMES else unit(entry.unit)
    value = NO_VALUE if entry.value is None else FIXED_SPACE.join(filter(None, (number(entry.value), measured_in)))
    flag = _(FLAGS[entry.flag]) if entry.flag else ""
    cites = (entry.reference,) if entry.reference else ()
    tone: Tone = "warn" if entry.flag in ("H", "L") else "plain"
    return Prose(_(entry.label)), Prose(value, small=flag, tone=tone), Prose(_(entry.text), cites=cites)


def _drugs(clinical: Clinical, _: Language) -> tuple[Block, ...]:
    if not clinical.drugs:
        return ()
    head = (_("Drug"), _("Class"), _("Status"), _("Why it matters here"))
    return (Table(head, tuple(_drug_row(drug, _) for drug in clinical.drugs), (2.6, 2.8, 1.6, 4)),)


def _drug_row(drug: Drug, _: Language) -> tuple[Prose, ...]:
    if drug.drug is None:
        unknown = _("not known here; is {likely} meant?", likely=drug.likely) if drug.likely else _("not known here")
        return Prose(drug.name), Prose(unknown, tone="warn"), Prose(_(STATUS[drug.status])), Prose(NO_VALUE)
    details = [drug.daily_dose, _(drug.route) if drug.route else None]
    details.append(_("for {months:g} months", months=drug.months) if drug.months is not None else None)
    details.append(_("day {day}", day=drug.days_since_start) if drug.days_since_start is not None else None)
    return (
        Prose(drug.name, small=drug.atc or ""),
        Prose(_("{classes:, }", classes=list(drug.classes)) if drug.classes else NO_VALUE),
        Prose(_(STATUS[drug.status]), small=" · ".join(filter(None, details))),
        Prose(_(drug.matters) if drug.matters else NO_VALUE, cites=(drug.reference,) if drug.reference else ()),
    )


def _criteria(clinical: Clinical, _: Language) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for name, criterion in clinical.criteria.items():
        blocks += _criterion(name, criterion, _)
    return tuple(blocks)


def _criterion(name: str, criterion: Criterion, _: Language) -> list[Block]:
    answer, tone = ANSWERS[criterion.met] if criterion.level is None else (LEVELS[criterion.level], "plain")
    cites = (criterion.reference,) if criterion.reference else ()
    items = criterion.details or {key: CriterionItem(met=met, text=key) for key, met in criterion.items.items()}
    rows = tuple(_item_row(item, _) for item in items.values())
    return [
        Heading(_(criterion.label) if criterion.label else name),
        Prose(_(answer), lead=_("Altogether:"), cites=cites, tone=tone),
        Table((_("Item"), _("Here"), _("Because, or what to ask")), rows, (5, 1.6, 5)),
    ]


def _item_row(item: CriterionItem, _: Language) -> tuple[Prose, ...]:
    answer, tone = ANSWERS[item.met]
    question = _(item.question) if item.question and item.met is None else ""
    because = _(item.because) if item.because else ""
    return (
        Prose(_(item.text)),
        Prose(_(answer), tone=tone),
        Prose(because or question or NO_VALUE, small=question if because else ""),
    )
