"""A record as it is given to a store: checked as a record, and what the store files it by."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from calcinet.errors import BadInput, Unreadable
from calcinet.record import SCHEMA, Record
from calcinet.text import say

SEX_OF: Final = {"woman": "female", "girl": "female", "man": "male", "boy": "male"}
"""By the word for a patient that stands in a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRecord:
    """One record.json."""

    body: str
    """As it was given."""
    record: Record

    @property
    def sha256(self) -> str:
        """Of the body."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def images(self) -> tuple[tuple[str, str], ...]:
        """SHA-256 and modality of each image that was examined."""
        return tuple((image.sha256, image.modality) for image in self.record.images if image.sha256)

    @property
    def content(self) -> str:
        """What tells studies apart: the images, else the case, else the record itself."""
        hashes = sorted(sha256 for sha256, _ in self.images)
        case = self.record.options.get("case_sha256")
        if hashes:
            return hashlib.sha256("".join(hashes).encode()).hexdigest()
        if isinstance(case, str):
            return hashlib.sha256(case.encode()).hexdigest()
        return self.sha256

    @property
    def on(self) -> str | None:
        """Day of the examination, else the latest that its images or laboratory values carry; None where none does."""
        if self.record.clinical.examined_on is not None:
            return self.record.clinical.examined_on
        return max(_list_days(self.record), default=None)

    @property
    def sex(self) -> str | None:
        """As the record has it; None where it does not say."""
        if self.record.clinical.sex is not None or not self.record.clinical.about:
            return self.record.clinical.sex
        return SEX_OF.get(self.record.clinical.about[0].partition(",")[0])

    @property
    def level(self) -> str | None:
        """Of suspicion."""
        return level_of(self.record)

    @property
    def probability(self) -> float | None:
        """Posterior median."""
        return probability_of(self.record)


def level_of(record: Record) -> str | None:
    """Level of suspicion of a record; None where it has none."""
    if record.summary.suspicion is None:
        return None
    return record.summary.suspicion.level


def probability_of(record: Record) -> float | None:
    """Posterior median of a record; None where no pre-test probability was given."""
    if record.evidence.posterior is None:
        return None
    return record.evidence.posterior.median


def read_record(content: bytes, number: int = 1, count: int = 1) -> GivenRecord:
    """Check one of several records.

    Raises
    ------
    BadInput
        If it is of another schema, or something else than a record.
    Unreadable
        If it is no JSON ("no-record").
    """
    which = {"number": number, "count": count}
    try:
        body = content.decode("utf-8")
        tree = json.loads(body)
    except (ValueError, RecursionError):
        message = say("record {number} of {count} is no JSON: give the record.json that examine wrote", **which)
        raise Unreadable(message, code="no-record") from None
    schema = tree.get("schema") if isinstance(tree, dict) else None
    if schema != SCHEMA:
        raise BadInput(
            say(
                "record {number} of {count} is of the schema {found}, this version of calcinet keeps {expected}:"
                " examine again, or use the version that wrote it",
                **which,
                found=_name_schema(schema),
                expected=SCHEMA,
            )
        )
    try:
        return GivenRecord(body=body, record=Record.from_json(body))
    except (ValidationError, ValueError, RecursionError):
        raise BadInput(
            say(
                "record {number} of {count} is no record of the schema {expected}: give what examine wrote",
                **which,
                expected=SCHEMA,
            )
        ) from None


def _name_schema(schema: Any) -> str:
    """A schema of ours by its name; anything else is not repeated."""
    if isinstance(schema, str) and schema.startswith("calcinet.") and len(schema) <= len(SCHEMA) + 8:
        return schema
    return "none of ours"


def _list_days(record: Record) -> Iterator[str]:
    for image in record.images:
        if image.on is not None:
            yield image.on
    for lab in record.clinical.labs:
        if lab.on is not None:
            yield lab.on
