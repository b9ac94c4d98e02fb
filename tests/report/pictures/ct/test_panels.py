"""The pictures of a CT beside one another, with captions and a legend."""

import numpy as np
import pytest

from calcinet.report.language import translator
from calcinet.report.pictures.canvas import Panel
from calcinet.report.pictures.ct.panels import GAP_PX, WIDEST_PX, draw_ct_panels, put_side_by_side, with_compartments
from calcinet.report.pictures.figures import overview, overview_scale
from calcinet.report.pictures.modalities import canvas_of


def grey(height: int, width: int, value: int = 90) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def test_a_picture_that_leaves_its_page_says_what_it_shows(ct_film):
    """All panels beside the front, a legend and the disclaimer below; no wider than is stated."""
    _ = translator("en")
    drawn = draw_ct_panels(ct_film, overview_scale(ct_film))
    front = overview(ct_film).marked
    joined = put_side_by_side(front, drawn, _)
    whole = with_compartments(joined, ct_film.record, _)

    assert joined.shape[1] == front.shape[1] + sum(panel.picture.shape[1] + 12 for panel in drawn)
    assert len(whole) > len(joined) > len(front)


def test_pictures_stand_side_by_side_at_the_top_with_gaps_between():
    """400 + 12 + 200 columns; below the lower one it is black, and captions follow below both."""
    joined = put_side_by_side(grey(300, 400), [Panel(grey(100, 200, 180), "From the side")], translator("en"))

    assert joined.shape[1] == 400 + GAP_PX + 200
    assert (joined[:300, :400] == 90).all()
    assert (joined[:100, 412:] == 180).all()
    assert not joined[100:300, 412:].any()
    assert len(joined) > 300


def test_a_front_alone_stays_as_it_is():
    front = grey(30, 40)

    assert np.array_equal(put_side_by_side(front, [], translator("en")), front)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_wide_pictures_are_shrunk_together(language):
    """4000 + 12 + 2000 columns to 3000: both to the same share, the gap stays."""
    panel = Panel(grey(500, 2000), "From the side: front on the left of the picture")
    joined = put_side_by_side(grey(1000, 4000), [panel], translator(language))
    share = WIDEST_PX / (4000 + 12 + 2000)

    assert joined.shape[1] == round(4000 * share) + GAP_PX + round(2000 * share)


def test_a_film_without_a_volume_has_no_panels(ct_image, pixels):
    assert draw_ct_panels(canvas_of(ct_image, pixels), 1.0) == []
