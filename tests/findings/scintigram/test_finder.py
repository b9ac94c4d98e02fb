"""A scan divided: segments beside the phantom's truth, bright places named, the real scan."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import find_scintigram
from calcinet.findings.scintigram.limb_segments import SEGMENT_KEYS
from calcinet.io import read
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body

REAL = "nm/wg04_NM1_whole_body_bone_GE_16bit_2.26mm.dcm"


@pytest.fixture(scope="module")
def scan():
    return whole_body(WholeBody(seed=35, person=35, counts=1.5e6, injection=("hand", "R"), spill=True))


@pytest.fixture(scope="module")
def found(scan):
    return find_scintigram(scan.image)


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


@pytest.mark.parametrize(("part", "least"), [("lower leg", 0.9), ("foot", 0.9), ("upper arm", 0.8), ("forearm", 0.75)])
@pytest.mark.parametrize("side", ["L", "R"])
def test_segments_lie_where_the_phantom_has_them(scan, found, part, side, least):
    """Dice with the drawn segment; the benchmark gives the exact figures over many bodies."""
    segment = found.views[0].segments[(part, side)]

    assert dice(segment.whole, scan.truth.segments[(part, side)]) > least


def test_the_silhouette_is_the_body(scan, found):
    """Dice of head, trunk and limbs together."""
    assert dice(found.views[0].contour.body, scan.truth.body) > 0.98


def test_soft_tissue_is_not_bone(scan, found):
    """Of the soft tissue of thighs and lower legs at most 3 % is drawn bone."""
    for part in ("thigh", "lower leg"):
        for side in ("L", "R"):
            soft = found.views[0].segments[(part, side)].soft

            assert soft.sum() > 300
            assert scan.truth.bone[soft].mean() < 0.03


def test_both_views_have_the_patients_sides(found):
    """Turned as if seen from the front: the right arm lies left of the left one on either view."""
    for view in found.views:
        right, left = (np.argwhere(view.segments[("upper arm", side)].whole)[:, 1].mean() for side in ("R", "L"))

        assert right < left


def test_injection_urine_and_bladder_are_named_and_left_out(found):
    """Tracer left in the right hand, urine on the left thigh, the bladder; nothing of them stays in soft tissue."""
    named = {(spot.kind, spot.part, spot.side) for spot in found.views[0].spots}

    assert named == {
        ("bladder", None, None),
        ("injection site", "hand", "R"),
        ("urine contamination", "thigh", "L"),
    }
    for spot in found.views[0].spots:
        assert not any((segment.soft & spot.halo).any() for segment in found.views[0].segments.values())


def test_a_bag_beside_the_leg_is_named_and_no_part_of_the_body(scan):
    """A bell of 100 counts, 12 mm wide, 60 mm beside the right calf: not joined to it, and not in any segment."""
    calf = scan.truth.segments[("lower leg", "R")]
    row, column = 690, int(np.flatnonzero(calf[690])[0]) - 32
    down, right = np.indices(calf.shape)
    bag = 100 * np.exp(-((down - row) ** 2 + (right - column) ** 2) * 2.26**2 / (2 * 12.0**2))
    pixels = scan.image.pixels.copy()
    pixels[0] += np.random.default_rng(2).poisson(bag)
    view = find_scintigram(replace(scan.image, pixels=pixels)).views[0]

    assert "outside the body" in {spot.kind for spot in view.spots}
    assert not any(segment.whole[row, column] for segment in view.segments.values())


def test_a_healthy_scan_has_nothing_to_leave_out_but_the_bladder():
    """No injection site or urine is made up."""
    found = find_scintigram(whole_body(WholeBody(seed=32, person=32)).image)

    assert {spot.kind for _, spot in found.spots()} == {"bladder"}


def test_uptake_does_not_move_the_edge_of_a_limb():
    """The left calf takes up twice as much; its width is measured at a share of its own counts: its middle then sees
    the same tissue within 2 %.
    """
    widths = []
    for factor in (1.0, 2.0):
        spec = WholeBody(seed=33, person=33, counts=3e6, uptake={("lower leg", "L"): factor})
        segment = find_scintigram(whole_body(spec).image).views[0].segments[("lower leg", "L")]
        widths.append(np.quantile(segment.path_mm[segment.whole], 0.9))

    assert widths[1] == pytest.approx(widths[0], rel=0.02)


def test_a_scan_without_a_body_is_refused(scan):
    """Air alone: the counts are the same everywhere but for chance."""
    air = np.random.default_rng(1).poisson(3.0, scan.image.pixels.shape).astype(np.float32)

    with pytest.raises(NotMeasurable):
        find_scintigram(replace(scan.image, pixels=air))


def test_half_a_body_is_no_whole_body(scan):
    """Legs alone, 800 mm: proportions of a whole body would be wrong."""
    with pytest.raises(NotMeasurable, match="no whole body"):
        find_scintigram(replace(scan.image, pixels=scan.image.pixels[:, 520:]))


def test_a_film_has_no_counts(scan):
    """Grey values are not counted."""
    with pytest.raises(NotMeasurable, match="counts"):
        find_scintigram(replace(scan.image, unit="1"))


def test_the_real_scan_is_divided_where_people_would(shared_data):
    """Read off the picture: knees at rows 600 to 640, ankles near 770, feet end at 853; the hot left wrist is named."""
    view = find_scintigram(read(shared_data / REAL)).views[0]
    rows = {place: np.flatnonzero(segment.whole.any(axis=1)) for place, segment in view.segments.items()}

    for side in ("L", "R"):
        assert rows[("knee", side)][0] < 612 < rows[("knee", side)][-1]
        assert 745 <= rows[("lower leg", side)][-1] <= 775
        assert abs(rows[("foot", side)][-1] - 853) <= 4
    assert ("injection site", "hand", "L") in {(spot.kind, spot.part, spot.side) for spot in view.spots}
    cut = {place for place, segment in view.segments.items() if segment.cut}
    assert {("forearm", "L"), ("hand", "L")} <= cut
    assert not any(part in ("thigh", "knee", "lower leg", "foot") for part, _ in cut)


def without_left_leg(scan, row):
    """The same scan of a person whose left leg ends at a row; air counts on."""
    pixels = scan.image.pixels.copy()
    air = np.random.default_rng(2).poisson(0.05, pixels.shape)
    for number, columns in ((0, slice(pixels.shape[2] // 2, None)), (1, slice(None, pixels.shape[2] // 2))):
        pixels[number, row:, columns] = air[number, row:, columns]
    return replace(scan.image, pixels=pixels.astype(np.float32))


@pytest.mark.parametrize(
    ("row", "missing"), [(530, {"thigh", "knee", "lower leg", "foot"}), (660, {"lower leg", "foot"})]
)
def test_an_amputated_leg_is_not_found_and_the_other_is(scan, row, missing):
    """Above and below the left knee; the right leg is divided as before."""
    segments = find_scintigram(without_left_leg(scan, row)).views[0].segments

    assert {part for (part, side), one in segments.items() if not one.is_complete and side == "L"} == missing
    assert all(one.is_complete and one.soft.any() for (_, side), one in segments.items() if side == "R")


def test_a_body_upside_down_is_no_body(scan):
    """No orientation tells so: air lies between the legs where the trunk should be."""
    with pytest.raises(NotMeasurable, match="no whole body"):
        find_scintigram(replace(scan.image, pixels=scan.image.pixels[:, ::-1].copy()))


@pytest.mark.parametrize("rows", [slice(None, 650), slice(None, 780), slice(200, None)])
def test_a_body_that_goes_on_past_the_picture_is_not_divided(scan, rows):
    """Cut at the knees, at the ankles, at the neck: proportions would invent the rest."""
    with pytest.raises(NotMeasurable, match="past the end of the picture"):
        find_scintigram(replace(scan.image, pixels=scan.image.pixels[:, rows].copy()))


@pytest.mark.parametrize("change", [10, 20, 45, 90, 170, "right", "left"])
def test_a_body_that_lies_oddly_ends_in_a_reason_or_a_division(scan, change):
    """Turned by degrees, or half beside the field: never another error than NotMeasurable."""
    pixels = scan.image.pixels
    if isinstance(change, int):
        odd = ndimage.rotate(pixels, change, axes=(1, 2), order=0, reshape=False)
    else:
        odd = np.roll(pixels, 100 if change == "right" else -100, axis=2)
        odd[:, :, slice(None, 100) if change == "right" else slice(-100, None)] = 0
    with suppress(NotMeasurable):
        found = find_scintigram(replace(scan.image, pixels=np.ascontiguousarray(odd)))

        assert all(set(view.segments) == set(SEGMENT_KEYS) for view in found.views)
