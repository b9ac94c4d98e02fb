"""One table decides what is said of each modality."""

from pathlib import Path

import pytest

from calcinet.record import ScintigramRecord
from calcinet.report import sections
from calcinet.report.labels import SPACING_BASIS
from calcinet.report.language import translator
from calcinet.report.sections.image_name import image_name
from calcinet.report.sections.modalities import CT, FILM, SCINTIGRAM, modality_text

_ = translator("en")


@pytest.fixture(scope="module")
def scan(record):
    scan = ScintigramRecord(views=("anterior", "posterior"), whole_body=True, counts=1.5e6)
    changes = {"scintigram": scan, "findings": (), "view": "anterior + posterior", "anatomy": "whole body"}
    return record.images[0].model_copy(update=changes)


def test_entry_is_chosen_by_what_the_record_holds(record, ct_image, scan):
    assert modality_text(record.images[0]) is FILM
    assert modality_text(ct_image) is CT
    assert modality_text(scan) is SCINTIGRAM


@pytest.mark.parametrize("entry", [FILM, SCINTIGRAM])
def test_origin_of_the_millimetres_is_known_for_every_basis(entry):
    assert set(entry.spacing_basis) == set(SPACING_BASIS)


def test_camera_with_parallel_holes_enlarges_nothing():
    """What is corrected on a film is given on a scan; all else is the same."""
    differing = {basis for basis, text in SCINTIGRAM.spacing_basis.items() if text != FILM.spacing_basis[basis]}

    assert differing == {"corrected"}


def test_measures_and_findings_are_shown_once(ct_image, scan):
    """What the modality's own tables hold is in no other."""
    assert (CT.lists_findings, SCINTIGRAM.lists_findings, SCINTIGRAM.lists_measures) == (False, False, False)
    assert any("Findings" in str(block) for block in CT.blocks(ct_image, _))


def test_names_of_images_hold_side_part_and_view(record, ct_image, scan):
    film = record.images[0]
    unnamed = {"anatomy": "unknown", "laterality": None, "view": None}

    assert image_name(film, _) == "Left lower leg, AP"
    assert image_name(scan.model_copy(update={"laterality": None}), _) == "Whole body, anterior + posterior"
    assert image_name(film.model_copy(update=unnamed), _) == "Film of an unnamed body part"
    assert image_name(ct_image.model_copy(update=unnamed), _) == "Unnamed body part, CT"


def test_one_module_of_a_modality_knows_no_other():
    """Only the table sees all; what two share is in the folder above."""
    root = Path(sections.__file__).parent
    folders = ("ct", "mammogram", "radiograph", "scintigram")
    for folder in folders:
        text = "".join(path.read_text("utf-8") for path in (root / folder).glob("*.py"))
        strangers = [other for other in folders if other != folder and f"report.sections.{other}" in text]
        assert strangers == [], folder
