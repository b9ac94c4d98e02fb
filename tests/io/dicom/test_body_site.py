"""Body part, side and view by the header."""

import pytest
from pydicom.dataset import Dataset

from calcinet.io import read


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"BodyPartExamined": "LEG"}, ("lower leg", "L", "AP")),
        ({"BodyPartExamined": "EXTREMITY"}, ("extremity", "L", "AP")),
        (
            {"BodyPartExamined": "EXTREMITY", "AcquisitionDeviceProcessingDescription": "[LOWER LEG   ]"},
            ("lower leg", "L", "AP"),
        ),
        ({"BodyPartExamined": "HAND", "ImageLaterality": "R", "ViewPosition": "PA"}, ("hand", "R", "PA")),
        ({"BodyPartExamined": "", "ImageLaterality": "U", "ViewPosition": ""}, ("unknown", None, None)),
        ({"BodyPartExamined": "", "Modality": "MG"}, ("breast", "L", "AP")),
        ({"BodyPartExamined": "LEFT_ANKLE JOINT", "ViewPosition": "AP OBLIQUE"}, ("ankle", "L", "AP OBLIQUE")),
        ({"BodyPartExamined": "L SPINE", "ViewPosition": "LLO"}, ("lumbar spine", "L", "LLO")),
    ],
)
def test_body_part_side_and_view_in_plain_words(dicom, tags, expected):
    """In DICOM, LEG is the lower leg; a vague word gives way to what the device was set to."""
    image = read(dicom(**({"ImageLaterality": "L", "ViewPosition": "AP"} | tags)))

    assert (image.anatomy, image.laterality, image.view) == expected


@pytest.mark.parametrize("written", ["JANE SMITH", "SMITH", "AP SMITH", "BORN 1960"])
def test_free_text_for_body_part_or_view_is_left_out(dicom, written):
    """A name may stand where a body part should; it goes into no record."""
    image = read(dicom(BodyPartExamined=written, ViewPosition=written))

    assert (image.anatomy, image.view) == ("unknown", None)
    assert written.lower() not in repr(image.cautions).lower()


def test_coded_view_stands_in_for_free_text(dicom):
    """399368009 is the mediolateral oblique view."""
    code = Dataset()
    code.CodeValue = "399368009"

    assert read(dicom(ViewPosition="AS USUAL", ViewCodeSequence=[code])).view == "MLO"


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageLaterality": "L", "SeriesDescription": "Right ankle"},
        {"ImageLaterality": "L", "Laterality": "R"},
        {"ImageLaterality": "R", "Modality": "MG", "PatientOrientation": ["P", "R"]},
    ],
)
def test_contradicting_sides_are_remarked(dicom, tags):
    """The side is kept as stated, and a sentence asks to look at the film."""
    image = read(dicom(**tags))

    assert any("check the side" in caution for caution in image.cautions)


def test_agreeing_sides_are_not_remarked(dicom):
    """A description that names both sides contradicts neither."""
    image = read(dicom(ImageLaterality="L", SeriesDescription="left and right ankle", Laterality="L"))

    assert not any("side" in caution for caution in image.cautions)


def test_callers_body_part_wins_with_a_remark(dicom):
    """The film says lower leg."""
    image = read(dicom(), anatomy="Foot")

    assert image.anatomy == "foot"
    assert any("the file says lower leg" in caution for caution in image.cautions)
