"""Whether files belong to one patient, decided on keyed hashes: no identity is kept or shown in clear."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import text
from calcinet.text import say

_KEY: Final = secrets.token_bytes(32)
"""New in every process, so that a hash tells nothing outside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Keyed hashes of what a header says about who it is; None where it is silent."""

    identifier: bytes | None
    issuer: bytes | None
    name: bytes | None
    birth_date: bytes | None


def person_of(header: Dataset) -> Person | None:
    """Who the header says it is; None where it is silent about that."""
    person = Person(
        identifier=_hash(header, "PatientID"),
        issuer=_hash(header, "IssuerOfPatientID"),
        name=_hash(header, "PatientName"),
        birth_date=_hash(header, "PatientBirthDate"),
    )
    if person.identifier is None and person.name is None:
        return None
    return person


def are_different(a: Person, b: Person) -> bool:
    """Whether two headers cannot belong to one patient.

    Identifiers decide where both have one: unequal ones are two patients, unless two hospitals issued them to the same
    name and birth date; equal ones are one patient, unless name and birth date both differ. Without identifiers, names
    decide.
    """
    same_name = _compare(a.name, b.name)
    same_birth = _compare(a.birth_date, b.birth_date)
    if a.identifier is None or b.identifier is None:
        return same_name is False
    if a.identifier == b.identifier:
        return same_name is False and same_birth is False
    two_issuers = _compare(a.issuer, b.issuer) is False
    return not (two_issuers and same_name and same_birth)


def mixed_patients() -> Unreadable:
    """The refusal of a call that holds more than one patient; it names none of them."""
    message = say(
        "found files of more than one patient; expected one patient's films: nothing was examined, sort the files by "
        "patient and examine each on its own"
    )
    return Unreadable(message, code="mixed-patients")


class Patients:
    """Whoever the headers of a call name, and whether they are more than one."""

    def __init__(self) -> None:
        self._persons: list[Person] = []
        self.are_mixed = False

    def add(self, person: Person | None) -> None:
        """Compare one more person with those before; None is nobody."""
        if person is None or person in self._persons:
            return
        if any(are_different(person, other) for other in self._persons):
            self.are_mixed = True
        self._persons.append(person)


def _compare(a: bytes | None, b: bytes | None) -> bool | None:
    """Whether two values are equal; None where one is silent."""
    if a is None or b is None:
        return None
    return a == b


def _hash(header: Dataset, keyword: str) -> bytes | None:
    """Keyed hash of a value without its case, blanks, separators and other scripts: systems differ in those."""
    latin = text(header, keyword).split("=")[0]
    plain = "".join(latin.replace("^", " ").split()).casefold()
    if not plain:
        return None
    return hashlib.blake2b(plain.encode("utf-8", "replace"), key=_KEY).digest()
