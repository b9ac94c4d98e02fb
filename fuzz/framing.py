"""Several files as the bytes of one input, so that a series or a disc can be changed as one thing."""

from collections.abc import Sequence
from typing import Final

LENGTH_BYTES: Final = 4
"""Before each file, its length, lowest byte first."""

MOST_FILES: Final = 16
"""Our choice: more are slow to write, and no rule of the readers begins there."""


def pack(files: Sequence[bytes]) -> bytes:
    """Join files to one input.

    >>> unpack(pack([b"one", b"", b"two"]))
    [b'one', b'', b'two']
    """
    return b"".join(len(file).to_bytes(LENGTH_BYTES, "little") + file for file in files)


def unpack(data: bytes) -> list[bytes]:
    """The files of an input; any bytes are some files.

    >>> unpack(bytes((9, 0, 0, 0)) + b"less")
    [b'less']
    """
    files: list[bytes] = []
    start = 0
    while start + LENGTH_BYTES <= len(data) and len(files) < MOST_FILES:
        length = int.from_bytes(data[start : start + LENGTH_BYTES], "little")
        start += LENGTH_BYTES
        files.append(data[start : start + length])
        start += length
    return files
