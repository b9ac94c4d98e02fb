"""Each breast over its views of one examination."""

from calcinet.protocols.mammogram.breasts import summarise_breasts
from calcinet.record import ImageRecord, NotMeasured
from tests.support.mammograms import view


def test_two_views_of_a_breast_are_not_added():
    """Grades 2 and 3, lengths 40 and 70 mm: the breast has grade 3 and 70 mm; the median of 1, 2 and 4 mm is 2."""
    left = [view("img-1", "L", 2, 40.0, "CC", (1.0, 2.0)), view("img-2", "L", 3, 70.0, "MLO", (4.0,))]
    (found,) = summarise_breasts(left)

    assert (found.side, found.grade, found.length_mm, found.area_mm2) == ("L", 3, 70.0, 35.0)
    assert found.calibre_mm == 2.0
    assert found.images == ("img-1", "img-2")
    assert found.views == ("CC", "MLO")


def test_the_interval_is_that_of_the_view_that_shows_most():
    less, most = view("img-1", "L", 2, 40.0, "CC"), view("img-2", "L", 2, 70.0, "MLO")
    most = most.model_copy(update={"intervals95": {"bac.length_mm": (50.0, 95.0)}})
    (found,) = summarise_breasts([less, most])

    assert found.length_interval_mm == (50.0, 95.0)


def test_each_side_has_its_own_row_and_an_unnamed_side_stands_alone():
    views = [
        view("img-1", None, 1, 3.0),
        view("img-2", "R", 0, 0.0),
        view("img-3", "L", 2, 9.0),
        view("img-4", None, 0, 0.0),
    ]

    assert [(one.side, one.images) for one in summarise_breasts(views)] == [
        ("L", ("img-3",)),
        ("R", ("img-2",)),
        (None, ("img-1",)),
        (None, ("img-4",)),
    ]


def test_examinations_of_different_years_are_not_merged():
    """Grades 1 and 3 of one side in two studies stay two rows; the two views of the first are one."""
    views = [
        view("img-1", "L", 1, 10.0, examination=1),
        view("img-2", "L", 3, 90.0, examination=2),
        view("img-3", "L", 0, 4.0, "MLO", examination=1),
        view("img-4", "R", 0, 0.0, examination=2),
    ]

    assert [(one.side, one.examination, one.images, one.grade, one.length_mm) for one in summarise_breasts(views)] == [
        ("L", 1, ("img-1", "img-3"), 1, 10.0),
        ("L", 2, ("img-2",), 3, 90.0),
        ("R", 2, ("img-4",), 0, 0.0),
    ]


def test_a_radiograph_is_no_breast():
    limb = ImageRecord(id="img-1", not_measured=(NotMeasured(measure="resolvable_mm", because="a reason"),))

    assert summarise_breasts([limb]) == ()
