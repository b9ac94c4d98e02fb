"""The one folder that a server keeps everything in."""

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from calcinet.machine import writing_in
from calcinet.text import CONTROL, UNSEEN

OWNER_ALONE: Final = 0o700

LONGEST_NAME_BYTES: Final = 120
"""Of one part of a path that a file is kept under. Our choice: half of what the usual file systems take."""

DEEPEST: Final = 8
"""Folders above a file that are kept. Our choice: a disc has four."""

HEADER: Final = "view.json"
PLANE: Final = "plane.u16"
VOLUME: Final = "volume.i16"
"""Files of an image as a viewer reads it."""

STUDY_ID: Final = re.compile("[0-9a-f]{16}")
IMAGE_ID: Final = re.compile("img-[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """What is kept of one study."""

    root: Path

    @property
    def given(self) -> Path:
        """The films as they were sent."""
        return self.root / "given"

    @property
    def case(self) -> Path:
        """The case as it was given."""
        return self.root / "case"

    @property
    def edits(self) -> Path:
        """What readers corrected, in order."""
        return self.root / "edits.json"

    @property
    def kept(self) -> Path:
        """Each image that was examined, so that an examination goes on where it was broken off."""
        return self.root / "kept"

    @property
    def view(self) -> Path:
        """Pixels as a viewer reads them."""
        return self.root / "view"

    @property
    def earlier(self) -> Path:
        """Earlier studies of the patient that it is compared with, out of an archive."""
        return self.root / "earlier"

    @property
    def result(self) -> Path:
        """Record and documents, as `calcinet examine` writes them."""
        return self.root / "result"

    def said(self, language: str) -> Path:
        """Page and paper in another language than that of the result."""
        return self.root / f"result.{language}"

    def read_case(self) -> bytes | None:
        """The case, where there is one."""
        if not self.case.exists():
            return None
        return self.case.read_bytes()

    def write_case(self, content: bytes) -> None:
        """Put another case in its place, whole or not at all."""
        new = self.case.with_suffix(".new")
        new.write_bytes(content)
        new.replace(self.case)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Store, queue, pixels and results of one server."""

    root: Path

    @property
    def queue(self) -> Path:
        """What is to be done, and what became of it."""
        return self.root / "queue.sqlite"

    @property
    def access(self) -> Path:
        """Hashes of sessions and of tokens."""
        return self.root / "access.sqlite"

    @property
    def store(self) -> Path:
        """Users, edits and the audit."""
        return self.root / "store.sqlite"

    @property
    def key(self) -> Path:
        """Key of the store, where CALCINET_KEY names no other."""
        return self.root / "store.key"

    @property
    def studies(self) -> Path:
        """A folder for each study."""
        return self.root / "studies"

    @property
    def incoming(self) -> Path:
        """What is being received, and other files that are gone when the server is."""
        return self.root / "incoming"

    @property
    def outbox(self) -> Path:
        """What waits for an archive."""
        return self.root / "outbox"

    @property
    def received(self) -> Path:
        """Objects that a node received, a folder for each study, until the queue has them."""
        return self.root / "received"

    @property
    def earlier(self) -> Path:
        """Earlier studies fetched for each study that was received, until the queue has it."""
        return self.root / "earlier"

    @property
    def earlier_records(self) -> Path:
        """Records of earlier studies that were examined."""
        return self.root / "earlier-records"

    @property
    def register(self) -> Path:
        """What a node received, and what became of it."""
        return self.root / "node.sqlite"

    @property
    def lock(self) -> Path:
        """Held as long as a server is alive."""
        return self.root / "lock"

    @property
    def node_lock(self) -> Path:
        """Held as long as a node is alive."""
        return self.root / "node.lock"

    @property
    def workers_lock(self) -> Path:
        """Held as long as a worker, or whoever started it, is alive."""
        return self.root / "workers.lock"

    def study(self, study_id: str) -> StudyFolder:
        """The folder of one study."""
        if not STUDY_ID.fullmatch(study_id):
            raise LookupError(study_id)
        return StudyFolder(self.studies / study_id)

    def make(self) -> None:
        """Make what is not there yet, for its owner alone.

        Raises
        ------
        MachineFault
            If the machine refuses.
        """
        with writing_in(self.root):
            for folder in (self.root, self.studies, self.incoming, self.received, self.outbox):
                folder.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)


def clean_name(given: str) -> PurePosixPath:
    r"""A relative path that a file is kept under, whatever was sent as its name.

    >>> clean_name("..\\..\\etc/./films/a.dcm"), clean_name(""), clean_name("/etc/passwd")
    (PurePosixPath('etc/films/a.dcm'), PurePosixPath('film'), PurePosixPath('etc/passwd'))
    """
    plain = UNSEEN.sub("", CONTROL.sub("", given)).replace("\\", "/")
    parts = [_shorten(part.strip()) for part in plain.split("/")]
    kept = [part for part in parts if part.strip(".")][-DEEPEST:]
    return PurePosixPath(*(kept or ["film"]))


def _shorten(part: str) -> str:
    """A part of a path that is not too long, with its suffix."""
    coded = os.fsencode(part.encode("utf-8", "replace").decode())
    if len(coded) <= LONGEST_NAME_BYTES:
        return part
    return coded[-LONGEST_NAME_BYTES:].decode("utf-8", "ignore")


def place_in(folder: Path, name: PurePosixPath) -> Path:
    """A path below a folder that nothing has yet; its folders are made."""
    target = folder / name
    for number in range(2, 100_000):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch(exist_ok=False)
        except (FileExistsError, NotADirectoryError):
            target = folder / str(number) / name
            continue
        return target
    raise FileExistsError(str(name))
