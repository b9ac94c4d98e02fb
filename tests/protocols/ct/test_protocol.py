"""A CT from volume to record: what is measured, what is refused and why, and where marks lie."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.image import Acquisition, Image
from calcinet.phantoms.ct.leg import Build, Calcium, leg
from calcinet.protocols import assemble, examine_image


def _why(record):
    return {entry.measure: entry.because for entry in record.not_measured}


def test_volume_by_compartment_adds_up(examined):
    """What stands by side, level and compartment is all there is: an artery counts each of its walls and plaques."""
    record, _ = examined

    assert sum(score.volume_mm3 for score in record.ct.scores) == pytest.approx(record.measures["ct.volume_mm3"])
    assert sum(score.lesions for score in record.ct.scores) == record.measures["ct.lesions"]
    assert record.measures["ct.lesions"] >= len(record.findings)
    assert record.measures["ct.agatston"] == pytest.approx(
        sum(score.agatston for score in record.ct.scores if score.compartment == "artery"), rel=0.02
    )


def test_mass_needs_a_calibration(scan, examined):
    """Without one the reason stands; with one there is a mass."""
    image, _ = scan
    taken = replace(image.acquisition, mg_per_cm3_per_hu=1 / 1.3)
    calibrated, _ = examine_image(replace(image, acquisition=taken), "img-1")

    assert examined[0].measures["ct.mass_mg"] is None
    assert "uncalibrated" in _why(examined[0])["ct.mass_mg"]
    assert calibrated.measures["ct.mass_mg"] > 0


def test_contrast_named_by_the_header_forbids_the_score(scan):
    """The picture alone may not show it, a lower leg scanned early: what is marked may be blood, and is not summed."""
    image, _ = scan
    record, _ = examine_image(replace(image, acquisition=Acquisition(contrast=True)), "img-1")

    assert record.measures["ct.agatston"] is None
    assert "contrast agent present" in _why(record)["ct.agatston"]
    assert record.measures["ct.volume_mm3"] is None
    assert "may be blood" in _why(record)["ct.volume_mm3"]
    assert all(score.volume_mm3 is None for score in record.ct.scores)
    assert record.ct.contrast is True
    assert not record.ct.arteries


def test_low_voltage_is_said(scan):
    """At 80 kV calcium is brighter: the score stands with a caution."""
    image, _ = scan
    record, _ = examine_image(replace(image, acquisition=Acquisition(contrast=False, kvp=80.0)), "img-1")

    assert any("80 kV" in caution for caution in record.cautions)
    assert record.measures["ct.agatston"] is not None


def test_picture_is_the_projection_from_the_front(scan, examined):
    """Head up, the patient's left at the right: rows run against Z, columns along X."""
    image, _ = scan
    record, found = examined

    assert found.plane.shape == record.shape == (image.pixels.shape[0], image.pixels.shape[2])
    assert found.plane[0, 7] == image.pixels[-1, :, 7].max()
    for finding in record.findings:
        voxels = found.volume.voxels[finding.id]
        rows, columns = np.array(finding.outline).T

        assert rows.min() >= image.pixels.shape[0] - 1 - voxels[:, 0].max()
        assert rows.max() <= image.pixels.shape[0] - 1 - voxels[:, 0].min()
        assert columns.min() >= voxels[:, 2].min()


def test_every_finding_lies_in_the_patient(scan, examined):
    """The affine takes the middle of its voxels near to its place in mm."""
    image, _ = scan
    record, found = examined
    for finding in record.findings:
        voxels = found.volume.voxels[finding.id]
        places = np.c_[voxels, np.ones(len(voxels))] @ image.affine[:3].T
        away = np.linalg.norm(places[:, None] - np.array(finding.place_mm)[None], axis=2).min()

        assert away < 3.0


def test_one_slice_has_areas_and_no_volume(scan):
    """A plane through the calf: a two-dimensional statement."""
    image, truth = scan
    middle = int(np.median([lesion.line[:, 0].mean() for lesion in truth.lesions]))
    cut = replace(image, pixels=image.pixels[middle : middle + 1].copy())
    record, _ = examine_image(cut, "img-1")

    assert record.measures["ct.volume_mm3"] is None
    assert "one slice" in _why(record)["ct.volume_mm3"]
    assert all(score.volume_mm3 is None for score in record.ct.scores)
    assert all(finding.volume_mm3 is None for finding in record.findings)


def test_sides_are_not_told_of_a_volume_that_does_not_say_how_it_lies(scan):
    """Without an affine the axes are guesses: left may be right."""
    image, _ = scan
    record, _ = examine_image(replace(image, affine=None, laterality=None), "img-1")

    assert record.laterality is None
    assert {finding.side for finding in record.findings} == {None}
    assert not any(finding.place_mm for finding in record.findings)


def test_no_net_is_no_area_of_zero_where_none_could_have_been_seen():
    """Slices of 3 mm show lines of half a millimetre at best: an area of 0 would say too much."""
    image, _ = leg(6, (3.0, 0.9, 0.9), build=Build(span_mm=(150.0, 240.0)), calcium=Calcium(nets=0))
    record, _ = examine_image(image, "img-1")

    assert record.resolvable_mm > 0.3
    assert record.measures["net.area_cm2"] is None
    assert "could not have been seen" in _why(record)["net.area_cm2"]


def test_a_picture_that_cuts_the_body_tells_no_depth_and_no_layer(scan):
    """A window within the calf: its edges are no skin."""
    image, _ = scan
    middle = [size // 2 for size in image.pixels.shape[1:]]
    rows, columns = (slice(at - 45, at + 45) for at in middle)
    record, _ = examine_image(replace(image, pixels=image.pixels[:, rows, columns].copy()), "img-1")

    assert any("cuts the body" in caution for caution in record.cautions)
    assert {finding.depth_mm for finding in record.findings} <= {None}
    assert {finding.level for finding in record.findings} <= {"unknown"}
    assert not {finding.compartment for finding in record.findings} & {"skin", "subcutis"}


def test_air_is_refused():
    """Nothing but air: no body, no number."""
    image = Image(np.full((20, 64, 64), -1000, np.float32), (1.0, 1.0, 1.0), "[hnsf'U]", modality="CT")
    record, found = examine_image(image, "img-1")

    assert record.refused is not None
    assert record.refused.code == "no-tissue"
    assert not record.measures
    assert not found.mask.any()


def test_summary_names_what_was_found_and_what_could_not_be_seen(examined):
    """A sentence for the page: volumes by compartment and the score."""
    whole = assemble([examined[0]])

    assert "in arteries" in whole.summary.sentences[0]
    assert "Agatston score of the arteries" in whole.summary.sentences[0]
    assert set(examined[0].measures) <= set(whole.meanings)


def test_a_clean_leg_says_how_fine_it_could_have_seen(scan):
    """All calcium is taken out: the negative carries the width."""
    image, _ = scan
    _, found = examine_image(image, "img-1")
    clean = image.pixels.copy()
    for voxels in found.volume.voxels.values():
        low, high = voxels.min(axis=0), voxels.max(axis=0)
        box = tuple(slice(max(0, a - 3), b + 4) for a, b in zip(low, high, strict=True))
        clean[box] = np.minimum(clean[box], 60)
    record, _ = examine_image(replace(image, pixels=clean), "img-1")

    assert not record.findings
    assert "lines finer than" in assemble([record]).summary.sentences[0]
    assert record.measures["ct.agatston"] == 0
