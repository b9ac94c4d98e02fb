"""The published grade of breast arterial calcification, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.errors import BadInput
from calcinet.measure.mammogram.bac_grade import REFERENCE, SEVERE_ARTERIES, breast_grade
from calcinet.measure.result import rows
from calcinet.references import reference

patterns = st.lists(st.sampled_from(["punctate", "coarse"]), max_size=8)


@pytest.mark.parametrize(
    ("arteries", "grade"),
    [
        ([], 0),
        (["punctate"], 1),
        (["punctate"] * 5, 1),
        (["coarse"], 2),
        (["coarse", "coarse", "punctate"], 2),
        (["coarse"] * 3, 3),
        (["coarse"] * 4 + ["punctate"], 3),
    ],
)
def test_grade_by_the_position_statement(arteries, grade):
    """0 none; 1 few punctate; 2 coarse or tram-track in fewer than three vessels; 3 in three or more."""
    assert breast_grade(arteries).grade == grade


def test_three_vessels_are_severe():
    """The number of the statement."""
    assert SEVERE_ARTERIES == 3
    assert "three vessels or more" in reference(REFERENCE).says


@given(patterns, st.randoms())
def test_the_order_of_arteries_does_not_matter(arteries, random):
    shuffled = list(arteries)
    random.shuffle(shuffled)

    assert breast_grade(shuffled) == breast_grade(arteries)


@given(patterns, st.sampled_from(["punctate", "coarse"]))
def test_another_artery_never_lowers_the_grade(arteries, more):
    assert breast_grade([*arteries, more]).grade >= breast_grade(arteries).grade


def test_arteries_are_counted():
    found = breast_grade(["coarse", "punctate", "coarse"])

    assert (found.arteries, found.coarse_arteries) == (3, 2)
    assert [row.unit for row in rows(found)] == ["1", "1", "1"]


def test_another_pattern_is_refused():
    with pytest.raises(BadInput, match="punctate or coarse, got linear"):
        breast_grade(["linear"])
