"""Too small or too large to be a film, by the header alone."""

import struct
import zlib

import numpy as np
import pytest

from tests.support.refusals import refused


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_one_pixel_is_refused(picture, suffix):
    """1 x 1 shows nothing."""
    result = refused(picture(np.zeros((1, 1), np.uint8), f"smith.{suffix}"))

    assert result.code == "too-small"
    assert "1 x 1" in result.reason


def test_thirty_thousand_square_is_refused_unopened(tmp_path):
    """The PNG header states the size; there are no pixels behind it, and none are asked for."""
    path = tmp_path / "smith.png"
    size = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(bytes(10))), (b"IEND", b"")]
    body = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(body))

    result = refused(path)

    assert result.code == "too-many-pixels"
    assert "at most 100 million" in result.reason
