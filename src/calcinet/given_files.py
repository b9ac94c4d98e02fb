"""Files that a user names, opened without trust: regular ones alone, up to a limit, and whole.

A pipe would be waited for without end, a device would fill the memory; neither is opened at all.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from calcinet.errors import Unreadable
from calcinet.limits import MIB, Limit
from calcinet.text import say

CHUNK_BYTES: Final = 4 * MIB
"""Read at a time. Our choice: few calls, little memory."""

OPENING: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
"""Never waits, and never takes a terminal over; not every system knows all of these."""

SYSTEM_FOLDERS: Final = ("/proc", "/sys")
"""Where a system shows its own state as files that look regular."""

PIPE: Final = say("a pipe, not a file")
DEVICE: Final = say("a device, not a file")
SOCKET: Final = say("a socket, not a file")
FOLDER: Final = say("a folder, not a file")
OF_SYSTEM: Final = say("a file of the system itself, not one of a disc")

KINDS: Final = (
    (stat.S_ISDIR, FOLDER),
    (stat.S_ISFIFO, PIPE),
    (stat.S_ISSOCK, SOCKET),
    (stat.S_ISCHR, DEVICE),
    (stat.S_ISBLK, DEVICE),
)
"""What a path leads to where it is no regular file."""

REASONS: Final = {
    errno.ENOENT: say("it is not there any more, or it is a link that leads nowhere"),
    errno.ELOOP: say("it is a link that leads back to itself"),
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Permission denied"),
    errno.ENAMETOOLONG: say("its name is too long"),
}
"""Why a file is not opened, by the error's number; others are told in the words of the system."""


def read_given(path: str | Path, limit: Limit) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    Raises
    ------
    Unreadable
        If it is no regular file ("not-a-file"), cannot be opened ("cannot-open"), is larger ("too-large"), or changed
        while it was read ("changed"). No message names the file.
    """
    with open_given(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        require_size(size, limit)
        return _read_whole(stream, size)


def read_head(path: str | Path, count: int) -> bytes:
    """The first `count` bytes of a regular file, or as many as it has.

    Raises
    ------
    Unreadable
        As `open_given`.
    """
    with open_given(path) as stream:
        return stream.read(min(count, os.fstat(stream.fileno()).st_size))


@contextmanager
def open_given(path: str | Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading; what is none is not opened.

    Raises
    ------
    Unreadable
        If it is no regular file ("not-a-file"), or cannot be opened or read ("cannot-open").
    """
    try:
        with open_regular(path) as stream:
            yield stream
    except (OSError, ValueError) as error:
        raise explain_closed(error) from error


def open_regular(path: str | Path) -> BinaryIO:
    """As `open_given`, for whoever closes the file later; errors of the system come as they are.

    Raises
    ------
    Unreadable
        If it is no regular file ("not-a-file").
    OSError
        If it cannot be opened.
    """
    _require_regular(os.stat(path))  # noqa: PTH116 - a path may be a text
    descriptor = os.open(path, OPENING)
    try:
        _require_regular(os.fstat(descriptor))  # another may lie there by now
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def is_regular(path: str | Path) -> bool:
    """Whether a path leads to a file that may be opened."""
    try:
        _require_regular(os.stat(path))  # noqa: PTH116 - as above
    except (OSError, ValueError, Unreadable):
        return False
    return True


def read_stream(stream: BinaryIO, limit: Limit) -> bytes:
    """All that a stream of unknown length gives, such as standard input or a member of a zip.

    Raises
    ------
    Unreadable
        If it gives more than `limit` bytes ("too-large"); no more than that is read.
    """
    pieces = []
    count = 0
    while piece := stream.read(min(CHUNK_BYTES, limit.value + 1 - count)):
        pieces.append(piece)
        count += len(piece)
        if count > limit.value:
            message = say("found more than {size}; no more is read: give less at once", size=_write_size(limit.value))
            raise Unreadable(message, code="too-large")
    return b"".join(pieces)


def require_size(size: int, limit: Limit) -> None:
    """Refuse a file for its size alone.

    Raises
    ------
    Unreadable
        If it has more than `limit` bytes ("too-large").
    """
    if size > limit.value:
        message = say(
            "the file has {size}, more than is read of its kind ({most}): give a smaller one",
            size=_write_size(size),
            most=_write_size(limit.value),
        )
        raise Unreadable(message, code="too-large")


def explain_closed(error: Exception) -> Unreadable:
    """The refusal of a file that cannot be opened, in words that do not name it."""
    message = say("the file cannot be opened ({why}): check its path and its permissions", why=_name_reason(error))
    return Unreadable(message, code="cannot-open")


def explain_closed_within(error: Exception) -> Unreadable:
    """The refusal of a folder within another that cannot be listed, in words that do not name it."""
    message = say(
        "a folder within the one that was given cannot be opened ({why}), and what it holds is not known: check its "
        "permissions",
        why=_name_reason(error),
    )
    return Unreadable(message, code="cannot-open")


def _name_reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return REASONS.get(number or 0) or getattr(error, "strerror", None) or say("its name is none that a file can have")


def _require_regular(found: os.stat_result) -> None:
    kind = _name_kind(found)
    if kind:
        raise Unreadable(say("found {kind}: give a file that lies on a disc", kind=kind), code="not-a-file")


def _name_kind(found: os.stat_result) -> str:
    """What it is that is no regular file; empty for one that is."""
    for is_kind, name in KINDS:
        if is_kind(found.st_mode):
            return name
    if not stat.S_ISREG(found.st_mode) or found.st_dev in _list_system_devices():
        return OF_SYSTEM
    return ""


@cache
def _list_system_devices() -> frozenset[int]:
    """Numbers of the file systems that are none of a disc; they stay while a system runs."""
    devices = set()
    for folder in SYSTEM_FOLDERS:
        if os.path.ismount(folder):
            devices.add(os.stat(folder).st_dev)  # noqa: PTH116 - as above
    return frozenset(devices)


def _read_whole(stream: BinaryIO, size: int) -> bytes:
    """The bytes of a file that has `size` before and after it was read."""
    before = os.fstat(stream.fileno())
    data = bytearray()
    while len(data) < size:
        piece = stream.read(min(CHUNK_BYTES, size - len(data)))
        if not piece:
            break
        data += piece
    after = os.fstat(stream.fileno())
    if len(data) != size or (after.st_size, after.st_mtime_ns) != (size, before.st_mtime_ns):
        raise Unreadable(say("the file changed while it was read: wait until it is there whole"), code="changed")
    return bytes(data)


def _write_size(size: int) -> str:
    """A number of bytes for people."""
    if size < MIB:
        return say("{size:.0f} kB", size=size / 1000)
    return say("{size:.0f} MiB", size=size / MIB)
