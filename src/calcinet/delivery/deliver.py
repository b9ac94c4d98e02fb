"""From the outbox to the receiver, again and again until it is there or the attempts are used up."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from calcinet.delivery.destination import Destination
from calcinet.delivery.outbox import Outbox, OutboxFull, read_waiting
from calcinet.delivery.outcome import Busy, Connection, Misdirected, Refused, Unreachable
from calcinet.delivery.transport import MOST_KINDS, Kind, connect
from calcinet.delivery.tries import Tried
from calcinet.delivery.wholeness import NotWhole, is_identifier
from calcinet.errors import BadInput
from calcinet.progress import Progress

ATTEMPTS: Final = 4
PAUSE_S: Final = 1.0
"""Before the second attempt; doubled before each further one. Our choice: a service that restarts is back in seconds,
and one that does not is not worth a command's time: what waits is safe.
"""

LONGEST_PAUSE_S: Final = 30.0
"""Longest time that a receiver may ask a command to wait for it. Our choice: longer, and another command is as good."""

MOST_LOST: Final = 2
"""Objects one after the other that are lost with their connection, until an attempt ends. Our choice: one object may
break a receiver, and then the next still arrives; two lost ones, and the receiver is down.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of the objects for one destination."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    because: str = ""
    """Why some wait or were refused; the last reason."""
    refusals: tuple[str, ...] = ()
    """A sentence for each object that was refused: which, and why."""

    @property
    def whole(self) -> bool:
        """Whether nothing waits and nothing was refused."""
        return not self.waiting and not self.refused


def deliver(
    outbox: Outbox,
    where: Destination,
    *,
    attempts: int = ATTEMPTS,
    pause_s: float = PAUSE_S,
    progress: Progress = lambda *_: None,
    say: Callable[[str], None] = lambda _: None,
) -> Delivered:
    """Deliver everything that waits for a destination.

    What is not confirmed stays in the outbox, so that nothing is lost however this ends. What is not whole, or will
    never be taken, is set aside, and the rest goes on.

    Parameters
    ----------
    outbox
        Where the objects wait.
    where
        The receiver.
    attempts
        How often it is tried, at most.
    pause_s
        Before the second attempt, in seconds; doubled before each further one.
    progress
        Called after each object.
    say
        Called with a sentence where it takes longer than one expects.
    """
    try:
        with outbox.locked(where, say):
            return _Delivery(outbox=outbox, where=where, progress=progress).run(attempts, pause_s, say)
    except (Busy, BadInput, OutboxFull) as reason:  # of this destination alone: others go on
        return Delivered(waiting=len(outbox.waiting(where)), because=str(reason))


