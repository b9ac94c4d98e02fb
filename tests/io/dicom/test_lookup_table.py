"""Lookup tables, however their numbers are written."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from calcinet.io.dicom.lookup_table import read_table


def make_item(descriptor, data, *, keyword="LUTData", written="OW", descriptor_written="SL"):
    """A table; its descriptor in a representation that takes every number."""
    item = Dataset()
    name = keyword.removeprefix("Segmented").removesuffix("Data")
    item.add_new(f"{name}Descriptor", descriptor_written, descriptor)
    item.add_new(keyword, written, data)
    return item


def read(item, name="LUT", *, is_signed=False, is_little=True):
    return read_table(item, name, is_signed=is_signed, is_little=is_little)


@pytest.mark.parametrize("first", [-3, 65533])
def test_the_first_value_has_the_sign_of_the_pixels(first):
    """65533 is -3 in 16 bits; below and above the table its ends hold."""
    table = read(make_item([4, first, 16], [10, 20, 30, 40], written="US"), is_signed=True)

    assert table.look_up(np.array([-900, -3, -2, 0, 1, 900])).tolist() == [10, 10, 20, 40, 40, 40]


def test_a_first_value_without_sign_is_kept():
    table = read(make_item([2, 65533, 16], [1, 2], written="US"))

    assert table.look_up(np.array([0, 65533, 65534], dtype=np.uint16)).tolist() == [1, 1, 2]


def test_no_entries_are_65536():
    entries = np.arange(65536).astype("<u2")
    table = read(make_item([0, 0, 16], entries.tobytes()))

    assert np.array_equal(table.entries, entries)


@pytest.mark.parametrize(
    ("data", "is_little"),
    [
        (np.array([7, 8, 9], dtype="<u2").tobytes(), True),
        (np.array([7, 8, 9], dtype=">u2").tobytes(), False),
        (bytes([7, 8, 9, 0]), True),
        (bytes([8, 7, 0, 9]), False),
    ],
)
def test_entries_are_words_or_bytes_in_words(data, is_little):
    """Two bytes to a word, the first in its low half, in either order of bytes."""
    assert read(make_item([3, 0, 8], data), is_little=is_little).entries.tolist() == [7, 8, 9]


def test_bytes_in_words_that_came_as_numbers():
    assert read(make_item([4, 0, 8], [0x0201, 0x0403], written="US")).entries.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("order", ["<", ">"])
def test_segments_list_go_on_and_repeat(order):
    """PS3.3 C.7.9.2: 0 and 10 as they are, four steps to 50, then the two segments from byte 0 on once more."""
    codes = [0, 2, 0, 10, 1, 4, 50, 2, 2, 0, 0]
    data = np.array(codes, dtype=f"{order}u2").tobytes()
    item = make_item([12, 0, 16], data, keyword="SegmentedRedPaletteColorLookupTableData")
    table = read(item, "RedPaletteColorLookupTable", is_little=order == "<")

    assert table.entries.tolist() == [0, 10, 20, 30, 40, 50] * 2


def test_segments_of_bytes():
    """A reference of bytes has four of them; the second segment begins at byte 3."""
    data = bytes([0, 1, 0, 1, 3, 30, 2, 1, 3, 0, 0, 0])
    item = make_item([7, 0, 8], data, keyword="SegmentedRedPaletteColorLookupTableData")

    assert read(item, "RedPaletteColorLookupTable").entries.tolist() == [0, 10, 20, 30, 30, 30, 30]


@pytest.mark.parametrize(
    "codes",
    [
        [0, 9, 1, 2],
        [1, 4, 50],
        [0, 1, 5, 2, 65535, 0, 0],
        [0, 1, 5, 2, 3, 9, 9],
        [0, 1, 5, 1, 65535, 9, 1, 65535, 9],
        [9, 1, 1, 1],
    ],
)
def test_damaged_or_endless_segments_are_no_table(codes):
    """Cut off, going on from nothing, repeating too much or what is not there, too long, of no kind."""
    data = np.array(codes, dtype="<u2").tobytes()
    item = make_item([4, 0, 16], data, keyword="SegmentedRedPaletteColorLookupTableData")

    assert read(item, "RedPaletteColorLookupTable") is None


@pytest.mark.parametrize("descriptor", [[5, 0, 16], [3, 0], [1, 0, 16]])
def test_numbers_that_do_not_fit_each_other_are_no_table(descriptor):
    assert read(make_item(descriptor, bytes(8))) is None
    assert read(Dataset()) is None
