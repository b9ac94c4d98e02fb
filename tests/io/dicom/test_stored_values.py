"""The value in a cell, whatever lies beside it. The right values are those that were put in before bits were added."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.stored_values import (
    ValueBits,
    bits_of,
    find_padding,
    padding_of,
    require_integers,
    values_of,
)

SLOPE = np.tile(np.linspace(-1000, 1500, 64).round().astype(np.int64), (8, 1))
"""Smooth greys of 12 bits with a sign."""

UNSIGNED = SLOPE + 1100
"""The same without."""

TWELVE = ValueBits(12, 11)

RNG = np.random.default_rng(1)


def as_cells(values, dtype=np.uint16):
    """The lowest 16 bits of each number."""
    return (values & 0xFFFF).astype(np.uint16).view(dtype)


@pytest.mark.parametrize("dirt", ["none", "zeros", "random", "ones", "corner"])
@pytest.mark.parametrize(("values", "dtype"), [(SLOPE, np.int16), (UNSIGNED, np.uint16)])
def test_bits_above_the_value_are_dropped_and_the_sign_is_that_of_its_highest(values, dtype, dirt):
    """Sign extended or not, under noise, or under letters in a corner."""
    upper = {
        "none": values & 0xF000,
        "zeros": 0,
        "random": RNG.integers(0, 16, values.shape) << 12,
        "ones": 0xF000,
        "corner": (np.arange(64) < 9) * 0x8000,
    }[dirt]
    found, is_wrong = values_of(as_cells(values & 0x0FFF | upper, dtype), TWELVE)

    assert found.dtype == dtype
    assert np.array_equal(found, values)
    assert not is_wrong


@pytest.mark.parametrize(("values", "dtype"), [(SLOPE, np.int16), (UNSIGNED, np.uint16)])
@pytest.mark.parametrize("dirt", [0, 0x000F, 0x0003])
def test_values_that_lie_in_the_upper_bits_come_down(values, dtype, dirt):
    """High Bit 15 of 12 stored: bits 4 to 15, whatever lies in bits 0 to 3."""
    found, is_wrong = values_of(as_cells((values << 4) | dirt, dtype), ValueBits(12, 15))

    assert np.array_equal(found, values)
    assert not is_wrong


@pytest.mark.parametrize(("values", "dtype"), [(SLOPE, np.int16), (UNSIGNED, np.uint16)])
def test_a_high_bit_that_no_value_reaches_is_not_believed(values, dtype):
    """High Bit 15, and values that fill bits 0 to 11: shifted down they would lose what they are."""
    found, is_wrong = values_of(as_cells(values, dtype), ValueBits(12, 15))

    assert np.array_equal(found, values)
    assert is_wrong


@pytest.mark.parametrize(("values", "dtype"), [(SLOPE * 3, np.int16), (UNSIGNED * 3, np.uint16)])
def test_values_that_need_more_bits_than_stated_are_kept_as_they_are(values, dtype):
    """Smooth up to 7800: cut at 12 bits, they would jump by 4096."""
    found, is_wrong = values_of(as_cells(values, dtype), TWELVE)

    assert np.array_equal(found, values)
    assert is_wrong


def test_an_overlay_is_dropped_whatever_is_smoother():
    found, is_wrong = values_of(as_cells(UNSIGNED * 3), ValueBits(12, 11, has_overlay=True))

    assert np.array_equal(found, UNSIGNED * 3 % 4096)
    assert not is_wrong


@pytest.mark.parametrize("bits", [0, 16, 17])
def test_cells_that_are_full_or_of_unknown_bits_are_values(bits):
    cells = as_cells(UNSIGNED)

    assert values_of(cells, ValueBits(bits, bits - 1)) == (cells, False)


def make_header(**tags):
    header = Dataset()
    for keyword, value in tags.items():
        setattr(header, keyword, value)
    return header


def test_high_bit_is_the_last_stored_where_nothing_or_nonsense_is_said():
    assert bits_of(make_header(BitsStored=12)) == TWELVE
    assert bits_of(make_header(BitsStored=12, HighBit=7)) == TWELVE
    assert bits_of(make_header(BitsStored=12, HighBit=15)) == ValueBits(12, 15)


def test_an_overlay_is_known_by_its_bit():
    header = make_header(BitsStored=12, HighBit=11)
    header.add_new(0x60020102, "US", 13)

    assert bits_of(header).has_overlay


@pytest.mark.parametrize(
    ("sign", "written", "meant"),
    [(1, 63536, -2000), (1, -2000, -2000), (0, 63536, 63536), (0, -1, 65535), (1, 2000, 2000)],
)
def test_padding_has_the_sign_of_the_pixels(sign, written, meant):
    """63536 is what 16 bits of -2000 are without a sign."""
    header = make_header(BitsAllocated=16, PixelRepresentation=sign)
    header.add_new("PixelPaddingValue", "SL", written)

    assert padding_of(header) == (meant, meant)
    assert padding_of(make_header(BitsAllocated=16)) is None


def test_padding_is_found_in_whole_cells_and_in_values():
    """-32768 of 16 bits is 0 of 12; -2048 of 12 bits is 2048 of 16, where the sign is not extended."""
    cells = np.array([[-32768, 2048, 7, 0]], dtype=np.int16)
    values, _ = values_of(cells, TWELVE)

    assert values.tolist() == [[0, -2048, 7, 0]]
    assert find_padding(cells, values, (-32768, -32768)).tolist() == [[True, False, False, False]]
    assert find_padding(cells, values, (-2048, -2048)).tolist() == [[False, True, False, False]]


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"FloatPixelData": bytes(8)}, "float-pixels"),
        ({"DoubleFloatPixelData": bytes(8)}, "float-pixels"),
        ({"BitsAllocated": 12}, "unsupported-pixels"),
        ({"BitsAllocated": 24}, "unsupported-pixels"),
    ],
)
def test_pixels_that_are_no_whole_numbers_of_whole_bytes_are_refused(tags, code):
    with pytest.raises(Unreadable) as caught:
        require_integers(make_header(**tags))

    assert caught.value.code == code
    require_integers(make_header(BitsAllocated=32))
