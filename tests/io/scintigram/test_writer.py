"""Bone scans written as DICOM."""

from dataclasses import replace

import pytest

from calcinet.errors import BadInput
from calcinet.io.scintigram.writer import write_scintigram
from tests.support.scintigrams import scan


def test_halves_of_counts_are_not_written(tmp_path):
    """More than 16 bits hold."""
    image = scan()

    with pytest.raises(BadInput, match="16 bits"):
        write_scintigram(tmp_path / "scan.dcm", replace(image, pixels=image.pixels * 1e5))
