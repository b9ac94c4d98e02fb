"""A record as rows of tables, and the record again from its rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calcinet.errors import BadInput
from calcinet.store.exchange.layout import Column, TableLayout
from calcinet.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatRow:
    """One row of one table."""

    table: str
    at: tuple[int, ...]
    """Number of the visit, then the place in each list, from 1."""
    cells: Mapping[str, Any]
    """By name of column, those that hold something."""


def flatten(tree: Mapping[str, Any], visit: int, tables: Sequence[TableLayout]) -> Iterator[FlatRow]:
    """Rows of a record.

    Parameters
    ----------
    tree
        As record.json holds it, every field with its value.
    visit
        Number of the record among those of its patient, from 1.
    tables
        Those of `layout`.
    """
    for table in tables:
        for at, item in _walk(tree, table.lists, (visit,)):
            yield FlatRow(table=table.name, at=at, cells=_list_cells(item, table.columns))


def rebuild(rows: Sequence[FlatRow], tables: Sequence[TableLayout]) -> dict[int, dict[str, Any]]:
    """Records from their rows, by number of visit.

    Raises
    ------
    BadInput
        If a row is of an item that there is not.
    """
    by_table: dict[str, list[FlatRow]] = defaultdict(list)
    for row in rows:
        by_table[row.table].append(row)
    visits: dict[int, dict[str, Any]] = {}
    for table in tables:
        for row in sorted(by_table[table.name], key=lambda row: row.at):
            item = _make_item(row, table, tables)
            if not table.lists:
                visits[row.at[0]] = item
            else:
                _find_list(visits, row, table).append(item)
    return visits


def _walk(
    item: Any, lists: Sequence[tuple[str, ...]], at: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], Mapping[str, Any]]]:
    """Every item that lies at the end of nested lists, with its place."""
    if not lists:
        yield at, item
        return
    for number, inner in enumerate(_follow(item, lists[0]) or (), start=1):
        yield from _walk(inner, lists[1:], (*at, number))


def _follow(item: Any, path: Sequence[str]) -> Any:
    """What stands at a path; None where a block on the way is not there."""
    for step in path:
        if item is None:
            return None
        item = item[step]
    return item


def _list_cells(item: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    cells = {}
    for column in columns:
        value = _follow(item, column.path)
        if column.guards:
            value = value is not None
        if value is not None:
            cells[column.name] = value
    return cells


def _make_item(row: FlatRow, table: TableLayout, tables: Sequence[TableLayout]) -> dict[str, Any]:
    """An item with its blocks, its lists still empty."""
    item: dict[str, Any] = {}
    absent: list[tuple[str, ...]] = []
    for column in table.columns:
        if any(column.path[: len(path)] == path for path in absent):
            continue
        value = row.cells.get(column.name)
        if column.guards and not value:
            absent.append(column.path)
            _put(item, column.path, None)
        elif not column.guards:
            _put(item, column.path, value)
    for other in tables:
        path = other.lists[-1] if other.lists[:-1] == table.lists and other.lists else ()
        if path and not any(path[: len(lacks)] == lacks for lacks in absent):
            _put(item, path, [])
    return item


def _put(item: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        item = item.setdefault(step, {})
    item[path[-1]] = value


def _find_list(visits: Mapping[int, Any], row: FlatRow, table: TableLayout) -> list[Any]:
    """The list that a row is the next item of."""
    item = visits.get(row.at[0])
    for path, number in zip(table.lists[:-1], row.at[1:-1], strict=True):
        inner = _follow(item, path) or ()
        item = inner[number - 1] if number <= len(inner) else None
    items = _follow(item, table.lists[-1])
    if items is None or len(items) != row.at[-1] - 1:
        raise BadInput(
            say(
                "the table {table} has a row {at}, and there is no item that it belongs to: give the whole export",
                table=table.name,
                at=".".join(map(str, row.at)),
            )
        )
    return items  # type: ignore[no-any-return]
