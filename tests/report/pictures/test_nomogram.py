"""Fagan's nomogram: lines through the right places."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.report.language import translator
from calcinet.report.pictures.nomogram import LEFT, MIDDLE, RIGHT, Reading, nomogram

_ = translator("en")
SVG = "{http://www.w3.org/2000/svg}"
priors = st.floats(0.002, 0.99)


def after(prior: float, ratio: float) -> float:
    odds = ratio * prior / (1 - prior)
    return odds / (1 + odds)


def reading_line(svg: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ends of the widest line from the left scale to the right one."""
    for line in ET.fromstring(svg).iter(f"{SVG}line"):
        x1, y1, x2, y2 = (float(line.attrib[key]) for key in ("x1", "y1", "x2", "y2"))
        if (x1, x2) == (LEFT, RIGHT) and "stroke-dasharray" not in line.attrib:
            return (x1, y1), (x2, y2)
    raise AssertionError("no line from scale to scale")


def tick(svg: str, label: str, x: float) -> float:
    """Height of the label of a scale, half a letter above its line."""
    texts = [t for t in ET.fromstring(svg).iter(f"{SVG}text") if t.text == label]
    return min((float(t.attrib["y"]) - 4 for t in texts if abs(float(t.attrib["x"]) - x) < 12), default=float("nan"))


def test_line_joins_the_two_probabilities():
    """10 % before and 50 % after lie at the ticks of those names."""
    svg = nomogram([Reading(0.1, 0.5, 0.3, 0.7)], _)
    (_x, left), (_y, right) = reading_line(svg)

    assert left == pytest.approx(tick(svg, "10", LEFT), abs=0.2)
    assert right == pytest.approx(tick(svg, "50", RIGHT), abs=0.2)


@given(prior=priors)
def test_line_crosses_the_middle_at_the_ratio(prior):
    """Adding the logarithm of 10 to the odds is a line through 10, wherever it begins."""
    svg = nomogram([Reading(prior, after(prior, 10), after(prior, 10), after(prior, 10))], _)
    (_x, left), (_y, right) = reading_line(svg)
    middle = left + (right - left) * (MIDDLE - LEFT) / (RIGHT - LEFT)

    if after(prior, 10) < 0.998:
        assert middle == pytest.approx(tick(svg, "10", MIDDLE + 9), abs=0.6)


def test_several_priors_give_several_lines():
    """Without a prior of the user's, four are drawn."""
    svg = nomogram([Reading(p, after(p, 5), after(p, 2), after(p, 9)) for p in (0.01, 0.05, 0.2, 0.5)], _)

    assert svg.count('stroke-width="1.2"') == 4
    assert "polygon" not in svg


def test_nomogram_says_in_words_what_it_shows():
    """For a reader who cannot see it."""
    svg = nomogram([Reading(0.3, 0.68, 0.41, 0.86)], _)

    assert re.search(r"pre-test probability 30.%, post-test probability 68.%, 95 % interval 41.% to 86.%", svg)
