"""A file that was not examined, and why, in words that name no patient and no file."""

import hashlib
from dataclasses import dataclass

from calcinet.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that did not become an image."""

    source: str
    """First 12 characters of the hash and the suffix, never the name the file had."""

    sha256: str
    """Of the bytes that were read; of nothing where none could be read."""

    reason: str
    """What was found, what was expected, what to do."""

    code: str
    """Short stable word for programs, for instance "truncated"."""

    modality: str | None = None
    """DICOM Modality where the file names one."""


def fingerprint(data: bytes) -> str:
    """SHA-256 of `data` as hexadecimal digits.

    >>> fingerprint(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(data).hexdigest()


def source_name(sha256: str, suffix: str) -> str:
    """The only name a file has downstream.

    >>> source_name("e3b0c44298fc1c14", ".dcm")
    'e3b0c44298fc.dcm'
    """
    return sha256[:12] + suffix


def refusal(error: Unreadable, data: bytes = b"", *, suffix: str = "", modality: str | None = None) -> Refusal:
    """Turn an error about `data` into the refusal that stands in the record."""
    sha256 = fingerprint(data)
    return Refusal(source_name(sha256, suffix), sha256, str(error), error.code, modality)
