"""Calcium of a generated leg is found, placed and told from what it is not."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.findings.finding import Kind
from calcinet.image import Image
from calcinet.mask_labels import MASK_LABELS
from calcinet.phantoms.ct.leg import Build, Calcium, Scanner, leg


def _touching(found, truth, lesion):
    """Found lesions that share a voxel with a true one."""
    where = np.zeros(truth.shape, dtype=bool)
    where[lesion.box] = lesion.share > 0.02
    return [one for one in found.lesions if where[one.part.box][one.part.mask].any()]


@pytest.fixture(scope="module")
def scan():
    """90 mm of a left calf with calcium of every kind."""
    build = Build("lower leg", "L", span_mm=(190.0, 280.0))
    return leg(
        3,
        (1.0, 0.6, 0.6),
        build=build,
        calcium=Calcium("patchy", small_vessels=2, nets=1, in_skin=2, in_subcutis=3, in_muscle=3),
    )


@pytest.fixture(scope="module")
def found(scan):
    return find_calcium_on_ct(scan[0])


def test_every_lesion_that_reaches_the_threshold_is_found(scan, found):
    """Those whose brightest voxel has 180 HU without noise."""
    _, truth = scan
    seen = [one for one in truth.lesions if one.seen_hu >= 180]

    assert len(seen) >= 8
    assert all(_touching(found, truth, one) for one in seen)


def test_nothing_else_is_found(scan, found):
    """Every found lesion touches a true one."""
    _, truth = scan
    every = np.zeros(truth.shape, dtype=bool)
    for one in truth.lesions:
        every[one.box] |= one.share > 0.02

    assert all(every[one.part.box][one.part.mask].any() for one in found.lesions)


def test_compartments_are_those_that_were_built(scan, found):
    """Of nodules and arteries."""
    _, truth = scan
    for one in (one for one in truth.lesions if one.seen_hu >= 180 and one.made.form != "net-like"):
        names = {lesion.compartment for lesion in _touching(found, truth, one)}

        assert one.made.compartment in names


def test_depth_is_that_of_the_truth(scan, found):
    """Within a millimetre near the skin, where it counts."""
    _, truth = scan
    shallow = [one for one in truth.lesions if one.made.form == "nodular" and one.made.depth_mm < 8]

    assert shallow
    for one in shallow:
        for lesion in _touching(found, truth, one):
            assert lesion.depth_mm == pytest.approx(one.made.depth_mm, abs=1.0)


def test_a_mirrored_leg_shows_the_same(scan, found):
    """Left becomes right; nothing is lost."""
    image, _ = scan
    mirrored = replace(image, pixels=np.ascontiguousarray(image.pixels[:, :, ::-1]), laterality="R")

    other = find_calcium_on_ct(mirrored)

    assert abs(len(other.lesions) - len(found.lesions)) <= 1
    assert {one.side for one in found.lesions} == {"L"}
    assert {one.side for one in other.lesions} == {"R"}
    assert int((other.labels() > 0).sum()) == pytest.approx(int((found.labels() > 0).sum()), rel=0.02)


def test_air_about_the_leg_changes_nothing(scan, found):
    """20 pixels more on each side: the label map is that of the smaller picture, shifted."""
    image, _ = scan
    wide = np.pad(image.pixels, ((0, 0), (20, 20), (20, 20)), constant_values=-1000)

    labels = find_calcium_on_ct(replace(image, pixels=wide)).labels()[:, 20:-20, 20:-20]

    assert (labels > 0).sum() == pytest.approx(int((found.labels() > 0).sum()), rel=0.01)
    assert ((labels > 0) != (found.labels() > 0)).sum() <= 0.02 * (labels > 0).sum()


def test_labels_are_those_of_the_contract(found):
    """Values of the map are in the table of labels, and each lesion's voxels have its own."""
    labels = found.labels()

    assert set(np.unique(labels)) <= {0, 1, 2, 3}
    assert set(np.unique(labels)) - {0} <= set(MASK_LABELS.values())
    nets = [one for one in found.lesions if one.kind is Kind.NET]
    assert all((labels[one.part.box][one.part.mask] == 2).any() for one in nets)


