"""Mammograms and digitised films of breasts at the door."""

import cv2
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    BreastTomosynthesisImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalMammographyXRayImageStorageForProcessing,
)

from calcinet.errors import Unreadable
from calcinet.io import read, read_all, write_radiograph
from calcinet.io.mammogram.rejection import IMPLANT, SYNTHESISED
from calcinet.phantoms.mammogram import BreastSpec, breast
from tests.support.retagged import retagged

SPEC = BreastSpec(view="MLO", laterality="R", seed=5, pixel_mm=0.25, field_mm=(100.0, 80.0), size_mm=(42.0, 55.0))


@pytest.fixture(scope="module")
def film():
    return breast(SPEC).image


@pytest.fixture
def mammogram(tmp_path, film):
    """Write the film as DICOM MG and set (None: delete) the given elements."""

    def write(**tags):
        return retagged(write_radiograph(tmp_path / "mammogram.dcm", film), **tags)

    return write


def coded(value):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", "a code"
    return Sequence([item])


def test_a_mammogram_is_written_and_read_as_one(mammogram):
    path = mammogram()
    image = read(path)

    assert dcmread(path).SOPClassUID == DigitalMammographyXRayImageStorageForPresentation
    assert (image.modality, image.anatomy, image.laterality, image.view) == ("MG", "breast", "R", "MLO")
    assert not image.linear


def test_raw_data_are_for_processing(tmp_path, film):
    from dataclasses import replace

    path = write_radiograph(tmp_path / "raw.dcm", replace(film, linear=True))

    assert dcmread(path).SOPClassUID == DigitalMammographyXRayImageStorageForProcessing
    assert read(path).linear


def test_the_stated_magnification_is_divided_out(mammogram):
    """0.07 mm at the detector over 1.05 is 0.0667 mm in the breast (Estimated Radiographic Magnification Factor)."""
    image = read(
        mammogram(
            ImagerPixelSpacing=[0.07, 0.07],
            PixelSpacing=None,
            PixelSpacingCalibrationType=None,
            EstimatedRadiographicMagnificationFactor=1.05,
        )
    )

    assert image.spacing_basis == "corrected"
    assert image.magnification == pytest.approx(1.05)
    assert image.pixel_mm == pytest.approx((0.07 / 1.05, 0.07 / 1.05))


def test_a_magnification_view_is_no_mistake(mammogram):
    """1.8 is what a magnification stand gives: 0.1 mm become 0.0556 mm."""
    image = read(
        mammogram(
            ImagerPixelSpacing=[0.1, 0.1],
            PixelSpacing=None,
            PixelSpacingCalibrationType=None,
            EstimatedRadiographicMagnificationFactor=1.8,
        )
    )

    assert image.pixel_mm == pytest.approx((0.1 / 1.8,) * 2)


def test_the_detectors_pitch_alone_leaves_the_magnification_open(mammogram):
    image = read(mammogram(ImagerPixelSpacing=[0.085, 0.085], PixelSpacing=None, PixelSpacingCalibrationType=None))

    assert image.spacing_basis == "detector"
    assert image.magnification_interval[1] > 1.0


def test_view_and_side_are_read_from_codes(mammogram):
    """View Code Sequence names CC where View Position is silent."""
    image = read(mammogram(ViewPosition=None, ViewCodeSequence=coded("399162004"), ImageLaterality="L"))

    assert (image.laterality, image.view) == ("L", "CC")


def test_a_digitised_film_that_is_called_a_mammogram_shows_a_breast(tmp_path, film):
    grey = (255 * (film.plane - film.plane.min()) / np.ptp(film.plane)).astype(np.uint8)
    path = tmp_path / "scan.png"
    cv2.imwrite(str(path), grey)
    image = read(path, modality="MG", spacing_mm=0.25)

    assert (image.modality, image.anatomy, image.pixel_mm) == ("MG", "breast", (0.25, 0.25))
    assert read(path, modality="MG", anatomy="axilla").anatomy == "axilla"
    assert read(path).anatomy == "unknown"


@pytest.mark.parametrize(
    "tags",
    [
        {"SpecimenDescriptionSequence": Sequence([Dataset()])},
        {"ViewCodeSequence": coded("127457009")},
        {"AnatomicRegionSequence": coded("G-8310")},
    ],
)
def test_tissue_that_was_cut_out_is_refused(mammogram, tags):
    """Tissue specimen from breast (CID 4014), by its module, as a view or as a region."""
    with pytest.raises(Unreadable, match="cut out") as refused:
        read(mammogram(**tags))

    assert refused.value.code == "specimen"


