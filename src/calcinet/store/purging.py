"""Taking a patient or a record out of a store for good; that it was done stays in the audit."""

from typing import Final

from sqlalchemy import delete, select

from calcinet.errors import BadInput
from calcinet.store.tables import PatientRow, RecordRow, StudyRow
from calcinet.store.transaction import Transaction
from calcinet.text import say

PURGED: Final = "purged"


def purge_patient(work: Transaction, pseudonym: str, why: str) -> int:
    """Remove a patient with all studies, records and edits; says how many records.

    Raises
    ------
    BadInput
        If there is no such patient, or no reason.
    """
    _require_reason(why)
    session = work.session
    patient = session.scalars(select(PatientRow).where(PatientRow.pseudonym == pseudonym)).one_or_none()
    if patient is None:
        raise BadInput(
            say("there is no patient {patient} in the store: calcinet store list shows them", patient=pseudonym)
        )
    studies = select(StudyRow.id).where(StudyRow.patient_id == patient.id)
    numbers = list(session.scalars(select(RecordRow.id).where(RecordRow.study_id.in_(studies)).order_by(RecordRow.id)))
    session.execute(delete(PatientRow).where(PatientRow.id == patient.id))
    work.note(PURGED, pseudonym, records=numbers, why=why.strip())
    return len(numbers)


def purge_record(work: Transaction, number: int, why: str) -> None:
    """Remove one record with its edits; its study and patient go, too, where nothing else is of them.

    Raises
    ------
    BadInput
        If there is no such record, or no reason.
    """
    _require_reason(why)
    session = work.session
    row = session.scalars(select(RecordRow).where(RecordRow.id == number)).one_or_none()
    if row is None:
        raise BadInput(say("there is no record {number} in the store: calcinet store list shows them", number=number))
    session.execute(delete(RecordRow).where(RecordRow.id == number))
    session.execute(delete(StudyRow).where(~select(RecordRow.id).where(RecordRow.study_id == StudyRow.id).exists()))
    session.execute(delete(PatientRow).where(~select(StudyRow.id).where(StudyRow.patient_id == PatientRow.id).exists()))
    work.note(PURGED, f"record {number}", records=[number], why=why.strip())


def _require_reason(why: str) -> None:
    if not why.strip():
        raise BadInput(say("what is purged is gone for good: give --why"))
