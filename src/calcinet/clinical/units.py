"""Units as laboratories print them, read as UCUM; what cannot be read is None, never a guess.

The table holds the units of laboratory sheets and drug charts alone, with their sizes. A library of all units (pint
with ucumvert) takes longer to start than all else about a case; the tests compare with it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

from calcinet.limits import UNIT_CHARACTERS, UNIT_EXPONENT

SPELLINGS: Final[dict[str, str]] = {
    "iu/l": "U/L", "[iu]/l": "U/L", "u/l": "U/L", "mm/hr": "mm/h", "mm/1h": "mm/h", "mm/h": "mm/h", "mm/1sthr": "mm/h",
    "sec": "s", "seconds": "s",
    "g%": "g/dL", "mg%": "mg/dL", "gm/dl": "g/dL", "g/100ml": "g/dL", "mg/100ml": "mg/dL",
    "k/ul": "10*3/uL", "10*3/mm3": "10*3/uL", "cells/ul": "/uL", "cells/mm3": "/uL", "/mm3": "/uL",
    "10*9/l": "10*9/L", "10*3/ul": "10*3/uL", "/ul": "/uL", "/nl": "10*9/L", "gpt/l": "10*9/L", "giga/l": "10*9/L",
    "percent": "%", "mmhg": "mm[Hg]", "ratio": "1", "inr": "1", "units": "1",
    "ml/min/1.73m2": "mL/min/{1.73_m2}", "ml/min/1.73m^2": "mL/min/{1.73_m2}", "ml/min": "mL/min",
}  # fmt: skip
"""What is printed, in small letters, and the UCUM code that it stands for."""

LETTERS: Final = {"µ": "u", "μ": "u", "mcg": "ug", "mcmol": "umol", "×": "x", "⁹": "9", "³": "3", "²": "2"}
"""How the same prefix, sign or power is printed elsewhere."""

PLAIN: Final = re.compile(r"(f|p|n|u|m|c|d|k)?(mol|g|eq)/(f|p|n|u|m|c|d)?l")
"""Amount or mass a volume, in small letters; nobody prints mega- or peta- in a laboratory report."""

PREFIXES: Final = {
    "G": 1e9, "M": 1e6, "k": 1e3, "d": 1e-1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15,
}  # fmt: skip
"""Prefixes of UCUM that go with `METRIC`."""

Dimension = Mapping[str, int]
"""Power of each base: gram, mole, equivalent, metre, second, international unit."""

CONCENTRATION: Final[Dimension] = {"mol": 1, "m": -3}
MASS_CONCENTRATION: Final[Dimension] = {"g": 1, "m": -3}

METRIC: Final[Mapping[str, tuple[float, Dimension]]] = {
    "g": (1, {"g": 1}),
    "mol": (1, {"mol": 1}),
    "osm": (1, {"mol": 1}),
    "eq": (1, {"eq": 1}),
    "m": (1, {"m": 1}),
    "s": (1, {"s": 1}),
    "L": (1e-3, {"m": 3}),
    "l": (1e-3, {"m": 3}),
    "kat": (1, {"mol": 1, "s": -1}),
    "U": (1e-6 / 60, {"mol": 1, "s": -1}),
    "[iU]": (1, {"iU": 1}),
    "[IU]": (1, {"iU": 1}),
    "Pa": (1000, {"g": 1, "m": -1, "s": -2}),
    "bar": (1e8, {"g": 1, "m": -1, "s": -2}),
    "m[Hg]": (133_322_000, {"g": 1, "m": -1, "s": -2}),
}
"""Units that take a prefix: size in bases, and dimension. [UCUM, table of units]"""

PLAIN_ATOMS: Final[Mapping[str, tuple[float, Dimension]]] = {
    "10*": (10, {}),
    "10^": (10, {}),
    "%": (0.01, {}),
    "min": (60, {"s": 1}),
    "h": (3600, {"s": 1}),
    "d": (86_400, {"s": 1}),
    "wk": (604_800, {"s": 1}),
    "mo": (2_629_800, {"s": 1}),
    "a": (31_557_600, {"s": 1}),
}
"""Units that take none. [UCUM, table of units]"""

COMPONENT: Final = re.compile(r"(?P<atom>10[*^]|[A-Za-z%\[\]]+)(?P<power>[+-]?[1-9]\d*)?|[1-9]\d*")
"""One part of a unit between points and strokes, without its annotation."""

ANNOTATION: Final = re.compile(r"\{[!-z|~]*\}")

BARE_NUMBER: Final = re.compile(r"[\d./]+")
"""A number is a factor of a unit and no unit; 1 alone is that of a ratio."""

POWER: Final = re.compile(r"^x?\s*10\s*[*^e]?\s*(?=[369]/)")
"""The beginning of "x10^9/L", "X109/L", "10*3/uL"."""


def ucum(printed: str) -> str | None:
    """UCUM code of a unit as it was printed, or None where no such unit exists.

    >>> [ucum(unit) for unit in ("MMOL/L", "µg/dl", "X109/L", "mcmol/L", "[iU]/L", "pml/L")]
    ['mmol/L', 'ug/dL', '10*9/L', 'umol/L', 'U/L', None]
    """
    text = re.sub(r"\s+", "", printed)
    for other, letter in LETTERS.items():
        text = text.replace(other, letter)
    if not text or len(text) > UNIT_CHARACTERS.value:
        return None
    small = POWER.sub("10*", text.lower().replace("litre", "l"))
    if small in SPELLINGS:
        return SPELLINGS[small]
    if PLAIN.fullmatch(small):
        return re.sub(r"l$", "L", small)
    if _parse_unit(text) is None or (BARE_NUMBER.fullmatch(text) and text != "1"):
        return None
    return text


def factor(unit: str, into: str, *, molar: float | None = None, charge: int | None = None) -> float | None:
    """What a value in one UCUM unit is multiplied by to stand in another, or None where they do not compare.

    Parameters
    ----------
    unit, into
        UCUM.
    molar
        Molar mass in g/mol, by which mass becomes amount.
    charge
        Milliequivalents to one millimole.

    >>> round(factor("mg/dL", "mmol/L", molar=40.08), 4), factor("g/dL", "g/L"), factor("g/L", "mmol/L")
    (0.2495, 10.0, None)
    """
    if unit == into:
        return 1.0
    given, wanted = _parse_unit(unit), _parse_unit(into)
    if given is None or wanted is None:
        return None
    if given.dimension != wanted.dimension:
        given, wanted = given.in_moles(molar, charge), wanted.in_moles(molar, charge)
    if given.dimension != wanted.dimension:
        return None
    return float(f"{given.size / wanted.size:.12g}")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit in bases: grams, moles, equivalents, metres, seconds."""

    size: float
    dimension: Dimension

    @classmethod
    def product(cls, parts: "Iterator[tuple[_Unit, int]]") -> Self:
        """Multiply units, each to its power."""
        size, powers = 1.0, Counter[str]()
        for unit, power in parts:
            size *= unit.size**power
            powers.update({base: count * power for base, count in unit.dimension.items()})
        return cls(size, {base: count for base, count in powers.items() if count})

    def in_moles(self, molar: float | None, charge: int | None) -> "_Unit":
        """The same as amount of substance, as far as it can be told."""
        if molar and self.dimension == MASS_CONCENTRATION:
            return _Unit(self.size / molar, CONCENTRATION)
        if charge and "eq" in self.dimension:
            count = self.dimension["eq"]
            rest = {base: power for base, power in self.dimension.items() if base != "eq"}
            return _Unit(self.size / charge**count, {"mol": count, **rest})
        return self


