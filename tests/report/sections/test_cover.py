"""The picture of the first page."""

import pytest

from calcinet.record import FindingRecord, ImageRecord, Lesion
from calcinet.report.sections.cover import choose_cover

NET = FindingRecord(id="f1", kind="net", area_px=100.0)
LARGE_NET = FindingRecord(id="f1", kind="net", area_px=900.0)
VESSEL = FindingRecord(id="f1", kind="vessel", length_px=80.0, area_px=90.0)


def film(name, side=None, *findings, anatomy="lower leg", **parts):
    return ImageRecord(
        id=name, resolvable_mm=0.2, modality="DX", anatomy=anatomy, laterality=side, findings=findings, **parts
    )


def lesion(site="lower leg", side="R"):
    return Lesion(site=site, side=side, kind="ulcer", label="ulcer", zone="distal", acral=False, counts_japanese=True)


RIGHT_CALF = lesion()


def chosen(*images, lesions=(RIGHT_CALF,)):
    return choose_cover(images, lesions).id


def test_the_affected_leg_comes_before_the_other():
    """A lesion of the right calf, and a net on the left leg."""
    assert chosen(film("left", "L", LARGE_NET), film("right", "R")) == "right"


def test_of_two_films_of_the_affected_leg_the_one_with_the_net_is_chosen():
    assert chosen(film("front", "R", VESSEL), film("side", "R", NET)) == "side"


def test_a_known_side_comes_before_one_that_nobody_stated():
    """However much the other shows."""
    assert chosen(film("unsaid", None, LARGE_NET), film("right", "R")) == "right"


def test_the_affected_part_comes_before_another_part():
    assert chosen(film("hand", "R", LARGE_NET, anatomy="hand"), film("leg", None)) == "leg"


def test_a_film_that_is_not_placed_comes_before_the_wrong_leg_if_it_shows_more():
    """It may be the right one; the other is not."""
    assert chosen(film("left", "L"), film("unplaced", None, NET, anatomy="unknown")) == "unplaced"


@pytest.mark.parametrize("lesions", [(), (lesion(side=None),), (lesion(side="B"),), (lesion("abdomen", None),)])
def test_without_a_side_the_one_that_shows_most_is_chosen(lesions):
    """No lesion told, a lesion without a side, on both sides, or on no film."""
    assert chosen(film("left", "L", VESSEL), film("right", "R", NET), lesions=lesions) == "right"


def test_the_finger_is_on_the_film_of_the_hand():
    films = (film("leg", "L", NET), film("hand", "L", anatomy="hand"))

    assert chosen(*films, lesions=(lesion("finger", "L"),)) == "hand"


def test_the_first_given_is_chosen_among_equals():
    assert chosen(film("first", "R", NET), film("second", "R", NET)) == "first"


def test_the_lesion_that_is_shown_best_counts():
    """Calf right and hand left: both films are of an affected place, one has the net."""
    films = (film("leg", "R", VESSEL), film("hand", "L", NET, anatomy="hand"))

    assert chosen(*films, lesions=(lesion(), lesion("hand", "L"))) == "hand"


def test_there_is_no_cover_without_an_image():
    assert choose_cover((), (RIGHT_CALF,)) is None
