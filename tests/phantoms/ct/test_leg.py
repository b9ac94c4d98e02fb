"""Legs on CT: what is said of their calcium is what was drawn."""

import numpy as np
import pytest

from calcinet.phantoms.ct.confounders import CONFOUNDERS
from calcinet.phantoms.ct.leg import Build, Calcium, Scanner, leg

SHORT = Build("lower leg", span_mm=(240.0, 300.0))
STILL = Scanner(blur_fwhm_mm=0.7, noise_hu=0.0)
NO_CALCIUM = Calcium("none", small_vessels=0, nets=0, in_skin=0, in_subcutis=0, in_muscle=0)
BRICK = np.argwhere(np.ones((10, 12, 14), dtype=bool))
MUCH = Calcium("heavy", small_vessels=2, nets=1, in_skin=3, in_subcutis=3, in_muscle=3)


@pytest.fixture(scope="module")
def scan():
    """60 mm of a left calf with much calcium, without noise."""
    return leg(11, (1.0, 0.6, 0.6), build=SHORT, calcium=MUCH, scanner=STILL)


def test_calcium_adds_what_its_truth_says(scan):
    """Brightness above the leg without calcium, summed, is volume times brightness above the tissue around."""
    image, truth = scan
    plain, _ = leg(11, (1.0, 0.6, 0.6), build=SHORT, calcium=NO_CALCIUM, scanner=STILL)

    added = float((image.pixels - plain.pixels).sum(dtype=float)) * 0.36
    whole = [one.integral_hu_mm3 for one in truth.lesions]

    assert added == pytest.approx(sum(whole), rel=0.02)


def test_the_same_seed_gives_the_same_bytes(scan):
    """Twice, with noise."""
    again, _ = leg(11, (1.0, 0.6, 0.6), build=SHORT, calcium=MUCH, scanner=STILL)
    noisy = [leg(11, (2.0, 1.0, 1.0), build=SHORT, calcium=MUCH)[0] for _ in range(2)]

    assert np.array_equal(again.pixels, scan[0].pixels)
    assert np.array_equal(noisy[0].pixels, noisy[1].pixels)
    assert not np.array_equal(noisy[0].pixels, leg(12, (2.0, 1.0, 1.0), build=SHORT, calcium=MUCH)[0].pixels)


def test_another_spacing_shows_the_same_body(scan):
    """Lesions, volumes and places in mm are those of the finer scan."""
    image, truth = leg(11, (3.0, 0.8, 0.9), build=SHORT, calcium=MUCH, scanner=STILL)

    assert [one.volume_mm3 for one in truth.lesions] == [one.volume_mm3 for one in scan[1].lesions]
    for ours, theirs in zip(truth.lesions, scan[1].lesions, strict=True):
        place, other = (i.affine @ [*one.centre, 1] for i, one in ((image, ours), (scan[0], theirs)))
        assert place == pytest.approx(other, abs=1e-6)


def test_lesions_lie_in_their_compartments(scan):
    """Skin within the skin's thickness, the subcutis in fat, muscle in neither; arteries at their centre lines."""
    plain, _ = leg(11, (1.0, 0.6, 0.6), build=SHORT, calcium=NO_CALCIUM, scanner=STILL)
    _, truth = scan
    nodules = [one for one in truth.lesions if one.made.form == "nodular"]
    around = {"skin": (-60, 60), "subcutis": (-125, 0), "muscle": (-100, 90)}

    assert {one.made.compartment for one in nodules} == {"skin", "subcutis", "muscle"}
    for one in nodules:
        z, y, x = np.round(one.centre).astype(int)
        low, high = around[one.made.compartment]
        assert low < plain.pixels[z, y, x] < high
        assert (one.made.depth_mm < 2.0) == (one.made.compartment == "skin")


def test_depth_is_the_distance_to_the_surface(scan):
    """A nodule's middle, and the nearest voxel of its slice that is not body."""
    _, truth = scan
    for one in (one for one in truth.lesions if one.made.form == "nodular"):
        z, y, x = one.centre
        outside = np.argwhere(~truth.body[round(z)])

        nearest = np.hypot(*((outside - [y, x]) * 0.6).T).min()
        assert one.made.depth_mm == pytest.approx(nearest, abs=0.7)


def test_a_mask_holds_voxels_that_are_half_full(scan):
    """Of a large nodule their volume is about its own."""
    _, truth = scan
    largest = max((one for one in truth.lesions if one.made.form == "nodular"), key=lambda one: one.volume_mm3)

    mask = truth.mask(largest)

    assert mask.sum() == (largest.share >= 0.5).sum() > 0
    assert mask.sum() * 0.36 == pytest.approx(largest.volume_mm3, rel=0.25)


