"""DICOM files that are no CT."""

import nibabel
import numpy as np
import pytest

from calcinet.io import read, read_all


@pytest.mark.parametrize(
    ("modality", "code", "words"),
    [
        ("MR", "not-a-radiograph", "magnetic resonance"),
        ("US", "not-a-radiograph", "ultrasound"),
        ("SR", "not-a-radiograph", "structured report"),
        ("OT", "not-a-radiograph", "--modality DX"),
    ],
)
def test_other_modalities_are_refused_by_name(dicom, modality, code, words):
    """What was found, what was expected, what to do."""
    result = read_all([dicom(Modality=modality)])[0]

    assert (result.code, result.modality) == (code, modality)
    assert words in result.reason
    assert "expected a radiograph" in result.reason


def test_what_is_given_for_a_ct_is_said_to_be_of_no_use_for_a_film(dicom, tmp_path):
    """Masks and a calibration."""
    (tmp_path / "masks").mkdir()
    nibabel.save(nibabel.Nifti1Image(np.ones((2, 2, 2), np.uint8), np.eye(4)), tmp_path / "masks" / "aorta.nii.gz")
    (plain,) = read_all([dicom()])
    (image,) = read_all([dicom()], labels=tmp_path / "masks", mg_per_cm3_per_hu=0.8)

    assert image.cautions == (
        *plain.cautions,
        "the masks that were given are for a CT: a film is examined without",
        "the calcium calibration that was given is for a CT: a film is examined without",
    )


def test_impossible_character_set_is_survived(dicom):
    """ISO_IR 999 does not exist, and the name holds a byte of no character; the parser's warning would quote it."""
    path = dicom(SpecificCharacterSet="ISO_IR 192", PatientName="Jane", PatientID=None)
    data = path.read_bytes().replace(b"ISO_IR 192", b"ISO_IR 999").replace(b"Jane", b"J\xffne")
    path.write_bytes(data)

    image = read(path)

    assert any("breaks the standard" in caution for caution in image.cautions)
    assert "J" + "\xff" not in repr(image.cautions)
