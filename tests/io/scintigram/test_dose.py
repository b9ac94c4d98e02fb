"""Activity by the header."""

import pytest
from pydicom.dataset import Dataset

from calcinet.io.scintigram.dose import dose_mbq


def dose(stated):
    drug = Dataset()
    if stated is not None:
        drug.RadionuclideTotalDose = stated
    return dose_mbq(drug)


@pytest.mark.parametrize(("stated", "mbq"), [("740", 740), ("35", 35), ("1110", 1110)])
def test_mbq_are_taken_as_they_are(stated, mbq):
    assert dose(stated) == (mbq, ())


def test_a_dose_in_becquerel_is_recognised():
    """740,000,000 cannot be MBq."""
    found, remarks = dose("740000000")

    assert found == 740
    assert "taken as Bq" in remarks[0]


@pytest.mark.parametrize("stated", ["20", "25", "740000", "0.74", "0", "-740", "7.4e12"])
def test_what_is_no_dose_of_a_bone_scan_is_not_used_and_said(stated):
    """20 and 25 mCi, 740,000 kBq, 0.74 GBq, nothing, less than nothing, more than anything."""
    found, remarks = dose(stated)

    assert found is None
    assert "none of a bone scan in MBq" in remarks[0]


def test_no_dose_stated_is_nothing_said():
    assert dose(None) == (None, ())
