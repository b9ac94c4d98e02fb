"""The store on the command line: what was asked in, lines for the terminal or JSON out."""

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from calcinet.apps.console import Exit
from calcinet.apps.given_paths import STANDARD_INPUT, read_if_piped, require_there
from calcinet.apps.given_records import read_contents
from calcinet.errors import BadInput
from calcinet.given_files import is_regular, read_given
from calcinet.limits import RECIPE_BYTES, RECORD_BYTES
from calcinet.machine import making
from calcinet.store import Added, Entry, Patient, Store, Stored, StoredRecord, Verified, upgrade_store
from calcinet.store.exchange.files import read_files, write_files
from calcinet.store.given_record import read_record

SCHEMA: Final = "calcinet.store.{what}/1"
"""Of what --json prints, by what it is."""

NOT_KNOWN: Final = "day not known"

WIDEST: Final = 60
"""Letters of a value that a line shows. Our choice: the rest stands in --json."""


def add_records(
    paths: Sequence[Path],
    patient: str | None,
    *,
    on: str | None,
    place: str | None,
    who: str | None,
    same_patient: bool,
    skip_known: bool,
) -> tuple[Added, ...]:
    """Put the records under paths into a store, which is made where there is none.

    Raises
    ------
    BadInput
        If a record cannot be read; as `Store.add`.
    """
    records, day, identifier = read_contents(paths), _parse_day(on), _require_patient(patient)
    for number, content in enumerate(records, 1):
        read_record(content, number, len(records))  # before a store is made for what it would not take
    with Store.open(place, who=name_user(who), make=True) as store:
        return store.add(records, patient=identifier, on=day, same_patient=same_patient, skip_known=skip_known)


def tell_added(added: Sequence[Added], *, as_json: bool) -> list[str]:
    """What became of each record."""
    if as_json:
        return _write_json("added", records=[asdict(one) for one in added])
    lines = []
    for one in added:
        state = "added" if one.is_new else "was there already"
        lines.append(f"record {one.number} of {one.patient}: {state}")
    return lines


def list_patients(place: str | None, *, as_json: bool) -> list[str]:
    """Every patient on a line."""
    with Store.open(place, who=name_user(None)) as store:
        patients = store.patients()
    if as_json:
        return _write_json("patients", patients=[asdict(patient) for patient in patients])
    return [_tell_patient(patient) for patient in patients] or ["The store is empty."]


def list_records(patient: str, place: str | None, *, as_json: bool) -> list[str]:
    """The records of a patient, one on a line, in the order of time."""
    with Store.open(place, who=name_user(None)) as store:
        records = store.records(_require_patient(patient))
    if as_json:
        return _write_json("records", records=[asdict(record) for record in records])
    return [_tell_record(record) for record in records]


def show_stored(number: int, place: str | None, *, as_json: bool) -> list[str]:
    """A record with its history."""
    with Store.open(place, who=name_user(None)) as store:
        stored = store.read(number)
    if as_json:
        return _write_json(
            "record",
            about=asdict(stored.about),
            edits=[asdict(edit) for edit in stored.edits],
            record=json.loads(stored.record.to_json()),
        )
    return _tell_stored(stored)


def edit_stored(
    number: int, field: str, value: str, why: str, *, place: str | None, who: str | None, as_json: bool
) -> list[str]:
    """Change a value of a record."""
    with Store.open(place, who=name_user(who)) as store:
        edit = store.edit(number, field, _parse_value(value), why=why)
    if as_json:
        return _write_json("edit", record=number, edit=asdict(edit))
    return [f"record {number}, {field}: {_shorten(edit.before)} -> {_shorten(edit.after)}"]


def export_store(
    out: Path, form: str, patient: str | None, *, deidentify: bool, place: str | None, who: str | None, as_json: bool
) -> list[str]:
    """Write the records of all patients, or of one, into a folder of its own.

    Raises
    ------
    BadInput
        If something is there already.
    MachineFault
        If it cannot be written; nothing is left then.
    """
    if out.exists():
        raise BadInput(f"{out} is there already; give another name")
    with Store.open(place, who=name_user(who)) as store:
        visits = store.visits(None if patient is None else _require_patient(patient), deidentify=deidentify)
        files = write_files(visits, form)
        with making(out) as folder:
            made = folder / "export"
            made.mkdir()
            for name, content in files.items():
                (made / name).write_bytes(content)
            store.note("exported", "store", form=form, records=len(visits), deidentified=deidentify)
            made.rename(out)
    if as_json:
        return _write_json("exported", folder=str(out), files=sorted(files), records=len(visits))
    return [f"{_count(len(visits), 'record')} written to {out}"]


