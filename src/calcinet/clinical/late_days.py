"""Days that lie after the day of examination, which only what is planned may have."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from calcinet.clinical.block import ISO_DAY

DAYS: Final = frozenset({"start", "stop", "on", "since", "seen_on", "day"})
"""Fields that hold a day on which something was, began or ended."""

AFTERWARDS: Final = frozenset({"outcome"})
"""Blocks that tell what came after the examination."""

Path = tuple[str | int, ...]


def late_days(told: Any) -> list[tuple[Path, date, date]]:
    """Every day of a case, as it was told, that lies after `examined_on`: where it stands, the day, and that day.

    >>> late_days({"examined_on": "2026-11-20", "lesions": [{"since": "2027-01-01"}]})
    [(('lesions', 0, 'since'), datetime.date(2027, 1, 1), datetime.date(2026, 11, 20))]
    """
    fields = _list_fields(told)
    now = _read_day(fields.get("examined_on"))
    if now is None:
        return []
    found: list[tuple[Path, date, date]] = []
    for name, value in fields.items():
        if name not in AFTERWARDS:
            found += [(path, day, now) for path, day in _list_days((name,), value) if day > now]
    return found


def _list_days(path: Path, value: Any) -> Iterator[tuple[Path, date]]:
    """Days within a value with their paths; what is planned may lie in the future."""
    if isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _list_days((*path, number), item)
        return
    day = _read_day(value)
    if day is not None and path[-1] in DAYS:
        yield path, day
        return
    fields = _list_fields(value)
    if str(fields.get("status", "")).strip().casefold() == "planned":
        return
    for name, inner in fields.items():
        yield from _list_days((*path, name), inner)


def _list_fields(value: Any) -> Mapping[str, Any]:
    """Fields of a block; none of anything else."""
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return value
    return {}


def _read_day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
