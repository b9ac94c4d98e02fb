"""Putting records into a store: all of a call or none."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.chain import now
from calcinet.store.given_record import GivenRecord
from calcinet.store.results import Added
from calcinet.store.tables import ImageRow, PatientRow, RecordRow, StudyRow
from calcinet.store.transaction import Transaction
from calcinet.text import say

ADDED: Final = "added record"


def add_record(
    work: Transaction,
    given: GivenRecord,
    pseudonym: str,
    *,
    on: str | None,
    same_patient: bool,
    which: str,
    first: tuple[str, str] | None = None,
) -> Added:
    """Put one record into the store under a patient.

    `first` says when and by whom it was put into the store that it comes from, where it comes from one.

    Raises
    ------
    BadInput
        If it is there already, or is of another patient, or of another day than its study.
    """
    session = work.session
    _refuse_known(session, given, which)
    _refuse_films_of_others(session, given, pseudonym, which)
    patient = _find_or_make_patient(session, given, pseudonym, same_patient=same_patient, which=which)
    study = _find_or_make_study(session, given, patient, on or given.on, which)
    added_at, added_by = first or (now(), work.who)
    row = RecordRow(
        study_id=study.id,
        sha256=given.sha256,
        version=given.record.version,
        added_at=added_at,
        added_by=added_by,
        level=given.level,
        probability=given.probability,
        body=given.body,
    )
    session.add(row)
    session.flush()
    work.note(ADDED, f"record {row.id}", digest=given.sha256, patient=pseudonym, study=study.id, on=study.on)
    return Added(number=row.id, patient=pseudonym, study=study.id, is_new=True)


def find_known(session: Session, given: GivenRecord) -> Added | None:
    """Where the very same record is in the store already."""
    found = session.execute(
        select(RecordRow.id, RecordRow.study_id, PatientRow.pseudonym)
        .join(StudyRow, StudyRow.id == RecordRow.study_id)
        .join(PatientRow, PatientRow.id == StudyRow.patient_id)
        .where(RecordRow.sha256 == given.sha256)
    ).first()
    if found is None:
        return None
    return Added(number=found.id, patient=found.pseudonym, study=found.study_id, is_new=False)


def name_record(number: int, count: int) -> str:
    """Which of the records of a call it is."""
    if count == 1:
        return say("the record")
    return say("record {number} of {count}", number=number, count=count)


def _refuse_known(session: Session, given: GivenRecord, which: str) -> None:
    known = find_known(session, given)
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


def _refuse_films_of_others(session: Session, given: GivenRecord, pseudonym: str, which: str) -> None:
    """The same film is of one patient: hashes are equal only where every byte is."""
    hashes = [sha256 for sha256, _ in given.images]
    other = session.execute(
        select(PatientRow.pseudonym)
        .join(StudyRow, StudyRow.patient_id == PatientRow.id)
        .join(ImageRow, ImageRow.study_id == StudyRow.id)
        .where(ImageRow.sha256.in_(hashes), PatientRow.pseudonym != pseudonym)
    ).first()
    if other is not None:
        raise BadInput(
            say(
                "{which:^} is of two patients: it holds an image that the store has of {other}, and was given as one of"
                " {patient}; nothing was added: see whose it is",
                which=which,
                other=other.pseudonym,
                patient=pseudonym,
            )
        )


def _find_or_make_patient(
    session: Session, given: GivenRecord, pseudonym: str, *, same_patient: bool, which: str
) -> PatientRow:
    patient = session.scalars(select(PatientRow).where(PatientRow.pseudonym == pseudonym)).one_or_none()
    if patient is None:
        patient = PatientRow(pseudonym=pseudonym, sex=given.sex, made_at=now())
        session.add(patient)
        session.flush()
        return patient
    if patient.sex is None:
        patient.sex = given.sex
    if given.sex not in (None, patient.sex) and not same_patient:
        raise BadInput(
            say(
                "{which:^} and the earlier ones of {patient} tell of two patients: they differ in the sex; nothing was"
                " added: see whose it is, or give --same-patient",
                which=which,
                patient=pseudonym,
            )
        )
    return patient


def _find_or_make_study(
    session: Session, given: GivenRecord, patient: PatientRow, on: str | None, which: str
) -> StudyRow:
    study = session.scalars(
        select(StudyRow).where(StudyRow.patient_id == patient.id, StudyRow.content == given.content)
    ).one_or_none()
    if study is None:
        study = StudyRow(patient_id=patient.id, content=given.content, on=on)
        session.add(study)
        session.flush()
        _add_images(session, given.images, study)
        return study
    if study.on is None:
        study.on = on
    if on not in (None, study.on):
        raise BadInput(
            say(
                "{which:^} is of the same films as study {study}, which was examined on {known}, and not on {given};"
                " nothing was added: correct the day",
                which=which,
                study=study.id,
                known=study.on or "",
                given=on or "",
            )
        )
    return study


def _add_images(session: Session, images: Sequence[tuple[str, str]], study: StudyRow) -> None:
    for sha256, modality in images:
        session.add(ImageRow(study_id=study.id, sha256=sha256, modality=modality))
