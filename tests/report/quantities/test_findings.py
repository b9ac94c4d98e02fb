"""Sizes of findings in words: the unit fits the finding, and no precision is feigned."""

from dataclasses import replace

import pytest

from calcinet.record import FindingRecord
from calcinet.report.language import translator
from calcinet.report.quantities.findings import (
    MOST_ROWS,
    choose_listed,
    interval,
    key_numbers,
    value_with_unit,
    write_area,
    write_area_details,
    write_calibre,
    write_calibre_details,
    write_depth,
    write_length,
)
from calcinet.report.quantities.table import image_rows
from tests.support import handmade

ENGLISH = translator("en")


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_numbers_of_things_have_no_decimals_on_the_page():
    """91 parts, not 91.0; a share of the same unit keeps its digits."""
    row = replace(next(iter(image_rows(handmade.examined_image(), handmade.examination()))), unit="1")
    shown = [
        value_with_unit(replace(row, quantity=name, value=value), translator("en"))
        for name, value in (("ct.lesions", 91.0), ("net.loops", 1204.0), ("net.isotropy", 0.5))
    ]

    assert shown == ["91", "1,204", "0.50"]


def test_calibre_in_millimetres_comes_before_pixels():
    """Both are known of 1 mm at 0.2 mm a pixel."""
    vessel = FindingRecord(id="f1", kind="vessel", calibre_mm=1.0, calibre_px=5.0, length_mm=57.26)

    assert spaced(write_calibre(vessel, ENGLISH)) == "1.00 mm"
    assert spaced(write_length(vessel, ENGLISH)) == "57.3 mm"


def test_film_without_millimetres_has_sizes_in_pixels():
    vessel = FindingRecord(id="f1", kind="vessel", calibre_px=5.0, length_px=286.0, area_px=1430.0, depth_px=40.0)
    sizes = [write(vessel, ENGLISH) for write in (write_calibre, write_length, write_area, write_depth)]

    assert [spaced(size) for size in sizes] == ["5.00 px", "286 px", "1,430 px", "40.0 px"]


def test_calibre_that_was_not_measured_is_no_number_of_pixels():
    """The film has millimetres, as its length shows: a first estimate in pixels would be read as a width."""
    vessel = FindingRecord(id="f1", kind="vessel", calibre_px=5.0, length_mm=57.3)

    assert write_calibre(vessel, ENGLISH) == "–"


@pytest.mark.parametrize(("limit", "shown"), [(0.374, "< 0.37 mm"), (None, "–")])
def test_calibre_that_is_not_resolvable_is_its_limit(limit, shown):
    vessel = FindingRecord(id="f1", kind="vessel", calibre_class="not resolvable", calibre_px=2.0, upper_limit_mm=limit)

    assert spaced(write_calibre(vessel, ENGLISH)) == shown


def test_area_of_a_net_is_in_square_centimetres():
    """310 mm² are 3.1 cm²."""
    net, focus = (FindingRecord(id="f1", kind=kind, area_mm2=310.0) for kind in ("net", "focus"))

    assert spaced(write_area(net, ENGLISH)) == "3.10 cm²"
    assert spaced(write_area(focus, ENGLISH)) == "310 mm²"


def test_interval_of_an_area_is_in_the_unit_of_the_area():
    """A net's is in cm², as in the measures of the film."""
    net = FindingRecord(id="f1", kind="net", area_mm2=310.0, area_interval_mm2=(200.0, 480.0))

    assert write_area_details(net, ENGLISH) == "2.00 to 4.80 cm²"
    assert write_area_details(net.model_copy(update={"kind": "focus"}), ENGLISH) == "200 to 480 mm²"
    assert write_area_details(FindingRecord(id="f1", kind="net", area_mm2=310.0), ENGLISH) == ""


def test_interval_and_class_stand_in_one_line():
    vessel = FindingRecord(id="f1", kind="vessel", calibre_interval_mm=(0.84, 1.16), calibre_class="small")

    assert write_calibre_details(vessel, ENGLISH) == "0.84 to 1.16 mm · small"
    assert write_calibre_details(FindingRecord(id="f1", kind="vessel"), ENGLISH) == ""


def test_interval_that_is_not_known_is_a_dash():
    assert interval(None, ENGLISH) == "–"
    assert interval((None, None), ENGLISH) == "–"
    assert interval((0.84, 1.16), ENGLISH) == "0.84 to 1.16"


def test_listed_findings_keep_the_order_of_the_record():
    """Of 41 vessels the shortest is left out, wherever it stands."""
    lengths = [float(number) for number in range(1, MOST_ROWS + 2)]
    vessels = [FindingRecord(id=f"f{number:.0f}", kind="vessel", length_mm=number) for number in lengths]

    assert choose_listed(vessels) == vessels[1:]
    assert choose_listed(vessels[::-1]) == vessels[:0:-1]


def test_numbers_shown_large_are_those_that_were_measured(record):
    names = [row.quantity for row in key_numbers(record.images[0], record)]

    assert names == ["net.probability", "calcified_length_mm", "calcified_area_mm2", "resolvable_mm"]
