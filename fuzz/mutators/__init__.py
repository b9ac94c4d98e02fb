"""Changes that keep the structure of a file, so that what lies behind its door is reached; each gives other bytes."""

from collections.abc import Callable
from random import Random
from typing import Literal

Mutator = Callable[[bytes, Random], bytes]
"""Other bytes in place of these, the same for the same random numbers; bytes without structure come back."""


def write_number(value: int, size: int, order: Literal["little", "big"] = "little") -> bytes:
    """The lowest bytes of a number, as many as there is room for.

    >>> write_number(0x12345, 2).hex()
    '4523'
    """
    return (value & ((1 << 8 * size) - 1)).to_bytes(size, order)
