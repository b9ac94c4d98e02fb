"""What unpacks to more than images can."""

import zlib

import pytest

from calcinet.errors import Unreadable
from calcinet.io.inflation import inflate, is_bomb
from calcinet.limits import HEADER_BYTES

RAW = -zlib.MAX_WBITS


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, RAW)
    return packer.compress(data) + packer.flush()


def test_what_was_packed_comes_back_without_what_follows():
    data = bytes(range(256)) * 100_000

    assert inflate(deflated(data) + b"trailer", RAW, HEADER_BYTES) == data
    assert inflate(deflated(b""), RAW, HEADER_BYTES) == b""


def test_more_than_the_limit_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_HEADER_BYTES", "100000")

    with pytest.raises(Unreadable) as caught:
        inflate(deflated(bytes(100_001)), RAW, HEADER_BYTES)

    assert caught.value.code == "too-large"
    assert inflate(deflated(bytes(100_000)), RAW, HEADER_BYTES) == bytes(100_000)


def test_a_bomb_is_refused_below_the_limit():
    """100 MiB of zeros become 100 kB: a thousandth, and noise never does."""
    with pytest.raises(Unreadable):
        inflate(deflated(bytes(100 * 2**20)), RAW, HEADER_BYTES)


@pytest.mark.parametrize("keep", [0, 1, 50, -1])
def test_bytes_that_break_off_are_told(keep):
    with pytest.raises(EOFError):
        inflate(deflated(bytes(range(256)) * 1000)[:keep], RAW, HEADER_BYTES)


def test_other_bytes_are_told():
    with pytest.raises(zlib.error):
        inflate(b"\xff" * 20, RAW, HEADER_BYTES)


def test_a_bomb_is_large_in_itself_and_beside_its_file():
    """Up to 64 MiB nothing is asked; above, 250 times is the most."""
    assert not is_bomb(1, 64 * 2**20)
    assert not is_bomb(2**20, 250 * 2**20)
    assert is_bomb(2**20, 250 * 2**20 + 1)
