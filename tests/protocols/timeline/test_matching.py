"""Marks of films that lie on one another: the truth is where each mark was put, and sums of their lengths on paper.

The follow-up is the baseline moved by 10 mm down and 5 mm to the right, its pixels 0.1 mm and those of the baseline
0.2 mm: (row, column) of the baseline lies at (2 row + 100, 2 column + 50) of the follow-up.
"""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.image import Image
from calcinet.record import FindingRecord, VesselCourse
from tests.support.courses import film

pytest.importorskip("SimpleITK")
import SimpleITK

from calcinet.geometry.registration import Registration
from calcinet.protocols.timeline.film_places import FilmPlace, lay_film, place_film
from calcinet.protocols.timeline.matching import match, name_same

SIZE = (0.2, 0.2)
LATER = (0.1, 0.1)


def lay(angle_deg=0.0, shift=(5.0, 10.0)):
    turn = SimpleITK.Euler2DTransform()
    turn.SetAngle(np.radians(angle_deg))
    turn.SetTranslation(shift)
    return Registration(
        transform=turn,
        baseline_mm=SIZE,
        follow_up_mm=LATER,
        correlation=1.0,
        overlap=1.0,
        angle_deg=angle_deg,
        shift_mm=float(np.hypot(*shift)),
    )


def vessel(number, start, end, pixel_mm):
    """A straight vessel between two points (row, column)."""
    length = float(np.linalg.norm((np.array(end) - start) * pixel_mm))
    line = (tuple(map(float, start)), tuple(map(float, end)))
    return FindingRecord(id=f"f{number}", kind="vessel", polyline=line, length_mm=length)


def net(number, corner, edge, pixel_mm):
    """A square net from its upper left corner."""
    row, column = corner
    outline = ((row, column), (row, column + edge), (row + edge, column + edge), (row + edge, column))
    return FindingRecord(id=f"f{number}", kind="net", outline=outline, area_mm2=(edge * pixel_mm) ** 2)


def baseline(*findings, **more):
    return film(1, spacing_mm=SIZE, shape=(1000, 800), findings=findings, **more)


def follow_up(*findings, **more):
    return film(2, **{"spacing_mm": LATER, "shape": (2400, 2000), "findings": findings, **more})


def moved(row, column):
    return 2 * row + 100, 2 * column + 50


def match_marks(first, later):
    """The marks of films whose ways from the first one are known."""
    return match([FilmPlace(first, first, None), *(FilmPlace(image, first, laid) for image, laid in later)])


def test_points_go_there_and_back():
    """A turn by 10 degrees: (x, y) mm -> (x cos - y sin + 5, x sin + y cos + 10)."""
    points = np.array([[100.0, 400.0], [900.0, 20.0]])
    angle = np.radians(10)
    y, x = points.T * 0.2
    truth = np.stack([x * np.sin(angle) + y * np.cos(angle) + 10, x * np.cos(angle) - y * np.sin(angle) + 5], 1) / 0.1

    there = lay(10.0).follow(points)

    assert there == pytest.approx(truth)
    assert lay(10.0).go_back(there) == pytest.approx(points, abs=0.01)


def test_the_same_artery_is_found_whatever_the_order_of_the_marks():
    """Two arteries 40 mm apart; the first grew from 60 to 80 mm, the second stayed 40 mm long."""
    one = vessel(1, (200, 200), (500, 200), 0.2)
    other = vessel(2, (200, 400), (400, 400), 0.2)
    longer = vessel(7, moved(200, 200), moved(600, 200), 0.1)
    same = vessel(3, moved(200, 400), moved(400, 400), 0.1)

    marks = match_marks(baseline(one, other), [(follow_up(same, longer), lay())])

    assert [mark.findings for mark in marks] == [(("f1",), ("f7",)), (("f2",), ("f3",))]
    assert marks[0].sizes == pytest.approx((60.0, 80.0))
    assert marks[1].sizes == pytest.approx((40.0, 40.0))


def test_an_artery_in_pieces_is_one():
    """60 mm in one piece; on the follow-up 20 and 30 mm of the same line with a gap of 10 mm: 50 mm, no loss of 40."""
    whole = vessel(1, (200, 200), (500, 200), 0.2)
    upper = vessel(1, moved(200, 200), moved(300, 200), 0.1)
    lower = vessel(2, moved(350, 200), moved(500, 200), 0.1)

    (mark,) = match_marks(baseline(whole), [(follow_up(upper, lower), lay())])

    assert mark.findings == (("f1",), ("f2", "f1"))
    assert mark.sizes == pytest.approx((60.0, 50.0))


def test_a_course_holds_pieces_together_that_no_mark_of_the_other_film_joins():
    """20 and 20 mm of one course; on the follow-up the upper piece alone."""
    upper, lower = vessel(1, (200, 200), (300, 200), 0.2), vessel(2, (400, 200), (500, 200), 0.2)
    course = VesselCourse(
        side=None, findings=("f1", "f2"), gaps=(((300, 200), (400, 200)),), length_mm=60, calcified_mm=40,
        calcified_percent=66.7, length_px=300, calcified_px=200,
    )  # fmt: skip
    later = vessel(9, moved(200, 200), moved(300, 200), 0.1)

    (mark,) = match_marks(baseline(upper, lower, courses=(course,)), [(follow_up(later), lay())])

    assert mark.findings == (("f1", "f2"), ("f9",))
    assert mark.sizes == pytest.approx((40.0, 20.0))


