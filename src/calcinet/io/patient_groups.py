"""Files of several patients, told apart by their headers before anything is examined."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from calcinet.errors import Unreadable
from calcinet.given_files import read_given
from calcinet.io.dicom.file_header import read_header
from calcinet.io.dicom.header import quiet, text
from calcinet.io.dicom.patient_identity import Person, are_different
from calcinet.io.file_formats import DICOM, format_of
from calcinet.io.file_signatures import HEAD_BYTES
from calcinet.io.refusal import refuse_unforeseen
from calcinet.limits import FILE_BYTES


@dataclass(slots=True, eq=False)
class PatientFiles:
    """The files of one patient."""

    identifier: str = ""
    """As the headers give it; goes into a keyed hash and nowhere else. Empty where they are silent."""
    persons: list[Person] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    def may_be_of(self, person: Person) -> bool:
        """Whether none of the headers so far contradicts it."""
        return not any(are_different(person, other) for other in self.persons)


def group_by_patient(files: Sequence[Path]) -> list[PatientFiles]:
    """Part files by whose they are, in their order; those that do not say it stay with the first patient.

    Zips and discs are not looked into: one that holds several patients is refused when it is examined.
    """
    groups: list[PatientFiles] = []
    silent: list[Path] = []
    for file in files:
        person, identifier = _identify(file)
        if person is None:
            silent.append(file)
            continue
        group = next((one for one in groups if one.may_be_of(person)), None)
        if group is None:
            group = PatientFiles()
            groups.append(group)
        group.identifier = group.identifier or identifier
        group.persons.append(person)
        group.files.append(file)
    if not groups:
        return [PatientFiles(files=silent)]
    groups[0].files += silent
    return groups


def _identify(file: Path) -> tuple[Person | None, str]:
    """Who a file is of, and the identifier as it is written."""
    try:
        with refuse_unforeseen():
            data = read_given(file, FILE_BYTES)
            if format_of(data[:HEAD_BYTES]) is not DICOM:
                return None, ""
            header = read_header(data)
            with quiet():
                return header.person, text(header.dataset, "PatientID").strip()
    except Unreadable:  # it is refused, with its reason, when it is examined
        return None, ""
