"""Planar or not."""

import pytest

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
