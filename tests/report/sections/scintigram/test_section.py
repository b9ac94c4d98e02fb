"""A bone scan on the page, on paper and in objects."""

from dataclasses import replace

import pytest
from pydicom import dcmread

from calcinet.api import examine_with_images
from calcinet.io.scintigram.writer import write_scintigram
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination

CALF = ("lower leg", "L")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An examination of two views with a raised calf, written in every format."""
    place = tmp_path_factory.mktemp("scan")
    spec = WholeBody(seed=51, person=51, counts=1.5e6, uptake={CALF: 1.6}, injection=("hand", "R"))
    path = write_scintigram(place / "scan.dcm", whole_body(spec).image)
    record, images = examine_with_images(path)
    write_examination(
        record, images, place / "out", Wanted(("json", "html", "pdf", "png", "csv", "parquet", "fhir", "dicom"))
    )
    return place / "out"


def test_the_page_shows_ratios_cautions_and_other_causes(folder):
    """What a reader looks for."""
    page = (folder / "report.html").read_text("utf-8")

    assert "Uptake of the limbs, segment by segment" in page
    assert "likely injection site (right hand or wrist)" in page
    assert "heterotopic ossification" in page
    assert "not validated" in page
    assert "Scan alone" in page


def test_the_table_has_every_ratio_with_its_interval(folder):
    """One row a quantity."""
    rows = (folder / "measures.csv").read_text("utf-8").splitlines()
    (calf,) = (row for row in rows if "uptake.left_over_right.lower_leg" in row)

    assert "99CALCINET:UPT-LR-LL" in calf


def test_a_scaled_scan_is_shown_with_the_counts_that_its_noise_tells(tmp_path):
    """Every pixel times 8: variance over mean is 8, and the page shows the eighth of the sum."""
    image = whole_body(WholeBody(seed=52, person=52)).image
    path = write_scintigram(tmp_path / "scan.dcm", replace(image, pixels=8 * image.pixels))
    record, images = examine_with_images(path)
    write_examination(record, images, tmp_path / "out", Wanted(("html",)))
    scan = record.images[0].scintigram

    assert scan.counts_scale == pytest.approx(8, rel=0.1)
    assert scan.counts_taken == pytest.approx(image.pixels.sum(), rel=0.1)
    assert f"{scan.counts_taken / 1e6:.2f} million counts" in (tmp_path / "out/report.html").read_text("utf-8")


def test_paper_picture_and_bundle_are_written(folder):
    """PDF, marked picture, FHIR."""
    assert (folder / "report.pdf").read_bytes()[:5] == b"%PDF-"
    assert (folder / "img-1.overlay.png").stat().st_size > 10_000
    assert "UPT-LR-LL" in (folder / "bundle.fhir.json").read_text("utf-8")


def test_there_is_a_structured_report_and_no_segmentation(folder):
    """Frames of nuclear medicine lie in no frame of reference that a segmentation could use."""
    report = dcmread(folder / "report.sr.dcm")

    assert report.Modality == "SR"
    assert not list(folder.glob("*.seg.dcm"))
