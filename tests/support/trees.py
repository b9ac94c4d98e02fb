"""Records as trees in which every field may hold anything of its kind: truth for what must lose nothing."""

from typing import Any

from hypothesis import strategies as st

from calcinet.store.exchange.layout import Column, TableLayout, layouts

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
"""With quotation marks, commas, line ends and nothing at all among them."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=3,
)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Any value of a column."""
    kinds = {
        "text": st.none() | TEXTS,
        "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "integer": st.none() | st.integers(-(2**62), 2**62),
        "flag": st.none() | st.booleans(),
        "json": JSON,
    }
    if column.kind == "choice":
        return st.none() | st.sampled_from(column.choices)
    return kinds[column.kind]


@st.composite
def trees(draw, table: TableLayout | None = None) -> dict[str, Any]:
    """Any record, or any item of a list of it."""
    table = table or layouts()[0]
    tree: dict[str, Any] = {}
    absent: list[tuple[str, ...]] = []
    for column in table.columns:
        if any(column.path[: len(path)] == path for path in absent):
            continue
        if column.guards and draw(st.booleans()):
            absent.append(column.path)
            put(tree, column.path, None)
        elif not column.guards:
            put(tree, column.path, draw(values(column)))
    for other in layouts():
        if other.lists and other.lists[:-1] == table.lists:
            path = other.lists[-1]
            if not any(path[: len(lacks)] == lacks for lacks in absent):
                put(tree, path, draw(st.lists(trees(other), max_size=draw(st.sampled_from([0, 0, 0, 2])))))
    return tree


def put(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path, with the blocks on the way."""
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    tree[path[-1]] = value
