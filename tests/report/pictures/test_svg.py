"""A drawing as one element of a page."""

import xml.etree.ElementTree as ET

from calcinet.report.pictures.svg import ACCENT, Drawing

SVG = "{http://www.w3.org/2000/svg}"


def test_every_part_is_drawn_in_its_order():
    """A band first, so that lines and dots are above it; numbers to a tenth."""
    drawing = Drawing(100, 50, "a picture")
    drawing.band([(0, 0), (10, 0), (10, 5.55)])
    drawing.line((1, 2), (3, 4), dash="2 4")
    drawing.path([(0, 1), (2, 3)])
    drawing.dot((7, 8), colour=ACCENT)
    root = ET.fromstring(drawing.svg())

    assert [part.tag.removeprefix(SVG) for part in root] == ["polygon", "line", "polyline", "circle"]
    assert root[0].attrib["points"] == "0.0,0.0 10.0,0.0 10.0,5.5"
    assert root[1].attrib["stroke-dasharray"] == "2 4"
    assert (root[3].attrib["cx"], root[3].attrib["fill"]) == ("7.0", ACCENT)


def test_its_size_is_that_of_the_view_and_its_description_is_told():
    root = ET.fromstring(Drawing(100, 50.5, 'less "than" <5').svg())

    assert root.attrib["viewBox"] == "0 0 100 50.5"
    assert root.attrib["aria-label"] == 'less "than" <5'


def test_letters_are_escaped_and_bold_only_where_asked_for():
    drawing = Drawing(10, 10, "")
    drawing.letters((1, 2), "<a & b>", anchor="end")
    drawing.letters((1, 2), "c", bold=True)
    plain, bold = ET.fromstring(drawing.svg())

    assert plain.text == "<a & b>"
    assert "font-weight" not in plain.attrib
    assert bold.attrib["font-weight"] == "700"