def test_the_left_leg_has_its_fibula_on_the_left():
    """X rises to the patient's left: the fibula, the smaller bone, lies lateral."""
    for side, sign in (("L", 1), ("R", -1)):
        _, truth = leg(0, (10.0, 1.0, 1.0), build=Build(sides=side, span_mm=(240.0, 300.0)), calcium=NO_CALCIUM)
        columns = truth.bone[2].sum(axis=0)
        there = np.flatnonzero(columns)
        split = there[np.argmax(np.diff(there))]

        assert np.sign(columns[: split + 1].sum() - columns[split + 1 :].sum()) == sign


def test_two_legs_lie_on_their_sides():
    """Right at low X, left at high X, with air between."""
    _, truth = leg(4, (10.0, 1.0, 1.0), build=Build(sides="B", span_mm=(240.0, 300.0)), calcium=MUCH)
    middle = truth.shape[2] / 2

    assert not truth.body[:, :, round(middle)].any()
    assert {one.made.side for one in truth.lesions} == {"L", "R"}
    assert all((one.centre[2] > middle) == (one.made.side == "L") for one in truth.lesions)


def test_contrast_fills_the_arteries_alone():
    """350 HU along the popliteal artery, and no brighter muscle."""
    build = Build("knee", span_mm=(440.0, 470.0), lumen_hu=350.0)
    image, truth = leg(2, (1.0, 0.6, 0.6), build=build, calcium=NO_CALCIUM, scanner=Scanner(noise_hu=0.0))
    line = np.round(truth.arteries["L popliteal"]).astype(int)

    assert np.median(image.pixels[tuple(line.T)]) == pytest.approx(350, abs=5)
    soft = image.pixels[truth.body & ~truth.bone]
    assert np.mean(soft > 200) < 0.02


def test_every_confounder_is_there_and_none_of_them_a_lesion():
    """All of them about a foot, a knee and a leg."""
    foot = leg(5, (2.0, 1.0, 1.0), build=Build("foot"), calcium=NO_CALCIUM, confounders=CONFOUNDERS)[1]
    knee = leg(5, (2.0, 1.0, 1.0), build=Build("knee"), calcium=NO_CALCIUM, confounders=CONFOUNDERS)
    names = {piece.name for piece in (*foot.confounders, *knee[1].confounders)}

    assert names == set(CONFOUNDERS) - {"table", "cast", "cloth"}
    assert not foot.lesions
    assert knee[0].pixels.max() == 3071
    outside = knee[0].pixels[~knee[1].body]
    assert (outside > 300).mean() > 0.01  # the cast
    assert (outside > -1000).mean() > 0.1  # and the table


def test_noise_is_as_told_and_as_coarse_as_its_kernel():
    """Standard deviation 20 HU in muscle; neighbours of a soft kernel are alike, those of a sharp one are not."""
    likeness = {}
    for kernel in ("soft", "sharp"):
        scanner = Scanner(noise_hu=20.0, kernel=kernel)
        noisy, _ = leg(3, (2.0, 0.5, 0.5), build=SHORT, calcium=NO_CALCIUM, scanner=scanner)
        still, truth = leg(3, (2.0, 0.5, 0.5), build=SHORT, calcium=NO_CALCIUM, scanner=Scanner(noise_hu=0.0))
        noise = (noisy.pixels - still.pixels)[:, truth.body.all(axis=0)]
        grid = noisy.pixels - still.pixels
        likeness[kernel] = float(np.mean(grid[:, :, 1:] * grid[:, :, :-1]) / np.mean(grid**2))

        assert noise.std() == pytest.approx(20, rel=0.05)

    assert likeness["soft"] > 0.6
    assert likeness["sharp"] < 0.4


def test_the_affine_says_where_the_body_lies():
    """A voxel to the left, to the back and to the head moves along the patient's own axes by its size."""
    image, _ = leg(0, (2.0, 1.0, 0.9), build=SHORT, calcium=NO_CALCIUM)
    steps = image.affine @ np.vstack([np.eye(3), np.zeros((1, 3))])

    assert steps[:3] == pytest.approx(np.array([[0, 0, 0.9], [0, 1.0, 0], [2.0, 0, 0]]))
    assert (image.affine @ [0, 0, 0, 1])[2] == pytest.approx(241.0)
