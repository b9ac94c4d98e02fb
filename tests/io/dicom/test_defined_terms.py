"""Words of the standard, and words that may be names."""

import pytest

from calcinet.io.dicom.defined_terms import is_repeatable, known_modality


@pytest.mark.parametrize("stated", ["DX", "CR", "CT", "MG", "NM", "MR", "US", "OT", "SC", "RTSTRUCT", "ct"])
def test_modalities_of_the_standard_are_known(stated):
    assert known_modality(stated) == stated.upper()


@pytest.mark.parametrize("stated", ["", "CHAN", "CHAN TAI MAN", "DX CHAN", "DX\\CHAN", "A1234567", "X-RAY"])
def test_other_words_are_none(stated):
    assert known_modality(stated) is None


@pytest.mark.parametrize(
    ("keyword", "values", "may"),
    [
        ("Modality", ("DX",), True),
        ("Modality", ("CHAN",), False),
        ("PatientOrientation", ("L", "F"), True),
        ("PatientOrientation", ("PLF", "AFR"), True),
        ("PatientOrientation", (), True),
        ("PatientOrientation", ("CHAN", "TAI MAN"), False),
        ("Laterality", ("R",), True),
        ("Laterality", ("RIGHT CHAN",), False),
        ("ImageLaterality", ("U",), True),
        ("PatientPosition", ("FFS",), True),
        ("PatientPosition", ("HFDR",), True),
        ("PatientPosition", ("HF CHAN",), False),
        ("ViewPosition", ("AP",), True),
        ("ViewPosition", ("CHAN",), False),
        ("BodyPartExamined", ("LEG",), True),
        ("BodyPartExamined", ("LOWER_LEG",), True),
        ("BodyPartExamined", ("CHAN TAI MAN",), False),
        ("BodyPartExamined", ("1234567 LEG",), False),
        ("BurnedInAnnotation", ("NO",), True),
        ("BurnedInAnnotation", ("CHAN",), False),
        ("StudyDescription", ("anything",), True),
    ],
)
def test_elements_with_words_of_their_own_keep_those_alone(keyword, values, may):
    """What has no such words is left to whoever writes it: named objects repeat it, others do not."""
    assert is_repeatable(keyword, values) is may
