"""Styles of findings, and what is drawn on their pixels."""

import numpy as np

from calcinet.record import FindingRecord, ImageRecord, VesselCourse
from calcinet.report.pictures.annotation import (
    STYLES,
    colour_of,
    dot_gaps,
    draw_arrows,
    outline_findings,
    shape_points,
)
from calcinet.report.pictures.ct.compartments import COLOURS
from calcinet.report.pictures.viewport import Viewport

VIEW = Viewport(top=0, left=0, rows=200, columns=200, scale=(1.0, 1.0))
SQUARE = ((50.0, 50.0), (50.0, 100.0), (100.0, 100.0), (100.0, 50.0))


def blank() -> np.ndarray:
    return np.zeros((200, 200, 3), np.uint8)


def image(*findings: FindingRecord) -> ImageRecord:
    return ImageRecord(id="img-1", resolvable_mm=0.2, findings=findings)


def test_a_finding_of_a_ct_has_the_colour_of_its_compartment():
    """Only a finding of a CT has a form."""
    on_film = FindingRecord(id="f1", kind="focus", compartment="muscle")
    on_ct = FindingRecord(id="f1", kind="focus", compartment="muscle", form="nodular")

    assert colour_of(on_film) == STYLES["focus"].colour
    assert colour_of(on_ct) == COLOURS["muscle"]


def test_a_vessel_is_shown_by_its_centre_line_and_a_net_by_its_outline():
    line = ((1.0, 1.0), (9.0, 9.0))
    vessel = FindingRecord(id="f1", kind="vessel", outline=SQUARE, polyline=line)
    net = FindingRecord(id="f2", kind="net", outline=SQUARE, polyline=line)
    bare = FindingRecord(id="f3", kind="net", polyline=line)

    assert (shape_points(vessel), shape_points(net), shape_points(bare)) == (line, SQUARE, line)


def test_lines_run_round_the_marks_and_leave_them_free():
    """A focus of 20 x 20 pixels: none of them changes, and all of them are kept free of arrows."""
    mask = np.zeros((200, 200), np.uint8)
    mask[90:110, 90:110] = 3
    picture = blank()
    occupied = outline_findings(picture, image(), mask, VIEW, 200)

    assert np.array_equal(occupied, mask == 3)
    assert not picture[mask == 3].any()
    assert picture.any()


def test_a_net_is_framed_and_its_inside_is_kept_free():
    """The frame is a square of 50 pixels."""
    picture = blank()
    net = FindingRecord(id="f1", kind="net", outline=SQUARE)
    occupied = outline_findings(picture, image(net), np.zeros((200, 200), np.uint8), VIEW, 200)

    assert occupied[75, 75]
    assert abs(int(occupied.sum()) - 51 * 51) <= 4 * 51
    assert picture[50, 50:101].any()
    assert not picture[60:90, 60:90].any()


def test_a_vessel_is_outlined_as_a_whole_and_not_wall_by_wall():
    """Two walls 10 pixels apart, of a vessel 12 wide: the lumen between them is occupied too."""
    mask = np.zeros((200, 200), np.uint8)
    mask[95, 20:180] = mask[105, 20:180] = 1
    line = ((100.0, 20.0), (100.0, 180.0))
    vessel = FindingRecord(id="f1", kind="vessel", polyline=line, calibre_px=12.0)
    occupied = outline_findings(blank(), image(vessel), mask, VIEW, 200)

    assert occupied[95:106, 50:150].all()


def test_dots_are_led_over_a_gap():
    """Between columns 40 and 160 of row 100, not beyond them."""
    course = VesselCourse(
        side=None,
        findings=("f1", "f2"),
        gaps=(((100.0, 40.0), (100.0, 160.0)),),
        length_mm=1.0,
        calcified_mm=0.5,
        calcified_percent=50.0,
        length_px=200.0,
        calcified_px=80.0,
    )
    picture = blank()
    dot_gaps(picture, [course], VIEW, 200)
    columns = np.flatnonzero(picture.any(axis=(0, 2)))

    assert columns.min() > 40
    assert columns.max() < 160


def test_an_arrow_bears_the_number_and_the_colour_of_its_finding():
    picture = blank()
    net = FindingRecord(id="f1", kind="net", outline=SQUARE)
    draw_arrows(picture, VIEW, [net], np.zeros((200, 200), bool), 400)

    assert (np.abs(picture.astype(int) - STYLES["net"].colour).max(axis=2) < 12).sum() > 50
