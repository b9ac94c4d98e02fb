"""Fagan's nomogram: a straight line from the probability before, through the likelihood ratio, to the one after.

The scales are log-odds: the left one runs downwards, the right one upwards, and half of the ratio's logarithm lies
between them, so that adding is drawing a line.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.report.labels import Translate
from calcinet.report.pictures.svg import ACCENT, GRID, INK, SOFT, Drawing
from calcinet.report.quantities.numbers import share

SHOWN: Final = (0.001, 0.999)
"""Probabilities at the ends of the scales. Our choice: beyond, no study here says anything."""

PROBABILITIES: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)

RATIOS: Final = (0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 1000)

SIZE: Final = (440.0, 400.0)
LEFT, MIDDLE, RIGHT = 75.0, 220.0, 365.0
TOP, BOTTOM = 46.0, 368.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One way through the nomogram."""

    prior: float
    median: float
    low: float
    high: float


def nomogram(readings: Sequence[Reading], _: Translate) -> str:
    """Draw the nomogram with one reading, or with several for a reader who has not said where to begin.

    Parameters
    ----------
    readings
        Probability before, and median, low and high of the one after; a single one is drawn with its numbers.
    """
    drawing = Drawing(*SIZE, _described(readings, _))
    alone = len(readings) == 1
    for reading in readings if alone else ():
        ends = [(RIGHT, _after(reading.low)), (RIGHT, _after(reading.high))]
        drawing.band([(LEFT, _before(reading.prior)), *ends])
    _scales(drawing, _)
    for reading in readings:
        start, end = (LEFT, _before(reading.prior)), (RIGHT, _after(reading.median))
        drawing.line(start, end, colour=ACCENT, width=2 if alone else 1.2)
        if alone:
            drawing.line((RIGHT, _after(reading.low)), (RIGHT, _after(reading.high)), colour=ACCENT, width=4)
        for at in (start, end):
            drawing.dot(at, colour=ACCENT, radius=4 if alone else 2.5)
    return drawing.svg()


def _described(readings: Sequence[Reading], _: Translate) -> str:
    if len(readings) != 1:
        return _("Nomogram: probability before the findings, likelihood ratio, probability after, for several priors")
    only = readings[0]
    return _(
        "Nomogram: {prior} before the findings, {median} after, 95 % interval {low} to {high}",
        prior=share(only.prior),
        median=share(only.median),
        low=share(only.low),
        high=share(only.high),
    )


def _logit(probability: float) -> float:
    low, high = SHOWN
    p = min(max(probability, low), high)
    return math.log(p / (1 - p))


def _scale() -> float:
    return (BOTTOM - TOP) / (_logit(SHOWN[1]) - _logit(SHOWN[0]))


def _before(probability: float) -> float:
    """Height on the left scale, which runs downwards."""
    return (TOP + BOTTOM) / 2 + _scale() * _logit(probability)


def _after(probability: float) -> float:
    """Height on the right scale, which runs upwards."""
    return (TOP + BOTTOM) / 2 - _scale() * _logit(probability)


def _ratio(ratio: float) -> float:
    return (TOP + BOTTOM) / 2 - _scale() * math.log(ratio) / 2


def _scales(drawing: Drawing, _: Translate) -> None:
    for x, title in (
        (LEFT, _("Before")),
        (MIDDLE, _("Likelihood ratio")),
        (RIGHT, _("After")),
    ):
        drawing.line((x, TOP - 8), (x, BOTTOM + 8), colour=SOFT)
        drawing.letters((x, TOP - 22), title, anchor="middle", size=12, bold=True)
    for p in PROBABILITIES:
        text = f"{100 * p:g}"
        drawing.line((LEFT - 5, _before(p)), (LEFT, _before(p)), colour=SOFT)
        drawing.letters((LEFT - 9, _before(p) + 4), text, anchor="end", colour=INK)
        drawing.line((RIGHT, _after(p)), (RIGHT + 5, _after(p)), colour=SOFT)
        drawing.letters((RIGHT + 9, _after(p) + 4), text, colour=INK)
    for ratio in RATIOS:
        decade = math.isclose(math.log10(ratio), round(math.log10(ratio)), abs_tol=1e-9)
        reach = 5 if decade else 3
        drawing.line((MIDDLE - reach, _ratio(ratio)), (MIDDLE + reach, _ratio(ratio)), colour=SOFT)
        if decade:
            drawing.letters((MIDDLE + 9, _ratio(ratio) + 4), f"{ratio:g}", colour=INK, size=10)
    drawing.line((LEFT, _before(0.5)), (RIGHT, _after(0.5)), colour=GRID, dash="2 4")
    for x, anchor in ((LEFT - 9, "end"), (RIGHT + 9, "start")):
        drawing.letters((x, BOTTOM + 26), "%", anchor=anchor, size=10, colour=SOFT)
