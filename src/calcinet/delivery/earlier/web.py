"""Earlier studies of a DICOMweb service: found by QIDO-RS, loaded by WADO-RS (PS3.18 10.6 and 10.4)."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from requests import RequestException, Session
from urllib3.exceptions import HTTPError

from calcinet.delivery.destination import Web
from calcinet.delivery.earlier.archive import MOST_FOUND, Keep
from calcinet.delivery.earlier.choice import EarlierSeries, FoundStudy
from calcinet.delivery.earlier.question import Question, read_day
from calcinet.delivery.line import Line
from calcinet.delivery.outcome import Unreachable
from calcinet.delivery.wado import AS_JSON, LONGEST_HEAD, ONE_OBJECT, unwrap
from calcinet.delivery.wholeness import is_identifier
from calcinet.errors import Unreadable
from calcinet.limits import ANSWER_BYTES, ANSWER_SECONDS, RECEIVED_OBJECT_BYTES

CONNECT_S: Final = 10.0
"""Our choice: a service that is there lets us in within a second."""

SLOWEST: Final = 1_000_000
"""Bytes a second that an object may take to come. Our choice: a line that is slower carries no studies."""

PIECE: Final = 1 << 16

STUDY, SERIES, INSTANCE = "0020000D", "0020000E", "00080018"
PATIENT_ID, ISSUER, BORN, SEX = "00100020", "00100021", "00100030", "00100040"
STUDY_DATE, MODALITY, BODY_PART, COUNT = "00080020", "00080060", "00180015", "00201209"
"""Tags as the DICOM JSON model writes them (PS3.18 F.2)."""

Found = dict[str, Any]
Asked = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class WebArchive:
    """An open session."""

    url: str
    session: Session
    line: Line

    def find_studies(self, question: Question, first: date, last: date) -> list[FoundStudy]:
        """Studies of the patient between two days."""
        asked: Asked = {
            "PatientID": question.patient_id,
            "StudyDate": f"{first:%Y%m%d}-{last:%Y%m%d}",
            "includefield": [ISSUER, BORN, SEX],
        }
        return [_read_study(one) for one in self._find("studies", asked)]

    def find_series(self, study: str) -> list[EarlierSeries]:
        """The series of a study."""
        asked: Asked = {"includefield": [BODY_PART, COUNT]}
        return [_read_series(one) for one in self._find(f"studies/{_require_uid(study)}/series", asked)]

    def fetch(self, study: str, series: str, keep: Keep) -> int | None:
        """Load each object of a series."""
        path = f"studies/{_require_uid(study)}/series/{_require_uid(series)}/instances"
        found = self._find(path, {}, most=None)
        for one in found:
            keep(self._load(f"{path}/{_require_uid(_read(one, INSTANCE))}"))
        return len(found)

    def _load(self, path: str) -> bytes:
        most = RECEIVED_OBJECT_BYTES.value
        seconds = ANSWER_SECONDS.value + most / SLOWEST
        status, kind, body = self._get(path, ONE_OBJECT, {}, most=most + LONGEST_HEAD, seconds=seconds)
        if status != 200:
            raise Unreachable(f"the archive does not give an object of it (HTTP {status})")
        try:
            return unwrap(kind, body, most)
        except Unreadable as error:
            raise Unreachable(str(error)) from None

    def _find(self, path: str, asked: Asked, most: int | None = MOST_FOUND) -> list[Found]:
        """What a question finds, page by page."""
        found: list[Found] = []
        while True:
            page = self._ask(path, {**asked, "limit": str(MOST_FOUND), "offset": str(len(found))})
            found += page
            if most is not None and len(found) >= most:
                raise Unreachable(f"the archive names {most} matches or more")
            if len(page) < MOST_FOUND:
                return found

    def _ask(self, path: str, asked: Asked) -> list[Found]:
        most = ANSWER_BYTES.value
        status, _, body = self._get(path, AS_JSON, asked, most=most, seconds=ANSWER_SECONDS.value)
        if status == 204:
            return []
        if status in (401, 403):
            raise Unreachable(f"the archive does not let us in (HTTP {status}): a login belongs into ~/.netrc")
        if status != 200:
            raise Unreachable(f"the archive does not answer the question (HTTP {status})")
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if len(body) >= most or not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Unreachable("the archive answers the question in a way that cannot be read")
        return found

    def _get(
        self, path: str, headers: dict[str, str], asked: Asked, *, most: int, seconds: float
    ) -> tuple[int, str, bytes]:
        """Status, type and first bytes of an answer; one that takes too long is cut off."""
        timeout = (CONNECT_S, ANSWER_SECONDS.value)
        try:
            with (
                self.line.limited(seconds),
                self.session.get(
                    f"{self.url}/{path}",
                    params=asked,
                    headers=headers,
                    stream=True,
                    timeout=timeout,
                    allow_redirects=False,
                ) as answer,
            ):
                body = b"".join(_read_pieces(answer, most))
                kind = answer.headers.get("Content-Type", "")
                status = int(answer.status_code)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            raise Unreachable("the archive does not answer, or breaks off") from error
        if self.line.was_cut:  # an answer of no stated length ends as if it were whole
            raise Unreachable(f"the archive did not end its answer within {seconds:.0f} s")
        return status, kind, body


@contextmanager
def open_service(where: Web) -> Iterator[WebArchive]:
    """Open a session; a login comes from ~/.netrc, proxy and certificates from the environment."""
    with Session() as session, closing(Line()) as line:
        session.mount("http://", line)
        session.mount("https://", line)
        yield WebArchive(where.url, session, line)


def _read_pieces(answer: Any, most: int) -> Iterator[bytes]:
    held = 0
    for piece in answer.iter_content(PIECE):
        yield piece
        held += len(piece)
        if held >= most:
            return


def _require_uid(text: str) -> str:
    if not is_identifier(text):
        raise Unreachable("the archive names something without a valid UID")
    return text


def _read(found: Found, tag: str) -> str:
    """The first value of an element; empty where there is none."""
    element = found.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(values, list) or not values or isinstance(values[0], dict | list):
        return ""
    return str(values[0]).strip(" \0")


def _read_study(found: Found) -> FoundStudy:
    return FoundStudy(
        study=_read(found, STUDY),
        patient_id=_read(found, PATIENT_ID),
        issuer=_read(found, ISSUER),
        born=_read(found, BORN),
        sex=_read(found, SEX),
        day=read_day(_read(found, STUDY_DATE)),
    )


def _read_series(found: Found) -> EarlierSeries:
    objects = _read(found, COUNT)
    return EarlierSeries(
        series=_read(found, SERIES),
        modality=_read(found, MODALITY),
        body_part=_read(found, BODY_PART),
        objects=int(objects) if objects.isdigit() else None,
    )
