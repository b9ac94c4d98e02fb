"""A radiograph from film to record: ids, calibres, visibility, and what is refused."""

import numpy as np
import pytest

from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.radiograph.meanings import MEANINGS
from calcinet.protocols.radiograph.protocol import examine_radiograph


def test_findings_are_numbered_in_order_and_vessels_come_widest_first(examined):
    record = examined()
    widths = [finding.calibre_px for finding in record.findings_of("vessel")]

    assert [finding.id for finding in record.findings] == [f"f{n}" for n in range(1, len(record.findings) + 1)]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) > 1


def test_a_vessel_has_a_calibre_or_a_reason(examined):
    record = examined()
    missing = {entry.measure for entry in record.not_measured}

    for vessel in record.findings_of("vessel"):
        assert (vessel.calibre_mm is None) == (f"{vessel.id}.calibre_mm" in missing)


def test_the_thinnest_line_has_a_field_of_its_own_and_its_interval_is_with_the_others(examined):
    record = examined()
    low, high = record.intervals95["resolvable_mm"]

    assert "resolvable_mm" not in record.measures
    assert low <= record.resolvable_mm <= high
    assert f"{record.resolvable_mm:.2f} mm" in record.statements[0]


def test_without_a_pixel_size_the_thinnest_line_is_unknown_and_nothing_is_in_mm(examined):
    record = examined(spacing_mm=None, spacing_basis="none")
    because = {entry.measure: entry.because for entry in record.not_measured}

    assert record.resolvable_mm is None
    assert "pixel spacing unknown" in because["resolvable_mm"]
    assert {finding.length_mm for finding in record.findings} == {None}
    assert record.measures["calcified_length_px"] > 0


def test_marks_do_not_hang_on_an_assumed_pixel_size(examined):
    """They are those of the film without a size; lengths in mm are those in pixels times it, under a condition."""
    assumed, bare = examined(spacing_basis="assumed"), examined(spacing_mm=None, spacing_basis="none")

    assert [finding.outline for finding in assumed.findings] == [finding.outline for finding in bare.findings]
    assert [finding.length_px for finding in assumed.findings] == [finding.length_px for finding in bare.findings]
    for vessel in assumed.findings_of("vessel"):
        assert vessel.length_mm == pytest.approx(0.2 * vessel.length_px)
    assert assumed.lengths_hold_if == "if the pixels are 0.2 mm"


def test_an_assumed_pixel_size_gives_no_limit_no_class_and_no_measure_in_mm(examined):
    record = examined(spacing_basis="assumed", export_signs=("no DICOM header",))
    because = {entry.measure: entry.because for entry in record.not_measured}

    assert record.resolvable_mm is None
    assert "original DICOM file" in because["resolvable_mm"]
    assert {finding.calibre_class for finding in record.findings} <= {None, "not resolvable"}
    assert {finding.compartment for finding in record.findings} <= {"unknown", "bone overlap"}
    assert not [name for name, value in record.measures.items() if "_mm" in name and value is not None]
    assert record.statements[0].startswith("This picture is an export")


def test_a_size_that_the_limb_contradicts_is_said_in_the_first_statement(examined):
    record = examined(spacing_mm=(1.0, 0.04, 0.04), spacing_basis="detector", anatomy="lower leg")

    assert record.resolvable_mm is None
    assert "The pixel size is in doubt" in record.statements[0]


def test_every_measure_has_a_meaning(examined):
    assert set(examined().measures) <= set(MEANINGS)


def test_cautions_of_the_file_come_first_and_once(examined):
    record = examined(cautions=("told twice", "told twice"))

    assert record.cautions[0] == "told twice"
    assert record.cautions.count("told twice") == 1


def test_a_film_without_a_limb_is_refused():
    noise = np.random.default_rng(0).normal(10, 1, (1, 300, 300)).astype(np.float32)
    record, examined_image = examine_radiograph(Image(noise, (1.0, 0.2, 0.2), "1"), "img-1", CalibreClasses())

    assert record.refused is not None
    assert "give a film that shows a limb" in record.refused.reason
    assert not examined_image.mask.any()