@cache
def _parse_unit(code: str) -> _Unit | None:
    """The size and dimension of one UCUM unit, or None where it is none that a laboratory prints."""
    if not code or not code.isascii():
        return None
    pieces = re.split(r"([./])", ANNOTATION.sub("{}", code.removeprefix("/")))
    inverse = code.startswith("/")
    parts: list[tuple[_Unit, int]] = []
    for place in range(0, len(pieces), 2):
        divided = inverse if place == 0 else pieces[place - 1] == "/"
        component = _parse_component(pieces[place])
        if component is None:
            return None
        unit, power = component
        parts.append((unit, -power if divided else power))
    product = _Unit.product(iter(parts))
    return product if 0 < product.size < math.inf else None


def _parse_component(text: str) -> tuple[_Unit, int] | None:
    """One part of a unit and its power; an annotation alone is a count."""
    if text == "{}":
        return _Unit(1, {}), 1
    bare = text.removesuffix("{}")
    found = COMPONENT.fullmatch(bare)
    if found is None:
        return None
    if found["atom"] is None:
        return _Unit(float(bare), {}), 1
    unit, power = _find_atom(found["atom"]), int(found["power"] or 1)
    if unit is None or abs(power) > UNIT_EXPONENT.value:
        return None
    return unit, power


def _find_atom(atom: str) -> _Unit | None:
    """A unit of the table, with its prefix."""
    known = PLAIN_ATOMS.get(atom) or METRIC.get(atom)
    if known is not None:
        return _Unit(*known)
    size = PREFIXES.get(atom[:1])
    metric = METRIC.get(atom[1:])
    if size is None or metric is None:
        return None
    return _Unit(size * metric[0], metric[1])
