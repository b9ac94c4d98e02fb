"""Bone scans written to files."""

import pytest

from calcinet.io.scintigram.writer import write_scintigram
from tests.support.retagged import retagged
from tests.support.scintigrams import scan


@pytest.fixture
def written(tmp_path):
    """Write a scan and set (None: delete) elements."""

    def write(name="scan.dcm", image=None, **tags):
        return retagged(write_scintigram(tmp_path / name, image or scan()), **tags)

    return write
