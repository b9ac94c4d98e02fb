"""Numbers as people read them on the page."""

import math
import re
from typing import Final

NO_VALUE: Final = "–"

FIXED_SPACE: Final = "\N{NO-BREAK SPACE}"
"""Between a number and its unit."""


def number(value: float | None) -> str:
    """Write a number with two decimals or three significant digits, whichever is shorter, and never with an exponent.

    >>> [number(value) for value in (0.0, 0.0213, 0.2134, 2.0, 57.26, 1430.2, None)]
    ['0', '0.021', '0.21', '2.00', '57.3', '1,430', '–']
    """
    if value is None:
        return NO_VALUE
    if value == 0:
        return "0"
    leading = math.floor(math.log10(abs(value)))
    decimals = min(2 - leading, max(2, 1 - leading))
    return f"{round(value, decimals):,.{max(decimals, 0)}f}"


def percent(share: float | None) -> str:
    """Write a probability; 0 and 100 are never reached, for no detector is certain.

    >>> [percent(share).replace(FIXED_SPACE, " ") for share in (0.0, 0.123, 0.9996, None)]
    ['< 1 %', '12 %', '> 99 %', '–']
    """
    if share is None:
        return NO_VALUE
    if share < 0.01:
        return f"<{FIXED_SPACE}1{FIXED_SPACE}%"
    if share > 0.99:
        return f">{FIXED_SPACE}99{FIXED_SPACE}%"
    return whole_percent(100 * share)


def whole_percent(hundredths: float) -> str:
    """Write a share that is already in percent, without decimals."""
    return f"{hundredths:.0f}{FIXED_SPACE}%"


def share(probability: float) -> str:
    """Write the probability of a disease in percent, finely at both ends of the scale.

    >>> [share(p).replace(FIXED_SPACE, " ") for p in (0.0004, 0.011, 0.305, 0.9871)]
    ['0.04 %', '1.1 %', '30 %', '98.7 %']
    """
    shown = 100 * probability
    edge = min(shown, 100 - shown)
    decimals = 2
    if edge >= 9.5:
        decimals = 0
    elif edge >= 0.95:
        decimals = 1
    return f"{shown:.{decimals}f}{FIXED_SPACE}%"


def unit(ucum: str | None) -> str:
    """Write a UCUM unit as laboratories print it.

    >>> [unit(code) for code in ("umol/L", "10*9/L", "mmol2/L2", "[iU]/mL", "{score}", "1", None)]
    ['µmol/L', '× 10^9/L', 'mmol²/L²', 'IU/mL', '', '', '']
    """
    shown = re.sub(r"\{[^}]*\}|\[i", "", ucum or "").replace("U]", "IU").replace("]", "").replace("[", "")
    shown = re.sub(r"^10\*(\d+)", r"× 10^\1", shown)
    shown = re.sub(r"(?<=[A-Za-z])2", "²", shown)
    shown = re.sub(r"(?<=[A-Za-z])3", "³", shown)
    if shown == "1":
        return ""
    return re.sub(r"\bu(?=(mol|g|m|L)\b)", "µ", shown)


def dose(entered: str) -> str:
    """Write a dose as it was entered, micrograms with their sign.

    >>> dose("0.25 ug"), dose("25 g three times a week")
    ('0.25 µg', '25 g three times a week')
    """
    return re.sub(r"(?<=\d|\s)ug\b", "µg", entered)


def with_unit(value: float | None, unit: str) -> str:
    """Write a number with the unit that people read; a dash where there is no number.

    >>> with_unit(None, "mm"), with_unit(57.26, "mm").replace(FIXED_SPACE, " ")
    ('–', '57.3 mm')
    """
    if value is None:
        return NO_VALUE
    return f"{number(value)}{FIXED_SPACE}{unit}"
