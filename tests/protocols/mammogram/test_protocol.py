"""A mammogram from film to record: its grade, its arteries, and what is not said."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet import weights_manifest
from calcinet.apps.web.kept_groundwork import read_groundwork, write_groundwork
from calcinet.image import Image
from calcinet.mask_labels import FOCUS, VESSEL
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.phantoms.mammogram import ArterySpec, BreastSpec, breast
from calcinet.protocols import assemble, correct_image, examine_image
from calcinet.protocols.corrections import FindingEdit
from calcinet.protocols.mammogram.meanings import MEANINGS
from calcinet.record import Record

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
    assert record.statements[0].startswith("The limit of detection of this film is unknown")


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


def test_the_record_has_the_number_of_the_examination(record, phantom):
    numbered, _ = examine_image(replace(phantom.image, examination=2), "img-1")

    assert numbered.breast.examination == 2
    assert record.breast.examination is None


def test_the_record_is_read_back_as_it_was_written(record):
    whole = assemble([record])

    assert Record.from_json(whole.to_json()).breasts[0].grade == whole.breasts[0].grade
    assert Record.from_json(whole.to_json()).to_json() == whole.to_json()


def test_correction_that_begins_with_the_groundwork_is_that_of_a_whole_examination(phantom, examined, tmp_path):
    """The artery is rejected: from what was found, kept on a disk in between, comes the same as from the film alone."""
    found, groundwork = examined[0], examined[1].groundwork
    write_groundwork(tmp_path / "groundwork.npz", groundwork)
    rejected = [FindingEdit(action="reject", finding=found.breast.coarse_arteries[0])]
    quick, marked = correct_image(
        phantom.image, found, DEFAULT_CLASSES, rejected, read_groundwork(tmp_path / "groundwork.npz")
    )
    whole, marked_anew = correct_image(phantom.image, found, DEFAULT_CLASSES, rejected)

    assert quick == whole
    assert quick.breast.grade < found.breast.grade
    assert (marked.mask == marked_anew.mask).all()
