"""What patients, studies and films of an archive are called outside it, and how far their days are shifted."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from calcinet.errors import BadInput
from calcinet.store.key import StoreKey, write_pseudonym

OLDEST_STATED: Final = 89
"""Years; older people are few enough to be known by their age (45 CFR 164.514(b)(2)(i)(C))."""

AGE: Final = re.compile(r"(\d{1,3})([YMWD])")
"""Age String (PS3.5 6.2)."""

YEARS: Final = {"Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}

LONGEST_LIFE: Final = 130
"""Years. Our choice: what is older is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How identifiers leave the archive: as keyed hashes, or as they are where a registry may keep them."""

    key: StoreKey
    keep: bool = False

    @classmethod
    def of(cls, project: str, *, keep: bool = False, file: Path | None = None) -> "Naming":
        """The names of one project: in each of its runs with the same key a patient is called the same.

        Raises
        ------
        BadInput, MachineFault
            If the project has no name; as `StoreKey.of`.
        """
        if not project.strip():
            raise BadInput("the project has no name: give one with --project, or leave it out")
        return cls(key=StoreKey.of(f"cohort {project}", file), keep=keep)

    def call_patient(self, identifier: str, issuer: str, place: str) -> str:
        """Pseudonym of a patient; where the header is silent, of the place of the film.

        An identifier that is kept has its issuer behind it, as HL7 v2 writes both (CX.1 and CX.4).
        """
        if not identifier:
            return self._write("place of patient", place, "P")
        if self.keep:
            return f"{identifier}^^^{issuer}" if issuer else identifier
        return self.key.pseudonym(f"{issuer}\0{identifier}" if issuer else identifier)

    def call_film(self, place: str) -> str:
        """Name of a film by its place in the archive; that of its thumbnail, too."""
        return self._write("film", place, "F")

    def call_study(self, uid: str) -> str | None:
        """Name of a study; None where the header names none."""
        if not uid:
            return None
        return uid if self.keep else self._write("study", uid, "S")

    def hash(self, what: str, value: str) -> str | None:
        """Keyed hash of what must be told apart alone; None of nothing."""
        if not value:
            return None
        return self._write(what, value, "H")

    def shift(self, day: date | None, patient: str) -> date | None:
        """A day of a patient as it is told."""
        if day is None or self.keep:
            return day
        try:
            return day + timedelta(self.key.shift_days(patient))
        except OverflowError:
            return None

    def state_age(self, years: float | None) -> float | None:
        """An age as it is told."""
        if years is None or self.keep or years <= OLDEST_STATED:
            return years
        return float(OLDEST_STATED + 1)

    def _write(self, what: str, value: str, letter: str) -> str:
        return write_pseudonym(bytes.fromhex(self.key.digest(f"{what}\0{value}")), letter)


def read_day(text: str) -> date | None:
    """A day as DICOM writes it, or did until 1993; None where it is none.

    >>> read_day("20260309"), read_day("2026.03.09"), read_day("20261399")
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 9), None)
    """
    digits = text.replace(".", "")[:8]
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def find_age(stated: str, born: date | None, taken: date | None) -> float | None:
    """Age in years: as the header states it, else between two days.

    >>> find_age("067Y", None, None), find_age("", date(1960, 1, 1), date(2026, 1, 1)), find_age("x", None, None)
    (67.0, 66.0, None)
    """
    found = AGE.fullmatch(stated.strip().upper())
    if found is not None:
        return _require_lifelike(round(int(found[1]) * YEARS[found[2]], 2))
    if born is None or taken is None:
        return None
    had_birthday = (taken.month, taken.day) >= (born.month, born.day)
    return _require_lifelike(float(taken.year - born.year - (not had_birthday)))


def _require_lifelike(years: float) -> float | None:
    return years if 0 <= years <= LONGEST_LIFE else None
