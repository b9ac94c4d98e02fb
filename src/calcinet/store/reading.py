"""What is in a store: patients, records, edits, audit."""

import json
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.record import Record
from calcinet.store.pointer import with_value
from calcinet.store.results import Edit, Entry, Patient, Stored, StoredRecord, User
from calcinet.store.tables import AuditRow, EditRow, PatientRow, RecordRow, StudyRow, UserRow
from calcinet.text import say


def list_patients(session: Session) -> tuple[Patient, ...]:
    """Every patient, by pseudonym."""
    counted = (
        select(
            PatientRow.pseudonym,
            func.count(StudyRow.id.distinct()).label("studies"),
            func.count(RecordRow.id).label("records"),
            func.min(StudyRow.on).label("first_on"),
            func.max(StudyRow.on).label("last_on"),
        )
        .join(StudyRow, StudyRow.patient_id == PatientRow.id)
        .join(RecordRow, RecordRow.study_id == StudyRow.id)
        .group_by(PatientRow.id, PatientRow.pseudonym)
        .order_by(PatientRow.pseudonym)
    )
    levels = _read_latest_levels(session)
    return tuple(
        Patient(
            pseudonym=row.pseudonym,
            studies=row.studies,
            records=row.records,
            first_on=row.first_on,
            last_on=row.last_on,
            level=levels[row.pseudonym],
        )
        for row in session.execute(counted)
    )


def _read_latest_levels(session: Session) -> dict[str, str | None]:
    """Level of suspicion in the latest record of each patient; one whose day is not known comes before all others."""
    rows = session.execute(
        select(PatientRow.pseudonym, RecordRow.level)
        .join(StudyRow, StudyRow.patient_id == PatientRow.id)
        .join(RecordRow, RecordRow.study_id == StudyRow.id)
        .order_by(func.coalesce(StudyRow.on, ""), RecordRow.id)
    )
    return {row.pseudonym: row.level for row in rows}


def list_records(session: Session, pseudonym: str | None = None) -> tuple[Stored, ...]:
    """Records of one patient or of all, by patient, day and number; those whose day is not known come first."""
    asked = _select_stored().order_by(PatientRow.pseudonym, func.coalesce(StudyRow.on, ""), RecordRow.id)
    if pseudonym is not None:
        _require_patient(session, pseudonym)
        asked = asked.where(PatientRow.pseudonym == pseudonym)
    return tuple(_describe(row) for row in session.execute(asked))


def read_stored(session: Session, number: int) -> StoredRecord:
    """One record as it was given, with its edits, and as it is now.

    Raises
    ------
    BadInput
        If there is none of that number.
    """
    found = session.execute(_select_stored().add_columns(RecordRow.body).where(RecordRow.id == number)).first()
    if found is None:
        raise BadInput(say("there is no record {number} in the store: calcinet store list shows them", number=number))
    edits = read_edits(session, number)
    return StoredRecord(
        about=_describe(found),
        original=found.body,
        edits=edits,
        record=Record.from_json(apply_edits(found.body, edits)),
    )


def read_edits(session: Session, number: int) -> tuple[Edit, ...]:
    """The changes of a record, oldest first."""
    rows = session.scalars(select(EditRow).where(EditRow.record_id == number).order_by(EditRow.number))
    return tuple(
        Edit(
            number=row.number,
            at=row.at,
            who=row.who,
            field=row.field,
            before=json.loads(row.before),
            after=json.loads(row.after),
            why=row.why,
        )
        for row in rows
    )


def apply_edits(body: str, edits: tuple[Edit, ...]) -> str:
    """record.json with every change made."""
    if not edits:
        return body
    tree = json.loads(body)
    for edit in edits:
        tree = with_value(tree, edit.field, edit.after)
    return json.dumps(tree, ensure_ascii=False)


def list_users(session: Session) -> tuple[User, ...]:
    """Everybody, by name."""
    rows = session.scalars(select(UserRow).order_by(UserRow.name))
    return tuple(
        User(
            name=row.name,
            role=row.role,
            has_secret=row.secret is not None,
            made_at=row.made_at,
            disabled_at=row.disabled_at,
        )
        for row in rows
    )


def list_entries(session: Session, subject: str | None = None) -> tuple[Entry, ...]:
    """Entries of the audit, all or of one subject, oldest first."""
    asked = select(AuditRow).order_by(AuditRow.number)
    if subject is not None:
        asked = asked.where(AuditRow.subject == subject)
    return tuple(
        Entry(
            number=row.number,
            at=row.at,
            who=row.who,
            action=row.action,
            subject=row.subject,
            detail=json.loads(row.detail),
            seal=row.seal,
        )
        for row in session.scalars(asked)
    )


def _select_stored() -> Select[*tuple[Any, ...]]:
    edits = select(func.count()).where(EditRow.record_id == RecordRow.id).scalar_subquery()
    return (
        select(
            RecordRow.id,
            PatientRow.pseudonym,
            RecordRow.study_id,
            StudyRow.on,
            RecordRow.sha256,
            RecordRow.version,
            RecordRow.added_at,
            RecordRow.added_by,
            RecordRow.level,
            RecordRow.probability,
            edits.label("edits"),
        )
        .join(StudyRow, StudyRow.id == RecordRow.study_id)
        .join(PatientRow, PatientRow.id == StudyRow.patient_id)
    )


def _describe(row: Row[Any]) -> Stored:
    return Stored(
        number=row.id,
        patient=row.pseudonym,
        study=row.study_id,
        on=row.on,
        sha256=row.sha256,
        version=row.version,
        added_at=row.added_at,
        added_by=row.added_by,
        level=row.level,
        probability=row.probability,
        edits=row.edits,
    )


def _require_patient(session: Session, pseudonym: str) -> None:
    if session.scalars(select(PatientRow.id).where(PatientRow.pseudonym == pseudonym)).one_or_none() is None:
        raise BadInput(
            say("there is no patient {patient} in the store: calcinet store list shows them", patient=pseudonym)
        )
