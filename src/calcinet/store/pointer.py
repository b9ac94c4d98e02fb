"""Places in a record, as JSON Pointers (RFC 6901): what stands there, and the same record with something else there."""

from collections.abc import Sequence
from typing import Any

from calcinet.errors import BadInput
from calcinet.text import say


def value_at(tree: Any, pointer: str) -> Any:
    """What stands at a place.

    >>> value_at({"images": [{"laterality": "L"}]}, "/images/0/laterality")
    'L'

    Raises
    ------
    BadInput
        If there is no such place.
    """
    for step in _split(pointer):
        tree = _enter(tree, step, pointer)
    return tree


def with_value(tree: Any, pointer: str, value: Any) -> Any:
    """The same tree with another value at a place that is there.

    >>> with_value({"a": [1, 2]}, "/a/1", 5)
    {'a': [1, 5]}

    Raises
    ------
    BadInput
        If there is no such place.
    """
    return _replace(tree, _split(pointer), value, pointer)


def _replace(tree: Any, steps: Sequence[str], value: Any, pointer: str) -> Any:
    if not steps:
        return value
    inner = _replace(_enter(tree, steps[0], pointer), steps[1:], value, pointer)
    if isinstance(tree, dict):
        return {**tree, steps[0]: inner}
    place = int(steps[0])
    return [*tree[:place], inner, *tree[place + 1 :]]


def _split(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _enter(tree: Any, step: str, pointer: str) -> Any:
    if isinstance(tree, dict) and step in tree:
        return tree[step]
    if isinstance(tree, list) and step.isascii() and step.isdigit() and int(step) < len(tree):
        return tree[int(step)]
    raise BadInput(say("the record has no field {field}: see it with calcinet store show --json", field=pointer))
