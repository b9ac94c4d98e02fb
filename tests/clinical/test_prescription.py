"""What stands beside the name of a drug on a chart."""

import pytest

from calcinet.clinical.prescription import read_prescription, read_route, spellings, split_brackets, split_parts


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Metoprolol tartrate 25 mg tab BID", "metoprolol"),
        ("Aspirin EC 100mg OD", "aspirin"),
        ("Zemplar 5 mcg IV post HD", "zemplar"),
        ("calcium chloride 10 %", "calcium chloride"),
        ("Phenprocoumon-ratiopharm 3 mg", "phenprocoumon"),
        ("warfarin stopped", "warfarin stopped"),
    ],
)
def test_what_is_left_is_the_name(written, name):
    """The salt of an element is the drug, and a word that changes the meaning stays."""
    assert list(spellings(written))[-1] == name


def test_the_parts_are_kept():
    """Each as written."""
    read = read_prescription("Epoetin alfa 4000 IU inj s.c. 3x/week")

    assert (read.strength, read.form, read.route, read.frequency) == ("4000 iu", "inj", "subcutaneous", "3x/week")


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("iv", "intravenous"),
        ("S.C.", "subcutaneous"),
        ("ip", "intraperitoneal"),
        ("po", "oral"),
        ("epo", None),
        ("", None),
    ],
)
def test_routes(words, route):
    """Whole words only."""
    assert read_route(words) == route


def test_brackets_and_combinations():
    """Both sides of each are drugs to be known."""
    assert split_brackets("warfarin (Coumadin)")[1] == ("Coumadin",)
    assert split_parts("amlodipine + valsartan") == ["amlodipine", "valsartan"]
