"""Bright places that are no tissue."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.scintigram.contour import Contour
from calcinet.findings.scintigram.landmarks import Extent, Figure, Limb
from calcinet.findings.scintigram.limb_segments import ARM
from calcinet.findings.scintigram.spots import HALO_MM, find_spots, part_at

PIXEL_MM = (2.0, 2.0)
SHAPE = (600, 240)


def _limb(side, rows, columns, levels):
    mask = np.zeros(SHAPE, dtype=bool)
    mask[rows[0] : rows[1], columns[0] : columns[1]] = True
    return Limb(side, mask, levels)


FIGURE = Figure(
    extent=Extent(20, 580, 120.0),
    crotch=310,
    arms=(
        _limb("R", (120, 340), (20, 50), (120, 210, 280, 340)),
        _limb("L", (120, 340), (190, 220), (120, 210, 280, 340)),
    ),
    legs=(
        _limb("R", (320, 580), (70, 115), (320, 390, 420, 520, 580)),
        _limb("L", (320, 580), (125, 170), (320, 390, 420, 520, 580)),
    ),
)
"""A figure of boxes: arms beside a trunk, legs below it."""


def _contour(*bells):
    """Soft tissue of 10 counts, and bells of 8 mm with a row, a column and a height."""
    body = FIGURE.mask_limbs()
    body[20:320, 60:180] = True
    smooth = np.where(body, 10.0, 0.1)
    rows, columns = np.indices(SHAPE)
    for row, column, height in bells:
        smooth += height * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * 4.0**2))
    smooth = smooth.astype(np.float32)
    return Contour(counts=smooth, smooth=smooth, body=body, air=0.1, soft=10.0, field=(0, 239))


def _names(*bells):
    return [(spot.kind, spot.part, spot.side) for spot in find_spots(_contour(*bells), FIGURE, PIXEL_MM)]


def test_a_body_without_bright_places_has_no_spots():
    """Soft tissue alone."""
    assert _names() == []


@pytest.mark.parametrize(
    ("bell", "name"),
    [
        ((290, 120, 60), ("bladder", None, None)),
        ((300, 35, 60), ("injection site", "hand", "R")),
        ((240, 205, 60), ("injection site", "forearm", "L")),
        ((350, 105, 60), ("urine contamination", "thigh", "R")),
        ((350, 135, 60), ("urine contamination", "thigh", "L")),
        ((500, 220, 60), ("outside the body", None, None)),
    ],
)
def test_a_spot_has_the_name_of_its_place(bell, name):
    """Seven times as bright as soft tissue; with the mirrored column it has the other side."""
    assert _names(bell) == [name]


@pytest.mark.parametrize("bell", [(350, 80, 60), (290, 120, 15), (300, 35, 15), (450, 90, 60)])
def test_what_is_elsewhere_or_not_bright_enough_is_tissue(bell):
    """The outer half of a thigh; twice and a half as bright; a lower leg."""
    assert _names(bell) == []


def test_what_both_hands_show_is_no_injection():
    """An injection is twice as bright as the other side's hand."""
    assert _names((300, 35, 60), (300, 205, 55)) == []


def test_a_long_bright_place_is_bone_or_disease():
    """Five bells in a row are over 90 mm long."""
    assert _names(*((row, 35, 60) for row in range(220, 301, 12))) == []


def test_the_halo_reaches_as_far_as_blur():
    """The spot's rows and 22 mm more on either side."""
    spot = find_spots(_contour((300, 35, 60)), FIGURE, PIXEL_MM)[0]
    rows, halo = (np.flatnonzero(mask.any(axis=1)) for mask in (spot.mask, spot.halo))

    assert spot.peak == pytest.approx(70, rel=0.01)
    assert rows[0] - halo[0] == halo[-1] - rows[-1] == HALO_MM / PIXEL_MM[0]


def test_a_missing_arm_has_no_injection():
    """An empty mask where there would be one; the other arm's spot is named all the same."""
    right, left = FIGURE.arms
    figure = replace(FIGURE, arms=(replace(right, mask=right.mask & False), left))

    found = find_spots(_contour((300, 35, 60), (240, 205, 60)), figure, PIXEL_MM)

    assert [(spot.part, spot.side) for spot in found if spot.kind == "injection site"] == [("forearm", "L")]


@pytest.mark.parametrize(("row", "part"), [(100, "upper arm"), (150, "upper arm"), (210, "forearm"), (400, "hand")])
def test_a_row_belongs_to_the_segment_that_holds_it(row, part):
    """Before the first level and after the last the nearest segment is taken."""
    assert part_at(FIGURE.arms[0], row, ARM) == part
