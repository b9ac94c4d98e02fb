"""The table of outputs: every format has its row, what it needs, and its files in their order."""

import pytest

from calcinet import extras
from calcinet.errors import BadInput
from calcinet.extras import EXTRAS
from calcinet.report.documents import OUTPUTS, Wanted, check_formats, documents, explain_left_out
from calcinet.report.labels import DEFAULT_FORMATS, FORMATS
from tests.support import handmade, handmade_ct


def test_every_format_has_a_row():
    """`json` is always written, and `dicom` stands for four others."""
    assert set(OUTPUTS) | {"json", "dicom"} == set(FORMATS)


def test_every_extra_of_a_row_exists():
    needed = {extra for output in OUTPUTS.values() for extra in output.extras}

    assert needed <= set(EXTRAS)
    assert OUTPUTS["encapsulated-pdf"].extras == ("hospital", "pdf")


@pytest.mark.parametrize(
    ("extra", "formats"),
    [("pdf", ("html", "pdf")), ("tables", ("parquet",)), ("mesh", ("gltf",)), ("hospital", ("dicom",))],
)
def test_a_format_whose_package_is_missing_is_refused_before_anything_is_made(extra, formats, monkeypatch):
    """All others stay possible."""
    monkeypatch.setattr(extras, "EXTRAS", {**EXTRAS, extra: ("no_such_module_at_all",)})

    with pytest.raises(BadInput, match=rf"calcinet\[{extra}\]"):
        Wanted(formats)
    check_formats(("json", "html", "png", "csv"))


def test_several_extras_that_are_missing_stand_in_one_line(monkeypatch):
    monkeypatch.setattr(extras, "EXTRAS", dict.fromkeys(EXTRAS, ("no_such_module_at_all",)))

    with pytest.raises(BadInput, match=r"--formats parquet,dicom needs .*calcinet\[tables,hospital,pdf\]"):
        Wanted(("html", "parquet", "dicom"))


def test_formats_that_nobody_named_are_left_out_and_told(monkeypatch):
    """Of the DICOM objects the one that is a PDF."""
    monkeypatch.setattr(extras, "EXTRAS", {**EXTRAS, "pdf": ("no_such_module_at_all",)})
    wanted = Wanted.of_installed(("json", "pdf", "dicom"))

    assert Wanted().formats == ("json", "html", "png", "csv")
    assert wanted.formats == ("json", "sr", "seg", "sc")
    assert explain_left_out(wanted) == ["Not written: pdf, encapsulated-pdf. To have it: pip install 'calcinet[pdf]'"]
    assert Wanted(("json",)).with_objects().left_out == ("encapsulated-pdf",)


def test_with_everything_installed_nothing_is_left_out():
    wanted = Wanted.of_installed((*DEFAULT_FORMATS, "dicom"))

    assert wanted.formats == (*DEFAULT_FORMATS, "dicom")
    assert explain_left_out(wanted) == []


def test_files_are_named_in_the_order_of_the_table(pixels):
    """The mask first; nothing is drawn for the names alone."""
    named = documents(handmade.examination(), {"img-1": pixels}, Wanted(("csv", "png", "html", "parquet")))

    assert list(named) == ["masks/img-1.png", "report.html", "img-1.overlay.png", "measures.csv", "measures.parquet"]


def test_objects_of_several_cts_are_named_image_by_image():
    """Report first, then each image's segmentation and picture, then the paper, then the bundle."""
    record = handmade_ct.examination()
    second = record.images[0].model_copy(update={"id": "img-2"})
    both = record.model_copy(update={"images": (*record.images, second)})
    ct = handmade_ct.examined(handmade_ct.slices())
    named = documents(both, {"img-1": ct, "img-2": ct}, Wanted(("dicom", "fhir", "gltf")))

    assert list(named) == [
        *("masks/img-1.nii.gz", "masks/img-2.nii.gz", "img-1.glb", "img-2.glb", "report.sr.dcm"),
        *("img-1.seg.dcm", "img-1.sc.dcm", "img-2.seg.dcm", "img-2.sc.dcm", "report.pdf.dcm", "bundle.fhir.json"),
    ]


def test_a_film_that_came_as_a_picture_has_no_objects(pixels):
    named = documents(handmade.examination(), {"img-1": pixels}, Wanted(("dicom", "gltf")))

    assert list(named) == ["masks/img-1.png"]


def test_nothing_examined_and_no_case_has_no_documents():
    assert documents(handmade.nothing_examined(), {}, Wanted(FORMATS)) == {}


def test_sending_asks_for_objects_where_none_is_wanted():
    assert Wanted(("json", "sc")).with_objects().formats == ("json", "sc")
    assert Wanted(("json",)).with_objects().formats == ("json", "dicom")
    assert Wanted(("dicom",)).has("seg")
    assert not Wanted(("sr",)).has("seg", "sc")
