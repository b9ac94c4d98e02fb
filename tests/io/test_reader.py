"""The call that reads."""

import pytest

from calcinet.errors import BadInput
from calcinet.io import read


def test_options_that_cannot_be_right_are_a_wrong_call(dicom):
    """Before any file is touched."""
    with pytest.raises(BadInput, match="modality must be"):
        read(dicom(), modality="MR")
    with pytest.raises(BadInput, match="spacing must be"):
        read(dicom(), spacing_mm=100)
    with pytest.raises(BadInput, match="anatomy must be"):
        read(dicom(), anatomy=" ")


def test_missing_path_is_a_wrong_call(tmp_path):
    """And does not repeat the name, which may be a patient's."""
    with pytest.raises(BadInput, match="path 1 of 1 does not exist") as caught:
        read(tmp_path / "jane-doe.dcm")

    assert "jane" not in str(caught.value)


def test_several_films_are_a_wrong_call_of_read(folder):
    """`read` is for one."""
    with pytest.raises(BadInput, match="found 3 images"):
        read(folder)
