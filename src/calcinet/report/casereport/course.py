"""The time line of a case report: what the records date, and what they do not."""

from collections.abc import Iterator, Sequence
from datetime import date

from calcinet.record import Lab, Record
from calcinet.report.blocks import Prose, Table
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, number, unit
from calcinet.text import say

Fact = tuple[date | None, str]
"""Its day, where known."""


def timeline(records: Sequence[Record], _: Language, *, calendar: bool) -> Table:
    """List what happened by day; what has no day comes last.

    Parameters
    ----------
    records
        In the order of time.
    calendar
        Show days of the calendar; else they are counted from the first.
    """
    facts = sorted(dict.fromkeys(_facts(records, _)), key=lambda fact: (fact[0] is None, fact[0] or date.min))
    first = next((day for day, _text in facts if day is not None), None)
    rows = tuple((Prose(_when(day, first, _, calendar=calendar)), Prose(text)) for day, text in facts)
    return Table((_("When"), _("What")), rows, (1.5, 6))


def _when(day: date | None, first: date | None, _: Language, *, calendar: bool) -> str:
    if day is None or first is None:
        return _("day not stated")
    return _("{day}", day=day) if calendar else _("day {number}", number=(day - first).days)


def _facts(records: Sequence[Record], _: Language) -> Iterator[Fact]:
    for count, record in enumerate(records, start=1):
        for lab in record.clinical.labs:
            if lab.on is not None and lab.value is not None:
                yield date.fromisoformat(lab.on), _value(lab, _)
        for drug in record.clinical.drugs:
            if drug.status != "taking":
                status = {
                    "stopped": say("{drug}: stopped", drug=drug.name),
                    "planned": say("{drug}: planned", drug=drug.name),
                }
                yield None, _(status[drug.status])
        if record.examined:
            examined = say("examination {number}: images examined: {count}", number=count, count=len(record.examined))
            yield None, _(examined)


def _value(lab: Lab, _: Language) -> str:
    return FIXED_SPACE.join(filter(None, (_(lab.name), lab.comparator, number(lab.value), unit(lab.unit))))
