"""What other objects repeat of an image's header."""

from io import BytesIO

import pytest
from pydicom import dcmread, dcmwrite
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


@pytest.mark.parametrize(
    ("character_sets", "filed", "copied_as"),
    [
        (["", "ISO 2022 IR 58"], b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东"),
        (["", "ISO 2022 IR 149"], b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", "Hong^Gildong=洪^吉洞"),
        (["", "ISO 2022 IR 87"], b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "Yamada^Tarou=山田^太郎"),
        ("GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
        ("ISO_IR 100", b"M\xfcller^J\xf6rg", "Müller^Jörg"),
    ],
)
def test_a_name_in_any_letters_is_repeated_as_it_is(character_sets, filed, copied_as):
    """Bytes of PS3.5 annexes H to K: what announces the letters is no part of the name."""
    written = header(PatientName="X" * len(filed), PatientID="7")
    written.SpecificCharacterSet = character_sets
    stream = BytesIO()
    dcmwrite(stream, written, implicit_vr=False, little_endian=True)
    read = dcmread(BytesIO(stream.getvalue().replace(b"X" * len(filed), filed)), force=True)
    copied = copy_source_header(read)

    assert copied is not None
    assert str(copied.PatientName).rstrip("=") == copied_as
