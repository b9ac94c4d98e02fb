"""Dose, injection and scan by the header."""

import pytest
from pydicom import dcmread

from calcinet.io import read


def test_injection_before_midnight(written):
    """Only clock times: injected 22:30, scanned 01:30, three hours later on the next day."""
    path = written(AcquisitionTime="013000")
    dataset = dcmread(path)
    del dataset.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartDateTime
    dataset.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartTime = "223000"
    dataset.save_as(path)

    assert read(path).emission.hours_after_injection == pytest.approx(3.0)


def test_a_dose_in_becquerel_is_recognised(written):
    """740,000,000 cannot be MBq."""
    path = written()
    dataset = dcmread(path)
    dataset.RadiopharmaceuticalInformationSequence[0].RadionuclideTotalDose = "740000000"
    dataset.save_as(path)
    image = read(path)

    assert image.emission.dose_mbq == 740
    assert any("taken as Bq" in caution for caution in image.cautions)


@pytest.mark.parametrize("clock", [None, "", "09"])
def test_a_time_of_day_that_is_missing_is_not_midnight(written, clock):
    """Injected 14:00 at the fixed hour 12 + 2; without a clock of the scan the wait is unknown."""
    image = read(written(AcquisitionTime=clock))

    assert (image.emission.hours_after_injection, image.emission.scanned_h) == (None, None)


def test_a_time_without_seconds_is_whole(written):
    """Scanned 17:00, written without seconds: still 3 h."""
    assert read(written(AcquisitionTime="1700")).emission.hours_after_injection == pytest.approx(3.0)
