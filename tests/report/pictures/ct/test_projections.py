"""What is projected, and where calcium lands in it."""

import re
import zlib

import numpy as np
import pytest

from calcinet.report.html import page
from calcinet.report.paper import pdf
from calcinet.report.pictures.canvas import Canvas
from calcinet.report.pictures.ct.compartments import COLOURS, COMPARTMENTS, number_of_compartment
from calcinet.report.pictures.ct.panels import draw_ct_panels
from calcinet.report.pictures.ct.projections import projections
from calcinet.report.pictures.drawn_image import DrawnImage, draw_image
from calcinet.report.pictures.figures import Pair, overview, overview_scale
from calcinet.report.pictures.modalities import canvas_of
from tests.support import handmade_ct

NUMBER = {name: number_of_compartment(name) for name in COMPARTMENTS}


@pytest.fixture(scope="module")
def shown(ct, ct_image):
    return projections(ct.volume, ct_image)


def test_each_leg_is_shown_straightened_and_from_the_side(shown):
    assert [(each.side, each.spacing_mm) for each in shown] == [
        ("R", (3.0, 1.4)),
        ("L", (3.0, 1.4)),
        ("R", (3.0, 1.5)),
        ("L", (3.0, 1.5)),
    ]
    assert all(each.plane.shape == each.compartments.shape for each in shown)


def test_straightened_slab_shows_the_artery_and_nothing_far_from_it(shown):
    """Artery in row 63 and 18 mm about it: rows 51 to 75. The grain in the skin in row 25 is not in it."""
    left = shown[1]

    assert (left.compartments == NUMBER["artery"]).any()
    assert not (left.compartments == NUMBER["skin"]).any()
    assert left.plane[left.compartments == NUMBER["artery"]].min() == handmade_ct.ARTERY_HU


def test_bone_before_the_artery_is_not_in_the_slab(ct, ct_image, shown):
    """The shaft of 12 mm about row 44 ends at row 52: the slab cuts its edge, not its wall of the front."""
    front, slab = ct.plane[:, 100:], shown[1].plane
    share = [float((plane > 1000).mean()) for plane in (front, slab)]

    assert share[1] < 0.8 * share[0]


def test_from_the_side_the_front_is_at_the_left(shown):
    """The net lies in row 27, the lump in row 40 of the right leg."""
    right = shown[2].compartments
    net, lump = (np.nonzero(right == NUMBER[name])[1].mean() for name in ("subcutis", "muscle"))

    assert net < lump
    assert not (right == NUMBER["artery"]).any()


def test_pictures_stand_at_one_scale(ct_film):
    """80 slices of 3 mm: as many pixels high as the projection from the front."""
    front = overview(ct_film).marked
    drawn = draw_ct_panels(ct_film, overview_scale(ct_film))

    assert {len(panel.picture) for panel in drawn} == {len(front)}


def test_oblong_voxels_are_shown_square(ct_film):
    """240 mm by 280 mm."""
    height, width = overview(ct_film).marked.shape[:2]

    assert height / width == pytest.approx(240 / 280, rel=0.01)


def test_colours_of_compartments_are_in_the_pictures(ct_film):
    """Each compartment's colour, mixed with what lies under it, is nearest to its own."""
    marked = overview(ct_film).marked.astype(int)
    for name in ("artery", "muscle", "subcutis"):
        at = np.argwhere(ct_film.compartments == NUMBER[name]).mean(axis=0) if name == "muscle" else None
        away = np.abs(marked - COLOURS[name]).sum(axis=2)
        assert (away < 90).sum() > 100, (name, at)


def test_the_projection_alone_has_no_colour(ct_film):
    """Red, green and blue are alike but for the rim of letters, which is a little blue."""
    plain = overview(ct_film).plain

    assert int(np.ptp(plain, axis=2).max()) <= 6


@pytest.fixture
def unoriented(ct_image) -> Canvas:
    """The same voxels, of which nobody knows how they lie, so that no finding has a side."""
    bare = tuple(finding.model_copy(update={"side": None}) for finding in ct_image.findings)
    image = ct_image.model_copy(update={"laterality": None, "findings": bare})
    return canvas_of(image, handmade_ct.examined(oriented=False))


def test_left_and_right_are_written_on_the_picture_only_where_they_are_known(ct, ct_image, unoriented):
    """Both corners at the top hold air: white in them is a letter."""
    known = canvas_of(ct_image.model_copy(update={"laterality": None}), ct)
    letters = [
        [bool((corner > 200).any()) for corner in (plain[:60, :60], plain[:60, -60:])]
        for plain in (overview(ct_film).plain for ct_film in (known, unoriented))
    ]

    assert letters == [[True, True], [False, False]]


def test_no_picture_beside_it_names_a_side_that_is_not_known(unoriented):
    """Two legs stay one picture, from one side."""
    shown = projections(unoriented.pixels.volume, unoriented.record)

    assert [(one.side, one.caption) for one in shown] == [(None, "Seen at right angles to the first picture")]


def test_the_page_says_where_left_is_only_where_it_is_known(ct_case, ct_film, unoriented):
    case = ct_case.model_copy(update={"images": (unoriented.record,)})
    with_sides, without = (
        page(record, {"img-1": draw_image(one)}) for record, one in ((ct_case, ct_film), (case, unoriented))
    )
    left = "the patient&#39;s left is at the right"

    assert left in with_sides
    assert left not in without
    assert "the file does not say how the body lies in it" in without
    assert "from the front" not in without.lower()


def test_a_close_up_names_form_and_place_as_the_table_does(ct_case, ct_film):
    """Net f2 lies in the subcutis."""
    assert "</span>net-like, subcutis</figcaption>" in page(ct_case, {"img-1": draw_image(ct_film)})


def test_a_wide_picture_on_paper_leaves_no_white_below_it(ct_case, ct_film):
    """A third of the height is 80 mm by 280 mm: across the page 51 mm high, its neighbours 4 mm below it, not 30."""
    whole = draw_image(ct_film)
    flat = len(whole.overview.marked) // 3
    pair = Pair(whole.overview.plain[:flat], whole.overview.marked[:flat])
    wide = DrawnImage(overview=pair, close_ups=[], panels=whole.panels)
    front, *beside = pictures_in(pdf(ct_case, {"img-1": wide}))

    assert len(beside) == 4
    assert 0 < front[0] - max(top for _, top in beside) < 8 * 72 / 25.4


def pictures_in(paper: bytes) -> list[tuple[float, float]]:
    """Bottom and top of the pictures of a PDF in points from the bottom of their page, in their order."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", paper, re.DOTALL):
        try:
            drawing = zlib.decompress(packed)
        except zlib.error:
            continue
        for height, bottom in re.findall(rb"q [\d.]+ 0 0 ([\d.]+) [\d.]+ ([\d.]+) cm/x\d+ Do", drawing):
            found.append((float(bottom), float(bottom) + float(height)))
    return found
