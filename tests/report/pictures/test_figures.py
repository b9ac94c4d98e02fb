"""Pictures, read back pixel by pixel."""

import numpy as np
import pytest

from calcinet.report.language import translator
from calcinet.report.pictures.annotation import STYLES, number_of
from calcinet.report.pictures.canvas import Canvas
from calcinet.report.pictures.figures import MOST_ARROWS, close_ups, overview, ranked, with_legend
from calcinet.report.pictures.modalities import canvas_of
from tests.support import handmade


@pytest.fixture(scope="module")
def film(pixels) -> Canvas:
    return canvas_of(handmade.examined_image(), pixels)


def pixels_of(picture, kind: str) -> np.ndarray:
    """Where a picture shows the colour of a kind."""
    return np.abs(picture.astype(int) - np.array(STYLES[kind].colour)).max(axis=2) < 12


@pytest.mark.parametrize("kind", ["vessel", "net", "focus"])
def test_marked_picture_shows_every_kind_and_the_film_alone_none(film, kind):
    """The film itself is grey."""
    pair = overview(film)

    assert pixels_of(pair.marked, kind).sum() > 50
    assert not pixels_of(pair.plain, kind).any()


def test_markings_leave_the_calcium_itself_visible(film, pixels):
    """At most one pixel in a hundred of the mask is drawn over: lines run round it and arrows stop short."""
    pair = overview(film)
    shown = np.kron(pixels.mask > 0, np.ones((2, 2), bool))
    changed = (pair.marked != pair.plain).any(axis=2)

    assert pair.plain.shape[:2] == shown.shape
    assert (changed & shown).sum() <= 0.01 * shown.sum()


def test_scale_bar_is_as_long_as_it_says(film):
    """Pixels of 0.2 mm drawn at twice the size: 10 pixels a millimetre; 20 mm are 200, the longest below 800 / 4."""
    plain = overview(film).plain
    bottom = plain.shape[0] - max(14, plain.shape[0] // 64)
    white = (plain[bottom] == 255).all(axis=1)

    assert white.sum() == pytest.approx(200, abs=6)


def test_no_millimetres_no_scale_bar(pixels):
    """A bar without a length would be a lie."""
    without = handmade.examined_image().model_copy(update={"spacing_mm": None, "laterality": None})
    plain = overview(canvas_of(without, pixels)).plain

    assert np.array_equal(plain[..., 0], plain[..., 1])
    assert not ((plain == 255).all(axis=2).sum(axis=1) > 100)[-40:].any()


def test_close_ups_show_each_finding_with_its_number(film):
    """Net f2, vessel f1, focus f3: the most telling first, each with the number of the record."""
    pairs = close_ups(film)

    assert [(number_of(pair.finding), pair.finding.kind) for pair in pairs] == [
        *(("2", "net"), ("1", "vessel"), ("3", "focus"))
    ]
    assert all(pixels_of(pair.marked, pair.finding.kind).any() for pair in pairs)


def test_nets_come_first_then_the_longest_vessels():
    """One net, vessels of 10 and 30 pixels, a focus."""
    vessel = handmade.findings()[0]
    short, long = (vessel.model_copy(update={"id": f"v{n}", "length_px": float(n)}) for n in (10, 30))

    assert [f.id for f in ranked([handmade.findings()[2], short, long, handmade.findings()[1]])] == [
        *("f2", "v30", "v10", "f3")
    ]


def test_crowded_film_has_no_more_arrows_than_fit(pixels):
    """Forty vessels, twelve numbers: the others are outlined only."""
    vessel = handmade.findings()[0]
    many = tuple(vessel.model_copy(update={"id": f"v{n}"}) for n in range(40))
    crowded = handmade.examined_image().model_copy(update={"findings": many})
    few = crowded.model_copy(update={"findings": many[:MOST_ARROWS]})

    assert np.array_equal(overview(canvas_of(crowded, pixels)).marked, overview(canvas_of(few, pixels)).marked)


def test_number_drawn_is_that_of_the_id_and_not_the_rank(pixels):
    """One vessel, first in rank: as f7 it is drawn like any 7, unlike a 1; three digits keep to their disc."""
    vessel = handmade.findings()[0]
    seven, also_seven, one, long = (
        overview(
            canvas_of(
                handmade.examined_image().model_copy(update={"findings": (vessel.model_copy(update={"id": name}),)}),
                pixels,
            )
        ).marked
        for name in ("f7", "v7", "f1", "f128")
    )

    assert np.array_equal(seven, also_seven)
    assert not np.array_equal(seven, one)
    rows, columns = np.nonzero((seven != long).any(axis=2))
    assert max(np.ptp(rows), np.ptp(columns)) <= 2 * round(1200 / 75)


def test_film_without_findings_is_drawn_unmarked(pixels):
    """A normal film is a result."""
    clear = handmade.examined(pixels.plane, np.zeros_like(pixels.mask))
    normal = handmade.examined_image().model_copy(update={"findings": ()})
    pair = overview(canvas_of(normal, clear))

    assert np.array_equal(pair.plain, pair.marked)
    assert close_ups(canvas_of(normal, clear)) == []


def test_legend_is_added_below(film):
    """The film itself stays as it is; the strip holds the colours of the kinds named."""
    marked = overview(film).marked
    picture = with_legend(marked, ["net"], translator("en"))

    assert np.array_equal(picture[: len(marked)], marked)
    assert pixels_of(picture[len(marked) :], "net").any()
    assert not pixels_of(picture[len(marked) :], "vessel").any()
