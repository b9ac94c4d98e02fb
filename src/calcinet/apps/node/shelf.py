"""Objects that were received, on disk before they are acknowledged."""

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.apps.node.register import Register, name_study
from calcinet.apps.web.queue import Queue
from calcinet.delivery.wholeness import NotWhole, read_instance
from calcinet.errors import MachineFault
from calcinet.limits import RECEIVED_STUDY_BYTES, RECEIVED_STUDY_OBJECTS, SPARE_BYTES
from calcinet.reception.answers import Answer, NotTaken
from calcinet.reception.listener import Arrival

SUFFIX: Final = ".dcm"
PARTIAL: Final = ".partial"
HALF_S: Final = 3600.0
"""After which nobody writes at an object any more that is not noted. Our choice: none takes an hour."""

OWNER_ALONE: Final = 0o700


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with one folder a study, and in it one file an object, named by its SOP Instance UID."""

    folder: Path
    register: Register
    queue: Queue

    def take(self, arrival: Arrival) -> None:
        """Keep an object; when this returns it is on the disk, and noted.

        Raises
        ------
        NotTaken
            If it is not whole, not what its sender says, or finds no room.
        """
        try:
            instance = read_instance(arrival.content)
        except NotWhole as error:
            raise NotTaken(Answer.NOT_UNDERSTOOD, str(error)) from None
        if instance.uid != arrival.uid or instance.sop_class != arrival.sop_class:
            raise NotTaken(Answer.DOES_NOT_MATCH, "its identifier or its kind are not those that were announced")
        key, digest = name_study(instance.study), hashlib.sha256(arrival.content).hexdigest()
        moment = time.time()
        try:
            if self._has(key, instance.uid, digest):
                self.register.touch(key, moment)
                return
            self._require_room(key, len(arrival.content))
            self._write(key, instance.uid, arrival.content)
            self.register.add(
                key=key,
                uid=instance.uid,
                digest=digest,
                size=len(arrival.content),
                caller=arrival.caller,
                expected=instance.expected,
                moment=moment,
            )
        except OSError as error:
            raise NotTaken(Answer.OUT_OF_RESOURCES, f"it cannot be kept ({error.strerror})") from None
        except MachineFault as error:
            raise NotTaken(Answer.OUT_OF_RESOURCES, str(error)) from None

    def place(self, key: str, uid: str) -> Path:
        """The file of an object."""
        return self.folder / key / f"{uid}{SUFFIX}"

    def put_right(self) -> None:
        """Remove what a node that was killed had not acknowledged, or had handed over already."""
        for folder in self.folder.iterdir():
            for file in folder.iterdir():
                late = time.time() - file.stat().st_mtime > HALF_S
                if late and (file.suffix != SUFFIX or not self.register.is_known(folder.name, file.stem)):
                    file.unlink(missing_ok=True)
            self.tidy(folder.name)

    def tidy(self, key: str) -> None:
        """Remove the folder of a study that is empty."""
        try:
            (self.folder / key).rmdir()
        except OSError:  # an object has come meanwhile
            return

    def _has(self, key: str, uid: str, digest: str) -> bool:
        """Whether the same object was received before and is still to be found."""
        found = self.register.find_object(key, uid)
        if found is None or found[0] != digest:
            return False
        if not found[1]:
            return self.place(key, uid).is_file()
        study_id = self.register.find_queued(key)
        return study_id is not None and self.queue.find(study_id) is not None

    def _require_room(self, key: str, size: int) -> None:
        count, held = self.register.count_study(key)
        if count >= RECEIVED_STUDY_OBJECTS.value or held + size > RECEIVED_STUDY_BYTES.value:
            raise NotTaken(Answer.OUT_OF_RESOURCES, f"its study has {count:,} objects and {held:,} bytes already")
        free = shutil.disk_usage(self.folder).free
        if free - size < SPARE_BYTES.value:
            raise NotTaken(
                Answer.OUT_OF_RESOURCES, f"the disk has {free:,} bytes left, {SPARE_BYTES.value:,} stay free"
            )

    def _write(self, key: str, uid: str, content: bytes) -> None:
        target = self.place(key, uid)
        target.parent.mkdir(mode=OWNER_ALONE, exist_ok=True)
        partial = target.with_name(f".{uid}.{time.monotonic_ns()}{PARTIAL}")
        try:
            with partial.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(target.parent)
        sync_folder(self.folder)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
