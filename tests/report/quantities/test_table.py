"""Every number of the record is a row, once."""

from calcinet.api import examine
from calcinet.record import ImageRecord, NotMeasured
from calcinet.report.quantities.table import image_rows, quantity_rows
from tests.support import handmade, handmade_ct
from tests.support.paths import ROOT


def test_interval_stands_beside_its_number(record):
    """Calibre 1.0 (0.84 to 1.16) mm; mesh 3.2 (2.9 to 3.6) mm."""
    rows = {(row.finding, row.quantity): row for row in quantity_rows(record)}
    calibre, mesh = rows["f1", "calibre_mm"], rows["", "net.mesh_mm"]

    assert (calibre.value, calibre.low95, calibre.high95, calibre.unit) == (1.0, 0.84, 1.16, "mm")
    assert (mesh.value, mesh.low95, mesh.high95, mesh.label) == (3.2, 2.9, 3.6, "Median mesh of the net")


def test_upper_limit_of_an_unresolved_vessel_is_a_row(record):
    """At most 0.37 mm wide."""
    unresolved = {"calibre_mm": None, "calibre_interval_mm": None, "calibre_class": "not resolvable"}
    vessel = handmade.findings()[0].model_copy(update={**unresolved, "upper_limit_mm": 0.37})
    image = handmade.examined_image().model_copy(update={"findings": (vessel,)})
    rows = {row.quantity: row for row in quantity_rows(record.model_copy(update={"images": (image,)})) if row.finding}

    assert "calibre_mm" not in rows
    assert (rows["upper_limit_mm"].value, rows["upper_limit_mm"].unit) == (0.37, "mm")
    assert rows["upper_limit_mm"].label == "Upper limit of the calibre"


def test_reason_without_a_measure_is_listed_too(record):
    """A refused measure may not stand among the measures at all."""
    image = ImageRecord(
        id="img-1", resolvable_mm=0.2, not_measured=(NotMeasured(measure="calcified_length_mm", because="no spacing"),)
    )

    assert [row.quantity for row in image_rows(image, record)] == ["resolvable_mm", "calcified_length_mm"]


def test_refused_image_has_no_rows(record):
    """Its reason stands in the record."""
    assert image_rows(handmade.refused_image(), record) == []


def test_numbers_of_the_patient_are_rows_without_an_image():
    """The case of the report: calcium 2.67 mmol/L; PTH is asked about and has no value; words are no quantities."""
    case = ROOT / "examples" / "case-report" / "case.yaml"
    told = examine(case=case, prior=0.3)
    rows = {row.quantity: row for row in quantity_rows(told)}

    assert (rows["lab.adjusted_calcium"].value, rows["lab.adjusted_calcium"].unit) == (2.67, "mmol/L")
    assert rows["lab.pth"].value is None
    assert rows["lab.pth"].not_measured_because
    assert "lab.anca" not in rows
    assert rows["prior"].value == 0.3
    assert rows["posterior"].low95 < rows["posterior"].value < rows["posterior"].high95
    assert {row.image for row in rows.values()} == {""}


def test_the_parts_and_the_findings_of_a_ct_have_their_intervals():
    """Volume and score of a compartment, length of an artery, volume of a finding: DICOM and FHIR read these rows."""
    image = handmade_ct.examined_image()
    score = image.ct.scores[1].model_copy(
        update={"volume_interval_mm3": (3000.0, 3900.0), "agatston_interval": (3900.0, 4400.0)}
    )
    artery = image.ct.arteries[0].model_copy(update={"calcified_interval_mm": (175.0, 187.0)})
    finding = image.findings[1].model_copy(update={"volume_interval_mm3": (3000.0, 3900.0)})
    ct = image.ct.model_copy(update={"scores": (score,), "arteries": (artery,)})
    bounded = image.model_copy(update={"ct": ct, "findings": (finding,)})
    record = handmade_ct.examination().model_copy(update={"images": (bounded,)})
    rows = {row.quantity: (row.low95, row.high95) for row in quantity_rows(record)}

    assert rows["score.volume_mm3"] == rows["volume_mm3"] == (3000.0, 3900.0)
    assert rows["score.agatston"] == (3900.0, 4400.0)
    assert rows["artery.calcified_mm"] == (175.0, 187.0)
    assert rows["artery.length_mm"] == rows["score.lesions"] == (None, None)
