"""The weighing in two drawings: what each prior leads to, and which finding moves the answer most."""

import math
import re
from collections.abc import Sequence
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

FACTORS: Final = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0),
)
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
    drawing = Drawing(*CURVE_SIZE, _("Post-test against pre-test probability, with its 95 % band"))
    medians, lower, upper = [], [], []
    for prior, median, low, high in by_prior:
        medians.append(_place_on_curve(prior, median))
        lower.append(_place_on_curve(prior, low))
        upper.append(_place_on_curve(prior, high))
    drawing.band([*lower, *upper[::-1]])
    _draw_axes(drawing, _)
    drawing.path(medians, colour=ACCENT, width=2.2)
    for prior, median, _low, _high in by_prior:
        if chosen is not None and math.isclose(prior, chosen, rel_tol=1e-6):
            drawing.dot(_place_on_curve(prior, median), colour=ACCENT, radius=4.5)
    left, top, right, bottom = FRAME
    below = ((left + right) / 2, bottom + 38)
    drawing.letters(below, _("Pre-test probability, %"), anchor="middle", size=12)
    drawing.letters((left - 54, top - 7), _("After, %"), size=12)
    return drawing.svg()


def _place_on_curve(prior: float, posterior: float) -> tuple[float, float]:
    """Point of the drawing for two probabilities."""
    left, top, right, bottom = FRAME
    return left + (right - left) * prior, bottom - (bottom - top) * posterior


def _draw_axes(drawing: Drawing, _: Translate) -> None:
    """Draw the grid with its numbers, and the diagonal, on which the findings change nothing."""
    left, _top, _right, bottom = FRAME
    for tick in TICKS:
        drawing.line(_place_on_curve(tick, 0), _place_on_curve(tick, 1), colour=GRID, width=0.7)
        drawing.line(_place_on_curve(0, tick), _place_on_curve(1, tick), colour=GRID, width=0.7)
        x, y = _place_on_curve(tick, tick)
        drawing.letters((x, bottom + 16), f"{100 * tick:.0f}", anchor="middle")
        drawing.letters((left - 8, y + 4), f"{100 * tick:.0f}", anchor="end")
    drawing.line(_place_on_curve(0, 0), _place_on_curve(1, 1), colour=SOFT, dash="4 4")


@dataclass(frozen=True, slots=True)
class Bar:
    """How far one finding moves the odds."""

    label: str
    low: float
    high: float
    known: bool = True
    """False: it has not been looked for, and the bar shows what it could do."""


@dataclass(frozen=True, slots=True)
class _OddsScale:
    """A logarithmic scale of factors on the odds, from 1 / `reach` to `reach`, 1 in the middle."""

    reach: float

    @classmethod
    def of(cls, bars: Sequence[Bar]) -> "_OddsScale":
        """Choose the first mark that no bar goes beyond, at least 2."""
        widest = 2.0
        for bar in bars:
            widest = max(widest, bar.high, 1 / max(bar.low, 1e-9))
        return cls(next((factor for factor in FACTORS if factor >= widest), FACTORS[-1]))

    def place(self, factor: float) -> float:
        """Where a factor is drawn (x); those beyond the ends are drawn there."""
        share = math.log(min(max(factor, 1 / self.reach), self.reach)) / math.log(self.reach)
        return (BARS_FROM + BARS_TO) / 2 + share * (BARS_TO - BARS_FROM) / 2

    def halfway(self) -> float:
        """A round factor about halfway from 1 to the end."""
        return min(FACTORS, key=lambda factor: abs(math.log(factor) - math.log(self.reach) / 2))


def tornado(bars: Sequence[Bar], _: Translate) -> str:
    """Draw by which factor each finding moves the odds, the widest bar first as given."""
    height = 30 + BAR_HEIGHT * len(bars) + 44
    drawing = Drawing(TORNADO_WIDTH, height, _("Likelihood ratio of each finding"))
    scale = _OddsScale.of(bars)
    foot = 22 + BAR_HEIGHT * len(bars)
    _draw_odds_scale(drawing, scale, foot)
    for row, bar in enumerate(bars):
        top = 18 + BAR_HEIGHT * row
        _draw_bar(drawing, bar, top, scale)
        _write_label(drawing, bar.label, top)
    below = ((BARS_FROM + BARS_TO) / 2, foot + 36)
    drawing.letters(below, _("Likelihood ratio"), anchor="middle", size=12)
    return drawing.svg()


def _draw_odds_scale(drawing: Drawing, scale: _OddsScale, foot: float) -> None:
    """Draw a line at each mark, and numbers at both ends, at 1 and halfway."""
    reach, half = scale.reach, scale.halfway()
    for factor in FACTORS:
        if 1 / reach <= factor <= reach * 1.0001:
            x = scale.place(factor)
            drawing.line((x, 14), (x, foot), colour=SOFT if factor == 1 else GRID, width=0.8)
    for factor in {1 / reach, 1.0, reach, half, 1 / half}:
        drawing.letters((scale.place(factor), foot + 15), f"{factor:g}", anchor="middle")


def _draw_bar(drawing: Drawing, bar: Bar, top: float, scale: _OddsScale) -> None:
    """Draw the bar of one finding, hollow where it has not been looked for."""
    low, high = scale.place(bar.low), scale.place(bar.high)
    edges = [(low, top), (high, top), (high, top + 16), (low, top + 16)]
    if not bar.known:
        drawing.path([*edges, edges[0]], colour=WARM, width=1.3)
        return
    middle = scale.place(math.sqrt(bar.low * bar.high))
    drawing.band(edges, colour=ACCENT)
    drawing.line((middle, top - 2), (middle, top + 18), colour=BAND)


def _write_label(drawing: Drawing, label: str, top: float) -> None:
    """Write the name of a finding beside its bar."""
    lines = split(label)
    for number, line in enumerate(lines):
        y = top + 12 + 13 * (number - (len(lines) - 1) / 2)
        drawing.letters((BARS_FROM - 12, y), line, anchor="end", colour=INK)


def split(label: str, most: int = LETTERS_A_LINE) -> list[str]:
    """Break a label into two lines at most, between words or between Chinese characters.

    >>> split("Net-like calcification of soft tissue on the film")
    ['Net-like calcification of soft', 'tissue on the film']
    """
    pieces = re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", label)
    lines = [""]
    for piece in pieces:
        if lines[-1] and _measure_width(lines[-1] + piece.rstrip()) > most and len(lines) < 2:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _measure_width(text: str) -> int:
    """Letters, those of Chinese counted twice."""
    wide = sum(ord(letter) >= 0x2E80 for letter in text)
    return len(text) + wide
