"""The table of weights: what was counted, where, and how far the text was read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

from calcinet.evidence.ratio_distributions import Between, Counted, LogRatio, Share
from calcinet.references import reference

Status = Literal["seen", "derived", "secondary", "recalled", "case"]

STATUS: Final[Mapping[str, Status]] = {
    "S": "seen",
    "D": "derived",
    "S2": "secondary",
    "R+": "recalled",
    "CASE": "case",
}
"""Confidence codes that may load; R- (recalled, unsure) and NF (not found) are not among them."""

ON_REQUEST: Final = frozenset({"secondary", "recalled"})
"""Weighed only where the user asks for it."""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """One row: how often a finding is seen with and without calciphylaxis."""

    finding: str
    label: str
    group: str
    n: tuple[int, int]
    """Cases and controls behind the row."""
    study: str
    year: int
    population: str
    reference: str
    confidence: str
    cases: tuple[int, int] | None = None
    """With the finding, examined."""
    controls: tuple[int, int] | None = None
    sensitivity_between: tuple[float, float] | None = None
    ratio: float | None = None
    """Fixed, instead of counts."""
    note: str = ""
    context: str = ""
    """Why the row is not weighed; empty where it is."""
    caution: str = ""
    """What to bear in mind wherever the row counts."""

    def __post_init__(self) -> None:
        reference(self.reference)
        if self.confidence not in STATUS:
            raise ValueError(
                f"{self.finding}: confidence {self.confidence!r} is never weighed; only {', '.join(STATUS)}"
            )
        known = self.ratio is not None or (self.controls and (self.cases or self.sensitivity_between))
        if not known:
            raise ValueError(f"{self.finding}: needs cases or sensitivity_between, and controls")

    @property
    def status(self) -> Status:
        """How far the text was read."""
        return STATUS[self.confidence]

    @property
    def sensitivity_known(self) -> bool:
        """Whether anybody has counted how many patients have the finding; where not, its absence says nothing."""
        return self.sensitivity_between is None

    def has_upper_limit(self, present: bool) -> bool:
        """Whether counts set the upper end of the ratio: not where no control was as this patient is.

        Then the denominator may be as small as one likes, and the upper end would be that of the distribution assumed.
        """
        if self.controls is None:
            return True
        with_it, examined = self.controls
        alike = with_it if present else examined - with_it
        return alike > 0

    def log_ratio(self, present: bool) -> LogRatio:
        """Distribution of the likelihood ratio of the finding, present or absent; 1 where nobody has counted."""
        if self.ratio is not None:
            assert self.ratio == 1.0
            return LogRatio.one()
        if not present and not self.sensitivity_known:
            return LogRatio.one()
        sensitivity, false_positive = self._read_sensitivity(), _read_share(self.controls)
        if present:
            return _compare_shares(sensitivity, false_positive)
        return _compare_shares(sensitivity.rest(), false_positive.rest())

    def _read_sensitivity(self) -> Share:
        if self.sensitivity_between:
            return Between(*self.sensitivity_between)
        return _read_share(self.cases)


@cache
def _compare_shares(above: Share, under: Share) -> LogRatio:
    """Ratio of two shares, worked out once: the rows are the same for every patient."""
    return LogRatio.of(above, under)


def _read_share(counts: tuple[int, int] | None) -> Counted:
    assert counts is not None
    return Counted(counts[0], counts[1] - counts[0])


@cache
def weights() -> Mapping[str, LikelihoodRatio]:
    """All rows by finding, in the order of weights.toml."""
    return load((files("calcinet.evidence") / "weights.toml").read_text(encoding="utf-8"))


def load(text: str) -> Mapping[str, LikelihoodRatio]:
    """Read rows from TOML.

    Raises
    ------
    KeyError
        If a reference is not in references.toml.
    TypeError, ValueError
        If a row lacks a field, has one too many, or is of a confidence that is never weighed.
    """
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)
    return MappingProxyType({name: LikelihoodRatio(finding=name, **_make_tuples(row)) for name, row in rows.items()})


def _make_tuples(row: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in row.items():
        fields[key] = value
        if isinstance(value, list):
            fields[key] = tuple(value)
    return fields
