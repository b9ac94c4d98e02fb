"""Putting records into a store: all of a call or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.chain import now
from calcinet.store.given_record import GivenRecord
from calcinet.store.results import Added
from calcinet.store.tables import ImageRow, PatientRow, RecordRow, StudyRow
from calcinet.store.transaction import Transaction
from calcinet.text import say

ADDED: Final = "added record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A record that is to be added."""

    given: GivenRecord
    on: str | None
    """Day of its study, where it was given."""
    which: str
    """Which of the records of a call it is."""
    first: tuple[str, str] | None = None
    """When and by whom it was put into the store that it comes from, where it comes from one."""


def add_records(
    work: Transaction, additions: Sequence[Addition], pseudonym: str, *, same_patient: bool, skip_known: bool = False
) -> list[Added]:
    """Put records into the store under a patient, all of them or none; what they need is asked for once.

    Raises
    ------
    BadInput
        If one is there already and that is not passed over, or is of another patient, or of another day than its study.
    """
    session = work.session
    known = _find_all_known(session, [addition.given for addition in additions])
    others = _find_films_of_others(session, [addition.given for addition in additions], pseudonym)
    there: dict[str, StudyRow] = {}
    patient: PatientRow | None = None
    new: dict[str, tuple[Addition, StudyRow]] = {}
    for addition in additions:
        sha256 = addition.given.sha256
        if skip_known and (sha256 in known or sha256 in new):
            continue
        if sha256 in new:
            known |= {one.sha256: one.added for one in _write_records(work, new, pseudonym)}
        _refuse_known(known.get(sha256), addition.which)
        _refuse_films_of_others(others, addition.given, pseudonym, addition.which)
        if patient is None:
            patient = _find_or_make_patient(session, addition.given, pseudonym)
            there = _find_studies(session, patient)
        _check_sex(patient, addition, pseudonym, same_patient=same_patient)
        new[sha256] = addition, _find_or_make_study(there, patient, addition)
    written = {one.sha256: one.added for one in _write_records(work, new, pseudonym)}
    return _list_added(additions, written, known)


