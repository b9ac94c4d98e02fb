"""Planar or not."""

import pytest
from pydicom import DataElement, dcmread
from pydicom.dataset import Dataset

from calcinet.io import Refusal, read_all


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("TOMO", "projections of a SPECT"),
        ("RECON TOMO", "reconstructed from a SPECT"),
        ("DYNAMIC", "dynamic"),
        ("GATED", "gated"),
    ],
)
def test_what_is_not_planar_is_refused(written, kind, found):
    """Value 3 of Image Type says what it is."""
    (refused,) = read_all([written(ImageType=["ORIGINAL", "PRIMARY", kind, "EMISSION"])])

    assert isinstance(refused, Refusal)
    assert refused.code == "not-planar"
    assert found in refused.reason


def test_slices_of_a_spect_are_one_refusal(written, tmp_path):
    """Three files of one series."""
    for number in range(3):
        written(f"{number}.dcm", ImageType=["ORIGINAL", "PRIMARY", "RECON TOMO"], InstanceNumber=number)
    (refused,) = read_all([tmp_path])

    assert (refused.code, refused.modality) == ("not-planar", "NM")
    assert "(3 files of one series)" in refused.reason


def test_an_image_type_that_is_no_list_of_words_ends_nothing(written):
    """A sequence of unknown kind where words stand (found by fuzzing): the file is read, or refused in a sentence."""
    path = written()
    dataset = dcmread(path)
    del dataset.ImageType
    dataset.add(DataElement(0x00080008, "SQ", [Dataset()]))
    dataset.save_as(path)
    (item,) = read_all([path])

    assert not isinstance(item, Refusal) or "\n" not in item.reason
