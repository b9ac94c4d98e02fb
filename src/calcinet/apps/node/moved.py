"""Objects that an archive sends because we asked for them: of an earlier study, and not to be examined as new."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from calcinet.delivery.destination import Destination, Node
from calcinet.delivery.wholeness import NotWhole, read_instance
from calcinet.limits import RECEIVED_STUDY_BYTES, RECEIVED_STUDY_OBJECTS, SPARE_BYTES
from calcinet.reception import Answer, Arrival, NotTaken


@dataclass(slots=True, kw_only=True)
class Expected:
    """The objects of one earlier study, while they come."""

    study: str
    folder: Path
    count: int = 0
    size: int = 0
    """Bytes."""

    def keep(self, content: bytes) -> None:
        """Keep one object; the same again is one.

        Raises
        ------
        NotTaken
            If it is not whole, of another study, or finds no room.
        """
        try:
            instance = read_instance(content)
        except NotWhole as error:
            raise NotTaken(Answer.NOT_UNDERSTOOD, str(error)) from None
        if instance.study != self.study:
            raise NotTaken(Answer.DOES_NOT_MATCH, "it is of another study than was asked for")
        place = self.folder / f"{instance.uid}.dcm"
        if place.exists():
            return
        self._require_room(len(content))
        try:
            place.write_bytes(content)
        except OSError as error:
            raise NotTaken(Answer.OUT_OF_RESOURCES, f"it cannot be kept ({error.strerror})") from None
        self.count, self.size = self.count + 1, self.size + len(content)

    def _require_room(self, size: int) -> None:
        if self.count >= RECEIVED_STUDY_OBJECTS.value or self.size + size > RECEIVED_STUDY_BYTES.value:
            raise NotTaken(Answer.OUT_OF_RESOURCES, f"its study has {self.count:,} objects already")
        if shutil.disk_usage(self.folder).free - size < SPARE_BYTES.value:
            raise NotTaken(Answer.OUT_OF_RESOURCES, f"{SPARE_BYTES.value:,} bytes of the disk stay free")


@dataclass(slots=True, kw_only=True)
class Moved:
    """Takes what arrives: what an archive was asked for to its folder, and everything else to where it is examined."""

    source: Destination
    take_new: Callable[[Arrival], None]
    _expected: dict[str, Expected] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, arrival: Arrival) -> None:
        """Keep an object.

        Raises
        ------
        NotTaken
            If it cannot be, or was asked for and is not waited for any more.
        """
        if not self._is_asked_for(arrival):
            self.take_new(arrival)
            return
        try:
            study = read_instance(arrival.content).study
        except NotWhole as error:
            raise NotTaken(Answer.NOT_UNDERSTOOD, str(error)) from None
        with self._lock:
            expected = self._expected.get(study)
            if expected is None:
                raise NotTaken(Answer.FAILED, "it was asked for, and is not waited for any more")
            expected.keep(arrival.content)

    @contextmanager
    def expecting(self, expected: Expected) -> Iterator[None]:
        """Wait for the objects of a study."""
        with self._lock:
            self._expected[expected.study] = expected
        try:
            yield
        finally:
            with self._lock:
                del self._expected[expected.study]

    def _is_asked_for(self, arrival: Arrival) -> bool:
        """Whether it comes by our C-MOVE: it says who asked for it (PS3.7 9.1.1.1, Move Originator)."""
        return isinstance(self.source, Node) and arrival.moved_by == self.source.calling
