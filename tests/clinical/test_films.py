"""Which film is of what: how an entry finds its file, and what goes together with what a file says."""

import pytest
from pydantic import ValidationError

from calcinet.clinical.case import Case
from calcinet.clinical.films import Film, find_repeated, has_side, join_sites, join_views

HASH = "138aea30cc2e9099335fcd0be6bbc59df7eb7eb953b9600085853083f1133bad"


def test_an_entry_is_written_as_at_the_bedside():
    """Calf, right, from the side."""
    film = Film.model_validate({"file": "IMG 2.jpg", "site": "calf", "side": "right", "view": "side view"})

    assert (film.site, film.side, film.view) == ("lower leg", "R", "lateral")


@pytest.mark.parametrize("side", ["left", "L", "Left", "l"])
def test_a_side_is_taken_in_any_case(side):
    assert Film(file="a.png", side=side).side == "L"


def test_an_entry_needs_its_file():
    """A site alone is of no film."""
    with pytest.raises(ValidationError, match="file"):
        Case.model_validate({"films": [{"site": "calf"}]})


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("IMG_0312.jpg", "IMG_0312.jpg"),
        ("img_0312.JPG", "/media/disc/IMG_0312.jpg"),
        ("right/IMG_0312.jpg", "/media/disc/right/IMG_0312.jpg"),
        ("right\\IMG_0312.jpg", "right/IMG_0312.jpg"),
        ("./IMG 0313 (1).jpg", "films/IMG 0313 (1).jpg"),
        ("Röntgen.png", "films/Ro\u0308ntgen.png"),
        (HASH, "anything.png"),
        (HASH[:12], "anything.png"),
        (f"{HASH[:12]}.png", "anything.png"),
        (HASH.upper(), "anything.png"),
    ],
)
def test_an_entry_finds_its_file(written, path):
    """By its name, with as much of its folder as is written, or by its hash, as page and record write it."""
    assert Film(file=written).names(path, HASH)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("IMG_031.jpg", "IMG_0312.jpg"),
        ("0312.jpg", "IMG_0312.jpg"),
        ("left/IMG_0312.jpg", "right/IMG_0312.jpg"),
        (HASH[:8], "anything.png"),
        ("", "anything.png"),
        ("000000000000", "anything.png"),
    ],
)
def test_an_entry_does_not_find_another_file(written, path):
    """Part of a name is another name, and eight digits of a hash are too few."""
    assert not Film(file=written).names(path, HASH)


def test_the_same_file_twice_is_found():
    """However it is written."""
    films = [Film(file="a.png"), Film(file="b.png"), Film(file="./A.png")]

    assert find_repeated(films) == [2]


@pytest.mark.parametrize(
    ("filed", "stated", "together"),
    [
        ("unknown", "lower leg", "lower leg"),
        ("lower leg", "lower leg", "lower leg"),
        ("lower extremity", "lower leg", "lower leg"),
        ("extremity", "finger", "finger"),
        ("lower leg", "leg", "lower leg"),
        ("hand", "finger", "finger"),
        ("foot", "toe", "toe"),
        ("wrist", "forearm", "wrist"),
        ("hip", "thigh", "hip"),
        ("lower leg", "thigh", None),
        ("foot", "hand", None),
        ("ankle", "lower leg", None),
        ("lower extremity", "hand", None),
    ],
)
def test_two_names_of_a_body_part(filed, stated, together):
    """The more exact one counts where they agree; where they do not, none does."""
    assert join_sites(filed, stated) == together


@pytest.mark.parametrize(
    ("filed", "stated", "together"),
    [
        (None, "AP", "AP"),
        ("AP", "AP", "AP"),
        ("LL", "lateral", "LL"),
        ("LATERAL", "lateral", "LATERAL"),
        ("RLO", "oblique", "RLO"),
        ("DP", "AP", "DP"),
        ("AP", "lateral", None),
        ("CC", "MLO", None),
    ],
)
def test_two_names_of_a_view(filed, stated, together):
    """The word of the header stays."""
    assert join_views(filed, stated) == together


def test_what_lies_in_the_middle_has_no_side():
    """A film of the chest is asked for none; one of an unknown part is."""
    assert not has_side("chest")
    assert has_side("lower leg")
    assert has_side("unknown")
