"""Classes of vessels by calibre: the caller's cut-offs."""

import math

import pytest

from calcinet.errors import BadInput
from calcinet.measure.calibre.classes import CalibreClasses


def test_cut_offs_of_the_classes_are_the_callers():
    """4, 2 and 0.5 mm unless said otherwise."""
    names = [CalibreClasses().name(mm) for mm in (4.0, 3.9, 2.0, 1.9, 0.5, 0.4)]

    assert names == ["large", "medium", "medium", "small", "small", "arteriole"]
    assert CalibreClasses(large_mm=6.0).name(5.0) == "medium"


def test_cut_offs_are_read_from_the_smallest_up():
    """0.3, 1 and 3 mm: 0.9 mm is small, 1 mm medium, 3 mm large."""
    classes = CalibreClasses.rising([0.3, 1.0, 3.0])

    assert [classes.name(mm) for mm in (0.2, 0.9, 1.0, 3.0)] == ["arteriole", "small", "medium", "large"]


@pytest.mark.parametrize("widths", [(0.5, 2.0), (2.0, 0.5, 4.0), (0.0, 2.0, 4.0), (0.5, 2.0, math.nan)])
def test_cut_offs_that_do_not_rise_are_refused(widths):
    """Two widths, a medium below a small one, a width of nothing, no number."""
    with pytest.raises(BadInput, match="calibre classes"):
        CalibreClasses.rising(widths)
