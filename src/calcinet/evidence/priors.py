"""The probability before the images: in the user's hand; published figures are offered as what they are."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from calcinet.errors import BadInput
from calcinet.evidence.likelihood_ratios import STATUS, Status
from calcinet.references import reference
from calcinet.text import say, sentences

NONE_FOR_LESIONS: Final = say(
    "No figure has been published for a dialysis patient with a painful necrotic lesion: the number is yours to give."
)
"""What a user looks for among the published figures and does not find."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A published figure for one population."""

    name: str
    label: str
    value: float
    reference: str
    confidence: str

    def __post_init__(self) -> None:
        reference(self.reference)
        if self.confidence not in STATUS:
            raise ValueError(f"{self.name}: confidence {self.confidence!r} is never offered")
        if not 0 < self.value < 1:
            raise ValueError(f"{self.name}: a figure without a value between 0 and 1 is not offered")

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
    """The prior that a user gives: a number, a percentage, or the name of a preset.

    >>> prior("0.3").value, prior("30 %").value, prior("registry-germany").value
    (0.3, 0.3, 0.0004)

    Raises
    ------
    BadInput
        If it is none of these, or is not between 0 and 1.
    """
    preset = presets().get(str(given))
    if preset is None:
        return Prior(_parse_number(given), say("given by the user"))
    return Prior(preset.value, preset.label, preset.reference)


def _parse_number(given: str | float) -> float:
    """A share as a number, or as a percentage that says so; 30 alone is neither."""
    text = str(given).strip()
    per_cent = text.endswith(("%", "％"))
    try:
        number = float(text.rstrip("%％ "))
    except ValueError:
        message = say(
            "a pre-test probability is a number between 0 and 1 (0.3 or 30%), or the name of a published figure: "
            "{names:, }; got {given}.",
            names=list_presets(), given=text,
        )  # fmt: skip
        raise BadInput(sentences(message, NONE_FOR_LESIONS)) from None
    if per_cent:
        return number / 100
    return number


def list_presets() -> list[str]:
    """Each published figure as a user may name it, with its number.

    >>> list_presets()[0]
    'registry-germany (0.04 %)'
    """
    return [f"{preset.name} ({100 * preset.value:.3g} %)" for preset in presets().values()]


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
