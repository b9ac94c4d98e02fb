"""A CT that is written is read again as it was."""

import dataclasses

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.errors import BadInput
from calcinet.io import read
from calcinet.io.ct.writer import write_ct
from tests.support.ctfiles import AFFINE, body, series


def test_a_written_series_is_read_as_it_was(tmp_path):
    image = read(series(tmp_path / "given", body()))
    (tmp_path / "written").mkdir()
    paths = write_ct(tmp_path / "written", image)
    again = read(tmp_path / "written")

    assert len(paths) == 12
    assert np.array_equal(again.pixels, image.pixels)
    assert np.allclose(again.affine, AFFINE)
    assert (again.acquisition.kvp, again.acquisition.kernel) == (120, "B30f")


def test_slices_are_numbered_from_the_head_down(tmp_path):
    """The first file is the lowest slice, number 12 of 12."""
    (tmp_path / "written").mkdir()
    paths = write_ct(tmp_path / "written", read(series(tmp_path / "given", body())))

    assert dcmread(paths[0]).InstanceNumber == 12
    assert dcmread(paths[0]).SliceLocation == 100


def test_an_image_without_a_spacing_is_refused(tmp_path):
    image = dataclasses.replace(read(series(tmp_path, body())), spacing_mm=None, affine=None, spacing_basis="unknown")
    with pytest.raises(BadInput, match="a CT series is written from Hounsfield units with a spacing"):
        write_ct(tmp_path, image)
