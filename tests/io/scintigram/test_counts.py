"""Stored values as counts, and pictures that are none."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.errors import Unreadable
from calcinet.io import read, read_all
from tests.support.scintigrams import scan


def test_a_sum_that_differs_from_the_stated_counts_is_remarked(written):
    """The tag says 1000; the pixels sum up to more."""
    image = read(written(CountsAccumulated=1000))

    assert any("the file states 1,000 counts" in caution for caution in image.cautions)


def test_counts_that_nobody_stated_are_taken_on_trust(written):
    """Without Counts Accumulated nothing can be checked, and that is said."""
    image = read(written(CountsAccumulated=None))

    assert image.emission.counts_stated is None
    assert any("taken on trust" in caution for caution in image.cautions)


def test_a_scan_without_counts_is_refused(written):
    """All zero."""
    path = written()
    dataset = dcmread(path)
    dataset.PixelData = bytes(len(dataset.PixelData))
    dataset.save_as(path)

    with pytest.raises(Unreadable, match="no counts") as error:
        read(path)
    assert error.value.code == "no-counts"


@pytest.mark.parametrize("kind", ["SECONDARY", "PRIMARY"])
def test_a_picture_of_a_scan_holds_no_counts(written, kind):
    """Times 8 and cut off at 255, no Counts Accumulated: 8 * 40 = 320 in 200 pixels, 8 * 7 = 56 in the others."""
    image = scan()
    image.pixels[:, 60:70, 20:40] = 40
    path = written(
        image=replace(image, pixels=np.minimum(8 * image.pixels, 255)),
        ImageType=["DERIVED", kind, "WHOLE BODY", "EMISSION"],
        CountsAccumulated=None,
    )
    (refused,) = read_all([path])

    assert refused.code == "no-counts"
    assert "picture" in refused.reason


def test_a_secondary_picture_is_refused_uncut(written):
    """Whatever its values are: nobody says how many counts they stand for."""
    (refused,) = read_all([written(ImageType=["DERIVED", "SECONDARY", "WHOLE BODY"], CountsAccumulated=None)])

    assert refused.code == "no-counts"


@pytest.mark.parametrize("dirt", [0xF000, 0x8000])
def test_bits_that_hold_no_counts_are_dropped(written, dirt):
    """12 of 16 bits are counts."""
    path = written()
    right = read(path).pixels
    dataset = dcmread(path)
    cells = dataset.pixel_array
    assert cells.max() < 4096
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    dataset.PixelData = (cells | dirt).astype("<u2").tobytes()
    dataset.save_as(path)

    assert np.array_equal(read(path).pixels, right)


def test_a_slope_of_0_is_not_used_and_that_is_said(written):
    """The counts are those that are stored."""
    stored = read(written("stored.dcm"))
    image = read(written(RescaleSlope=0, RescaleIntercept=5))

    assert np.array_equal(image.pixels, stored.pixels)
    assert any("Rescale Slope" in caution for caution in image.cautions)
