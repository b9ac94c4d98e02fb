"""Region maps of drawn limbs, of simple pictures and of real films."""

import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from calcinet.errors import NotMeasurable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.mask_labels import Tissue
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.radiograph.surroundings import SURROUNDINGS, Surrounding, surround
from calcinet.phantoms.truth import Phantom

CALF = "xray/wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm"
DRAWN = [("lower leg", 1), ("lower leg", 2), ("foot", 3), ("foot", 4), ("hand", 6), ("hand", 8)]


def arm(
    shape: tuple[int, int] = (300, 400), *, thick: float = 80.0, pixel_mm: tuple[float, float] | None = (1.0, 1.0)
) -> Image:
    """A horizontal cylinder of `thick` mm with a rod of bone in its axis, in air with a little noise."""
    row_mm = (pixel_mm or (1.0, 1.0))[0]
    across = (np.arange(shape[0]) - (shape[0] - 1) / 2) * row_mm
    soft = 2 * np.sqrt(np.maximum((thick / 2) ** 2 - across**2, 0.0))
    profile = 0.02 * soft + 0.08 * 2 * np.sqrt(np.maximum(10.0**2 - across**2, 0.0))
    noise = np.random.default_rng(5).normal(0.0, 0.01, shape)
    pixels = (profile[:, None] + noise).astype(np.float32)[None]
    return Image(pixels, None if pixel_mm is None else (1.0, *pixel_mm), "1")