@dataclass(slots=True, kw_only=True)
class _Delivery:
    """One call of `deliver`, while it lasts."""

    outbox: Outbox
    where: Destination
    progress: Progress
    sent: int = 0
    refusals: list[str] = field(default_factory=list)
    because: str = ""
    tries: dict[str, Tried] = field(default_factory=dict)
    lost: int = 0
    """Objects lost with their connection since the last that arrived."""
    done: int = 0
    total: int = 0
    """Objects that this attempt went through, and has in all."""
    pause_s: float | None = 0.0
    """How long the receiver asks to be left alone; None where another attempt is of no use."""

    def run(self, attempts: int, pause_s: float, say: Callable[[str], None]) -> Delivered:
        """Attempt it until nothing waits, or no attempt is left or of use."""
        self.tries = self.outbox.tries(self.where)
        waiting = 0
        for attempt in range(1, attempts + 1):
            self.pause_s = 0.0
            self._attempt()
            self.outbox.keep_tries(self.where, self.tries)
            waiting = len(self.outbox.waiting(self.where))
            if not waiting or attempt == attempts or self.pause_s is None or self.pause_s > LONGEST_PAUSE_S:
                break
            pause = max(self.pause_s, pause_s * 2 ** (attempt - 1))
            say(f"{self.because}; attempt {attempt + 1} of {attempts} in {pause:.0f} s")
            time.sleep(pause)
        if self.pause_s is not None and self.pause_s > LONGEST_PAUSE_S:
            self.because += f", and asks to be left alone for {self.pause_s:.0f} s"
        return Delivered(
            sent=self.sent,
            waiting=waiting,
            refused=len(self.refusals),
            because=self.because,
            refusals=tuple(self.refusals),
        )

    def _attempt(self) -> None:
        """Go through everything that waits, once."""
        kinds = self._sort_out()
        self.lost, self.done, self.total = 0, 0, len(kinds)
        for paths in split_by_kind(kinds, MOST_KINDS):
            queue = list(paths)
            while queue and self.lost < MOST_LOST:
                self._deliver_queue(queue, kinds)

    def _sort_out(self) -> dict[Path, Kind]:
        """The kind of each object that is whole, least tried first; what is not whole is set aside."""
        kinds = {}
        for path in sorted(self.outbox.waiting(self.where), key=lambda path: self._count_tries(path)):
            try:
                kinds[path] = read_waiting(path)[1].kind
            except NotWhole as reason:
                self._refuse(path, str(reason), reason.uid)
        return kinds

    def _deliver_queue(self, queue: list[Path], kinds: dict[Path, Kind]) -> None:
        """Send over one connection until it ends; what was tried leaves the queue."""
        connected = False
        try:
            with connect(self.where, sorted({kinds[path] for path in queue})) as connection:
                connected = True
                while queue:
                    self._send(queue.pop(0), connection)
        except Refused as reason:  # before anything was sent: none of these kinds is taken
            while queue:
                self._refuse(queue.pop(0), str(reason))
        except Unreachable as reason:
            self._note_unreachable(reason)
            self.lost += 1
            if not connected or isinstance(reason, Misdirected):
                self.lost = MOST_LOST
            if self.lost >= MOST_LOST:
                for path in queue:
                    self._note(path, reason)

    def _send(self, path: Path, connection: Connection) -> None:
        """Send one object; raises Unreachable where the connection is of no more use."""
        try:
            connection.send(*read_waiting(path))
            self.outbox.remove(path)
            self.sent, self.lost = self.sent + 1, 0
        except NotWhole as reason:
            self._refuse(path, str(reason), reason.uid)
        except Refused as reason:
            self._refuse(path, str(reason))
        except Unreachable as reason:
            self._note(path, reason)
            raise
        except Busy as reason:
            self._note(path, reason)
        except Exception as error:  # whatever a receiver or an object does to a library, the others go on
            self._note(path, Busy(f"it could not be sent ({type(error).__name__})"))
        finally:
            self.done += 1
            self.progress(self.done, self.total)

    def _refuse(self, path: Path, reason: str, uid: str = "") -> None:
        try:
            self.outbox.refuse(path, reason)
        except OSError as error:
            self._note(path, Busy(f"{reason}; it cannot be set aside ({error.strerror})"))
            return
        self.because = reason
        self.refusals.append(f"{name_object(path, uid)}: {reason}")

    def _note(self, path: Path, reason: Exception) -> None:
        """Count that an object was tried in vain."""
        self.because = str(reason)
        self.tries[path.name] = self.tries.get(path.name, Tried()).again(self.because, _say_now())

    def _note_unreachable(self, reason: Unreachable) -> None:
        """Keep what the receiver's state means for another attempt."""
        self.because = str(reason)
        if not reason.again:
            self.pause_s = None
        elif self.pause_s is not None:
            self.pause_s = max(self.pause_s, reason.after_s)

    def _count_tries(self, path: Path) -> int:
        return self.tries.get(path.name, Tried()).times


def _say_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def name_object(path: Path, uid: str = "") -> str:
    """Say which object it is, by its SOP Instance UID; the name of a file that is none may name somebody.

    >>> name_object(Path("1.2.840.1.dcm")), name_object(Path("somebody.dcm"))
    ('object 1.2.840.1', 'an object without a valid identifier')
    """
    known = uid or path.stem
    if is_identifier(known):
        return f"object {known}"
    return "an object without a valid identifier"


def split_by_kind(kinds: Mapping[Path, Kind], most: int) -> Iterator[list[Path]]:
    """Split objects, in their order, into groups of at most so many kinds, as many as one connection carries."""
    group: list[Path] = []
    held: set[Kind] = set()
    for path, kind in kinds.items():
        if kind not in held and len(held) == most:
            yield group
            group, held = [], set()
        group.append(path)
        held.add(kind)
    if group:
        yield group
