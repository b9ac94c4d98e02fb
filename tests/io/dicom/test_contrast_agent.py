"""Contrast agent: yes, no, or nothing said."""

import pytest
from pydicom.dataset import Dataset

from calcinet.io import read
from calcinet.io.dicom.contrast_agent import contrast_of
from tests.support.ctfiles import body, series


@pytest.mark.parametrize(
    ("tags", "contrast"),
    [
        ({}, None),
        ({"ContrastBolusAgent": ""}, None),
        ({"ContrastBolusAgent": "Omnipaque 350"}, True),
        ({"ContrastBolusAgent": "APPLIED", "ContrastBolusRoute": "IV"}, True),
        ({"ContrastBolusVolume": 90}, True),
        ({"ContrastBolusVolume": 0}, None),
        ({"ContrastBolusAgent": "none"}, False),
        ({"ContrastBolusAgent": "Kein"}, False),
        ({"ContrastBolusAgent": "sans"}, False),
    ],
)
def test_contrast_is_what_the_header_says_or_unknown(tmp_path, tags, contrast):
    """A header that is silent never becomes a no."""
    assert read(series(tmp_path, body(), **tags)).acquisition.contrast is contrast


@pytest.mark.parametrize(("answers", "used"), [(["NO", "NO"], False), (["NO", "YES"], True), (["NO", ""], None)])
def test_one_frame_with_contrast_is_enough(answers, used):
    """Administered (0018,9342) of the frames; not all of them say it."""
    header = Dataset()
    header.PerFrameFunctionalGroupsSequence = [Dataset() for _ in answers]
    for frame, answer in zip(header.PerFrameFunctionalGroupsSequence, answers, strict=True):
        usage = Dataset()
        usage.ContrastBolusAgentAdministered = answer
        frame.ContrastBolusUsageSequence = [usage]

    assert contrast_of(header) is used
