"""Results from the queue into the outbox, and from there to archives, each archive in a thread of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.apps.node.register import Register
from calcinet.apps.node.routing import Rule, choose_destinations, read_traits
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.queue import CALLER, Queue, QueuedStudy
from calcinet.delivery import Delivered, Destination, Outbox, deliver
from calcinet.delivery.outbox import OutboxFull
from calcinet.delivery.wholeness import NotWhole, read_instance
from calcinet.errors import BadInput

OBJECTS: Final = "*.dcm"

FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 300.0
"""Before an archive that did not answer is tried again: doubled from the first to the longest. Our choice: one that
restarts is back in seconds, and what waits is safe.
"""

LOOK_S: Final = 0.5
"""The outbox is looked into so often. Our choice."""

WARN_S: Final = 3600.0
"""What has waited so long for an archive is said, and again after as long. Our choice: within a shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Puts results into the outbox, each object once for each of its destinations."""

    data: DataFolder
    register: Register
    queue: Queue
    outbox: Outbox
    rules: Sequence[Rule]
    log: Callable[[str], None]

    def post_all(self) -> None:
        """Post every result that was not posted."""
        for study in self.queue.list_done(CALLER, self.register.find_latest_result()):
            ended_at = study.ended_at or ""
            if not self.register.is_result_posted(study.id, ended_at):
                self._post(study)
                self.register.note_result_posted(study.id, ended_at)

    def _post(self, study: QueuedStudy) -> None:
        if study.state == "failed":
            self.log(f"study {study.id}: no result ({study.code})")
            return
        result = self.data.study(study.id).result
        chosen = choose_destinations(self.rules, read_traits(result, str(study.options[CALLER])))
        posted = 0
        for where in chosen:
            posted += sum(self._post_object(study.id, path, where) for path in sorted(result.glob(OBJECTS)))
        self.log(f"study {study.id}: examined, {posted} objects for {len(chosen)} destinations")

    def _post_object(self, study_id: str, path: Path, where: Destination) -> bool:
        """Put one object into the outbox, unless it was there; what is not whole is said and left."""
        content = path.read_bytes()
        try:
            uid = str(read_instance(content).uid)
        except NotWhole as error:
            self.log(f"study {study_id}: an object of the result is not sent: {error}")
            return False
        if self.register.is_posted(study_id, uid, str(where)):
            return False
        self.outbox.put(content, where)
        self.register.note_posted(study_id, uid, str(where))
        return True


class Courier:
    """Delivers what waits for one destination, for as long as it is not closed."""

    def __init__(self, outbox: Outbox, where: Destination, log: Callable[[str], None]) -> None:
        self._outbox, self._where, self._log = outbox, where, log
        self._ending, self._thread = threading.Event(), threading.Thread(target=self._run, daemon=True)
        self._pause_s, self._warned_at = 0.0, 0.0
        self._thread.start()

    def close(self, patience_s: float) -> None:
        """End after the object that is being sent, or after this time; what is not confirmed stays."""
        self._ending.set()
        self._thread.join(patience_s)

    def _run(self) -> None:
        while not self._ending.wait(max(self._pause_s, LOOK_S)):
            if self._outbox.waiting(self._where):
                self._deliver()

    def _deliver(self) -> None:
        try:
            done = deliver(self._outbox, self._where, attempts=1)
        except Exception as error:  # a disk that is full today is not tomorrow
            done = Delivered(waiting=1, because=f"unexpected failure ({type(error).__name__})")
        if done.sent:
            self._log(f"{done.sent} objects delivered to {self._where}")
        if done.refused:
            self._log(f"{done.refused} objects refused by {self._where} for good: {done.because}")
        self._tell_waiting(done)

    def _tell_waiting(self, done: Delivered) -> None:
        """Be slower while an archive takes nothing, and say it at the first time and then every hour."""
        if not done.waiting or not done.because:  # what came meanwhile waits for no reason
            self._pause_s, self._warned_at = 0.0, 0.0
            return
        self._pause_s = min(max(self._pause_s * 2, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        if done.sent:
            self._pause_s = FIRST_PAUSE_S
        now = time.monotonic()
        if not self._warned_at or now - self._warned_at >= WARN_S:
            self._warned_at = now
            self._log(f"{done.waiting} objects wait for {self._where}: {done.because}")


CANNOT_POST: Final = (OutboxFull, BadInput, OSError)
"""Why results cannot be put into the outbox now."""
