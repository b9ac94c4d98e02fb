"""Units as laboratories print them, read as UCUM and changed by pint; what cannot be read is None, never a guess."""

import re
from functools import cache
from typing import Any, Final

MAX_LENGTH: Final = 24
"""Characters of a unit. Our choice: twice the longest in use."""

SPELLINGS: Final[dict[str, str]] = {
    "iu/l": "U/L", "u/l": "U/L", "mm/hr": "mm/h", "mm/1h": "mm/h", "mm/h": "mm/h", "mm/1sthr": "mm/h",
    "sec": "s", "seconds": "s",
    "g%": "g/dL", "mg%": "mg/dL", "gm/dl": "g/dL", "g/100ml": "g/dL", "mg/100ml": "mg/dL",
    "k/ul": "10*3/uL", "10*3/mm3": "10*3/uL", "cells/ul": "/uL", "cells/mm3": "/uL", "/mm3": "/uL",
    "10*9/l": "10*9/L", "10*3/ul": "10*3/uL", "/ul": "/uL", "/nl": "10*9/L",
    "ml/min/1.73m2": "mL/min", "ml/min": "mL/min",
    "percent": "%", "ratio": "1", "inr": "1", "units": "1",
}  # fmt: skip
"""What is printed, in small letters, and the UCUM code that it stands for."""

LETTERS: Final = {"µ": "u", "μ": "u", "mcg": "ug", "mcmol": "umol", "×": "x", "⁹": "9", "³": "3", "²": "2"}
"""How the same prefix, sign or power is printed elsewhere."""

PLAIN: Final = re.compile(r"(f|p|n|u|m|c|d|k)?(mol|g|eq)/(f|p|n|u|m|c|d)?l")
"""Amount or mass a volume, in small letters; nobody prints mega- or peta- in a laboratory report."""

POWER: Final = re.compile(r"^x?\s*10\s*[*^e]?\s*(?=[369]/)")
"""The beginning of "x10^9/L", "X109/L", "10*3/uL"."""


def ucum(printed: str) -> str | None:
    """UCUM code of a unit as it was printed, or None where no such unit exists.

    >>> [ucum(unit) for unit in ("MMOL/L", "µg/dl", "X109/L", "mcmol/L", "IU/L", "pml/L")]
    ['mmol/L', 'ug/dL', '10*9/L', 'umol/L', 'U/L', None]
    """
    text = re.sub(r"\s+", "", printed)
    for other, letter in LETTERS.items():
        text = text.replace(other, letter)
    if not text or len(text) > MAX_LENGTH:
        return None
    small = POWER.sub("10*", text.lower().replace("litre", "l"))
    if small in SPELLINGS:
        return SPELLINGS[small]
    if PLAIN.fullmatch(small):
        return re.sub(r"l$", "L", small)
    if _parse_unit(text) is None:
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
    equivalents = "eq" in unit.lower()
    if equivalents and not charge:
        return None
    if molar is not None:
        grams_a_mole = molar * _parse_unit("g/mol")
        if given.check("[mass]/[volume]"):
            given = given / grams_a_mole
        if wanted.check("[mass]/[volume]"):
            wanted = wanted / grams_a_mole
    if given.dimensionality != wanted.dimensionality:
        return None
    times = float(given.to(wanted.units).magnitude / wanted.magnitude)
    if equivalents and charge:
        times /= charge
    return float(f"{times:.12g}")


@cache
def _parse_unit(code: str) -> Any:
    """The pint quantity of one UCUM unit, or None."""
    try:
        quantity = _load_registry().from_ucum(code)
        return quantity if quantity.magnitude > 0 and quantity.dimensionality is not None else None
    except Exception:  # whatever a person may type: the parser has many ways to refuse
        return None


@cache
def _load_registry() -> Any:
    """UCUM for pint, made at the first unit: it takes half a second."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()
