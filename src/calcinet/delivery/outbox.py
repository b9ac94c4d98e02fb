"""Objects that wait on disk until their receiver has confirmed them."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from pydicom import dcmread
from pydicom.uid import UID

from calcinet.delivery.destination import Destination, destination, folder_name
from calcinet.errors import BadInput

ADDRESS: Final = "destination.json"
REFUSED: Final = "refused"
OWNER_ALONE: Final = 0o700


def default_outbox() -> Path:
    """Folder of the outbox: $CALCINET_OUTBOX, else calcinet/outbox under $XDG_STATE_HOME or ~/.local/state."""
    given = os.environ.get("CALCINET_OUTBOX")
    if given:
        return Path(given)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "calcinet" / "outbox"


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder with one folder a destination, and in it one file an object, named by its SOP Instance UID.

    An object is there whole or not at all, and leaves only when it is taken or refused for good; the same object put
    twice is one. The folder is its owner's alone: objects name patients, file names do not.
    """

    folder: Path

    def put(self, content: bytes, where: Destination) -> Path:
        """Keep a DICOM file for a destination until it is delivered.

        Raises
        ------
        BadInput
            If the bytes are no DICOM file.
        """
        return _write_whole(self._make_folder(where) / f"{instance_of(content)}.dcm", content)

    def destinations(self) -> list[Destination]:
        """List the destinations that something was ever put in for."""
        if not self.folder.is_dir():
            return []
        found = []
        for path in sorted(self.folder.glob(f"*/{ADDRESS}")):
            address = json.loads(path.read_text("utf-8"))
            found.append(destination(address["destination"]))
        return found

    def waiting(self, where: Destination) -> list[Path]:
        """List the objects that wait for a destination, oldest first."""
        paths = self.folder_of(where).glob("*.dcm")
        return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def refused(self, where: Destination) -> list[Path]:
        """List the objects that a destination refused for good; each has its reason beside it, as JSON."""
        return sorted((self.folder_of(where) / REFUSED).glob("*.dcm"))

    def remove(self, path: Path) -> None:
        """Let go of an object that its receiver has confirmed."""
        path.unlink(missing_ok=True)

    def refuse(self, path: Path, reason: str) -> None:
        """Set an object aside that its receiver will never take, with the reason."""
        aside = path.parent / REFUSED
        aside.mkdir(mode=OWNER_ALONE, exist_ok=True)
        _write_whole(aside / f"{path.stem}.json", json.dumps({"reason": reason}).encode())
        path.replace(aside / path.name)

    @contextmanager
    def locked(self, where: Destination) -> Iterator[None]:
        """Wait until nobody else delivers to this destination, and keep others waiting."""
        with (self._make_folder(where) / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def folder_of(self, where: Destination) -> Path:
        """Folder of the objects for a destination."""
        return self.folder / folder_name(where)

    def _make_folder(self, where: Destination) -> Path:
        """Folder of the objects for a destination, made where it is absent."""
        folder = self.folder_of(where)
        try:
            folder.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"the outbox cannot be written ({error.strerror}): give another folder with --outbox"
            ) from error
        if not (folder / ADDRESS).exists():
            _write_whole(folder / ADDRESS, json.dumps({"destination": str(where)}).encode())
        return folder


def instance_of(content: bytes) -> UID:
    """Read the SOP Instance UID of a DICOM file.

    Raises
    ------
    BadInput
        If the bytes are no DICOM file, or it has none.
    """
    try:
        uid = UID(str(dcmread(BytesIO(content), stop_before_pixels=True).SOPInstanceUID))
    except Exception as error:  # a damaged file may fail anywhere in the parser
        raise BadInput("found a file that is no whole DICOM object: only those are sent") from error
    if not uid.is_valid:
        raise BadInput("found a DICOM object without a valid identifier: it is not sent")
    return uid


def _write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that it is there whole or not at all, whatever stops the machine."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    return path
