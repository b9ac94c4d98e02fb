"""Changes of the entries of a zip: their names, packing, number, and what they hold."""

import warnings
import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from random import Random
from typing import Final

from fuzz.mutators import write_number
from fuzz.mutators.dicom import mutate_dicom

NAMES: Final = (
    *(
        "",
        "/",
        "../a.dcm",
        "/a.dcm",
        "a//b.dcm",
        "a\\b.dcm",
        ".hidden",
        "__MACOSX/x",
        "DICOMDIR",
        "deep/DICOMDIR",
        "a.zip",
    ),
    *(
        "a.dcm/",
        "A.DCM",
        "x" * 300,
        "é.png",
        "\u202egnp.dcm",
        "a:b.dcm",
        "CON",
        "film.truth.png",
        "record.json",
        "1.nii.gz",
    ),
)
"""How an entry may be called."""

METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

FIELDS: Final = {b"PK\1\2": 46, b"PK\3\4": 30, b"PK\5\6": 22, b"PK\6\6": 56}
"""Signatures of the headers of a zip, and their length (APPNOTE 4.3)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a zip."""

    name: str
    data: bytes
    method: int = zipfile.ZIP_STORED


def mutate_zip(data: bytes, random: Random) -> bytes:
    """A zip with an entry changed, or with a field of one of its headers."""
    if random.random() < 0.4:
        return change_field(data, random)
    try:
        entries = read_entries(data)
    except Exception:  # damaged by an earlier change, in any of many ways
        return change_field(data, random)
    if not entries:
        return data
    number = random.randrange(len(entries))
    entries[number : number + 1] = _change(entries[number], data, random)
    return write_entries(entries)


def read_entries(data: bytes) -> list[Entry]:
    """The entries of a zip."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [Entry(member.filename, archive.read(member), member.compress_type) for member in archive.infolist()]


def write_entries(entries: list[Entry]) -> bytes:
    """A zip of entries, the same bytes for the same."""
    stream = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # of names that come twice
        for entry in entries:
            archive.writestr(zipfile.ZipInfo(entry.name), entry.data, entry.method)
    return stream.getvalue()


def _change(entry: Entry, whole: bytes, random: Random) -> list[Entry]:
    """The entries that come in place of one."""
    changed: tuple[list[Entry], ...] = (
        [],
        [entry, entry],
        [entry, replace(entry, name=random.choice(NAMES))],
        [replace(entry, name=random.choice(NAMES))],
        [replace(entry, method=random.choice(METHODS))],
        [replace(entry, data=entry.data[: random.randrange(len(entry.data) + 1)])],
        [replace(entry, data=mutate_dicom(entry.data, random))],
        [replace(entry, data=whole)],
    )
    return random.choice(changed)


def change_field(data: bytes, random: Random) -> bytes:
    """A zip with bytes of a header changed."""
    found = []
    for signature in FIELDS:
        at = data.find(signature)
        while at >= 0:
            found.append((at, FIELDS[signature]))
            at = data.find(signature, at + 1)
    if not found:
        return data
    start, length = random.choice(found)
    at = start + 4 + random.randrange(length - 4)
    size = random.choice((1, 2, 4))
    value = random.choice((0, 1, 8, 12, 14, 0x7F, 0xFF, 0xFFFF, 0xFFFFFFFF, random.randrange(2**32)))
    return data[:at] + write_number(value, size) + data[at + size :]
