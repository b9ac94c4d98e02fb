"""Changes of DICOM elements: left out, twice, of another kind, with another length, with values at the edge."""

import struct
from dataclasses import dataclass
from random import Random
from typing import Final

from pydicom._dicom_dict import DicomDictionary

from fuzz.mutators import write_number
from fuzz.mutators.words import read_tags, read_terms

PREAMBLE_BYTES: Final = 132
"""Preamble and magic word, PS3.10 7.1."""

LONG_KINDS: Final = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
"""Value representations whose length has four bytes, PS3.5 7.1.2."""

KINDS: Final = (
    *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS"),
    *(b"ST", b"TM", b"UI", b"UL", b"US", b"XX", b"\0\0", *sorted(LONG_KINDS)),
)
"""Every value representation, and two that do not exist."""

DELIMITERS: Final = (b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0")
"""Item, end of an item, end of a sequence: they have no value representation (PS3.5 7.5)."""

UNDEFINED: Final = 0xFFFFFFFF

TEXTS: Final = (
    *(b"", b" ", b"0", b"-0", b"-1", b"1", b"2", b"255", b"65536", b"2147483648", b"-2147483649", b"9" * 40, b"1e308"),
    *(b"1e-308", b"1e999", b"nan", b"inf", b"-inf", b"1.5", b"1,5", b"0x10", b"1\\2", b"1\\2\\3", b"1\\2\\3\\4\\5\\6"),
    *(b"\\", b"\\\\\\", b"0\\0", b"-1\\1", b"1e-9\\1e9", b"0\\0\\0\\0\\0\\0", b"1\\0\\0\\0\\1\\0", b"1\\0\\0\\1\\0\\0"),
    *(b"YES", b"NONE", b"DX", b"CR", b"MG", b"NM", b"CT", b"MR", b"XA", b"L", b"R", b"B", b"MONOCHROME1", b"RGB"),
    *(b"PALETTE COLOR", b"YBR_FULL_422", b"LIN", b"LOG", b"FOR PROCESSING", b"ORIGINAL\\PRIMARY\\LOCALIZER", b"HU"),
    *(b"20240230", b"00000000", b"99999999", b"235960.9999999", b"256060", b"20240101120000.123456+1400", b"20240101-"),
    *(
        b"1.2.840.10008.1.2",
        b"1.2.840.10008.1.2.1",
        b"1.2.840.10008.1.2.1.99",
        b"1.2.840.10008.1.2.2",
        b"1..2",
        b"1." * 40,
    ),
    *(b"1.2.840.10008.1.2.5", b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.90", b"1.2.840.10008.1.2.4.70"),
    *(
        b"ISO_IR 100",
        b"ISO_IR 192",
        b"\\ISO 2022 IR 87",
        b"GB18030",
        b"..",
        b"IMAGES\\A2",
        b"\xff\xfe\0\x1b$B",
        b"x" * 70,
    ),
)
"""Values of elements of text: numbers at and beyond their edges, terms that decide the way through the readers."""

NUMBERS: Final = (0, 1, 2, 3, 7, 8, 12, 15, 16, 17, 31, 32, 63, 64, 127, 128, 255, 256, 4096, 32767, 32768, 65535)
"""Values of 16 bits."""

FLOATS: Final = (0.0, -0.0, 1e-308, 1e308, float("nan"), float("inf"), -1.0, 0.5)

SHARE_OF_WORDS: Final = 0.7
"""How often an element is one that the readers ask for. Our choice."""

TAGS: Final = tuple(number for number, entry in DicomDictionary.items() if entry[4] and number >> 16 < 0x7000)
"""Elements that the standard knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Where an element stands in the bytes of a file, explicit, lowest byte first."""

    start: int
    """Of its tag."""
    kind: bytes
    """Value representation; empty of delimiters."""
    value: int
    """Where the value begins."""
    end: int
    """Behind the value; of a sequence, and of an item, where the value begins."""


def find_elements(data: bytes) -> list[Element]:
    """Every element at every depth in the order of the file, as far as it can be followed."""
    start = PREAMBLE_BYTES if data[128:PREAMBLE_BYTES] == b"DICM" else 0
    elements = []
    is_packed = False
    while start + 8 <= len(data):
        element = _read_element(data, start, is_packed=is_packed)
        elements.append(element)
        if element.kind:
            is_packed = element.kind in (b"OB", b"OW") and element.end == element.value
        start = element.end
    return elements


def _read_element(data: bytes, start: int, *, is_packed: bool) -> Element:
    """The element that begins at `start`; within packed pixels an item is a piece of them."""
    kind = data[start + 4 : start + 6]
    if data[start : start + 4] in DELIMITERS:
        kind, value = b"", start + 8
        length = int.from_bytes(data[start + 4 : value], "little") if is_packed else 0
    elif kind in LONG_KINDS:
        value = start + 12
        length = int.from_bytes(data[start + 8 : value], "little")
    else:
        value = start + 8
        length = int.from_bytes(data[start + 6 : value], "little")
    if kind == b"SQ" or length == UNDEFINED:
        length = 0
    return Element(start=start, kind=kind, value=value, end=min(value + length, max(value, len(data))))


def mutate_dicom(data: bytes, random: Random) -> bytes:
    """A DICOM file with one to three of its elements changed."""
    for _ in range(random.choice((1, 1, 2, 3))):
        elements = find_elements(data)
        if not elements:
            return data
        element = random.choice(elements)
        data = random.choice(CHANGES)(data, element, random)
    return data


def splice_dicom(data: bytes, other: bytes, random: Random) -> bytes:
    """A DICOM file with an element of another."""
    given, taken = find_elements(data), find_elements(other)
    if not given or not taken:
        return data
    place, element = random.choice(given), random.choice(taken)
    end = place.end if random.random() < 0.5 else place.start
    return data[: place.start] + other[element.start : element.end] + data[end:]


def make_element(tag: int, kind: bytes, value: bytes) -> bytes:
    """The bytes of an element.

    >>> make_element(0x00280010, b"US", bytes((64, 0))).hex()
    '28001000555302004000'
    """
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + kind
    if kind in LONG_KINDS:
        return head + bytes(2) + struct.pack("<I", len(value)) + value
    return head + struct.pack("<H", len(value) & 0xFFFF) + value


def wrap_item(tag: int, content: bytes) -> bytes:
    """The bytes of a sequence of one item, both ended by a mark."""
    item, item_end, end = DELIMITERS
    head = make_element(tag, b"SQ", b"")[:8] + b"\xff" * 4
    return head + item + b"\xff" * 4 + content + item_end + bytes(4) + end + bytes(4)


def choose_value(kind: bytes, random: Random) -> bytes:
    """A value of a kind that is at the edge of what it may be, or beyond."""
    count = random.choice((1, 1, 1, 2, 3, 6))
    if kind in (b"US", b"SS", b"OW", b"AT"):
        return struct.pack(f"<{count}H", *random.choices(NUMBERS, k=count))
    if kind in (b"UL", b"SL"):
        return struct.pack(f"<{count}I", *random.choices((*NUMBERS, 2**31, UNDEFINED), k=count))
    if kind == b"FL":
        return b"".join(random.choice((struct.pack("<f", 1.0), b"\0\0\x80\x7f", b"\0\0\xc0\x7f")) for _ in range(count))
    if kind == b"FD":
        return struct.pack(f"<{count}d", *random.choices(FLOATS, k=count))
    text = random.choice(read_terms() if random.random() < SHARE_OF_WORDS / 2 else TEXTS)
    return text + b" " * (len(text) % 2)


def _put_value(data: bytes, element: Element, random: Random) -> bytes:
    if not element.kind:
        return _put_length(data, element, random)
    tag = int.from_bytes(data[element.start : element.start + 2], "little") << 16
    tag |= int.from_bytes(data[element.start + 2 : element.start + 4], "little")
    made = make_element(tag, element.kind, choose_value(element.kind, random))
    return data[: element.start] + made + data[element.end :]


def _put_kind(data: bytes, element: Element, random: Random) -> bytes:
    return data[: element.start + 4] + random.choice(KINDS) + data[element.start + 6 :]


def _put_length(data: bytes, element: Element, random: Random) -> bytes:
    size = 2 if element.kind and element.kind not in LONG_KINDS else 4
    length = random.choice((0, 1, 2, 3, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, UNDEFINED, random.randrange(4096)))
    return data[: element.value - size] + write_number(length, size) + data[element.value :]


def _leave_out(data: bytes, element: Element, random: Random) -> bytes:
    del random
    return data[: element.start] + data[element.end :]


def _write_twice(data: bytes, element: Element, random: Random) -> bytes:
    del random
    return data[: element.end] + data[element.start :]


def _insert(data: bytes, element: Element, random: Random) -> bytes:
    """Another element of the standard before this one."""
    tag = random.choice(read_tags() if random.random() < SHARE_OF_WORDS else TAGS)
    kind = DicomDictionary[tag][0][:2].encode()
    made = make_element(tag, kind, choose_value(kind, random))
    if kind == b"SQ":
        made = wrap_item(tag, _make_asked(random))
    return data[: element.start] + made + data[element.start :]


def _make_asked(random: Random) -> bytes:
    """Up to three elements that the readers ask for, as what an item holds."""
    made = b""
    for tag in sorted(random.sample(read_tags(), random.randrange(4))):
        kind = DicomDictionary[tag][0][:2].encode()
        if kind != b"SQ":
            made += make_element(tag, kind, choose_value(kind, random))
    return made


def _cut_off(data: bytes, element: Element, random: Random) -> bytes:
    return data[: random.choice((element.start, element.value, element.end, element.end - 1))]


def _swap(data: bytes, element: Element, random: Random) -> bytes:
    """Let two elements change their places."""
    other = random.choice(find_elements(data))
    first, second = sorted((element, other), key=lambda found: found.start)
    if first.end > second.start:
        return data
    middle = data[first.end : second.start]
    moved = data[second.start : second.end] + middle + data[first.start : first.end]
    return data[: first.start] + moved + data[second.end :]


CHANGES: Final = (
    *(_put_value, _put_value, _put_value, _put_value, _put_kind, _put_length, _leave_out, _leave_out),
    *(_write_twice, _insert, _insert, _cut_off, _swap),
)
"""What is done to an element, the more useful more often."""