def dice(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return 2.0 * float((found & truth).sum()) / max(int(found.sum() + truth.sum()), 1)


def tissue(labels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return (labels == Tissue.SOFT) | (labels == Tissue.BONE)


def skin_line(labels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    near_air = cv2.dilate((labels == Tissue.AIR).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return tissue(labels) & near_air


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Phantom, Regions]]:
    """Drawn limbs of three anatomies, each with its map."""
    phantoms = [limb(random_spec(seed, anatomy=part)) for part, seed in DRAWN]  # type: ignore[arg-type]
    return [(phantom, find_regions(phantom.image)) for phantom in phantoms]


@pytest.fixture(scope="module")
def calf(shared_data: Path) -> Regions:
    """Map of the calf film, without a spacing."""
    return find_regions(read(shared_data / CALF))


def hand(shared_data: Path, number: int) -> Regions:
    return find_regions(read(shared_data / f"xray/boneage_hand_{number}.png"))


def test_the_body_of_drawn_limbs_is_found(drawn: list[tuple[Phantom, Regions]]) -> None:
    """Dice of soft tissue and bone together against the truth, where neither shows border or metal."""
    scores, distances = [], []
    for phantom, regions in drawn:
        truth = phantom.truth.regions
        seen = np.isin(truth, (1, 2, 3)) & (regions.labels != Tissue.METAL)
        scores.append(dice(tissue(regions.labels) & seen, tissue(truth) & seen))
        away = distance_transform_edt(~skin_line(truth))
        distances.append(float(np.median(away[skin_line(regions.labels)])) * phantom.image.require_pixel_mm()[0])
    print("body Dice", np.round(scores, 3), "skin line off by mm", np.round(distances, 2))

    assert np.median(scores) >= 0.97
    assert min(scores) >= 0.95
    assert np.median(distances) <= 0.6


def test_the_bone_of_drawn_limbs_is_found(drawn: list[tuple[Phantom, Regions]]) -> None:
    """Dice against the truth; the median film reaches 0.85."""
    scores = [dice(regions[Tissue.BONE], phantom.truth.regions == Tissue.BONE) for phantom, regions in drawn]
    print("bone Dice", np.round(scores, 3))

    assert np.median(scores) >= 0.85
    assert min(scores) >= 0.8


def test_calcium_in_soft_tissue_is_not_called_bone(drawn: list[tuple[Phantom, Regions]]) -> None:
    """Of all vessel and net pixels that lie beside bone, most stay soft tissue."""
    soft = total = 0
    for phantom, regions in drawn:
        calcium = np.isin(phantom.truth.mask, (1, 2)) & (phantom.truth.regions == Tissue.SOFT)
        soft += int((regions[Tissue.SOFT] & calcium).sum())
        total += int(calcium.sum())
    print("share of calcium left in soft tissue", round(soft / total, 3))

    assert soft / total >= 0.85


def test_depth_under_the_skin_is_that_of_the_drawing(drawn: list[tuple[Phantom, Regions]]) -> None:
    """The median error over the body stays within a millimetre."""
    errors = [
        float(np.median(np.abs(regions.depth - phantom.truth.depth_mm)[tissue(regions.labels)]))
        for phantom, regions in drawn
    ]

    assert np.median(errors) <= 1.0


@pytest.mark.parametrize("pixel_mm", [(1.0, 1.0), (0.5, 1.0), (1.0, 0.5)])
def test_depth_counts_millimetres_whatever_the_shape_of_a_pixel(pixel_mm: tuple[float, float]) -> None:
    """A cylinder of 80 mm is 40 mm deep in its axis, and 10 mm deep a quarter of the way."""
    regions = find_regions(arm((300, 300), pixel_mm=pixel_mm))
    column = regions.depth[:, 150]
    axis = 149.5
    quarter = round(axis - 30.0 / pixel_mm[0])

    assert regions.depth_unit == "mm"
    assert column.max() == pytest.approx(40.0, abs=1.5)
    assert column[quarter] == pytest.approx(10.0, abs=1.5)


def test_the_films_edge_is_not_skin() -> None:
    """The cylinder runs over both sides of the film, so depth does not fall towards them."""
    depth = find_regions(arm()).depth

    assert depth[150, 0] == pytest.approx(depth[150, 200], abs=1.0)


def test_without_a_spacing_depth_comes_in_pixels() -> None:
    """80 mm of 1 mm pixels are 80 pixels, so the axis lies 40 pixels deep."""
    regions = find_regions(arm(pixel_mm=None))

    assert regions.depth_unit == "{pixel}"
    assert regions.depth.max() == pytest.approx(40.0, abs=1.5)


def test_rod_cylinder_and_air_get_their_labels() -> None:
    """The rod is 20 mm wide in a cylinder of 80 mm in a film of 300 mm: 1/15 bone, 1/5 soft tissue, the rest air."""
    labels = find_regions(arm()).labels
    share = np.bincount(labels.ravel(), minlength=5) / labels.size

    assert share[Tissue.BONE] == pytest.approx(1 / 15, abs=0.012)
    assert share[Tissue.SOFT] == pytest.approx(1 / 5, abs=0.02)
    assert share[Tissue.BORDER] == share[Tissue.METAL] == 0


def test_a_mirrored_film_has_the_mirrored_map(drawn: list[tuple[Phantom, Regions]]) -> None:
    """Left and right mean nothing to the finder, up to rounding at edges."""
    phantom, regions = drawn[0]
    image = phantom.image
    mirrored = find_regions(replace(image, pixels=np.ascontiguousarray(image.pixels[:, :, ::-1])))

    assert np.mean(mirrored.labels[:, ::-1] == regions.labels) > 0.985


@pytest.mark.parametrize(("gain", "offset"), [(16.0, 0.0), (0.01, -3.0)])
def test_the_grey_scale_does_not_matter(drawn: list[tuple[Phantom, Regions]], gain: float, offset: float) -> None:
    """Any gain and offset give the same map, up to rounding."""
    phantom, regions = drawn[1]
    scaled = find_regions(replace(phantom.image, pixels=phantom.image.pixels * np.float32(gain) + np.float32(offset)))

    assert np.mean(scaled.labels == regions.labels) > 0.995


def test_a_film_without_air_says_that_bone_is_uncertain() -> None:
    """A picture filled by a limb has no skin line: depth is 0 and a caution says so."""
    whole = arm((300, 400), thick=500.0)
    regions = find_regions(whole)

    assert not regions[Tissue.AIR].any()
    assert regions.depth.max() == 0
    assert any("could not be told apart" in caution for caution in regions.cautions)


@pytest.mark.parametrize("slope", [0.0, 2.0])
def test_a_film_of_air_is_refused(slope: float) -> None:
    """Noise, and noise on a slope as the anode's heel gives, hold no tissue."""
    rng = np.random.default_rng(1)
    air = rng.normal(0.0, 1.0, (400, 300)) + slope * np.linspace(0, 1, 300)

    with pytest.raises(NotMeasurable, match="no tissue found"):
        find_regions(Image(air.astype(np.float32)[None], None, "1"))


@pytest.mark.parametrize("pixels", [np.zeros((1, 1)), np.full((300, 300), 7.0)])
def test_a_tiny_or_constant_picture_is_refused(pixels: NDArray[np.float64]) -> None:
    """There is nothing to tell apart."""
    with pytest.raises(NotMeasurable, match="no tissue found"):
        find_regions(Image(pixels.astype(np.float32)[None], None, "1"))


def test_the_calf_has_its_border_its_bones_and_its_letter(calf: Regions) -> None:
    """White collimator shade left and right, shins in the middle, the letter R beside the ankle."""
    labels = calf.labels
    letter = labels[1380:1475, 1150:1220]

    assert (labels[:, :400] == Tissue.BORDER).all()
    assert (labels[:, 1300:] == Tissue.BORDER).all()
    assert not np.isin(letter, (Tissue.SOFT, Tissue.BONE)).any()
    assert (labels[200:900, 840] == Tissue.BONE).mean() > 0.95
    assert (labels[300:900, 720] == Tissue.SOFT).mean() > 0.95


def test_the_septated_lesion_of_the_calf_is_bone(calf: Regions) -> None:
    """It lies inside the shin above the ankle."""
    lesion = calf.labels[1040:1240, 820:890]

    assert np.mean(lesion == Tissue.BONE) > 0.95


@pytest.mark.parametrize("number", range(10))
def test_hands_show_plausible_shares_of_air_soft_tissue_and_bone(shared_data: Path, number: int) -> None:
    """Children's hands on small cassettes: a third to two thirds air, more soft tissue than a tenth, bone less."""
    labels = hand(shared_data, number).labels
    share = np.bincount(labels.ravel(), minlength=5) / labels.size

    assert 0.35 < share[Tissue.AIR] < 0.75
    assert 0.12 < share[Tissue.SOFT] < 0.45
    assert 0.05 < share[Tissue.BONE] < 0.3


def test_the_step_wedge_beside_a_hand_is_no_tissue(shared_data: Path) -> None:
    """A staircase of metal right of the hand."""
    labels = hand(shared_data, 9).labels
    wedge = labels[940:1210, 915:960]

    assert not np.isin(wedge, (Tissue.SOFT, Tissue.BONE)).any()


def test_the_bright_strip_beside_a_hand_is_no_tissue(shared_data: Path) -> None:
    """A white wedge that comes in from the right edge of the film."""
    labels = hand(shared_data, 4).labels
    strip = labels[900:, 880:]

    assert not np.isin(strip, (Tissue.SOFT, Tissue.BONE)).any()


def test_a_large_film_is_mapped_at_its_own_size() -> None:
    """The time is printed, not judged."""
    small = arm()
    large = cv2.resize(small.plane, (3520, 4280), interpolation=cv2.INTER_LINEAR)
    begin = time.perf_counter()
    regions = find_regions(Image(large[None], (1.0, 0.1, 0.1), "1"))
    print("4280 x 3520:", round(time.perf_counter() - begin, 2), "s")

    assert regions.labels.shape == (4280, 3520)
    assert regions.labels.dtype == np.uint8
    assert regions.depth.dtype == np.float32


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_what_lies_beside_a_limb_is_no_tissue(drawn: list[tuple[Phantom, Regions]], name: Surrounding) -> None:
    """Lower legs with haze, a plate's edge, a label or padding beside them: the body stays, and nothing is added."""
    for number in (0, 1):
        phantom, _ = drawn[number]
        truth = phantom.truth.regions
        plane, where = surround(phantom.image.plane, truth == Tissue.AIR, name, np.random.default_rng(number))
        labels = find_regions(replace(phantom.image, pixels=plane[None])).labels
        seen = np.isin(truth, (1, 2, 3)) & (labels != Tissue.METAL)
        score = dice(tissue(labels) & seen, tissue(truth) & seen)
        taken = float(np.mean(tissue(labels)[where]))
        print(name, "body Dice", round(score, 3), "taken for tissue", round(taken, 3))

        assert score >= 0.95
        assert taken <= 0.05
