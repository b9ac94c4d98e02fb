"""Lookup tables of DICOM files, read without trust in how their numbers are written (PS3.3 C.11.1.1, C.7.6.3.1.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.io.dicom.header import numbers, tag

MOST_ENTRIES: Final = 65536
"""Written as 0 in the descriptor."""

BYTE: Final = 8
"""Bits of an entry up to which the codes of a segmented table are bytes."""

DISCRETE: Final = 0
"""Code of a segment that lists its entries, PS3.3 C.7.9.2.1."""

LINEAR: Final = 1
"""Code of a segment that goes from the entry before it to its one value, C.7.9.2.2."""

INDIRECT: Final = 2
"""Code of a segment that repeats others, C.7.9.2.3."""

REFERENCE_CODES: Final = 4
"""Bytes of a reference to others."""


@dataclass(frozen=True, slots=True, eq=False)
class LookupTable:
    """What each stored value becomes."""

    first: int
    """Stored value of the first entry; those below become it, those above the last become that."""
    entries: NDArray[Any]

    def look_up(self, stored: NDArray[Any]) -> NDArray[Any]:
        """Give the entry of each stored value."""
        places = np.clip(stored.astype(np.int64) - self.first, 0, self.entries.size - 1)
        return np.asarray(self.entries[places])


def read_table(item: Dataset, name: str, *, is_signed: bool, is_little: bool) -> LookupTable | None:
    """Read a table; None where there is none, or its numbers do not fit each other.

    Parameters
    ----------
    item
        What holds it.
    name
        Keyword of its elements without "Descriptor" and "Data": "LUT", "RedPaletteColorLookupTable".
    is_signed
        Whether stored values are, and so the first that the table maps.
    is_little
        Whether the file puts the low byte of a word first.
    """
    descriptor = numbers(item, f"{name}Descriptor")
    if len(descriptor) != 3:
        return None
    count = int(descriptor[0]) % MOST_ENTRIES or MOST_ENTRIES
    entries = _read_entries(tag(item, f"{name}Data"), count, is_little=is_little)
    if entries is None:
        width = _name_word(is_little=is_little)
        if descriptor[2] <= BYTE:
            width = "u1"
        entries = _expand_segments(tag(item, f"Segmented{name}Data"), count, width)
    if entries is None:
        return None
    return LookupTable(_read_first(int(descriptor[1]), is_signed=is_signed), entries)


def _read_first(first: int, *, is_signed: bool) -> int:
    """The first value mapped: 16 bits that files write with or without sign."""
    first %= 1 << 16
    if is_signed and first >= 1 << 15:
        return first - (1 << 16)
    return first


def _name_word(*, is_little: bool) -> str:
    """Type of a word, for numpy."""
    if is_little:
        return "<u2"
    return ">u2"


def _read_entries(data: Any, count: int, *, is_little: bool) -> NDArray[Any] | None:
    """The entries of a table, each in a byte or a word; None where there are not so many."""
    if isinstance(data, bytes):
        return _unpack_entries(data, count, is_little=is_little)
    try:
        values = np.asarray(list(data), dtype=np.int64) % (1 << 16)
    except (TypeError, ValueError):
        return None
    if values.size == (count + 1) // 2 < count:  # two entries to a word, the first in its low byte
        return np.asarray(values.astype("<u2").view(np.uint8)[:count])
    if values.size != count:
        return None
    return np.asarray(values.astype(np.uint16))


def _unpack_entries(data: bytes, count: int, *, is_little: bool) -> NDArray[Any] | None:
    words = np.frombuffer(data, _name_word(is_little=is_little), len(data) // 2)
    if words.size == count:
        return words
    if len(data) == count + count % 2:  # two entries to a word, the first in its low byte
        return np.asarray(words.astype("<u2").view(np.uint8)[:count])
    return None


def _expand_segments(data: Any, count: int, width: str) -> NDArray[Any] | None:
    """The entries of a table that is written in segments; None where it is damaged or has another number of them."""
    if not isinstance(data, bytes):
        return None
    codes = np.frombuffer(data, width, len(data) // np.dtype(width).itemsize)
    entries: list[int] = []
    for place in _list_segments(codes):
        if not _add_segment(codes, place, entries) or len(entries) > count:
            return None
    if len(entries) != count:
        return None
    return np.asarray(entries, dtype=np.uint16)


def _list_segments(codes: NDArray[Any]) -> Iterator[int]:
    """Where each segment begins, in the order in which they give entries; references are followed."""
    place = 0
    while place + 2 < codes.size:
        if codes[place] != INDIRECT:
            yield place
            place += _measure_segment(codes, place)
            continue
        repeated, start = int(codes[place + 1]), _read_reference(codes, place)
        place += REFERENCE_CODES // codes.itemsize + 2
        for _ in range(repeated):
            yield start
            start += _measure_segment(codes, start)


def _measure_segment(codes: NDArray[Any], place: int) -> int:
    """How many codes a segment has."""
    if place + 1 < codes.size and codes[place] == DISCRETE:
        return 2 + int(codes[place + 1])
    return 3


def _read_reference(codes: NDArray[Any], place: int) -> int:
    """Where the segments begin that are repeated: bytes from the beginning, the low part first."""
    parts = codes[place + 2 : place + 2 + REFERENCE_CODES // codes.itemsize]
    start = 0
    for number, part in enumerate(parts.tolist()):
        start |= part << (8 * codes.itemsize * number)
    return start // codes.itemsize


def _add_segment(codes: NDArray[Any], place: int, entries: list[int]) -> bool:
    """Add the entries of one segment; False where it is none."""
    kind, length, *values = codes[place : place + 3].tolist() or [None, 0]
    if kind == DISCRETE:
        entries += codes[place + 2 : place + 2 + length].tolist()
        return True
    if kind != LINEAR or not values or not entries:
        return False
    before = entries[-1]
    entries += np.rint(np.linspace(before, values[0], length + 1)[1:]).astype(int).tolist()
    return True
