"""One edition of the documents of a record: when they were made, and under which identifiers."""

import json
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from calcinet.errors import BadInput
from calcinet.record import Record

NAMESPACE: Final = uuid.UUID("6f2c1d0a-7b1e-5c58-9d0e-0c1a2b3c4d5e")
"""Name space of all identifiers that calcinet derives. Our choice: any fixed one does."""

MANUFACTURER: Final = "calcinet"

MODEL: Final = "calcinet"

GIVEN_TIME: Final = "SOURCE_DATE_EPOCH"
"""Variable of the environment with the moment that stands for now, in whole seconds since 1970
(https://reproducible-builds.org/specs/source-date-epoch)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An object that was sent, by its unique identifiers."""

    study: str
    series: str
    instance: str
    sop_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Where an edition stands among those of one study."""

    number: int = 1
    """From 1."""
    replaces: tuple[Sent, ...] = ()
    """Objects of the edition before it."""

    def list_replaced(self, sop_class: str, study: str) -> list[Sent]:
        """Those of a kind and a study."""
        return [one for one in self.replaces if (one.sop_class, one.study) == (sop_class, study)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What distinguishes one writing of objects from another.

    The same images, version, weights, options and language give the same identifiers, so that a second run does not
    multiply objects in an archive; the time is not part of them.
    """

    when: datetime
    version: str
    weights: str
    """SHA-256 of the detector's weights, or empty."""
    key: str
    """Images, version, weights, options and language, as JSON."""
    language: str = "en"
    anonymous: bool = False
    """Whether days of the patient's life are left out."""
    succession: Succession = Succession()
    """No identifier follows from it."""

    @classmethod
    def of(cls, record: Record, *, when: datetime, language: str = "en", anonymous: bool = False) -> "Edition":
        """Take version, weights and key from a record."""
        identity = {
            "images": [image.sha256 for image in record.images],
            "version": record.version,
            "model": record.model.model_dump(),
            "options": record.options,
            "language": language,
            "anonymous": anonymous,
        }
        key = json.dumps(identity, sort_keys=True)
        return cls(
            when=when,
            version=record.version,
            weights=record.model.sha256 or "",
            key=key,
            language=language,
            anonymous=anonymous,
        )

    def uid(self, *what: str) -> str:
        """Derive the identifier of one object or series: `edition.uid(instance, "seg")` (root 2.25, PS3.5 B.2)."""
        return derived_uid(self.key, *what)

    def uuid(self, *what: str) -> uuid.UUID:
        """The same for where an identifier is a UUID."""
        return derived_uuid(self.key, *what)


def read_time() -> datetime:
    """When a document is made: now, or the moment that SOURCE_DATE_EPOCH gives, so that the same bytes come again.

    Raises
    ------
    BadInput
        If SOURCE_DATE_EPOCH is there and no moment.
    """
    given = os.environ.get(GIVEN_TIME)
    if not given:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadInput(f"{GIVEN_TIME} must be whole seconds since 1970, for instance 1700000000") from None


def derived_uid(*parts: str) -> str:
    """Derive a DICOM identifier from words, the same for the same words.

    >>> derived_uid("a") == derived_uid("a"), derived_uid("a", "b") == derived_uid("ab")
    (True, False)
    """
    return f"2.25.{derived_uuid(*parts).int}"


def derived_uuid(*parts: str) -> uuid.UUID:
    """Derive a UUID (version 5, RFC 9562) from words."""
    return uuid.uuid5(NAMESPACE, json.dumps(parts))