def import_store(path: Path, *, place: str | None, who: str | None, skip_known: bool) -> tuple[Added, ...]:
    """Take the records of an export into a store, which is made where there is none.

    Raises
    ------
    BadInput
        If it is no export, or the store refuses.
    Unreadable
        If a file of it cannot be read.
    """
    require_there([path], "export")
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    visits = read_files({file.name: read_given(file, RECORD_BYTES) for file in paths if is_regular(file)})
    with Store.open(place, who=name_user(who), make=True) as store:
        return store.take(visits, skip_known=skip_known)


def purge_stored(
    patient: str | None, record: int | None, why: str, *, place: str | None, who: str | None, as_json: bool
) -> list[str]:
    """Remove a patient or a record."""
    if (patient is None) == (record is None):
        raise BadInput("give --patient or --record, one of them")
    count = 1
    with Store.open(place, who=name_user(who)) as store:
        if record is not None:
            store.purge_record(record, why=why)
        else:
            count = store.purge_patient(_require_patient(patient), why=why)
    if as_json:
        return _write_json("purged", records=count)
    return [f"removed for good: {_count(count, 'record')}"]


def upgrade_tables(place: str | None) -> list[str]:
    """Bring a store up to this version."""
    before, after = upgrade_store(place)
    if before == after:
        return [f"nothing to do: the store is of this version ({after})"]
    return [f"the store was brought from {before} to {after}"]


def verify_audit(place: str | None, expected: str | None, *, as_json: bool) -> tuple[list[str], Exit]:
    """What a look at the audit has found, and the exit code."""
    with Store.open(place, who=name_user(None)) as store:
        verified = store.verify(expected)
    code = Exit.FAILURE if verified.faults else Exit.DONE
    if as_json:
        return _write_json("verified", **asdict(verified)), code
    return _tell_verified(verified), code


def list_entries(place: str | None, *, as_json: bool) -> list[str]:
    """What was done, oldest first."""
    with Store.open(place, who=name_user(None)) as store:
        entries = store.entries()
    if as_json:
        return _write_json("audit", entries=[asdict(entry) for entry in entries])
    return [_tell_entry(entry) for entry in entries]


def name_user(who: str | None) -> str:
    """Who works at the terminal: as given, else the name of the login."""
    if who is not None:
        return who
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise BadInput("who does this? This login has no name: give --who") from None


def _require_patient(patient: str | None) -> str:
    """The identifier that was given, or read where - stands for it."""
    if patient is None:
        raise BadInput("whose record? Give --patient with your own number of the patient, or a pseudonym")
    if patient != str(STANDARD_INPUT):
        return patient
    read = read_if_piped(STANDARD_INPUT, RECIPE_BYTES)
    return read.decode("utf-8", "replace").strip() if isinstance(read, bytes) else str(read)


def _parse_day(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput(f"--on takes a day as 2026-03-09, got {given!r}") from None


def _parse_value(given: str) -> Any:
    try:
        return json.loads(given)
    except ValueError:
        return given


def _write_json(what: str, **content: Any) -> list[str]:
    return [json.dumps({"schema": SCHEMA.format(what=what), **content}, indent=1, ensure_ascii=False)]


def _tell_patient(patient: Patient) -> str:
    days = NOT_KNOWN
    if patient.first_on is not None:
        days = f"{patient.first_on} to {patient.last_on}"
    level = patient.level or "no level"
    return f"{patient.pseudonym}  {_count(patient.records, 'record')}  {days}  {level}"


def _tell_record(record: Stored) -> str:
    told = [f"record {record.number}", record.on or NOT_KNOWN, record.level or "no level"]
    if record.probability is not None:
        told.append(f"probability {record.probability:.3g}")
    if record.edits:
        told.append(_count(record.edits, "edit"))
    return "  ".join(told)


def _tell_stored(stored: StoredRecord) -> list[str]:
    about = stored.about
    lines = [f"{about.patient}, {_tell_record(about)}", f"added {about.added_at} by {about.added_by}"]
    lines += [f"  {sentence}" for sentence in stored.record.summary.sentences]
    for edit in stored.edits:
        lines.append(
            f"{edit.at}  {edit.who}  {edit.field}: {_shorten(edit.before)} -> {_shorten(edit.after)}  ({edit.why})"
        )
    return lines


def _tell_verified(verified: Verified) -> list[str]:
    seen = (
        f"{_count(verified.entries, 'entry', 'entries')}, {_count(verified.records, 'record')},"
        f" {_count(verified.edits, 'edit')}"
    )
    if verified.faults:
        return [f"NOT as written: {seen}", *(f"  {fault}" for fault in verified.faults)]
    return [f"all as written: {seen}", f"the last entry, to note elsewhere: {verified.head}"]


def _tell_entry(entry: Entry) -> str:
    return f"{entry.number}  {entry.at}  {entry.who}  {entry.action}  {entry.subject}"


def _shorten(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=False)
    if len(told) <= WIDEST:
        return told
    return f"{told[:WIDEST]}..."


def _count(number: int, one: str, several: str = "") -> str:
    if number == 1:
        return f"1 {one}"
    return f"{number} {several or one + 's'}"
