"""Pictures are drawn when they are asked for, and not twice."""

import numpy as np
import pytest

from calcinet.report.pictures.drawn_image import Drawings, draw_image, draw_marked_picture
from calcinet.report.pictures.modalities import canvas_of
from tests.support import handmade


@pytest.fixture(scope="module")
def canvas(pixels):
    return canvas_of(handmade.examined_image(), pixels)


def test_only_the_last_pictures_are_kept(canvas):
    drawings = Drawings({"img-1": canvas, "img-2": canvas})
    first = drawings["img-1"]
    again, second = drawings["img-1"], drawings["img-2"]

    assert again is first
    assert second is not first
    assert drawings["img-1"] is not first
    assert (list(drawings), len(drawings), "img-3" in drawings) == (["img-1", "img-2"], 2, False)


def test_a_picture_that_leaves_its_page_is_the_overview_with_its_legend(canvas):
    """The same whether the page's pictures are at hand or not."""
    alone = draw_marked_picture(canvas, {}, "en")
    drawn = draw_image(canvas)
    from_page = draw_marked_picture(canvas, {"img-1": drawn}, "en")
    height = len(drawn.overview.marked)

    assert np.array_equal(alone, from_page)
    assert np.array_equal(alone[:height], drawn.overview.marked)
    assert len(alone) > height


def test_a_film_has_no_panels_and_a_ct_has_them(canvas, ct_film):
    """Two legs straightened, two from the side."""
    assert draw_image(canvas).panels == []
    assert len(draw_image(ct_film).panels) == 4
