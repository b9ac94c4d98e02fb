"""The tables that a record falls into, read off its schema: one for the record itself, one for each list in it.

Who adds a field to the record adds a column here without knowing.
"""

import re
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from calcinet.record import Record
from calcinet.record.base import FieldMeaning, RecordModel

Kind = Literal["text", "number", "integer", "flag", "choice", "json"]
"""What a column holds; "json" is whatever no other kind can hold."""

VISIT: Final = "visit"
"""Table of the records themselves."""

EDIT: Final = "edit"
"""Table of their edits."""

AT: Final = "at"
"""Column that says which row it is: number of the visit, then the place in each list, from 1, with points between."""

PLAIN: Final[dict[Any, Kind]] = {str: "text", float: "number", int: "integer", bool: "flag"}
NOTHING: Final = type(None)
NO_LETTER: Final = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One value of a row."""

    name: str
    """Small letters, digits and strokes; no other column of any table has it."""
    path: tuple[str, ...]
    """Of the value within the item that the row is of."""
    kind: Kind
    label: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    guards: bool = False
    """It says whether there is a block at all, whose columns follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """One table; each row is one item of a list."""

    name: str
    lists: tuple[tuple[str, ...], ...]
    """Path of each list on the way, from the item of the one before; none of the table of records."""
    columns: tuple[Column, ...]

    @property
    def at(self) -> str:
        """Name of the column that says which row it is."""
        return f"{self.name}_{AT}"


VISIT_COLUMNS: Final = (
    Column(name="visit_on", path=("on",), kind="text", label="Day of the examination"),
    Column(name="visit_added_at", path=("added_at",), kind="text", label="Added to the store"),
    Column(name="visit_added_by", path=("added_by",), kind="text", label="Added by"),
)
"""What the store knows of a record beside it."""

EDIT_LAYOUT: Final = TableLayout(
    name=EDIT,
    lists=((EDIT,),),
    columns=(
        Column(name="edit_made_at", path=("at",), kind="text", label="When"),
        Column(name="edit_who", path=("who",), kind="text", label="Who"),
        Column(name="edit_field", path=("field",), kind="text", label="Field of the record (JSON Pointer)"),
        Column(name="edit_before", path=("before",), kind="json", label="Value before"),
        Column(name="edit_after", path=("after",), kind="json", label="Value after"),
        Column(name="edit_why", path=("why",), kind="text", label="Why"),
    ),
)


@cache
def layouts() -> tuple[TableLayout, ...]:
    """Every table of a record, those of lists within lists after those that hold them."""
    return tuple(_lay_table(Record, VISIT, ()))


@cache
def all_layouts() -> tuple[TableLayout, ...]:
    """The same with the edits, and what the store knows of a record."""
    first, *others = layouts()
    visit = TableLayout(name=first.name, lists=(), columns=(*VISIT_COLUMNS, *first.columns))
    return (visit, EDIT_LAYOUT, *others)


def _lay_table(model: type[RecordModel], name: str, lists: tuple[tuple[str, ...], ...]) -> Iterator[TableLayout]:
    """The table of a model, then those of the lists in it."""
    columns: list[Column] = []
    inner: list[tuple[type[RecordModel], tuple[str, ...]]] = []
    for column in _list_columns(model, name, ()):
        if isinstance(column, Column):
            columns.append(column)
        else:
            inner.append(column)
    yield TableLayout(name=name, lists=lists, columns=tuple(columns))
    for item, path in inner:
        parts = path if name == VISIT else (name, *path)
        yield from _lay_table(item, "_".join(_clean(part) for part in parts), (*lists, path))


def _list_columns(
    model: type[RecordModel], table: str, path: tuple[str, ...]
) -> Iterator[Column | tuple[type[RecordModel], tuple[str, ...]]]:
    """Columns of a model and of the blocks within it; of a list its model and path."""
    for attribute, field in model.model_fields.items():
        place = (*path, field.alias or attribute)
        plain, may_lack = _strip(field.annotation)
        item = _find_item(plain)
        if item is not None and not may_lack:
            yield item, place
        elif _is_block(plain):
            if may_lack:
                yield _make_column(table, place, "flag", field, guards=True)
            yield from _list_columns(plain, table, place)
        else:
            yield _make_column(table, place, _find_kind(plain), field, choices=_list_choices(plain))


def _make_column(
    table: str,
    path: tuple[str, ...],
    kind: Kind,
    field: FieldInfo,
    *,
    choices: Sequence[str] = (),
    guards: bool = False,
) -> Column:
    meaning = next((item for item in field.metadata if isinstance(item, FieldMeaning)), None)
    words = " ".join(path).replace("_", " ")
    label = str.__str__(meaning.label) if meaning is not None else words[:1].upper() + words[1:]
    return Column(
        name="_".join([table, *map(_clean, path)]),
        path=path,
        kind=kind,
        label=f"{label}: is there any?" if guards else label,
        unit=meaning.unit if meaning is not None else "",
        choices=tuple(choices),
        guards=guards,
    )


def _strip(annotation: Any) -> tuple[Any, bool]:
    """A type without what is said about it, and whether None may stand for it."""
    if get_origin(annotation) is Annotated:
        return _strip(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not NOTHING]
        if len(parts) == 1:
            return _strip(parts[0])[0], True
    return annotation, False


def _find_item(plain: Any) -> type[RecordModel] | None:
    """The model of the items of a list; None where it is no list of models."""
    parts = get_args(plain)
    if get_origin(plain) is tuple and len(parts) == 2 and parts[1] is Ellipsis and _is_block(parts[0]):
        return parts[0]  # type: ignore[no-any-return]
    return None


def _is_block(plain: Any) -> bool:
    return isinstance(plain, type) and issubclass(plain, RecordModel)


def _list_choices(plain: Any) -> tuple[str, ...]:
    """Words that a value must be one of; none where it is not a choice of words."""
    if get_origin(plain) is not Literal or not all(isinstance(word, str) for word in get_args(plain)):
        return ()
    return get_args(plain)


def _find_kind(plain: Any) -> Kind:
    if _list_choices(plain):
        return "choice"
    return PLAIN.get(plain, "json")


def _clean(word: str) -> str:
    return NO_LETTER.sub("_", word.lower()).strip("_")
