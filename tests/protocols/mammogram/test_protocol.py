"""A mammogram from film to record: its grade, its arteries, what is not said, and each breast over its views."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet import weights_manifest
from calcinet.image import Image
from calcinet.mask_labels import FOCUS, VESSEL
from calcinet.phantoms.mammogram import ArterySpec, BreastSpec, breast
from calcinet.protocols import assemble, examine_image
from calcinet.protocols.mammogram.protocol import MEANINGS, breasts
from calcinet.protocols.mammogram.sentences import breast_found
from calcinet.record import BreastRecord, FindingRecord, ImageRecord, NotMeasured, Record

SPEC = BreastSpec(
    seed=11,
    pixel_mm=0.15,
    field_mm=(140.0, 110.0),
    size_mm=(60.0, 75.0),
    density=0.2,
    arteries=(ArterySpec(diameter_mm=2.4, coverage=1.0, contrast_in_noise=20.0, length_mm=60.0),),
    clusters=2,
    grains=4,
)


@pytest.fixture(scope="module")
def phantom():
    return breast(SPEC)


@pytest.fixture(scope="module")
def examined(phantom):
    return examine_image(phantom.image, "img-1")


@pytest.fixture(scope="module")
def record(examined):
    return examined[0]


def test_the_artery_is_marked_and_the_grade_is_two(record):
    """One artery with tram-track calcium: fewer than three."""
    assert record.breast.grade == 2
    assert len(record.breast.coarse_arteries) >= 1
    assert record.measures["bac.grade"] == 2
    assert record.measures["bac.coarse_arteries"] == len(record.breast.coarse_arteries)


def test_marks_lie_on_the_truth(phantom, examined):
    marked, true = examined[1].mask == VESSEL, phantom.truth.mask == VESSEL

    assert 2 * (marked & true).sum() / (marked.sum() + true.sum()) > 0.6


def test_length_is_that_of_the_calcium(phantom, record):
    """The true line is calcified all along; what is marked is within a quarter of it."""
    (truth,) = phantom.truth.vessels
    true = np.hypot(*(np.diff(truth.centre_line, axis=0) * 0.15).T)[truth.calcified[1:]].sum()

    assert record.measures["bac.length_mm"] == pytest.approx(true, rel=0.25)
    assert sum(f.length_mm for f in record.findings if f.kind == "vessel") == pytest.approx(
        record.measures["bac.length_mm"]
    )


def test_clusters_are_neither_marked_nor_judged(examined):
    """They are counted, and a sentence says that nothing more was done with them."""
    record, pixels = examined

    assert not (pixels.mask == FOCUS).any()
    assert {finding.kind for finding in record.findings} <= {"vessel", "net"}
    assert record.breast.not_assessed > 0
    assert any("not assessed" in sentence for sentence in record.statements)


def test_it_says_that_it_is_no_cancer_reading(record):
    told = assemble([record]).summary.sentences

    assert any("not a cancer reading" in sentence for sentence in told)
    assert any("not a cancer reading" in sentence for sentence in record.statements)


def test_what_it_could_have_shown_is_not_claimed(record):
    """Compression takes the scale of contrast away; the first statement says so."""
    assert record.resolvable_mm is None
    assert record.statements[0].startswith("What this film could have shown is unknown")


def test_every_measure_has_a_meaning_and_a_unit(record):
    assert set(record.measures) <= set(MEANINGS)
    assert assemble([record]).meanings["bac.length_mm"].unit == "mm"


def test_the_weights_that_marked_it_stand_in_the_record(record):
    assert record.breast.detector == "mammogram"
    assert record.breast.detector_sha256 == weights_manifest.sha256(weights_manifest.MAMMOGRAM)


def test_arterial_calcium_of_a_breast_does_not_move_the_odds(record):
    """Nearly every patient on dialysis has calcified arteries: their ratio is 1; without a net nothing is weighed."""
    terms = {term.finding: term for term in assemble([record]).evidence.terms}

    assert not any(term.used for term in terms.values())


def test_without_a_pixel_size_lengths_stay_in_pixels(phantom):
    bare = replace(phantom.image, spacing_mm=None, spacing_basis="none")
    record, _ = examine_image(bare, "img-1")
    because = {entry.measure: entry.because for entry in record.not_measured}

    assert record.measures["bac.length_mm"] is None
    assert record.measures["bac.length_px"] > 0
    assert "--spacing-mm" in because["bac.length_mm"]
    assert any("no pixel size" in caution for caution in record.cautions)


def test_a_coarse_pixel_is_remarked_on(phantom, record):
    """0.15 mm is more than mammography has."""
    assert any("coarser than those of mammography" in caution for caution in record.cautions)


def test_a_picture_without_a_breast_is_refused():
    noise = np.random.default_rng(0).normal(10, 1, (1, 300, 300)).astype(np.float32)
    record, examined = examine_image(Image(noise, None, "1", modality="MG"), "img-1")

    assert record.refused.code == "no-tissue"
    assert not examined.mask.any()


def view(name, side, grade, length, view_name="CC", calibres=(), examination=None):
    found = tuple(FindingRecord(id=f"f{k}", kind="vessel", calibre_mm=mm) for k, mm in enumerate(calibres))
    return ImageRecord(
        id=name,
        modality="MG",
        laterality=side,
        view=view_name,
        findings=found,
        measures={"bac.length_mm": length, "bac.area_mm2": length / 2},
        not_measured=(NotMeasured(measure="resolvable_mm", because="a reason"),),
        breast=BreastRecord(
            grade=grade,
            grade_means="words",
            chest_wall="left",
            nipple=(1.0, 2.0),
            pectoral_percent=0.0,
            detector="mammogram",
            examination=examination,
        ),
    )


def test_two_views_of_a_breast_are_not_added():
    """Grades 2 and 3, lengths 40 and 70 mm: the breast has grade 3 and 70 mm; the median of 1, 2 and 4 mm is 2."""
    left = [view("img-1", "L", 2, 40.0, "CC", (1.0, 2.0)), view("img-2", "L", 3, 70.0, "MLO", (4.0,))]
    (found,) = breasts(left)

    assert (found.side, found.grade, found.length_mm, found.area_mm2) == ("L", 3, 70.0, 35.0)
    assert found.calibre_mm == 2.0
    assert found.images == ("img-1", "img-2")
    assert found.views == ("CC", "MLO")


def test_each_side_has_its_own_row_and_an_unnamed_side_stands_alone():
    views = [
        view("img-1", None, 1, 3.0),
        view("img-2", "R", 0, 0.0),
        view("img-3", "L", 2, 9.0),
        view("img-4", None, 0, 0.0),
    ]

    assert [(one.side, one.images) for one in breasts(views)] == [
        ("L", ("img-3",)),
        ("R", ("img-2",)),
        (None, ("img-1",)),
        (None, ("img-4",)),
    ]


def test_examinations_of_different_years_are_not_merged():
    """Grades 1 and 3 of one side in two studies stay two rows; the two views of the first are one."""
    views = [
        view("img-1", "L", 1, 10.0, examination=1),
        view("img-2", "L", 3, 90.0, examination=2),
        view("img-3", "L", 0, 4.0, "MLO", examination=1),
        view("img-4", "R", 0, 0.0, examination=2),
    ]

    assert [(one.side, one.examination, one.images, one.grade, one.length_mm) for one in breasts(views)] == [
        ("L", 1, ("img-1", "img-3"), 1, 10.0),
        ("L", 2, ("img-2",), 3, 90.0),
        ("R", 2, ("img-4",), 0, 0.0),
    ]


def test_the_record_has_the_number_of_the_examination(record, phantom):
    numbered, _ = examine_image(replace(phantom.image, examination=2), "img-1")

    assert numbered.breast.examination == 2
    assert record.breast.examination is None


@pytest.mark.parametrize(
    ("arteries", "told"),
    [
        (("f1",), "1 calcified artery marked, 87 mm of calcium along it."),
        (("f1", "f2"), "2 calcified arteries marked, 87 mm of calcium along them."),
    ],
)
def test_one_artery_is_told_in_the_singular(arteries, told):
    image = view("img-1", "L", 2, 87.0)
    breast_record = image.breast.model_copy(update={"coarse_arteries": arteries})

    assert told in breast_found(image, breast_record)


def test_a_radiograph_is_no_breast():
    limb = ImageRecord(id="img-1", not_measured=(NotMeasured(measure="resolvable_mm", because="a reason"),))

    assert breasts([limb]) == ()


def test_the_record_is_read_back_as_it_was_written(record):
    whole = assemble([record])

    assert Record.from_json(whole.to_json()).breasts[0].grade == whole.breasts[0].grade
    assert Record.from_json(whole.to_json()).to_json() == whole.to_json()
