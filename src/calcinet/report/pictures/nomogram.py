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
LEGEND: Final = 22.0
"""Height of the line of words below, where several readings are drawn."""
LEFT, MIDDLE, RIGHT = 75.0, 220.0, 365.0
TOP, BOTTOM = 46.0, 368.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One straight line through the nomogram."""

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
    alone = len(readings) == 1
    width, height = SIZE
    if not alone:
        height += LEGEND
    drawing = Drawing(width, height, _describe(readings, _))
    if alone:
        _draw_band(drawing, readings[0])
    _draw_scales(drawing, _)
    for reading in readings:
        if alone:
            _draw_reading(drawing, reading, width=2, radius=4, interval=True)
        else:
            _draw_reading(drawing, reading, width=1.2, radius=2.5, interval=False)
    if not alone:
        legend = _(
            "Each line begins at another pre-test probability: {priors:, }",
            priors=[share(one.prior) for one in readings],
        )
        drawing.letters((width / 2, height - 8), legend, anchor="middle", size=10)
    return drawing.svg()


def _draw_band(drawing: Drawing, reading: Reading) -> None:
    """Fill what lies between the lines to both ends of the interval."""
    low, high = (RIGHT, _place_after(reading.low)), (RIGHT, _place_after(reading.high))
    drawing.band([(LEFT, _place_before(reading.prior)), low, high])


def _draw_reading(drawing: Drawing, reading: Reading, *, width: float, radius: float, interval: bool) -> None:
    """Draw the line from the prior to the median, and the interval over the right scale."""
    start, end = (LEFT, _place_before(reading.prior)), (RIGHT, _place_after(reading.median))
    drawing.line(start, end, colour=ACCENT, width=width)
    if interval:
        drawing.line((RIGHT, _place_after(reading.low)), (RIGHT, _place_after(reading.high)), colour=ACCENT, width=4)
    drawing.dot(start, colour=ACCENT, radius=radius)
    drawing.dot(end, colour=ACCENT, radius=radius)


def _describe(readings: Sequence[Reading], _: Translate) -> str:
    if len(readings) != 1:
        return _(
            "Fagan nomogram: pre-test probability, likelihood ratio and post-test probability, "
            "for several pre-test probabilities"
        )
    only = readings[0]
    return _(
        "Fagan nomogram: pre-test probability {prior}, post-test probability {median}, 95 % interval {low} to {high}",
        prior=share(only.prior),
        median=share(only.median),
        low=share(only.low),
        high=share(only.high),
    )


def _take_logit(probability: float) -> float:
    low, high = SHOWN
    p = min(max(probability, low), high)
    return math.log(p / (1 - p))


def _find_step() -> float:
    """Height of one unit of log-odds."""
    return (BOTTOM - TOP) / (_take_logit(SHOWN[1]) - _take_logit(SHOWN[0]))


def _place_before(probability: float) -> float:
    """Height on the left scale, which runs downwards."""
    return (TOP + BOTTOM) / 2 + _find_step() * _take_logit(probability)


def _place_after(probability: float) -> float:
    """Height on the right scale, which runs upwards."""
    return (TOP + BOTTOM) / 2 - _find_step() * _take_logit(probability)


def _place_ratio(ratio: float) -> float:
    """Height on the middle scale, which runs upwards at half the step."""
    return (TOP + BOTTOM) / 2 - _find_step() * math.log(ratio) / 2


def _draw_scales(drawing: Drawing, _: Translate) -> None:
    for x, title in ((LEFT, _("Before")), (MIDDLE, _("Likelihood ratio")), (RIGHT, _("After"))):
        drawing.line((x, TOP - 8), (x, BOTTOM + 8), colour=SOFT)
        drawing.letters((x, TOP - 22), title, anchor="middle", size=12, bold=True)
    for probability in PROBABILITIES:
        _draw_probability(drawing, probability)
    for ratio in RATIOS:
        _draw_ratio(drawing, ratio)
    drawing.line((LEFT, _place_before(0.5)), (RIGHT, _place_after(0.5)), colour=GRID, dash="2 4")
    drawing.letters((LEFT - 9, BOTTOM + 26), "%", anchor="end", size=10, colour=SOFT)
    drawing.letters((RIGHT + 9, BOTTOM + 26), "%", anchor="start", size=10, colour=SOFT)


def _draw_probability(drawing: Drawing, probability: float) -> None:
    """Mark a probability on both outer scales."""
    text = f"{100 * probability:g}"
    before, after = _place_before(probability), _place_after(probability)
    drawing.line((LEFT - 5, before), (LEFT, before), colour=SOFT)
    drawing.letters((LEFT - 9, before + 4), text, anchor="end", colour=INK)
    drawing.line((RIGHT, after), (RIGHT + 5, after), colour=SOFT)
    drawing.letters((RIGHT + 9, after + 4), text, colour=INK)


def _draw_ratio(drawing: Drawing, ratio: float) -> None:
    """Mark a likelihood ratio on the middle scale, a power of ten with its number."""
    y = _place_ratio(ratio)
    decade = math.isclose(math.log10(ratio), round(math.log10(ratio)), abs_tol=1e-9)
    reach = 5 if decade else 3
    drawing.line((MIDDLE - reach, y), (MIDDLE + reach, y), colour=SOFT)
    if decade:
        drawing.letters((MIDDLE + 9, y + 4), f"{ratio:g}", colour=INK, size=10)
