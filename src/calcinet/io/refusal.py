"""A file that was not examined, and why, in words that name no patient and no file."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from calcinet.errors import CalcinetError, Unreadable
from calcinet.text import say

UNFORESEEN: Final = say(
    "the file cannot be read: something in it was not foreseen, please tell the developers; export it again from the "
    "archive, or give another"
)

NO_MEMORY: Final = say(
    "there is not enough memory on this machine to read the file: give fewer or smaller images at once"
)

_LOG: Final = logging.getLogger("calcinet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One input that did not become an image."""

    source: str
    """First 12 characters of the hash and the suffix, never the name the file had."""

    sha256: str
    """Hash of the bytes that were read; of nothing where none could be read."""

    reason: str
    """What was found, what was expected, what to do."""

    code: str
    """Short stable word for programs, for instance "truncated"."""

    modality: str | None = None
    """DICOM Modality where the file names one."""

    name: str = field(default="", repr=False, compare=False)
    """Path as given or found, as of `Source`; goes into no record, page or log."""


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


def refuse_unread(error: Unreadable) -> Refusal:
    """The refusal of a file of which nothing could be read."""
    sha256 = fingerprint(b"")
    return Refusal(source=source_name(sha256, ""), sha256=sha256, reason=str(error), code=error.code)


@contextmanager
def refuse_unforeseen() -> Iterator[None]:
    """Turn what nobody foresaw in one file into its refusal, so that the rest of a call goes on.

    The error itself goes to the log "calcinet" at the level of debugging, as it may quote the file.

    Raises
    ------
    Unreadable
        In place of every exception that is no `CalcinetError`: "no-memory", or "unforeseen", a mistake of ours.
    """
    try:
        yield
    except CalcinetError:
        raise
    except MemoryError as error:
        raise Unreadable(NO_MEMORY, code="no-memory") from error
    except Exception as error:
        _LOG.debug("unforeseen", exc_info=True)
        raise Unreadable(UNFORESEEN, code="unforeseen") from error
