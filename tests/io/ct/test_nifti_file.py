"""NIfTI files slab by slab, and what claims more than it holds."""

import gzip
import struct
import zlib

import nibabel
import numpy as np
import pytest

from calcinet.errors import Unreadable
from calcinet.io.ct.nifti_file import open_nifti

FLOAT64, INT16, RGB = (64, 64), (4, 16), (128, 24)
"""Code of a type and its bits (nifti1.h)."""


def header(shape, kind=INT16, offset=352.0):
    """348 bytes and no extension, axes to the right, the front and the head in millimetres."""
    made = bytearray(352)
    struct.pack_into("<i", made, 0, 348)
    struct.pack_into("<8h", made, 40, len(shape), *shape, *([1] * (7 - len(shape))))
    struct.pack_into("<hh", made, 70, *kind)
    struct.pack_into("<8f", made, 76, *[1.0] * 8)
    struct.pack_into("<ff", made, 108, offset, 1.0)
    struct.pack_into("<h", made, 254, 1)
    struct.pack_into("<12f", made, 280, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    made[344:348] = b"n+1\0"
    return bytes(made)


def read(data):
    file = open_nifti(data)
    volume = np.empty(file.shape)
    for number, slab in file.read_slabs():
        volume[..., number] = slab
    return volume


def refuse(data):
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.code


VALUES = np.arange(5 * 6 * 7, dtype="<i2").reshape(5, 6, 7)
PLAIN = header((5, 6, 7)) + VALUES.tobytes("F")


@pytest.mark.parametrize(
    "data",
    [PLAIN, gzip.compress(PLAIN), gzip.compress(PLAIN[:500]) + gzip.compress(PLAIN[500:])],
    ids=["plain", "packed", "packed in two"],  # the bytes hold the second in which they were packed
)
def test_values_come_back_packed_and_plain(data):
    """The first index runs fastest in the file; a packed file may be of several pieces."""
    assert np.array_equal(read(data), VALUES)


def test_axes_of_one_after_the_third_are_no_more_volumes():
    assert np.array_equal(read(header((5, 6, 7, 1, 1)) + VALUES.tobytes("F")), VALUES)


def test_slope_and_extension_count(tmp_path):
    """As another program writes them."""
    image = nibabel.Nifti1Image(VALUES.astype(np.float32) / 2, np.eye(4))
    image.set_data_dtype(np.int16)
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"SECRET" * 100))
    nibabel.save(image, tmp_path / "a.nii.gz")

    assert np.allclose(read((tmp_path / "a.nii.gz").read_bytes()), VALUES / 2, atol=0.01)


def test_a_header_that_claims_what_no_file_of_its_size_packs_is_refused_by_its_size():
    """600 million numbers of 8 bytes in a file of less than a kilobyte."""
    assert refuse(gzip.compress(header((1000, 1000, 600), FLOAT64) + bytes(10_000))) == "truncated"


def test_a_file_of_zeros_alone_is_refused_before_it_is_unpacked():
    """480 MB in 466 kB: a thousandth, and no scan packs to that."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [packer.compress(header((1000, 1000, 60), FLOAT64))]
    pieces += [packer.compress(bytes(2**20)) for _ in range(460)]

    assert refuse(b"".join([*pieces, packer.flush()])) == "too-large"


def test_what_follows_the_voxels_is_not_unpacked_without_end():
    """100 MB of zeros behind 420 bytes that are used."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [packer.compress(PLAIN), *(packer.compress(bytes(2**20)) for _ in range(100)), packer.flush()]

    assert refuse(b"".join(pieces)) == "too-large"


@pytest.mark.parametrize("offset", [-352.0, 1e9, float("nan"), float("inf"), 3e38])
def test_voxels_that_begin_nowhere_near_are_damage(offset):
    assert refuse(header((5, 6, 7), offset=offset) + VALUES.tobytes()) == "truncated"
    assert refuse(gzip.compress(header((5, 6, 7), offset=offset) + VALUES.tobytes())) == "truncated"


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ((5, 6), "multi-frame"),
        ((5, 6, 7, 2), "multi-frame"),
        ((32767,) * 7, "multi-frame"),
        ((5, -6, 7), "too-small"),
        ((32767,) * 3, "too-many-pixels"),
    ],
)
def test_shapes_that_are_no_volume_are_refused(shape, code):
    assert refuse(header(shape) + bytes(1000)) == code


def test_colours_are_refused():
    assert refuse(header((5, 6, 7), RGB) + bytes(5 * 6 * 7 * 3)) == "ct-not-hu"


@pytest.mark.parametrize("keep", [0, 3, 100, 348, 360, -1])
def test_files_that_break_off_are_damage(keep):
    assert refuse(PLAIN[:keep]) == "truncated"


@pytest.mark.parametrize("keep", [3, 100, -1, -5])
def test_packed_files_that_break_off_are_damage(keep):
    """At the end stand the check sum and the length."""
    assert refuse(gzip.compress(PLAIN)[:keep]) == "truncated"


def test_a_check_sum_that_does_not_fit_is_damage():
    data = bytearray(gzip.compress(PLAIN))
    data[-6] ^= 1

    assert refuse(bytes(data)) == "truncated"


def test_nothing_reaches_the_terminal(capfd):
    """A size of a voxel below zero is mended, and said on a log."""
    data = bytearray(PLAIN)
    struct.pack_into("<4f", data, 76, 5.0, -1, -1, -1)
    struct.pack_into("<h", data, 252, 7)

    read(bytes(data))

    assert capfd.readouterr() == ("", "")
