"""The literature that calcinet rests on; a key that is not there does not load."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

Confidence = Literal["seen", "secondary", "recalled"]

CONFIDENCES: Final[tuple[str, ...]] = get_args(Confidence)
"""How far the text itself was read: seen at its address, quoted elsewhere, or recalled and still to be checked."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One source, and what it is used for here."""

    key: str
    citation: str
    says: str
    confidence: Confidence
    url: str = ""

    def __post_init__(self) -> None:
        if self.confidence not in CONFIDENCES:
            raise ValueError(f"{self.key}: confidence must be one of {', '.join(CONFIDENCES)}, got {self.confidence!r}")


def reference(key: str) -> Reference:
    """Look up one source.

    >>> reference("eucalnet").confidence
    'seen'

    Raises
    ------
    KeyError
        If references.toml has no such key.
    """
    known = references()
    if key not in known:
        raise KeyError(f"references.toml has no {key!r}; it has {', '.join(sorted(known))}")
    return known[key]


@cache
def references() -> Mapping[str, Reference]:
    """All sources by key, in the order of references.toml."""
    return load((files("calcinet") / "references.toml").read_text(encoding="utf-8"))


def load(text: str) -> Mapping[str, Reference]:
    """Read sources from TOML: a table a source, with citation, says, confidence and perhaps url.

    Raises
    ------
    TypeError, ValueError
        If a source lacks a field, has one too many, or an unknown confidence.
    """
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return MappingProxyType({key: Reference(key=key, **table) for key, table in tables.items()})