@pytest.mark.parametrize(
    "tags",
    [
        {"SOPClassUID": BreastTomosynthesisImageStorage, "NumberOfFrames": 12},
        {"SOPClassUID": BreastTomosynthesisImageStorage, "ImageType": ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "NONE"]},
        {"ImageType": ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "NONE"]},
        {"ImageType": ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "GENERATED_2D"], "NumberOfFrames": 2},
    ],
)
def test_slices_of_a_tomosynthesis_are_refused_and_no_slice_is_asked_for(mammogram, tags):
    with pytest.raises(Unreadable, match="no single slice") as refused:
        read(mammogram(**tags))

    assert refused.value.code == "tomosynthesis"
    assert "export the frame" not in str(refused.value)


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageType": ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "GENERATED_2D"]},
        {"SeriesDescription": "R MLO C-View"},
    ],
)
def test_a_projection_that_was_computed_is_read_with_a_caution(mammogram, tags):
    assert SYNTHESISED in read(mammogram(**tags)).cautions


def test_an_implant_is_remarked_on(mammogram):
    assert IMPLANT in read(mammogram(BreastImplantPresent="YES")).cautions


def test_nothing_is_remarked_on_where_there_is_no_implant_and_nothing_was_computed(mammogram):
    image = read(mammogram(BreastImplantPresent="NO", SeriesDescription="R MLO"))

    assert not {IMPLANT, SYNTHESISED} & set(image.cautions)


def test_examinations_are_numbered_in_the_order_of_the_files(tmp_path, mammogram):
    """Studies A, B, A and one that is not named: 1, 2, 1, None."""
    paths = []
    for number, study in enumerate(("1.2.3", "1.2.4", "1.2.3", None)):
        path = tmp_path / f"film{number}.dcm"
        path.write_bytes(mammogram(StudyInstanceUID=study, SOPInstanceUID=f"1.2.9.{number}").read_bytes())
        paths.append(path)

    assert [image.examination for image in read_all(paths)] == [1, 2, 1, None]


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageType": ["DERIVED", "PRIMARY", "", "", "SUBTRACTION"]},
        {"ImageType": ["DERIVED", "PRIMARY", "RECOMBINED"]},
        {"SeriesDescription": "R CC CEM subtracted"},
    ],
)
def test_a_picture_computed_from_two_energies_is_refused(mammogram, tags):
    """Contrast mammography: its vessels are filled, its calcium may be gone."""
    (refused,) = read_all([mammogram(**tags)])

    assert refused.code == "subtracted"
    assert "low energy" in refused.reason


def test_contrast_agent_is_said_unless_none_was_given(mammogram):
    with_agent = read(mammogram(ContrastBolusAgent="Iohexol"))
    without = read(mammogram(ContrastBolusAgent="NONE"))

    assert any("contrast agent was given" in caution for caution in with_agent.cautions)
    assert not any("contrast agent" in caution for caution in without.cautions)


@pytest.mark.parametrize(
    ("modifier", "words"),
    [
        ("399055006", "part of the breast"),
        ("R-102D7", "part of the breast"),
        ("399163009", "part of the breast"),
        ("399209000", "pulled away from its implant"),
    ],
)
def test_a_view_of_a_part_is_said(mammogram, modifier, words):
    """Spot compression, magnification, displaced implant: what is not in the view is not graded."""
    view = coded("399162004")
    view[0].ViewModifierCodeSequence = coded(modifier)
    image = read(mammogram(ViewCodeSequence=view, ViewPosition=None, BreastImplantPresent="YES"))
    plain = read(mammogram(ViewCodeSequence=coded("399162004"), ViewPosition=None))

    assert image.view == "CC"
    assert any(words in caution for caution in image.cautions)
    assert not any(words in caution for caution in plain.cautions)


def test_a_magnification_view_without_a_factor_is_between_one_and_twice_as_large(mammogram):
    view = coded("399162004")
    view[0].ViewModifierCodeSequence = coded("399163009")
    path = mammogram(ViewCodeSequence=view)
    dataset = dcmread(path)
    for keyword in ("PixelSpacing", "EstimatedRadiographicMagnificationFactor", "DistanceSourceToPatient"):
        if keyword in dataset:
            delattr(dataset, keyword)
    dataset.ImagerPixelSpacing = [0.1, 0.1]
    dataset.save_as(path)
    image = read(path)

    assert (image.pixel_mm, image.magnification_interval) == ((0.1, 0.1), (1.0, 2.0))
    assert any("magnification view" in caution for caution in image.cautions)


@pytest.mark.parametrize(("stated", "side"), [("LEFT", "L"), ("RECHTS", "R"), ("IZQUIERDA", "L"), ("DESTRA", "R")])
def test_a_side_in_words_is_one(mammogram, stated, side):
    assert read(mammogram(ImageLaterality=stated)).laterality == side
