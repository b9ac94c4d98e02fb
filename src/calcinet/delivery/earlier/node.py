"""Earlier studies of a DICOM node: found by C-FIND, sent to our listener by C-MOVE (PS3.4 C, Study Root)."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from calcinet.delivery.destination import Node
from calcinet.delivery.dimse import associate
from calcinet.delivery.earlier.archive import MOST_FOUND, Keep
from calcinet.delivery.earlier.choice import EarlierSeries, FoundStudy
from calcinet.delivery.earlier.question import Question, read_day, read_text
from calcinet.delivery.outcome import Unreachable

FIND: Final = "1.2.840.10008.5.1.4.1.2.2.1"
MOVE: Final = "1.2.840.10008.5.1.4.1.2.2.2"
"""Study Root Query/Retrieve Information Model, FIND and MOVE (PS3.4 C.6.2)."""

CONTEXTS: Final = ((FIND, ExplicitVRLittleEndian), (MOVE, ExplicitVRLittleEndian))

PENDING: Final = (0xFF00, 0xFF01)
"""Statuses with which one match comes, or sub-operations go on (PS3.4 C.4.1.1.4)."""

NO_DESTINATION: Final = 0xA801
"""Move destination unknown (PS3.4 C.4.2.1.5)."""


@dataclass(frozen=True, slots=True)
class NodeArchive:
    """An open association for questions."""

    association: Any
    listener: str

    def find_studies(self, question: Question, first: date, last: date) -> list[FoundStudy]:
        """Studies of the patient between two days."""
        asked = _make_identifier("STUDY", StudyInstanceUID="", PatientID=question.patient_id, IssuerOfPatientID="")
        asked.StudyDate = f"{first:%Y%m%d}-{last:%Y%m%d}"
        asked.PatientBirthDate = asked.PatientSex = ""
        return [_read_study(one) for one in self._find(asked)]

    def find_series(self, study: str) -> list[EarlierSeries]:
        """The series of a study."""
        asked = _make_identifier("SERIES", StudyInstanceUID=study, SeriesInstanceUID="", Modality="")
        asked.BodyPartExamined = ""
        asked.NumberOfSeriesRelatedInstances = None
        return [_read_series(one) for one in self._find(asked)]

    def fetch(self, study: str, series: str, keep: Keep) -> int | None:
        """Have a series sent to our listener."""
        del keep
        asked = _make_identifier("SERIES", StudyInstanceUID=study, SeriesInstanceUID=series)
        status, last = None, Dataset()
        with _silence_library():
            for last, _ in self.association.send_c_move(asked, self.listener, MOVE):
                status = last.get("Status")
                if status not in PENDING:
                    break
        if status == NO_DESTINATION:
            raise Unreachable(
                f"the archive does not know where {self.listener} is (status A801): enter its title, address and port"
                " there"
            )
        _require_success(status, "does not send it")
        failed = last.get("NumberOfFailedSuboperations") or 0
        if failed:
            raise Unreachable(f"the archive could not send {failed} objects of it")
        completed = last.get("NumberOfCompletedSuboperations")
        return None if completed is None else int(completed)

    def _find(self, asked: Dataset) -> list[Dataset]:
        found: list[Dataset] = []
        status = None
        with _silence_library():
            for answer, identifier in self.association.send_c_find(asked, FIND):
                status = answer.get("Status")
                if status not in PENDING or identifier is None:
                    break
                found.append(identifier)
                if len(found) > MOST_FOUND:
                    self.association.abort()
                    raise Unreachable(f"the archive names more than {MOST_FOUND} matches")
        _require_success(status, "does not answer the question")
        return found


@contextmanager
def open_node(where: Node, listener: str) -> Iterator[NodeArchive]:
    """Open an association for questions and moves.

    Raises
    ------
    Unreachable, Refused
        If the node does not answer, does not let us in, or has no such service.
    """
    with associate(where, CONTEXTS) as opened:
        accepted = {context.abstract_syntax for context in opened.association.accepted_contexts}
        if accepted != {FIND, MOVE}:
            raise Unreachable("the archive lets us in, and offers no C-FIND and C-MOVE (Study Root)")
        yield NodeArchive(opened.association, listener)


def _require_success(status: int | None, fault: str) -> None:
    if status is None:
        raise Unreachable(f"the archive {fault}: it went away, or was silent for too long")
    if status != 0:
        raise Unreachable(f"the archive {fault} (status {status:04X})")


def _make_identifier(level: str, **keys: str) -> Dataset:
    asked = Dataset()
    asked.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(asked, keyword, value)
    return asked


def _read_study(found: Dataset) -> FoundStudy:
    return FoundStudy(
        study=read_text(found, "StudyInstanceUID"),
        patient_id=read_text(found, "PatientID"),
        issuer=read_text(found, "IssuerOfPatientID"),
        born=read_text(found, "PatientBirthDate"),
        sex=read_text(found, "PatientSex"),
        day=read_day(read_text(found, "StudyDate")),
    )


def _read_series(found: Dataset) -> EarlierSeries:
    objects = read_text(found, "NumberOfSeriesRelatedInstances")
    return EarlierSeries(
        series=read_text(found, "SeriesInstanceUID"),
        modality=read_text(found, "Modality"),
        body_part=read_text(found, "BodyPartExamined"),
        objects=int(objects) if objects.isdigit() else None,
    )


@contextmanager
def _silence_library() -> Iterator[None]:
    """Speak without the warnings of the library, which quote values; a connection that ends is a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (RuntimeError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise Unreachable("the archive broke off, or answers what cannot be read") from error
