"""What the laboratory measures: names, units, what is plausible, and reference ranges with their source."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.names import meant, plain, table_of
from calcinet.clinical.prescription import split_brackets
from calcinet.clinical.units import factor, ucum
from calcinet.references import reference

OWN: Final = "our choice"
"""Beginning of a source that is no paper."""

SPECIMEN: Final = re.compile(
    r"(?<!\w)(?:serum|plasma|blood|venous|arterial|fasting|random|pre ?(?:hd|dialysis)|predialysis|levels?|conc|"
    r"concentration|warfarin|on warfarin|result)(?!\w)"
)
"""What stands beside a name without changing what was measured; "urine" and "after dialysis" do."""


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
    twin: tuple[str, str] | None = None
    """Unit and key of another analyte that is printed under the same name."""

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
    """Find an analyte by any of its names, with the specimen or without.

    What stands in brackets must be an abbreviation of the same, or say nothing: calcium in urine is not calcium.

    >>> analyte("iPTH").key, analyte("no such thing"), analyte("Serum urea").key
    ('pth', None, 'urea')
    >>> analyte("C reactive protein (CRP)").key, analyte("calcium (urine)"), analyte("Calcium (ionised)").key
    ('crp', None, 'ionised_calcium')
    """
    key = _find_key(name)
    if key is None:
        outside, inside = split_brackets(name)
        named = {_find_key(part) for part in (outside, *inside) if _strip_specimen(part)}
        if len(named) == 1:
            key = named.pop()
    if key is None:
        return None
    return analytes()[key]


def likely_analyte(name: str) -> Analyte | None:
    """The analyte that a misspelt name probably means."""
    key = meant(name, _list_names())
    if key is None:
        return None
    return analytes()[key]


def in_unit(known: Analyte, unit: str | None) -> Analyte:
    """The analyte that is printed in this unit, where one name stands for two.

    >>> in_unit(analyte("HbA1c"), "mmol/mol").key, in_unit(analyte("HbA1c"), "%").key
    ('hba1c_ifcc', 'hba1c')
    """
    if known.twin is None or "".join((unit or "").split()).casefold() != known.twin[0]:
        return known
    return analytes()[known.twin[1]]


def _find_key(name: str) -> str | None:
    return _list_names().get(plain(name)) or _list_names().get(_strip_specimen(name))


def _strip_specimen(name: str) -> str:
    return " ".join(SPECIMEN.sub(" ", plain(name)).split())


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
