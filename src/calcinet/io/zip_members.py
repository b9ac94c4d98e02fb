"""Zips and what they hold, read from memory; what they say of themselves is not believed."""

import weakref
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from calcinet.errors import Unreadable
from calcinet.given_files import CHUNK_BYTES, explain_closed, open_regular, require_size
from calcinet.io.disc import is_of_system
from calcinet.io.inflation import is_bomb, refuse_bomb
from calcinet.limits import FILE_BYTES, GIB, ZIP_BYTES, ZIP_MEMBERS
from calcinet.text import say

ENCRYPTED: Final = 1
"""Bit of the flags of a member that says that it is encrypted (APPNOTE 4.4.4)."""

BOUNDED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Methods of packing that give no more than they are asked for."""

SMALL_STEP: Final = 4096
"""Packed bytes that the other methods unpack at a time, all that they become. Our choice: less cannot be asked for."""

END: Final = b"PK\5\6"
"""Begins the record at the end of a zip (APPNOTE 4.3.16)."""

END_OF_LARGE: Final = b"PK\6\6"
"""Begins the record that stands for it in a large zip (APPNOTE 4.3.14)."""

END_BYTES: Final = 2**16 + 150
"""Within so many bytes of the end both stand: a comment has 65535 at most."""

ENTRY_BYTES: Final = 400
"""Of a member in the table of contents, on the average. Our choice: twice that of long names."""


def open_zip(path: Path) -> zipfile.ZipFile:
    """A zip, open as long as one of its members may still be read.

    Raises
    ------
    Unreadable
        If it is damaged, or has a table of contents longer than that of any study.
    """
    try:
        stream = open_regular(path)
    except (OSError, ValueError) as error:
        raise explain_closed(error) from error
    try:
        _require_short_table(stream)
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        stream.close()
        raise refuse_damaged() from error
    except BaseException:
        stream.close()
        raise
    weakref.finalize(archive, stream.close)
    return archive


def list_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Files of a zip that is small enough and unlocked; hidden ones left out.

    Raises
    ------
    Unreadable
        If it holds too much, or is locked.
    """
    members = [member for member in archive.infolist() if _is_visible_file(member)]
    unpacked = sum(member.file_size for member in members)
    if len(members) > ZIP_MEMBERS.value or unpacked > ZIP_BYTES.value:
        message = say(
            "the zip holds {count} files that unpack to {size:.1f} GiB; at most {most} files and {room:g} GiB are "
            "read: unpack it and give the folder",
            count=len(members),
            size=unpacked / GIB,
            most=ZIP_MEMBERS.value,
            room=ZIP_BYTES.value / GIB,
        )
        raise Unreadable(message, code="zip-too-large")
    if is_bomb(sum(member.compress_size for member in members), unpacked):
        raise refuse_bomb()
    if any(member.flag_bits & ENCRYPTED for member in members):
        message = say("the zip is locked with a password: unpack it and give the folder")
        raise Unreadable(message, code="encrypted")
    return members


def load_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int | None = None) -> bytes:
    """Bytes of one member, the first `limit` where given; the name inside the zip is never used as a path.

    Raises
    ------
    Unreadable
        If it is damaged, or too large.
    """
    if limit is None:
        require_size(member.file_size, FILE_BYTES)
        if is_bomb(member.compress_size, member.file_size):
            raise refuse_bomb()
    try:
        data = _read_member(archive, member, FILE_BYTES.value if limit is None else limit)
    except Exception as error:  # BadZipFile, zlib.error, LZMAError, NotImplementedError: by the method of packing
        raise refuse_damaged() from error
    if limit is None and len(data) != member.file_size:
        raise refuse_damaged()
    return data


def place_of(member: zipfile.ZipInfo) -> PurePosixPath:
    """Where a member lies in its zip; some programs part the names of folders as Windows does."""
    return PurePosixPath(member.filename.replace("\\", "/"))


def refuse_nested() -> Unreadable:
    """The refusal of a zip inside a zip: what it unpacks to is not known from outside."""
    message = say("found a zip inside the zip: unpack the outer one and give the folder")
    return Unreadable(message, code="nested-zip")


def refuse_damaged() -> Unreadable:
    """The refusal of a zip, or of a member of it, that cannot be unpacked."""
    message = say("the zip is damaged or cut off: copy it again, or give the unpacked folder")
    return Unreadable(message, code="truncated")


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Unpack step by step: a member may hold more than it says, which is left out and found damaged."""
    step = CHUNK_BYTES if member.compress_type in BOUNDED else SMALL_STEP
    pieces = []
    room = most
    with archive.open(member) as stream:
        while room > 0 and (piece := stream.read(min(step, room))):
            pieces.append(piece)
            room -= len(piece)
    return b"".join(pieces)


def _is_visible_file(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a file, one without a name, too, and none that a system adds."""
    place = place_of(member)
    is_of_systems = any(is_of_system(folder) for folder in place.parts[:-1])
    return not member.filename.endswith(("/", "\\")) and not place.name.startswith(".") and not is_of_systems


def _require_short_table(stream: BinaryIO) -> None:
    """Refuse a table of contents that would take long to read, before it is read."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_BYTES))
    tail = stream.read(END_BYTES)
    stream.seek(0)
    length = _read_number(tail, END, 12, 4)
    if length == 2**32 - 1:
        length = _read_number(tail, END_OF_LARGE, 40, 8)
    if length > ENTRY_BYTES * ZIP_MEMBERS.value:
        message = say(
            "the zip holds more files than a study ({most}): give the zip of one study", most=ZIP_MEMBERS.value
        )
        raise Unreadable(message, code="zip-too-large")


def _read_number(tail: bytes, mark: bytes, start: int, width: int) -> int:
    """A number of the last record that begins with a mark; 0 where there is none."""
    place = tail.rfind(mark)
    if place < 0:
        return 0
    return int.from_bytes(tail[place + start : place + start + width], "little")
