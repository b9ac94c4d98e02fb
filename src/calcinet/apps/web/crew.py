"""The workers of a data folder, which a server and a node share: whoever comes first has them, the other takes over."""

import os
import threading
from typing import Final

from calcinet.apps.web.cleaning import remove_deleted
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.folder_lock import open_lock, try_lock
from calcinet.apps.web.queue import Queue
from calcinet.apps.web.workers import Workers

LOOK_S: Final = 0.5
"""The lock of the workers is tried so often. Our choice: workers of a server that was killed end at once."""


class Crew:
    """Has the workers, or waits until nobody else has them."""

    def __init__(self, data: DataFolder, queue: Queue, count: int) -> None:
        self._data, self._queue, self._count = data, queue, count
        self._lock = open_lock(data.workers_lock)
        self._workers: Workers | None = None
        self._ending = threading.Event()
        self._try()
        self._waiting = threading.Thread(target=self._await, daemon=True)
        self._waiting.start()

    def wake(self) -> None:
        """Tell the workers that something is waiting; those of somebody else look for themselves."""
        if self._workers is not None:
            self._workers.wake()

    def count_alive(self) -> int | None:
        """How many of ours live; None where somebody else has them."""
        if self._workers is None:
            return None
        return self._workers.count_alive()

    def close(self) -> None:
        """End the workers that are ours; what they were doing goes on with the next crew."""
        self._ending.set()
        self._waiting.join()
        if self._workers is not None:
            self._workers.close()
        os.close(self._lock)

    def _await(self) -> None:
        while self._workers is None and not self._ending.wait(LOOK_S):
            self._try()

    def _try(self) -> None:
        if try_lock(self._lock):
            self._queue.free_all()
            remove_deleted(self._data, self._queue)
            self._workers = Workers(self._data, self._queue, self._count, lock=self._lock)
            self._workers.wake()