def test_without_calcium_nothing_is_found():
    """A knee and a calf, soft and sharp kernel."""
    none = Calcium("none", small_vessels=0, nets=0, in_skin=0, in_subcutis=0, in_muscle=0)
    for seed, kernel in ((1, "soft"), (2, "sharp")):
        build = Build("knee" if seed == 1 else "lower leg", span_mm=(400.0, 500.0) if seed == 1 else (180.0, 260.0))
        image, _ = leg(seed, (1.0, 0.7, 0.7), build=build, calcium=none, scanner=Scanner(noise_hu=15, kernel=kernel))

        assert not find_calcium_on_ct(image).lesions


def test_small_bones_metal_and_devices_are_left_out_by_name():
    """A knee with sesamoids, spurs, stones of veins, a screw and a table."""
    none = Calcium("none", small_vessels=0, nets=0, in_skin=0, in_subcutis=0, in_muscle=0)
    confounders = ("sesamoid", "osteophyte", "phlebolith", "screw", "table")
    build = Build("knee", "R", span_mm=(430.0, 510.0))
    image, _ = leg(6, (0.8, 0.5, 0.5), build=build, calcium=none, confounders=confounders)

    found = find_calcium_on_ct(image)

    assert found.left_out["metal"] == 1
    assert sum(found.left_out.values()) >= 2
    assert not found.lesions


def test_enhanced_blood_is_recognised_and_raises_the_threshold():
    """A thigh whose artery holds 350 HU."""
    build = Build("thigh", "L", span_mm=(560.0, 660.0), lumen_hu=350.0)
    image, _ = leg(
        9,
        (1.0, 0.7, 0.7),
        build=build,
        calcium=Calcium("none", small_vessels=0, nets=0, in_skin=0, in_subcutis=2, in_muscle=2),
    )

    found = find_calcium_on_ct(image)

    assert found.pool is not None
    assert found.pool.mean_hu == pytest.approx(350, abs=25)
    assert found.threshold_hu > 370


def test_an_artery_that_the_caller_knows_is_one(scan):
    """Its mask names a nodule of muscle an artery."""
    image, truth = scan
    nodule = next(one for one in truth.lesions if one.made.compartment == "muscle" and one.seen_hu > 250)
    arteries = np.zeros(truth.shape, dtype=bool)
    arteries[nodule.box] = nodule.share > 0

    named = _touching(find_calcium_on_ct(image, arteries=arteries), truth, nodule)

    assert {one.compartment for one in named} == {"artery"}


def test_air_alone_is_refused():
    """No body, no finding."""
    with pytest.raises(NotMeasurable, match="no limb or trunk"):
        find_calcium_on_ct(Image(np.full((20, 60, 60), -1000, np.float32), (2.0, 1.0, 1.0), "[hnsf'U]", modality="CT"))


def test_a_volume_without_a_spacing_is_refused(scan):
    """Millimetres are not guessed."""
    with pytest.raises(NotMeasurable, match="size of a pixel"):
        find_calcium_on_ct(replace(scan[0], spacing_mm=None))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_slice_shows_its_calcium_and_no_bone(seed):
    """Bones are told by their course, which one slice lacks: it is looked at as if they went on."""
    image, truth = leg(seed, (1.0, 0.8, 0.8), build=Build(span_mm=(200.0, 290.0)))
    where = np.zeros(truth.shape, dtype=bool)
    for one in truth.lesions:
        where[one.box] |= one.where
    z = int(where.sum(axis=(1, 2)).argmax())
    found = find_calcium_on_ct(replace(image, pixels=image.pixels[z : z + 1].copy()))
    marked = found.labels()[0] > 0

    assert not (marked & truth.bone[z]).any()
    assert (marked & where[z]).sum() >= 0.5 * where[z].sum()
    assert found.anatomy.grid.shape == (1, *truth.shape[1:])
    assert not found.paths
