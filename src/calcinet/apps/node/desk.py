"""Studies that have come whole go into the queue: looked for again and again, by a node, or by a server without one."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from calcinet.apps.node.completeness import is_complete
from calcinet.apps.node.earlier import Fetching
from calcinet.apps.node.handing_over import HandingOver
from calcinet.apps.node.register import Register
from calcinet.apps.node.shelf import Shelf
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.folder_lock import free_lock, open_lock, try_lock
from calcinet.apps.web.people import People
from calcinet.apps.web.queue import Queue
from calcinet.errors import CalcinetError

QUIET_S: Final = 30.0
"""A study has come whole when nothing of it came for so long. Our choice: modalities send the next image in seconds."""

LOOK_S: Final = 1.0
"""A server looks so often. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Hands studies over."""

    register: Register
    shelf: Shelf
    handing_over: HandingOver
    wake: Callable[[], None]
    log: Callable[[str], None]
    fetching: Fetching | None = None
    """Where earlier studies are compared with."""

    @classmethod
    def of(
        cls, data: DataFolder, queue: Queue, people: People, wake: Callable[[], None], log: Callable[[str], None]
    ) -> "Desk":
        """Make the desk of a folder."""
        register = Register(data.register)
        shelf = Shelf(data.received, register, queue)
        handing_over = HandingOver(data=data, register=register, shelf=shelf, queue=queue, people=people)
        return cls(register=register, shelf=shelf, handing_over=handing_over, wake=wake, log=log)

    def comparing(self, fetching: Fetching) -> "Desk":
        """The same, where each study waits for earlier ones."""
        return replace(
            self, fetching=fetching, handing_over=replace(self.handing_over, bring_earlier=fetching.hand_over)
        )

    def hand_over_complete(self, quiet_s: float) -> None:
        """Hand over every study that has come whole."""
        now = time.time()
        for study in self.register.list_open():
            if not is_complete(study, now, quiet_s):
                continue
            if self.fetching is not None and not self.fetching.is_ready(study.key, self.handing_over.list_paths(study)):
                continue
            study_id = self.handing_over.hand_over(study)
            if study_id is None:  # more has come while it is examined, and waits until that is done
                continue
            self.wake()
            whole = "" if study.expected is None else f" of {study.expected}"
            self.log(f"study {study_id}: {study.count}{whole} objects of {study.caller}")


class StandIn:
    """Hands over in a server as long as no node does, until it is closed."""

    def __init__(self, desk: Desk, data: DataFolder) -> None:
        self._desk, self._lock = desk, open_lock(data.node_lock)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            if not self._desk.register.is_any_open() or not try_lock(self._lock):
                continue
            try:
                self._desk.hand_over_complete(QUIET_S)
            except (CalcinetError, OSError):  # a disk that is full today is not tomorrow: it is tried again
                continue
            finally:
                free_lock(self._lock)
