"""What of a study an archive is asked about: whose it is, of which day, and what was imaged."""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pydicom import dcmread
from pydicom.dataset import Dataset

TAGS: Final = (
    "StudyInstanceUID",
    "StudyDate",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "Modality",
    "BodyPartExamined",
)

NO_SINGLE_VALUE: Final = re.compile(r"[*?\\]")
"""Matches more than one value in a question (PS3.4 C.2.2.2), or parts two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One study, as its objects tell of it; empty or None is not stated."""

    study: str = ""
    patient_id: str = ""
    """Empty, too, where the objects differ, or where it would match those of others."""
    issuer: str = ""
    born: str = ""
    """As YYYYMMDD."""
    sex: str = ""
    day: date | None = None
    modalities: frozenset[str] = frozenset()
    body_parts: frozenset[str] = frozenset()


def read_question(paths: Iterable[Path]) -> Question:
    """Read the objects of one study."""
    headers = [_read_header(path) for path in paths]
    patient_id = _find_single(headers, "PatientID")
    if NO_SINGLE_VALUE.search(patient_id):
        patient_id = ""
    return Question(
        study=_find_single(headers, "StudyInstanceUID"),
        patient_id=patient_id,
        issuer=_find_single(headers, "IssuerOfPatientID"),
        born=_find_single(headers, "PatientBirthDate"),
        sex=_find_single(headers, "PatientSex"),
        day=read_day(_find_single(headers, "StudyDate")),
        modalities=_collect(headers, "Modality"),
        body_parts=_collect(headers, "BodyPartExamined"),
    )


def read_day(text: str) -> date | None:
    """A day as DICOM writes it; None where it is none.

    >>> read_day("20260203"), read_day("2026.02.03"), read_day("")
    (datetime.date(2026, 2, 3), datetime.date(2026, 2, 3), None)
    """
    try:
        return datetime.strptime(text.replace(".", ""), "%Y%m%d").date()
    except ValueError:
        return None


def read_text(header: Dataset, keyword: str) -> str:
    """The value of an element, empty where there is none or several."""
    try:
        value = header.get(keyword)
    except Exception:  # a damaged element may fail anywhere in the parser
        return ""
    if value is None or isinstance(value, list | tuple):
        return ""
    return str(value).strip(" \0")


def _read_header(path: Path) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library quotes values of the object
        return dcmread(path, stop_before_pixels=True, specific_tags=list(TAGS))


def _collect(headers: Iterable[Dataset], keyword: str) -> frozenset[str]:
    values = (read_text(header, keyword) for header in headers)
    return frozenset(value for value in values if value)


def _find_single(headers: Iterable[Dataset], keyword: str) -> str:
    """The one value that all objects which state it agree on; empty where there is none."""
    values = _collect(headers, keyword)
    if len(values) != 1:
        return ""
    return next(iter(values))
