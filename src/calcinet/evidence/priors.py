"""The probability before the images: in the user's hand; published figures are offered as what they are."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from calcinet.errors import BadInput
from calcinet.evidence.likelihood_ratios import STATUS, Status
from calcinet.references import reference
from calcinet.text import say


@dataclass(frozen=True, slots=True)
class Preset:
    """A published figure for one population, or why there is none."""

    name: str
    label: str
    reference: str
    confidence: str
    value: float | None = None
    why_none: str = ""

    def __post_init__(self) -> None:
        reference(self.reference)
        if self.confidence not in STATUS:
            raise ValueError(f"{self.name}: confidence {self.confidence!r} is never offered")
        if (self.value is None) != bool(self.why_none):
            raise ValueError(f"{self.name}: needs a value, or why there is none")

    @property
    def status(self) -> Status:
        """How far the text was read."""
        return STATUS[self.confidence]


@dataclass(frozen=True, slots=True)
class Prior:
    """Probability of calciphylaxis before the findings, and who says so."""

    value: float
    basis: str
    reference: str | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and 0 < self.value < 1):
            raise BadInput(say("a pre-test probability is above 0 and below 1, got {value:g}", value=self.value))


def prior(given: str | float) -> Prior:
    """The prior that a user gives: a number, or the name of a preset.

    >>> prior("0.3").value, prior("registry-germany").value
    (0.3, 0.0004)

    Raises
    ------
    BadInput
        If it is neither, is not between 0 and 1, or names a preset for which no figure has been published.
    """
    preset = presets().get(str(given))
    if preset is None:
        return Prior(_parse_number(given), say("given by the user"))
    if preset.value is None:
        raise BadInput(preset.why_none)
    return Prior(preset.value, preset.label, preset.reference)


def _parse_number(given: str | float) -> float:
    try:
        return float(given)
    except ValueError:
        names = list(presets())
        message = "a pre-test probability is a number between 0 and 1, or one of {names:, }; got {given}"
        raise BadInput(say(message, names=names, given=str(given))) from None


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by name, in the order of priors.toml."""
    return load_presets((files("calcinet.evidence") / "priors.toml").read_text(encoding="utf-8"))


def load_presets(text: str) -> Mapping[str, Preset]:
    """Read presets from TOML.

    Raises
    ------
    KeyError
        If a reference is not in references.toml.
    TypeError, ValueError
        If a preset lacks a field or has one too many.
    """
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return MappingProxyType({name: Preset(name=name, **table) for name, table in tables.items()})
