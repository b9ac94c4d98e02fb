"""The weighing in two drawings: what each prior leads to, and which finding moves the answer most."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.report.labels import Translate
from calcinet.report.pictures.svg import ACCENT, BAND, GRID, INK, SOFT, WARM, Drawing

CURVE_SIZE: Final = (460.0, 330.0)
FRAME: Final = (62.0, 20.0, 440.0, 276.0)
"""Left, top, right and bottom of the axes of the curve."""

TICKS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

BAR_HEIGHT: Final = 34.0
TORNADO_WIDTH: Final = 520.0
BARS_FROM, BARS_TO = 236.0, 500.0

FACTORS: Final = (*(step * 10.0**decade for decade in range(-3, 3) for step in (1, 2, 5)), 1000.0)
"""Marks of the scale of the odds. Our choice: to 1000, so that no interval that is weighed is cut off."""

LETTERS_A_LINE: Final = 34
"""Of a label beside a bar; Chinese characters count twice."""


def prior_curve(
    by_prior: Sequence[tuple[float, float, float, float]], _: Translate, *, chosen: float | None = None
) -> str:
    """Draw the probability after the findings over the one before, with its 95 % band.

    Parameters
    ----------
    by_prior
        Prior, then median, low and high of the posterior, by rising prior.
    chosen
        The prior in use, marked where there is one.
    """
    left, top, right, bottom = FRAME

    def at(prior: float, posterior: float) -> tuple[float, float]:
        return left + (right - left) * prior, bottom - (bottom - top) * posterior

    drawing = Drawing(*CURVE_SIZE, _("Probability after the findings over the probability before, with its 95 % band"))
    drawing.band([*(at(p, low) for p, _m, low, _h in by_prior), *(at(p, high) for p, _m, _l, high in by_prior[::-1])])
    for tick in TICKS:
        drawing.line(at(tick, 0), at(tick, 1), colour=GRID, width=0.7)
        drawing.line(at(0, tick), at(1, tick), colour=GRID, width=0.7)
        x, y = at(tick, tick)
        drawing.letters((x, bottom + 16), f"{100 * tick:.0f}", anchor="middle")
        drawing.letters((left - 8, y + 4), f"{100 * tick:.0f}", anchor="end")
    drawing.line(at(0, 0), at(1, 1), colour=SOFT, dash="4 4")
    drawing.path((at(p, median) for p, median, _l, _h in by_prior), colour=ACCENT, width=2.2)
    for prior, median, _low, _high in by_prior:
        if chosen is not None and math.isclose(prior, chosen, rel_tol=1e-6):
            drawing.dot(at(prior, median), colour=ACCENT, radius=4.5)
    drawing.letters(
        ((left + right) / 2, bottom + 38), _("Probability before the findings, %"), anchor="middle", size=12
    )
    drawing.letters((left - 54, top - 7), _("After, %"), size=12)
    return drawing.svg()


@dataclass(frozen=True, slots=True)
class Bar:
    """How far one finding moves the odds."""

    label: str
    low: float
    high: float
    known: bool = True
    """False: it has not been looked for, and the bar shows what it could do."""


def tornado(bars: Sequence[Bar], _: Translate) -> str:
    """Draw by which factor each finding moves the odds, the widest bar first as given."""
    height = 30 + BAR_HEIGHT * len(bars) + 44
    drawing = Drawing(TORNADO_WIDTH, height, _("By which factor each finding moves the odds"))
    reach = max([2.0, *(max(bar.high, 1 / max(bar.low, 1e-9)) for bar in bars)])
    reach = next((factor for factor in FACTORS if factor >= reach), FACTORS[-1])

    def x(factor: float) -> float:
        share = math.log(min(max(factor, 1 / reach), reach)) / math.log(reach)
        return (BARS_FROM + BARS_TO) / 2 + share * (BARS_TO - BARS_FROM) / 2

    foot = 22 + BAR_HEIGHT * len(bars)
    for factor in FACTORS:
        if 1 / reach <= factor <= reach * 1.0001:
            drawing.line((x(factor), 14), (x(factor), foot), colour=SOFT if factor == 1 else GRID, width=0.8)
    for factor in {1 / reach, 1.0, reach, _half(reach), 1 / _half(reach)}:
        drawing.letters((x(factor), foot + 15), f"{factor:g}", anchor="middle")
    for row, bar in enumerate(bars):
        _bar(drawing, bar, 18 + BAR_HEIGHT * row, x)
    drawing.letters(((BARS_FROM + BARS_TO) / 2, foot + 36), _("Factor on the odds"), anchor="middle", size=12)
    return drawing.svg()


def _half(reach: float) -> float:
    """A round factor about half of the way, on a logarithmic scale."""
    return min(FACTORS, key=lambda factor: abs(math.log(factor) - math.log(reach) / 2))


def _bar(drawing: Drawing, bar: Bar, top: float, x: Callable[[float], float]) -> None:
    """One finding: its name, and its bar, hollow where it has not been looked for."""
    low, high = x(bar.low), x(bar.high)
    edges = [(low, top), (high, top), (high, top + 16), (low, top + 16)]
    if bar.known:
        drawing.band(edges, colour=ACCENT)
        drawing.line(
            (x(math.sqrt(bar.low * bar.high)), top - 2), (x(math.sqrt(bar.low * bar.high)), top + 18), colour=BAND
        )
    else:
        drawing.path([*edges, edges[0]], colour=WARM, width=1.3)
    lines = split(bar.label)
    for number, line in enumerate(lines):
        drawing.letters(
            (BARS_FROM - 12, top + 12 + 13 * (number - (len(lines) - 1) / 2)), line, anchor="end", colour=INK
        )


def split(label: str, most: int = LETTERS_A_LINE) -> list[str]:
    """Break a label in two lines at most, between words or between Chinese characters.

    >>> split("Net-like calcification of soft tissue on the film")
    ['Net-like calcification of soft', 'tissue on the film']
    """
    pieces = re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", label)
    lines = [""]
    for piece in pieces:
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > most and len(lines) < 2:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _width(text: str) -> int:
    return sum(2 if ord(letter) >= 0x2E80 else 1 for letter in text)
