"""The time line of a case report: what the records date, and what they do not."""

from collections.abc import Iterator, Sequence
from datetime import date

from calcinet.record import Drug, Lesion, Record
from calcinet.report.blocks import Prose, Table
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, number, unit
from calcinet.text import as_written, say

Fact = tuple[date | None, str]
"""What happened, after its day, where that is known."""


def timeline(records: Sequence[Record], _: Language, *, calendar: bool) -> Table:
    """List what happened by day; what has no day comes last.

    Parameters
    ----------
    records
        In the order of time.
    calendar
        Show days of the calendar; else they are counted from the first.
    """
    facts = sorted(dict.fromkeys(_list_facts(records, _)), key=_rank_fact)
    days = [day for day, _text in facts if day is not None]
    rows = []
    for day, text in facts:
        if day is None:
            when = _("day not stated")
        elif calendar:
            when = _("{day}", day=day)
        else:
            when = _("day {number}", number=(day - days[0]).days)
        rows.append((Prose(when), Prose(text)))
    return Table((_("When"), _("What")), tuple(rows), (1.5, 6))


def _rank_fact(fact: Fact) -> tuple[bool, date]:
    day, _text = fact
    return day is None, day or date.min


def _list_facts(records: Sequence[Record], _: Language) -> Iterator[Fact]:
    for count, record in enumerate(records, start=1):
        yield from _list_values(record, _)
        yield from _list_days(record, _)
        for drug in record.clinical.drugs:
            if drug.status != "taking":
                yield None, _(say_change(drug))
        if record.examined:
            examined = say("examination {number}: images examined: {count}", number=count, count=len(record.examined))
            yield None, _(examined)


def say_change(drug: Drug) -> str:
    """Say that a drug was stopped or is planned."""
    if drug.status == "planned":
        return say("{drug}: planned", drug=drug.name)
    return say("{drug}: stopped", drug=drug.name)


def _list_days(record: Record, _: Language) -> Iterator[Fact]:
    """List first lesions, treatments, biopsies, procedures and the outcome that have a day."""
    clinical = record.clinical
    for lesion in clinical.lesions:
        if lesion.since is not None:
            yield date.fromisoformat(lesion.since), _("first seen: {lesion}", lesion=say_site(lesion))
    for treatment in clinical.treatments:
        if treatment.start is not None:
            yield date.fromisoformat(treatment.start), _(treatment.label)
    for entry in (*clinical.biopsies, *clinical.procedures, clinical.outcome):
        if entry is not None and entry.on is not None:
            yield date.fromisoformat(entry.on), _(entry.label)


def say_site(lesion: Lesion) -> str:
    """Say site and kind of a lesion."""
    return say("{site}, {kind}", site=as_written(lesion.site), kind=as_written(lesion.began_as or lesion.kind))


def _list_values(record: Record, _: Language) -> Iterator[Fact]:
    """List the laboratory values that have a day."""
    for lab in record.clinical.labs:
        if lab.on is not None and lab.value is not None:
            shown = (_(lab.name), lab.comparator, number(lab.value), unit(lab.unit))
            yield date.fromisoformat(lab.on), FIXED_SPACE.join(filter(None, shown))
