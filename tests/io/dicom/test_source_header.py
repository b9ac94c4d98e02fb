"""What other objects repeat of an image's header."""

import pytest
from pydicom.dataset import Dataset

from calcinet.io.dicom.header import quiet
from calcinet.io.dicom.source_header import BLANK_IF_ABSENT, REQUIRED, copy_source_header


def header(**tags: object) -> Dataset:
    """The identifiers that a reference needs, with the given elements set (None: without)."""
    made = Dataset()
    for keyword, value in {**dict.fromkeys(REQUIRED, "1.2.3"), **tags}.items():
        if value is not None:
            setattr(made, keyword, value)
    return made


@pytest.mark.parametrize("missing", REQUIRED)
def test_without_an_identifier_nothing_can_refer_to_the_image(missing):
    assert copy_source_header(header(**{missing: None})) is None


def test_an_identifier_that_is_none_is_no_reference():
    """A UID holds digits and points."""
    with pytest.warns(UserWarning, match="Invalid value for VR UI"):
        made = header(StudyInstanceUID="1.2.x")

    assert copy_source_header(made) is None


def test_patient_and_study_are_there_even_where_the_file_is_silent():
    copied = copy_source_header(header(PatientID="7"))

    assert copied is not None
    assert copied.PatientID == "7"
    assert all(keyword in copied for keyword in BLANK_IF_ABSENT)
    assert copied.PatientName == ""
    assert "PixelSpacing" not in copied


@pytest.mark.parametrize(("filed", "copied_as"), [("F", "F"), ("W", ""), (None, "")])
def test_a_sex_that_the_standard_does_not_know_is_left_blank(filed, copied_as):
    copied = copy_source_header(header(PatientSex=filed))

    assert copied is not None
    assert copied.PatientSex == copied_as


def test_pixels_and_what_is_not_listed_stay_behind():
    copied = copy_source_header(header(PixelData=b"\0\0", InstitutionName="St. Mary"))

    assert copied is not None
    assert "PixelData" not in copied
    assert "InstitutionName" not in copied


def test_decimals_of_more_than_sixteen_characters_are_rounded():
    """PS3.5 6.2: a decimal string has at most 16 characters; a third has 14 digits behind "0." then."""
    with quiet():
        made = header(PixelSpacing=[0.5, 1 / 3])
    copied = copy_source_header(made)

    assert copied is not None
    assert [str(decimal) for decimal in copied.PixelSpacing] == ["0.5", "0.33333333333333"]


@pytest.mark.parametrize(
    ("filed", "copied_as"), [("+0800", "+0800"), ("-03:30", "-0330"), ("+2500", None), (None, None)]
)
def test_the_zone_of_the_times_is_repeated_where_there_is_such_a_zone(filed, copied_as):
    copied = copy_source_header(header(TimezoneOffsetFromUTC=filed))

    assert copied is not None
    assert copied.get("TimezoneOffsetFromUTC") == copied_as
