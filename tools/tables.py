"""Numbers of the house as tables for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of the house as it is shown; where there is a goal, what is held against it."""

    name: str
    short: str
    shown: str
    value: float = 0.0
    most: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether there is a goal and the value lies above it."""
        return self.most is not None and self.value > self.most


def render_numbers(numbers: Sequence[Number]) -> str:
    """A table: name, number, goal, and a word where it is missed."""
    rows = [("", "now", "goal", "")]
    rows.extend((number.name, number.shown, _say_goal(number), "missed" * number.is_missed) for number in numbers)
    return _render_table(rows)


def render_rooms(rooms: dict[str, list[Number]]) -> str:
    """A table with one line a room; what misses its goal has a star."""
    heads = [number.short for number in next(iter(rooms.values()), [])]
    rows = [("room", *heads)]
    for room, numbers in rooms.items():
        rows.append((room, *(number.shown + "*" * number.is_missed for number in numbers)))
    return _render_table(rows)


def _say_goal(number: Number) -> str:
    return "" if number.most is None else f"<= {number.most:g}"


def _render_table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_render_row(row, widths) for row in rows)


def _render_row(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()
