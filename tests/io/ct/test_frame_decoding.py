"""Stored pixels to HU: rescale, padding, spare bits and packing."""

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.uid import RLELossless

from calcinet.io import read
from tests.support.ctfiles import body, series, slice_file


def said(image, words):
    return any(words in caution for caution in image.cautions)


@pytest.mark.parametrize(
    "tags",
    [
        {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0},
        {"RescaleSlope": 0.5, "BitsStored": 16, "HighBit": 15},
        {"PhotometricInterpretation": "MONOCHROME1"},
    ],
)
def test_values_go_through_the_rescale(tmp_path, tags):
    """Signed, halved, or shown inverted: the same HU."""
    assert np.array_equal(read(series(tmp_path, body(), **tags)).pixels, body())


def test_each_slice_has_its_own_rescale(tmp_path):
    """Intercepts of -1024, -1025, ..."""
    hu = body()
    for index, plane in enumerate(hu):
        slice_file(tmp_path / f"{index}", plane, (-10, -20, 100 + 2 * index), index, RescaleIntercept=-1024 - index)

    assert np.array_equal(read(tmp_path).pixels, hu)


@pytest.mark.parametrize("padding", [-2000, -2048, -3024, -1800, -8192, -32768])
def test_padding_outside_the_field_becomes_air(tmp_path, padding):
    """Corners that were never reconstructed: three usual values, and three far below air that nothing names."""
    hu = body()
    hu[:, :5, :5] = padding
    tags = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0}
    image = read(series(tmp_path, hu, **tags))

    assert (image.pixels[:, :5, :5] == -1024).all()
    assert np.array_equal(image.pixels[:, 5:], body()[:, 5:])


def test_a_padding_value_of_the_header_becomes_air_unless_it_lies_among_tissue(tmp_path):
    """-1200 is padding where the header says so; 0 HU is water, whatever the header says."""
    hu = body()
    hu[:, :5, :5] = -1200
    tags = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0}
    believed = read(series(tmp_path / "a", hu, PixelPaddingValue=-1200, **tags))
    not_believed = read(series(tmp_path / "b", body(), PixelPaddingValue=0, **tags))

    assert (believed.pixels[:, :5, :5] == -1024).all()
    assert np.array_equal(not_believed.pixels, body())


def test_values_above_bits_stored_are_taken_and_remarked(tmp_path):
    """The header allows 10 bits, up to 1023; 1724 is stored."""
    image = read(series(tmp_path, body(), BitsStored=10, HighBit=9))

    assert np.array_equal(image.pixels, body())
    assert said(image, "Bits Stored")


def test_an_old_overlay_in_the_upper_bits_is_cleared(tmp_path):
    """Bit 15 of a 12-bit pixel marks the overlay."""
    hu = body()
    series(tmp_path, hu)
    for path in tmp_path.iterdir():
        dataset = dcmread(path)
        stored = dataset.pixel_array.copy()
        stored[:4, :4] |= 0x8000
        dataset.PixelData = stored.tobytes()
        dataset.add_new(0x60000102, "US", 15)
        dataset.save_as(path)

    assert np.array_equal(read(tmp_path).pixels, hu)


def change_cells(folder, change, **tags):
    """Give every slice other cells, as `change` makes them of those of 16 bits with a sign."""
    for path in folder.iterdir():
        dataset = dcmread(path)
        cells = np.frombuffer(dataset.PixelData, "<i2").astype(np.int64)
        dataset.PixelData = (change(cells) & 0xFFFF).astype("<u2").tobytes()
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)
        dataset.save_as(path)


SIGNED = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0}


@pytest.mark.parametrize(
    ("change", "high"),
    [
        (lambda cells: cells & 0x0FFF, 11),
        (lambda cells: cells & 0x0FFF | 0x7000, 11),
        (lambda cells: cells & 0x0FFF | (np.arange(cells.size) % 13 << 12), 11),
        (lambda cells: cells << 4, 15),
        (lambda cells: cells << 4 | (np.arange(cells.size) % 13), 15),
        (lambda cells: cells & 0x0FFF, 15),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_signed_values_of_12_bits_are_read_among_whatever_lies_beside_them(tmp_path, change, high, packed):
    """Not extended, under ones, under anything, in the upper bits, and said to be there when they are not."""
    hu = np.clip(body(), -1024, 2047)
    series(tmp_path, hu, **SIGNED)
    change_cells(tmp_path, change, BitsStored=12, HighBit=high)
    if packed:
        for path in tmp_path.iterdir():
            dataset = dcmread(path)
            dataset.compress(RLELossless)
            dataset.save_as(path)

    assert np.array_equal(read(tmp_path).pixels, hu)


def test_padding_of_whole_cells_is_air(tmp_path):
    """-32768 lies outside of 12 bits; written without a sign it is 32768."""
    hu = np.clip(body(), -1024, 2047)
    hu[:, :5, :5] = -32768
    series(tmp_path, hu, **SIGNED)
    change_cells(tmp_path, lambda cells: cells, BitsStored=12, HighBit=11)
    for path in tmp_path.iterdir():
        dataset = dcmread(path)
        dataset.add_new("PixelPaddingValue", "US", 32768)
        dataset.save_as(path)
    image = read(tmp_path)

    assert (image.pixels[:, :5, :5] == -1024).all()
    assert np.array_equal(image.pixels[:, 5:], hu[:, 5:])


@pytest.mark.parametrize(("implicit", "little"), [(True, True), (False, True), (False, False)])
def test_slices_without_meta_information(tmp_path, implicit, little):
    """In each encoding of a bare data set; how the bytes of a pixel stand follows from that of its elements."""
    series(tmp_path, body())
    for path in tmp_path.iterdir():
        dataset = dcmread(path)
        del dataset.file_meta
        dataset.preamble = None
        if not little:
            dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
        dcmwrite(path, dataset, implicit_vr=implicit, little_endian=little, force_encoding=True)

    assert np.array_equal(read(tmp_path).pixels, body())


def test_padding_of_signed_pixels_that_a_file_calls_unsigned_becomes_air(tmp_path):
    """-2000 stored in 16 bits is 63536, denser than any metal; the header names it."""
    hu = body()
    hu[:, :5, :5] = 63536 - 1024
    image = read(series(tmp_path, hu, BitsStored=16, HighBit=15, PixelPaddingValue=63536))

    assert (image.pixels[:, :5, :5] == -1024).all()
    assert np.array_equal(image.pixels[:, 5:], body()[:, 5:])
