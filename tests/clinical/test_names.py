"""Names as people write them, and the one slip that is suggested."""

import pytest

from calcinet.clinical.names import meant, nearest, plain, table_of

TABLE = table_of({"warfarin": ("warfarin", "華法林"), "losartan": ("losartan",), "c3": ("complement c3",)})


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Vitamin-K1 ", "vitamin k1"),
        ("Gélule", "gelule"),
        ("華法林", "華法林"),
        ("ワルファリン", "ワルファリン"),
        ("Ca++", "ca++"),
    ],
)
def test_plain_names(written, name):
    """Capitals, accents and stops go; characters stay."""
    assert plain(written) == name


def test_characters_are_names_of_their_own():
    assert TABLE[plain("華法林")] == "warfarin"


def test_one_name_for_two_things_stops_the_table():
    with pytest.raises(ValueError, match="stands for both"):
        table_of({"a": ("x",), "b": ("X",)})


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("wafarin", "warfarin"),
        ("warfarni", "warfarin"),
        ("valsartan", None),
        ("tosartan", None),
        ("complement c4", None),
        ("losa", None),
    ],
)
def test_a_small_slip_is_suggested(written, likely):
    """A letter less, two swapped; another first letter, another figure, or a short name is no slip."""
    assert meant(written, TABLE) == likely


def test_two_things_equally_near_are_not_suggested():
    """ "lobartan" lies one letter from each."""
    assert meant("lobartan", {"losartan": "losartan", "lodartan": "lodartan"}) is None


def test_words_of_a_file_are_matched_more_freely():
    assert nearest("calcitrol", ["calcitriol"]) == "calcitriol"