def _list_added(additions: Sequence[Addition], written: Mapping[str, Added], known: Mapping[str, Added]) -> list[Added]:
    """What became of each; the second of two that are the same was there already."""
    done: list[Added] = []
    seen: set[str] = set()
    for addition in additions:
        sha256 = addition.given.sha256
        added = written.get(sha256) or known[sha256]
        done.append(replace(added, is_new=added.is_new and sha256 not in seen))
        seen.add(sha256)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A record that has its number."""

    sha256: str
    added: Added


def _write_records(work: Transaction, new: Mapping[str, tuple[Addition, StudyRow]], pseudonym: str) -> list[_Written]:
    """Write studies, then their images and records, then the audit: a statement each."""
    session = work.session
    fresh = {id(study): (addition, study) for addition, study in new.values() if _is_new(study)}
    session.add_all([study for _, study in fresh.values()])
    session.flush()
    for addition, study in fresh.values():
        _add_images(session, addition.given.images, study)
    rows = [_make_row(work, addition, study) for addition, study in new.values()]
    session.add_all(rows)
    session.flush()
    written = []
    for row, (_, study) in zip(rows, new.values(), strict=True):
        work.note(ADDED, f"record {row.id}", digest=row.sha256, patient=pseudonym, study=study.id, on=study.on)
        added = Added(number=row.id, patient=pseudonym, study=study.id, is_new=True)
        written.append(_Written(sha256=row.sha256, added=added))
    return written


def _make_row(work: Transaction, addition: Addition, study: StudyRow) -> RecordRow:
    given = addition.given
    added_at, added_by = addition.first or (now(), work.who)
    return RecordRow(
        study_id=study.id,
        sha256=given.sha256,
        version=given.record.version,
        added_at=added_at,
        added_by=added_by,
        level=given.level,
        probability=given.probability,
        body=given.body,
    )


def find_known(session: Session, given: GivenRecord) -> Added | None:
    """Where the very same record is in the store already."""
    return _find_all_known(session, [given]).get(given.sha256)


def _find_all_known(session: Session, given: Sequence[GivenRecord]) -> dict[str, Added]:
    """The same of several records, by their hash."""
    rows = session.execute(
        select(RecordRow.id, RecordRow.study_id, RecordRow.sha256, PatientRow.pseudonym)
        .join(StudyRow, StudyRow.id == RecordRow.study_id)
        .join(PatientRow, PatientRow.id == StudyRow.patient_id)
        .where(RecordRow.sha256.in_({one.sha256 for one in given}))
    )
    known = {}
    for row in rows:
        known[row.sha256] = Added(number=row.id, patient=row.pseudonym, study=row.study_id, is_new=False)
    return known


def name_record(number: int, count: int) -> str:
    """Which of the records of a call it is."""
    if count == 1:
        return say("the record")
    return say("record {number} of {count}", number=number, count=count)


def _refuse_known(known: Added | None, which: str) -> None:
    if known is not None:
        raise BadInput(
            say(
                "{which:^} is in the store already, as record {number} of {patient}; nothing was added: leave it out,"
                " or pass over such with --skip-known",
                which=which,
                number=known.number,
                patient=known.patient,
            )
        )


def _find_films_of_others(session: Session, given: Sequence[GivenRecord], pseudonym: str) -> dict[str, str]:
    """Whose a film of these records is, where it is of another patient, by its hash."""
    hashes: set[str] = set()
    for one in given:
        hashes |= {sha256 for sha256, _ in one.images}
    rows = session.execute(
        select(ImageRow.sha256, PatientRow.pseudonym)
        .join(StudyRow, StudyRow.id == ImageRow.study_id)
        .join(PatientRow, PatientRow.id == StudyRow.patient_id)
        .where(ImageRow.sha256.in_(hashes), PatientRow.pseudonym != pseudonym)
    )
    return {row.sha256: row.pseudonym for row in rows}


def _refuse_films_of_others(others: Mapping[str, str], given: GivenRecord, pseudonym: str, which: str) -> None:
    """The same film is of one patient: hashes are equal only where every byte is."""
    other = next((others[sha256] for sha256, _ in given.images if sha256 in others), None)
    if other is not None:
        raise BadInput(
            say(
                "{which:^} is of two patients: it holds an image that the store has of {other}, and was given as one of"
                " {patient}; nothing was added: see whose it is",
                which=which,
                other=other,
                patient=pseudonym,
            )
        )


def _find_or_make_patient(session: Session, given: GivenRecord, pseudonym: str) -> PatientRow:
    patient = session.scalars(select(PatientRow).where(PatientRow.pseudonym == pseudonym)).one_or_none()
    if patient is None:
        patient = PatientRow(pseudonym=pseudonym, sex=given.sex, made_at=now())
        session.add(patient)
        session.flush()
    return patient


def _check_sex(patient: PatientRow, addition: Addition, pseudonym: str, *, same_patient: bool) -> None:
    """Learn the sex of a patient, and refuse a record that tells of another one."""
    sex = addition.given.sex
    if patient.sex is None:
        patient.sex = sex
    if sex not in (None, patient.sex) and not same_patient:
        raise BadInput(
            say(
                "{which:^} and the earlier ones of {patient} tell of two patients: they differ in the sex; nothing was"
                " added: see whose it is, or give --same-patient",
                which=addition.which,
                patient=pseudonym,
            )
        )


def _find_studies(session: Session, patient: PatientRow) -> dict[str, StudyRow]:
    """The studies of a patient, by what they are of."""
    rows = session.scalars(select(StudyRow).where(StudyRow.patient_id == patient.id))
    return {study.content: study for study in rows}


def _is_new(study: StudyRow) -> bool:
    """Whether a study was not written yet, and has no number."""
    return bool(inspect(study).transient)


def _find_or_make_study(there: dict[str, StudyRow], patient: PatientRow, addition: Addition) -> StudyRow:
    """The study of a record; a new one has no number before it is written."""
    on = addition.on or addition.given.on
    study = there.setdefault(
        addition.given.content, StudyRow(patient_id=patient.id, content=addition.given.content, on=on)
    )
    if study.on is None:
        study.on = on
    if on not in (None, study.on) and _is_new(study):
        raise BadInput(
            say(
                "{which:^} is of the same films as another one of this call, which was examined on {known}, and not on"
                " {given}; nothing was added: correct the day",
                which=addition.which,
                known=study.on or "",
                given=on or "",
            )
        )
    if on not in (None, study.on):
        raise BadInput(
            say(
                "{which:^} is of the same films as study {study}, which was examined on {known}, and not on {given};"
                " nothing was added: correct the day",
                which=addition.which,
                study=study.id,
                known=study.on or "",
                given=on or "",
            )
        )
    return study


def _add_images(session: Session, images: Sequence[tuple[str, str]], study: StudyRow) -> None:
    for sha256, modality in images:
        session.add(ImageRow(study_id=study.id, sha256=sha256, modality=modality))
