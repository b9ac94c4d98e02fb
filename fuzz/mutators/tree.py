"""Changes of the leaves and branches of a tree of YAML or JSON."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, Final

import yaml

from fuzz.mutators.words import read_words

LEAVES: Final[tuple[Any, ...]] = (
    *(None, True, False, "", " ", 0, -1, 1, 2, 0.5, -0.0, 1e308, -1e308, 1e-320, float("nan"), float("inf"), 2**63),
    *(10**39, 10**41, 10**400, "yes", "no", "unknown", "<1", "> 5", "1e5", "1e999", "1,5", "½", "٣", "-", "2 mmol/L"),
    *(
        "2 mg/dL",
        "12 10*9/L",
        "1 m/(",
        "5 %",
        "5 µg/L",
        "1.2.3",
        "2026-02-30",
        "2026-03-09",
        "0000-00-00",
        "9999-12-31",
    ),
    *("2026", "2026-03", "2026-03-09T25:00:00Z", "2026-03-09T08:30:00+08:00", "10 days", "L", "B", "5D", "female"),
    *(
        "../../etc/passwd",
        "film.dcm",
        "\0",
        "\u202e",
        "\ud800",
        "あ" * 50,
        "x" * 300,
        "&a",
        "*a",
        "!!python/none",
        "{{ x }}",
    ),
    *([], {}, [[]], [None], {"": None}, {"value": 1}, [1, "2"], {"resourceType": "Bundle"}, {"resourceType": 1}),
)
"""What is put in place of a leaf: nothing, numbers at their edges and beyond, words almost right, other shapes."""

ROOMS: Final = ("io/case", "clinical")
"""Rooms of the package that ask a tree for words."""

Place = tuple[Any, Any]
"""A mapping or a list, and a key or a number in it."""


def mutate_yaml(data: bytes, random: Random) -> bytes:
    """A YAML file with one to four places of its tree changed."""
    return _mutate(data, random, yaml.safe_load, _write_yaml)


def mutate_json(data: bytes, random: Random) -> bytes:
    """A JSON file with one to four places of its tree changed."""
    return _mutate(data, random, json.loads, _write_json)


def splice_json(data: bytes, other: bytes, random: Random) -> bytes:
    """A JSON file with a branch of another."""
    return _splice(data, other, random, json.loads, _write_json)


def splice_yaml(data: bytes, other: bytes, random: Random) -> bytes:
    """A YAML file with a branch of another."""
    return _splice(data, other, random, yaml.safe_load, _write_yaml)


def change_tree(tree: Any, random: Random) -> Any:
    """A tree with one place changed; the tree itself may be altered."""
    places = list_places(tree)
    if not places:
        return deepcopy(random.choice(LEAVES))
    holder, key = random.choice(places)
    random.choice(CHANGES)(holder, key, places, random)
    return tree


def list_places(tree: Any) -> list[Place]:
    """Every place of a tree that holds something."""
    places: list[Place] = []
    waiting = [tree]
    while waiting:
        branch = waiting.pop()
        keys: list[Any] = []
        if isinstance(branch, dict):
            keys = list(branch)
        elif isinstance(branch, list):
            keys = list(range(len(branch)))
        for key in keys:
            places.append((branch, key))
            waiting.append(branch[key])
    return places


def _mutate(data: bytes, random: Random, load: Callable[[str], Any], write: Callable[[Any, Random], str]) -> bytes:
    try:
        tree = deepcopy(load(data.decode()))  # which has no branch twice
        for _ in range(random.choice((1, 1, 2, 4))):
            tree = change_tree(tree, random)
        return write(tree, random).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError, RecursionError, AttributeError, yaml.YAMLError):
        return data


def _splice(
    data: bytes, other: bytes, random: Random, load: Callable[[str], Any], write: Callable[[Any, Random], str]
) -> bytes:
    try:
        tree = load(data.decode())
        holder, key = random.choice(list_places(tree))
        given, taken = random.choice(list_places(load(other.decode())))
        holder[key] = given[taken]
        return write(tree, random).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError, RecursionError, AttributeError, IndexError, yaml.YAMLError):
        return data


def _write_yaml(tree: Any, random: Random) -> str:
    return str(yaml.safe_dump(tree, default_flow_style=random.choice((None, True, False)), allow_unicode=True))


def _write_json(tree: Any, random: Random) -> str:
    return json.dumps(tree, ensure_ascii=random.random() < 0.5)


def _put_leaf(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    del places
    holder[key] = deepcopy(random.choice(LEAVES))


def _leave_out(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    del places, random
    del holder[key]


def _repeat(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """Another of the same in a list, or under a key beside it."""
    del places
    if isinstance(holder, list):
        holder.extend([deepcopy(holder[key])] * random.choice((1, 1, 2, 50)))
    else:
        holder[f"{key}{random.choice(('s', ' ', '_', '2'))}"] = deepcopy(holder[key])


def _copy_over(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """What stands elsewhere in the tree."""
    other, place = random.choice(places)
    holder[key] = deepcopy(other[place])


def _wrap(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """Deeper, up to deeper than any bound."""
    del places
    for _ in range(random.choice((1, 1, 2, 13, 120))):
        holder[key] = random.choice(([holder[key]], {"value": holder[key]}))


def _edit_text(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """One character of a text more, less or other."""
    del places
    text = str(holder[key])
    at = random.randrange(len(text) + 1)
    holder[key] = (
        text[:at]
        + random.choice(("", "0", "9", ".", "-", "/", " ", "e", ":", "é", "\n"))
        + text[at + random.randrange(2) :]
    )


def _take_key(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """The value under a key that stands elsewhere."""
    _, other = random.choice(places)
    if isinstance(holder, dict) and not isinstance(other, int):
        holder[other] = holder[key]


def _put_word(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """A word that the readers compare with."""
    del places
    holder[key] = random.choice(read_words(*ROOMS))


def _add_key(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    """A key that the readers ask for, with something that stands elsewhere."""
    other, place = random.choice(places)
    if isinstance(holder, dict):
        holder[random.choice(read_words(*ROOMS))] = deepcopy(other[place])
    else:
        holder[key] = {random.choice(read_words(*ROOMS)): deepcopy(other[place])}


CHANGES: Final = (
    *(_put_leaf, _put_leaf, _put_leaf, _leave_out, _repeat, _copy_over, _copy_over, _wrap, _edit_text, _edit_text),
    _take_key,
    _put_word,
    _put_word,
    _add_key,
)
"""What is done to a place of the tree."""
