"""JSON that people can read: numbers rounded, points on one line."""

import json
from typing import Any, Final

SIGNIFICANT_DIGITS: Final = 6
"""Digits kept of every number that is written. Our choice: finer than any interval, and a column of a film of
10,000 columns still to a tenth of a pixel."""


def round_numbers(value: Any) -> Any:
    """Round every number of a tree of dicts, tuples and numbers to `SIGNIFICANT_DIGITS`."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, dict):
        return {key: round_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [round_numbers(item) for item in value]
    return value


def format_json(value: Any, margin: str = "") -> str:
    """JSON with one line a field, but a list of numbers or of points on one line."""
    inner = margin + " "
    if isinstance(value, dict) and value:
        items = [f"{json.dumps(key)}: {format_json(item, inner)}" for key, item in value.items()]
        return _join_block("{", items, "}", margin)
    if isinstance(value, list) and any(isinstance(item, dict | str) for item in value):
        return _join_block("[", [format_json(item, inner) for item in value], "]", margin)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _join_block(opening: str, items: list[str], closing: str, margin: str) -> str:
    lines = f",\n{margin} ".join(items)
    return f"{opening}\n{margin} {lines}\n{margin}{closing}"
