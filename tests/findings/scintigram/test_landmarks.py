"""Levels of a whole body, beside those of the phantom."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.contour import find_contour
from calcinet.findings.scintigram.landmarks import Extent, Limb, find_figure
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body


@pytest.fixture(scope="module")
def scan():
    return whole_body(WholeBody(seed=35, person=35))


@pytest.fixture(scope="module")
def contour(scan):
    return find_contour(scan.image.pixels[0], scan.image.pixel_mm)


@pytest.fixture(scope="module")
def figure(scan, contour):
    return find_figure(contour, scan.image.pixel_mm)


def test_crown_and_toes_are_those_of_the_body(scan, figure):
    """Within three rows of the drawn body's first and last."""
    rows = np.flatnonzero(scan.truth.body.any(axis=1))

    assert figure.extent.top == pytest.approx(rows[0], abs=3)
    assert figure.extent.bottom == pytest.approx(rows[-1], abs=3)
    assert figure.extent.height == figure.extent.bottom - figure.extent.top


@pytest.mark.parametrize(("number", "side"), [(0, "R"), (1, "L")])
def test_knees_and_ankles_are_where_they_were_drawn(scan, figure, number, side):
    """Levels of a leg: thigh, knee, lower leg, foot, toes; a knee within 20 mm, the calf's end within 35 mm."""
    leg = figure.legs[number]
    knee = np.flatnonzero(scan.truth.segments[("knee", side)].any(axis=1)).mean()
    calf = np.flatnonzero(scan.truth.segments[("lower leg", side)].any(axis=1))
    mm = scan.image.pixel_mm[0]

    assert leg.side == side
    assert (leg.levels[1] + leg.levels[2]) / 2 * mm == pytest.approx(knee * mm, abs=20)
    assert leg.levels[3] * mm == pytest.approx(calf[-1] * mm, abs=35)
    assert list(leg.levels) == sorted(leg.levels)


def test_limbs_do_not_overlap_and_are_on_their_side(contour, figure):
    """Of right and left; all of them are body."""
    limbs = [*figure.arms, *figure.legs]
    total = sum(limb.mask.astype(int) for limb in limbs)

    assert total.max() == 1
    assert np.array_equal(figure.mask_limbs(), total == 1)
    assert not (figure.mask_limbs() & ~contour.body).any()
    for right, left in (figure.arms, figure.legs):
        assert np.argwhere(right.mask)[:, 1].mean() < figure.extent.midline < np.argwhere(left.mask)[:, 1].mean()


def test_the_mirror_image_has_its_sides_exchanged(scan, contour, figure):
    """Levels of the arms of the mirrored picture are those of the other side."""
    mirrored = replace(
        contour,
        counts=contour.counts[:, ::-1].copy(),
        smooth=contour.smooth[:, ::-1].copy(),
        body=contour.body[:, ::-1].copy(),
    )
    other = find_figure(mirrored, scan.image.pixel_mm)

    for arm, opposite in zip(figure.arms, other.arms[::-1], strict=True):
        assert arm.levels == pytest.approx(opposite.levels, abs=2)
    assert other.crotch == pytest.approx(figure.crotch, abs=2)


def test_a_child_is_refused(scan, contour):
    """The same silhouette in pixels of half the size is less than 1100 mm long."""
    with pytest.raises(NotMeasurable, match="no whole body"):
        find_figure(contour, tuple(mm / 2 for mm in scan.image.pixel_mm))


def test_rows_are_counted_from_the_crown():
    """A tenth of 200 rows from row 30 on."""
    assert Extent(30, 230, 50.0).row(0.1) == 50


def test_a_limb_is_cut_by_rows():
    """From the first row up to the last, which is not in it."""
    limb = Limb("R", np.ones((6, 2), dtype=bool), (0, 6))

    assert limb.cut(2, 4).any(axis=1).tolist() == [False, False, True, True, False, False]
