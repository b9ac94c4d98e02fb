"""What decodes packed pixels in a process of its own: bombs, tricks, and JPEG of 12 bits."""

import struct
import zlib

import numpy as np
import pytest
import tifffile
from pydicom import dcmread

from calcinet.errors import Unreadable
from calcinet.io import read
from calcinet.io.decoder import Undecodable, decode
from calcinet.io.decoder_worker import Refused, inflate_strip
from tests.support.films import compressed


def test_twelve_bit_jpeg_is_decoded(dicom):
    """JPEG Extended at quality 95 keeps half of the pixels within 2 of 4095 steps."""
    plain = twelve_bits(dicom)
    image = read(compressed(plain, "JPEGExtendedProcess2_4"))

    assert np.median(abs(image.plane - dcmread(plain).pixel_array)) <= 2


def test_damaged_twelve_bit_jpeg_is_refused(dicom):
    """Cut in the middle of its stream, the lengths put right: the decoder's complaint becomes a sentence."""
    path = compressed(twelve_bits(dicom), "JPEGExtendedProcess2_4")
    data = bytearray(path.read_bytes())
    start = data.index(b"\xff\xda")
    data[start + 200 : start + 2000] = b"\xff\xd9" * 900
    path.write_bytes(data)

    with pytest.raises(Unreadable, match="JPEG Extended") as caught:
        read(path)

    assert caught.value.code == "cannot-decode"


def twelve_bits(dicom):
    pixels = dcmread(dicom()).pixel_array >> 4
    return dicom(pixels=pixels, BitsStored=12, HighBit=11)


ASKED = {"least": 64, "most": 10**8, "inflation": 250}


def refuse(task, data):
    with pytest.raises(Undecodable) as caught:
        decode(task, data, **ASKED)
    return caught.value.why


def zeros(megabytes):
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(megabytes)), packer.flush()])


def tiff(side, strip, rows):
    """Grey of 16 bits, all of whose strips of so many rows lie at one place (TIFF 6.0, section 2)."""
    count = -(-side // rows)
    entries = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 16), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]
    table = 8 + 2 + 12 * 10 + 4
    place = table + 8 * count
    offsets, lengths = table, table + 4 * count
    if count == 1:
        offsets, lengths = place, len(strip)
    entries += [(273, 4, count, offsets), (278, 4, 1, rows), (279, 4, count, lengths), (339, 3, 1, 1)]
    directory = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    tables = struct.pack("<I", place) * count + struct.pack("<I", len(strip)) * count
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + directory + bytes(4) + tables + strip


def tiled(side, tile, data):
    """The same in squares of `tile` pixels, all of which lie at one place (TIFF 6.0, section 15)."""
    count = (-(-side // tile)) ** 2
    table = 8 + 2 + 12 * 11 + 4
    entries = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 16), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]
    entries += [(322, 4, 1, tile), (323, 4, 1, tile), (324, 4, count, table), (325, 4, count, table + 4 * count)]
    directory = b"".join(struct.pack("<HHII", *entry) for entry in [*entries, (339, 3, 1, 1)])
    tables = struct.pack("<I", table + 8 * count) * count + struct.pack("<I", len(data)) * count
    return struct.pack("<2sHIH", b"II", 42, 8, 11) + directory + bytes(4) + tables + data


def test_strips_that_hold_what_they_say_are_read():
    row = np.arange(100, dtype="<u2")

    decoded = decode("TIFF", tiff(100, zlib.compress(row.tobytes()), 1), **ASKED)

    assert np.array_equal(decoded.samples, np.tile(row, (100, 1)))
    assert decoded.facts["inverted"] is False


@pytest.mark.parametrize("rows", [1, 1000])
def test_a_strip_that_unpacks_to_more_than_its_rows_is_refused(rows):
    """300 kB for 300 MB, once or a thousand times over."""
    assert refuse("TIFF", tiff(1000, zeros(300), rows)) == "inflation"


def test_a_tile_that_unpacks_to_more_than_its_square_is_refused():
    """Sixteen tiles of one such stream; sound ones are read."""
    square = np.arange(64 * 64, dtype="<u2").reshape(64, 64)
    sound = decode("TIFF", tiled(256, 64, zlib.compress(square.tobytes())), **ASKED)

    assert np.array_equal(sound.samples, np.tile(square, (4, 4)))
    assert refuse("TIFF", tiled(256, 64, zeros(100))) == "inflation"


def test_a_strip_may_be_as_long_as_the_others():
    assert inflate_strip(zlib.compress(bytes(200)), out=100) == bytes(200)
    with pytest.raises(Refused):
        inflate_strip(zlib.compress(bytes(300_000)), out=100)


def test_a_tiff_that_claims_a_thousand_times_its_size_is_refused_unread():
    """9000 x 9000 of 16 bits have 162 MB."""
    assert refuse("TIFF", tiff(9000, zlib.compress(b""), 9000)) == "inflation"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(columns, rows, *, depth=8, colour=0, pixels=b"", before=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("depth", "colour"), [(1, 0), (16, 6), (8, 3)])
def test_a_png_of_too_many_pixels_is_refused_by_its_header(depth, colour):
    assert refuse("PNG", png(60_000, 60_000, depth=depth, colour=colour)) == "size"


def test_a_png_of_nothing_but_zeros_is_refused_by_its_header():
    """9999 x 9999 in four channels of 16 bits: 800 MB in a hundred bytes."""
    assert refuse("PNG", png(9999, 9999, depth=16, colour=6)) == "inflation"


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
def test_text_of_a_png_that_unpacks_without_end_is_not_waited_for(kind):
    """200 MB behind 200 kB; the pixels themselves are sound, so it may be read or refused, but within the bounds."""
    packed = {b"zTXt": b"k\0\0", b"iCCP": b"k\0\0", b"iTXt": b"k\0\1\0\0\0"}[kind] + zeros(200)
    pixels = zlib.compress((b"\0" + bytes(range(100))) * 100)

    try:
        decode("PNG", png(100, 100, pixels=pixels, before=chunk(kind, packed)), **ASKED)
        why = "damaged"
    except Undecodable as error:
        why = error.why

    assert why == "damaged"


def test_a_name_in_a_tiff_is_not_printed(tmp_path, film, capfd):
    """Its description is in an encoding that the reader does not know, and complains about with the text itself."""
    text = "姓名 SECRET".encode("gbk")
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, film.plane.astype(np.uint16), description="X" * len(text))
    path.write_bytes(path.read_bytes().replace(b"X" * len(text), text))

    assert read(path).plane.shape == film.plane.shape
    assert capfd.readouterr() == ("", "")
