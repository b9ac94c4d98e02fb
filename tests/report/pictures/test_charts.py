"""Curve and bars of the weighing: points and ends in the right places."""

import xml.etree.ElementTree as ET

import pytest

from calcinet.report.language import translator
from calcinet.report.pictures.charts import Bar, prior_curve, split, tornado

_ = translator("en")
SVG = "{http://www.w3.org/2000/svg}"


def test_curve_passes_through_its_points():
    """At a prior of 0 the posterior is 0, at 1 it is 1: the frame's corners."""
    svg = prior_curve([(0.0, 0.0, 0.0, 0.0), (0.5, 0.8, 0.6, 0.9), (1.0, 1.0, 1.0, 1.0)], _, chosen=0.5)
    curve = next(ET.fromstring(svg).iter(f"{SVG}polyline")).attrib["points"].split()

    assert curve == ["62.0,276.0", "251.0,71.2", "440.0,20.0"]
    assert svg.count("<circle") == 1


def test_bars_are_symmetrical_about_one():
    """A factor of 1/4 reaches as far to the left as 4 to the right."""
    svg = tornado([Bar("A", 0.25, 4.0)], _)
    x = [
        float(point.split(",")[0]) for point in next(ET.fromstring(svg).iter(f"{SVG}polygon")).attrib["points"].split()
    ]

    assert (min(x) + max(x)) / 2 == pytest.approx((236 + 500) / 2)


def test_finding_that_was_not_looked_for_is_hollow():
    """An outline and no fill."""
    svg = tornado([Bar("A", 0.5, 8.0, known=False)], _)

    assert "<polygon" not in svg
    assert "<polyline" in svg


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Short", ["Short"]),
        ("A label that is too long for one line beside it", ["A label that is too long for one", "line beside it"]),
        ("軟組織不均勻的放射性同位素攝取增加現象", ["軟組織不均勻的放射性同位素攝取增加", "現象"]),
    ],
)
def test_labels_break_in_two_lines(label, lines):
    """34 Latin letters or 17 Chinese ones."""
    assert split(label) == lines


def test_label_cannot_become_markup():
    """Angle brackets are letters."""
    assert "<b>" not in tornado([Bar("<b>", 0.5, 2)], _)
