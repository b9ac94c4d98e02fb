"""What the laboratory measures: names, units, what is plausible, and reference ranges with their source."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.names import nearest, plain, table_of
from calcinet.clinical.units import factor, ucum
from calcinet.references import reference

OWN: Final = "our choice"
"""Beginning of a source that is no paper."""


@dataclass(frozen=True, slots=True)
class Analyte:
    """One row of analytes.toml."""

    key: str
    name: str
    also: tuple[str, ...] = ()
    unit: str | None = None
    units: tuple[str, ...] = ()
    molar: float | None = None
    charge: int | None = None
    plausible: tuple[float, float] | None = None
    range: tuple[float, float] | None = None
    range_female: tuple[float, float] | None = None
    source: str | None = None
    loinc: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.range or self.range_female) and self.source is None:
            raise ValueError(f"{self.key}: a range needs a source")
        if self.source is not None and not self.source.startswith(OWN):
            reference(self.source)

    @property
    def reference(self) -> str | None:
        """Key of the source of the default range; None where there is none or it is our choice."""
        if self.source is None or self.source.startswith(OWN):
            return None
        return self.source

    def times(self, unit: str) -> float | None:
        """What a value in `unit` (UCUM) is multiplied by to stand in this analyte's own unit."""
        if self.unit is None:
            return None
        return factor(unit, self.unit, molar=self.molar, charge=self.charge)

    def possible(self, value: float, unit: str) -> bool:
        """Whether a living adult may have this value."""
        times = self.times(unit)
        low, high = self.plausible or (-math.inf, math.inf)
        return times is not None and low <= round(value * times, 9) <= high

    def usual_units(self) -> tuple[str, ...]:
        """UCUM codes in which this is usually reported, the own unit first."""
        codes = [self.unit, *map(ucum, self.units)]
        return tuple(dict.fromkeys(code for code in codes if code))

    def default_range(self, sex: str | None) -> tuple[float | None, float | None] | None:
        """Reference range in the own unit for somebody whose laboratory gave none."""
        limits = self.range
        if self.range_female and sex == "female":
            limits = self.range_female
        if limits is None:
            return None
        return _open(limits[0]), _open(limits[1])


def analyte(name: str) -> Analyte | None:
    """Find an analyte by any of its names.

    >>> analyte("iPTH").key, analyte("no such thing")
    ('pth', None)
    """
    key = _list_names().get(plain(name))
    if key is None:
        return None
    return analytes()[key]


def likely_analyte(name: str) -> Analyte | None:
    """The analyte that a misspelt name probably means."""
    found = nearest(name, _list_names())
    if found is None:
        return None
    return analytes()[_list_names()[found]]


def by_loinc(code: str) -> Analyte | None:
    """Find an analyte by a LOINC code.

    >>> by_loinc("29265-6").name
    'albumin-adjusted calcium'
    """
    return next((entry for entry in analytes().values() if code in entry.loinc), None)


@cache
def analytes() -> Mapping[str, Analyte]:
    """Every analyte by its key."""
    return load(files("calcinet.clinical").joinpath("analytes.toml").read_text(encoding="utf-8"))


def load(text: str) -> Mapping[str, Analyte]:
    """Read a table of analytes; a range without a known source stops it."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return MappingProxyType({key: _build_analyte(key, row) for key, row in tables.items()})


def _build_analyte(key: str, row: dict[str, Any]) -> Analyte:
    fields: dict[str, Any] = {}
    for name, value in row.items():
        fields[name] = value
        if isinstance(value, list):
            fields[name] = tuple(value)
    return Analyte(key=key, **fields)


@cache
def _list_names() -> Mapping[str, str]:
    return table_of({entry.key: (entry.name, entry.key, *entry.also) for entry in analytes().values()})


def _open(limit: float) -> float | None:
    if math.isnan(limit):
        return None
    return limit
