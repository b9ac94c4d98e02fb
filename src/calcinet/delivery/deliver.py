"""From the outbox to the receiver, again and again until it is there or the attempts are used up."""

import time
from dataclasses import dataclass
from typing import Final

from calcinet.delivery.destination import Destination
from calcinet.delivery.outbox import Outbox
from calcinet.delivery.outcome import Busy, Refused, Unreachable
from calcinet.delivery.transport import connect
from calcinet.progress import Progress

ATTEMPTS: Final = 4
PAUSE_S: Final = 1.0
"""Before the second attempt; doubled before each further one. Our choice: a service that restarts is back in seconds,
and one that does not is not worth a command's time: what waits is safe.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of the objects for one destination."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    because: str = ""
    """Why some wait or were refused; the last reason."""

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
) -> Delivered:
    """Deliver everything that waits for a destination.

    What is not confirmed stays in the outbox, so that nothing is lost however this ends.

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
    """
    with outbox.locked(where):
        done = Delivered()
        for attempt in range(attempts):
            if attempt:
                time.sleep(pause_s * 2 ** (attempt - 1))
            done = _attempt(outbox, where, done, progress)
            if not done.waiting:
                break
        return done


def _attempt(outbox: Outbox, where: Destination, before: Delivered, progress: Progress) -> Delivered:
    """Go through everything that waits, once."""
    paths = outbox.waiting(where)
    if not paths:
        return before
    sent, refused, because = before.sent, before.refused, before.because
    try:
        with connect(where, paths) as connection:
            for number, path in enumerate(paths, start=1):
                try:
                    connection.send(path)
                    outbox.remove(path)
                    sent += 1
                except Refused as reason:
                    outbox.refuse(path, str(reason))
                    refused, because = refused + 1, str(reason)
                except Busy as reason:
                    because = str(reason)
                progress(number, len(paths))
    except Unreachable as reason:
        because = str(reason)
    return Delivered(sent=sent, waiting=len(outbox.waiting(where)), refused=refused, because=because)
