"""What unpacks to more than images can: refused before memory is taken for it."""

import zlib
from typing import Final

from calcinet.errors import Unreadable
from calcinet.limits import INFLATION, MIB, Limit
from calcinet.text import say

MODEST_BYTES: Final = 64 * MIB
"""What unpacks to no more than this is harmless, however small its file. Our choice."""

CHUNK_BYTES: Final = 16 * MIB
"""Unpacked at a time. Our choice."""


def is_bomb(packed: int, unpacked: int) -> bool:
    """Whether so many bytes cannot have become so few as an image.

    >>> is_bomb(24_000, 200_000_000), is_bomb(24_000, 2_000_000), is_bomb(20_000_000, 200_000_000)
    (True, False, False)
    """
    return unpacked > MODEST_BYTES and unpacked > INFLATION.value * packed


def refuse_bomb() -> Unreadable:
    """The refusal of what would fill the memory."""
    message = say("the file unpacks to far more than an image of its size: not opened")
    return Unreadable(message, code="too-large")


def inflate(data: bytes, window_bits: int, limit: Limit) -> bytes:
    """Unpack deflated bytes of at most `limit`; what follows their end is left out.

    Raises
    ------
    Unreadable
        If they unpack to more ("too-large").
    zlib.error
        If they are damaged.
    EOFError
        If they break off.
    """
    unpacking = zlib.decompressobj(window_bits)
    pieces = []
    count = 0
    rest = data
    while not unpacking.eof:
        piece = unpacking.decompress(rest, CHUNK_BYTES)
        if not (piece or unpacking.unconsumed_tail or unpacking.eof):
            raise EOFError("the packed bytes break off")
        rest = unpacking.unconsumed_tail
        count += len(piece)
        pieces.append(piece)
        if count > limit.value or is_bomb(len(data), count):
            raise refuse_bomb()
    return b"".join(pieces)
