"""A value as a cell of a text table, and the value again: nothing, an empty text and a quoted one stay apart."""

import json
import re
from typing import Any, Final

from calcinet.errors import BadInput
from calcinet.store.exchange.layout import Column
from calcinet.text import say

QUOTE: Final = '"'
FLAGS: Final = {"1": True, "0": False}

CODE: Final = re.compile("[^A-Za-z0-9]+")
"""What no code of a choice may hold in REDCap."""


def write_cell(value: Any, column: Column) -> str:
    """A value as text; an empty text, and one that begins with a quotation mark, as JSON."""
    if value is None:
        return ""
    if column.kind == "text":
        return json.dumps(value, ensure_ascii=False) if value == "" or value.startswith(QUOTE) else value
    if column.kind == "flag":
        return str(int(value))
    if column.kind == "choice":
        return codes_of(column)[value]
    if column.kind == "number":
        return repr(float(value))
    return json.dumps(value, ensure_ascii=False)


def read_cell(cell: str, column: Column) -> Any:
    """The value of a cell.

    Raises
    ------
    BadInput
        If it cannot be one of its column.
    """
    if cell == "":
        return None
    try:
        if column.kind == "text":
            return json.loads(cell) if cell.startswith(QUOTE) else cell
        if column.kind == "flag":
            return FLAGS[cell]
        if column.kind == "choice":
            return {code: word for word, code in codes_of(column).items()}[cell]
        if column.kind == "number":
            return float(cell)
        if column.kind == "integer":
            return int(cell)
        return json.loads(cell)
    except (ValueError, LookupError, RecursionError):
        raise BadInput(
            say("the column {column} holds a value that is no {kind}", column=column.name, kind=column.kind)
        ) from None


def codes_of(column: Column) -> dict[str, str]:
    """The code of each word of a choice: the word itself as far as codes may hold it, else its place."""
    codes = {word: CODE.sub("_", word).strip("_") for word in column.choices}
    if "" in codes.values() or len(set(codes.values())) < len(codes):
        return {word: str(number) for number, word in enumerate(column.choices, start=1)}
    return codes