def test_what_one_film_does_not_show_is_left_out_on_both():
    """An artery of 100 mm runs out of the lower edge of a follow-up that ends 60 mm below its upper end."""
    whole = vessel(1, (200, 200), (700, 200), 0.2)
    low_edge = moved(500, 0)[0]
    cut = vessel(1, moved(200, 200), (low_edge, moved(0, 200)[1]), 0.1)

    (mark,) = match_marks(baseline(whole), [(follow_up(cut, shape=(low_edge + 1, 2000)), lay())])

    assert mark.sizes == pytest.approx((60.0, 60.0), abs=1.1)


def test_a_parallel_artery_is_another_one():
    """8 mm beside it: farther than the residual of two films."""
    marks = match_marks(
        baseline(vessel(1, (200, 200), (500, 200), 0.2)),
        [(follow_up(vessel(1, moved(200, 240), moved(500, 240), 0.1)), lay())],
    )

    assert [mark.findings for mark in marks] == [(("f1",), ()), ((), ("f1",))]
    assert marks[0].sizes == (pytest.approx(60.0), None)


def test_a_net_is_no_vessel_and_its_area_is_that_of_the_field_of_both():
    """A net of 40 mm by 40 mm on both, under an artery that only the baseline has."""
    marks = match_marks(
        baseline(net(1, (200, 200), 200, 0.2), vessel(2, (210, 210), (390, 390), 0.2)),
        [(follow_up(net(1, moved(200, 200), 400, 0.1)), lay())],
    )

    assert [(mark.kind, mark.findings) for mark in marks] == [("vessel", (("f2",), ())), ("net", (("f1",), ("f1",)))]
    assert marks[1].sizes == pytest.approx((1600.0, 1600.0))


def test_three_films_have_one_number_for_one_artery():
    """The second follow-up is turned by 90 degrees less 85: 5 degrees; the artery grew from 60 to 80 mm on it."""
    angle = np.radians(5)

    def turned(row, column):
        y, x = row * 0.2, column * 0.2
        return (x * np.sin(angle) + y * np.cos(angle) + 10) / 0.1, (x * np.cos(angle) - y * np.sin(angle) + 5) / 0.1

    second = follow_up(vessel(4, moved(200, 200), moved(500, 200), 0.1))
    third = follow_up(vessel(8, turned(200, 200), turned(600, 200), 0.1))

    (mark,) = match_marks(baseline(vessel(1, (200, 200), (500, 200), 0.2)), [(second, lay()), (third, lay(5.0))])

    assert mark.findings == (("f1",), ("f4",), ("f8",))
    assert mark.sizes == pytest.approx((60.0, 60.0, 80.0), abs=0.01)


def test_ids_are_given_by_the_largest_piece():
    whole = vessel(1, (200, 200), (500, 200), 0.2)
    upper = vessel(1, moved(200, 200), moved(300, 200), 0.1)
    lower = vessel(2, moved(350, 200), moved(500, 200), 0.1)

    assert name_same(match_marks(baseline(whole), [(follow_up(upper, lower), lay())])) == {"f1": "f2"}


def test_without_the_size_of_a_pixel_nothing_is_matched():
    because = {"not_measured": ({"measure": "resolvable_mm", "because": "no pixel size"},), "measures": {}}
    unsized = film(2, spacing_mm=None, spacing_basis="none", resolvable_mm=None, interval=None, shape=(9, 9), **because)

    blank = Image.from_array(np.zeros((9, 9)), modality="DX")

    with pytest.raises(NotMeasurable):
        place_film(unsized, blank)
    with pytest.raises(NotMeasurable):
        lay_film(place_film(baseline(), blank), blank, unsized, blank)


def test_a_stretch_that_one_film_alone_has_marked_is_looked_at_on_the_other():
    """A double line of 70 mm on both films; marked 60 mm on the first, 24 on the second: 36 mm look the same there."""
    chance = np.random.default_rng(5)
    planes = []
    for pixel, shift_mm in ((0.2, (0.0, 0.0)), (0.1, (10.0, 5.0))):
        rows, columns = np.mgrid[0 : round(160 / pixel), 0 : round(120 / pixel)] * pixel
        along, across = rows - shift_mm[0], columns - shift_mm[1] - 40.0
        wall = np.exp(-(((np.abs(across) - 1.2) / 0.35) ** 2)) * (abs(along - 70) < 35)
        planes.append((wall + chance.normal(0, 0.4, wall.shape)).astype(np.float32))
    first = baseline(vessel(1, (200, 200), (500, 200), 0.2))
    later = follow_up(vessel(1, moved(200, 200), moved(320, 200), 0.1))
    empty = follow_up()
    places = [FilmPlace(first, first, None, planes[0]), FilmPlace(later, first, lay(), planes[1])]
    gone = chance.normal(0, 0.4, planes[1].shape).astype(np.float32)

    (mark,) = match(places)
    (lost,) = match([places[0], FilmPlace(later, first, lay(), gone)])
    (alone,) = match([places[0], FilmPlace(empty, first, lay(), planes[1])])

    assert mark.sizes == pytest.approx((60.0, 24.0))
    assert mark.alike == pytest.approx((0.0, 33.0), abs=3.0)
    assert lost.alike == (0.0, 0.0)
    assert alone.alike == pytest.approx((0.0, 60.0), abs=2.0)
