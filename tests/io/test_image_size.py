"""Too small or too large to be a film, by the header alone."""

import struct
import zlib

import numpy as np
import pytest

from calcinet.errors import Unreadable
from calcinet.io.image_size import require_size
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


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [(63, 64, "too-small"), (64, 63, "too-small"), (10_000, 10_001, "too-many-pixels")],
)
def test_the_limits_are_64_pixels_a_side_and_100_million_in_all(rows, columns, code):
    """64 x 64 and 10,000 x 10,000 are just inside."""
    require_size(64, 64)
    require_size(10_000, 10_000)
    with pytest.raises(Unreadable) as caught:
        require_size(rows, columns)

    assert caught.value.code == code
