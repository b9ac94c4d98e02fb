"""Phase 1: the headers of an archive, in Parquet; slices of a list of files, scanned by whoever is free."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calcinet.cohort.columns import INDEX, Column, make_schema
from calcinet.cohort.parquet import write_table, write_whole
from calcinet.cohort.pseudonyms import Naming, find_age, read_day
from calcinet.cohort.slices import SLICE_FILES, Slice, find_parts, name_part
from calcinet.cohort.sources import GONE, Entry, Source, make_loader, reopen_source
from calcinet.errors import MachineFault, Unreadable
from calcinet.io.quick_header import QuickHeader, read_quick_header
from calcinet.text import plain

if TYPE_CHECKING:
    import pyarrow as pa

LISTED: Final = (
    Column(name="path", type="text", meaning="place in the archive"),
    Column(name="member", type="text", meaning="name inside a zip"),
    Column(name="bytes", type="integer", meaning="size of the file", unit="By"),
    Column(name="code", type="text", meaning="why it cannot be listed, for programs"),
    Column(name="reason", type="text", meaning="why it cannot be listed"),
)
"""The list of files as it was found."""

KILLED: Final = "killed-worker"
"""Code of what twice killed the process that had it."""

PICTURE: Final = "picture"
"""Modality of what is no DICOM."""

LONGEST_DEVICE: Final = 64
"""Letters, as of the element (PS3.5 6.2 LO)."""


def list_files(source: Source, folder: Path, tell: Callable[[int], None]) -> int:
    """Write the list of all files of an archive, in parts of `SLICE_FILES`; how many there are.

    `tell` is called with how many were found by then.

    A list that was finished is not made again: the archive is examined as it was found.

    Raises
    ------
    MachineFault
        If the archive is gone before the list is finished.
    """
    done = folder / "listed"
    if done.exists():
        return int(done.read_text("ascii"))
    for part_before in find_parts(folder, "list"):  # of a list that was broken off
        part_before.unlink()
    count, lines, part = 0, list[dict[str, Any]](), 0
    for found in source.walk():
        lines.append(_write_entry(found))
        count += 1
        if len(lines) == SLICE_FILES:
            write_table(lines, LISTED, folder / name_part(part, "list"))
            part, lines = part + 1, []
            tell(count)
    if lines:
        write_table(lines, LISTED, folder / name_part(part, "list"))
    if count and not source.is_there():
        raise MachineFault(GONE)
    write_whole(done, str(count).encode("ascii"))
    return count


def scan_slice(address: str, naming: Naming, slice_: Slice) -> "pa.Table":
    """Index the files of a slice, in a process of its own.

    Raises
    ------
    MachineFault
        If the archive does not answer any more: its files did not fail.
    """
    import pyarrow as pa

    source = reopen_source(address)
    lines = [_scan_file(source, entry, naming) for entry in slice_.files]
    return pa.Table.from_pylist(lines, schema=make_schema(INDEX))


def set_aside(naming: Naming, slice_: Slice) -> "pa.Table":
    """The line of a file that killed the process which read its header twice."""
    import pyarrow as pa

    (entry,) = slice_.files
    reason = "twice the process that read this header died, of too little memory or a fault in a library"
    line = {"film": naming.call_film(entry.place), **_write_entry(entry), **_fail(naming, entry, KILLED, reason)}
    return pa.Table.from_pylist([line], schema=make_schema(INDEX))


def _fail(naming: Naming, entry: Entry, code: str, reason: str) -> dict[str, Any]:
    """What the index says of a file whose header says nothing."""
    return {"patient": naming.call_patient("", "", entry.place), "code": code, "reason": reason}


def _write_entry(found: Entry) -> dict[str, Any]:
    return {
        "path": found.path,
        "member": found.member,
        "bytes": found.size,
        "code": found.code,
        "reason": found.reason,
    }


def _scan_file(source: Source, entry: Entry, naming: Naming) -> dict[str, Any]:
    line = {"film": naming.call_film(entry.place), **_write_entry(entry)}
    if entry.code is not None:
        return line
    try:
        header = read_quick_header(make_loader(source, entry.path, entry.member))
    except Unreadable as error:
        if not source.is_there():
            raise MachineFault(GONE) from error
        return {**line, **_fail(naming, entry, error.code, str(error))}
    return {**line, **describe_header(header, entry.place, naming)}


def describe_header(header: QuickHeader, place: str, naming: Naming) -> dict[str, Any]:
    """What the index says of a header, by column."""
    patient = naming.call_patient(header.get("PatientID"), header.get("IssuerOfPatientID"), place)
    taken = next(filter(None, _read_days(header)), None)
    age = find_age(header.get("PatientAge"), read_day(header.get("PatientBirthDate")), taken)
    return {
        "patient": patient,
        "study": naming.call_study(header.get("StudyInstanceUID")),
        "series": naming.hash("series", header.get("SeriesInstanceUID")),
        "instance": naming.hash("instance", header.get("SOPInstanceUID")),
        "modality": _name_modality(header),
        "body_part": header.body_part or "unknown",
        "laterality": header.laterality,
        "view": header.view,
        "age_years": naming.state_age(age),
        "sex": _name_sex(header.get("PatientSex")),
        "taken_on": naming.shift(taken, patient),
        "device": _name_device(header),
        "rows": header.rows,
        "columns": header.columns,
        "pixel_mm": header.pixel_mm,
    }


def _read_days(header: QuickHeader) -> Iterator[Any]:
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate"):
        yield read_day(header.get(keyword))


def _name_modality(header: QuickHeader) -> str | None:
    if header.kind == "DICOM":
        return header.modality
    return "CT" if "NIfTI" in header.kind else PICTURE


def _name_sex(stated: str) -> str | None:
    return stated.upper() if stated.upper() in ("F", "M", "O") else None


def _name_device(header: QuickHeader) -> str | None:
    named = " ".join(filter(None, (header.get("Manufacturer"), header.get("ManufacturerModelName"))))
    return plain(named)[:LONGEST_DEVICE] or None
