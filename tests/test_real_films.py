"""Real normal films stay silent, and speak when a net is put in."""

import numpy as np
import pytest

import calcinet
from benchmarks.agreement import pooled
from benchmarks.films import held_out
from benchmarks.implants import films_of, judged_film
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.mask_labels import Tissue
from calcinet.phantoms.implant import implant_net
from calcinet.protocols import examine_image

pytestmark = pytest.mark.xdist_group("real films")  # one worker makes what they share

CALF = "xray/wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm"
MM = 0.2
"""Its pixel: a cassette of 35 cm over 1,760 pixels."""


@pytest.fixture(scope="module")
def calf(shared_data):
    return read(shared_data / CALF, spacing_mm=MM)


@pytest.fixture(scope="module")
def examined_calf(calf):
    return examine_image(calf, "img-1")


def test_without_a_number_the_calf_is_measured_in_pixels_and_says_why(shared_data):
    """The file has no spacing; no length in mm may appear, the net is still judged."""
    (image,) = calcinet.examine(shared_data / CALF).images

    assert image.spacing_basis == "none"
    assert image.resolvable_mm is None
    assert image.measures["calcified_area_mm2"] is None
    assert image.measures["net.probability"] is not None
    because = {entry.measure: entry.because for entry in image.not_measured}
    assert "--spacing-mm" in because["calcified_area_mm2"]
    assert "--spacing-mm" in because["resolvable_mm"]


def test_the_normal_calf_stays_silent(examined_calf):
    """No net, and at most 0.05 % of the soft tissue marked."""
    record, _ = examined_calf

    assert not [finding for finding in record.findings if finding.kind == "net"]
    assert record.measures["net.probability"] < 0.5
    assert record.measures["marked_soft_tissue_percent"] <= 0.05


def test_letter_border_and_bone_lesion_of_the_calf_are_not_calcium(calf, examined_calf):
    """Nothing is marked on the letter R, on the collimator's shade, or in the septated lesion of the tibia."""
    _, examined = examined_calf
    regions = find_regions(calf)

    assert not (examined.mask[regions[Tissue.METAL] | regions[Tissue.BORDER]]).any()
    assert not examined.mask[1380:1480, 1130:1230].any()
    assert not examined.mask[1010:1230, 780:930].any()


@pytest.mark.parametrize("number", range(10))
def test_no_hand_has_a_net(shared_data, number):
    """Ten normal hands of children; scratches, a step wedge, a bright border."""
    record, _ = examine_image(read(shared_data / f"xray/boneage_hand_{number}.png"), "img-1")

    assert not [finding for finding in record.findings if finding.kind == "net"]
    assert record.measures["net.probability"] < 0.5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_net_put_into_the_calf_is_called(calf, seed):
    """Lines of 0.5 mm, mesh 5 mm, contrast three times the noise; truth from the implant, not from the finder."""
    soft = find_regions(calf)[Tissue.SOFT]
    implant = implant_net(
        calf.plane, soft, mesh_px=5 / MM, line_px=0.5 / MM, contrast_in_noise=3, patch_px2=2500 / MM**2, seed=seed
    )

    record, examined = examine_image(Image(implant.film[None], (1.0, MM, MM), "1", spacing_basis="user"), "img-1")

    assert record.measures["net.probability"] >= 0.5
    nets = [finding for finding in record.findings if finding.kind == "net"]
    assert nets
    rows, columns = np.nonzero(implant.mask)
    assert (examined.mask[rows, columns] == 2).mean() > 0.3


@pytest.fixture(scope="module")
def implanted(shared_data):
    """Every fifth film of the sources that nothing was trained on, with the calcium of its number put in."""
    films = list(enumerate(films_of(held_out(shared_data))))[::5]
    return [judged_film(group.read(path), number, peers=False) for number, (group, path) in films]


def test_lines_of_nets_put_into_films_of_other_sources_are_found(implanted):
    """Centre lines within two pixels, over all films; half of them hold a net at least."""
    lines = pooled(film.net_lines for film in implanted)

    print(f"net lines {lines.dice:.3f}")
    assert lines.dice >= 0.70


@pytest.mark.xfail(
    reason="the present weights reach 0.34, those before 0.61: wide walls, and walls before ribs, are missed",
    strict=False,
)
def test_walls_of_vessels_put_into_films_of_other_sources_are_found(implanted):
    """Dice over all pixels of all films."""
    walls = pooled(film.vessel for film in implanted)

    print(f"vessel walls {walls.dice:.3f}")
    assert walls.dice >= 0.80


@pytest.mark.xfail(
    reason="weights that see real arteries of limbs draw the walls put into chests less exactly: 0.34", strict=True
)
def test_walls_put_into_films_are_found_no_worse_than_before(implanted):
    """What was reached on these films must not be lost on the way."""
    assert pooled(film.vessel for film in implanted).dice >= 0.42
