"""The worker processes: as many as wanted, a new one for each that dies or hangs."""

import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from calcinet import limits
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.queue import Queue

LOOK_S: Final = 0.2
"""Dead workers are looked for so often. Our choice."""

CLOSE_LOOK_S: Final = 5.0
"""Workers that hang are looked for so often. Our choice."""

PAUSE_S: Final = 5.0
"""Where a worker dies without a study in its hands, its successor waits so long. Our choice: a machine without memory
is not helped by new processes."""


@dataclass(slots=True)
class _Worker:
    name: str
    process: "subprocess.Popen[bytes]"


class Workers:
    """Keeps worker processes alive until it is closed."""

    def __init__(self, data: DataFolder, queue: Queue, count: int, *, lock: int) -> None:
        self._data, self._queue, self._lock = data, queue, lock
        """`lock`: of the data folder; the workers hold it, too, so that no second server begins beside one of them."""
        self._ending = threading.Event()
        self._workers = [self._start() for _ in range(count)]
        self._guard = threading.Thread(target=self._keep_alive, daemon=True)
        self._guard.start()

    def wake(self) -> None:
        """Tell the workers that something is waiting."""
        for worker in list(self._workers):
            if worker.process.stdin is not None:
                with suppress(OSError, ValueError):
                    worker.process.stdin.write(b"\n")
                    worker.process.stdin.flush()

    def pids(self) -> Sequence[int]:
        """Of the processes."""
        return [worker.process.pid for worker in self._workers]

    def count_alive(self) -> int:
        """How many live."""
        return sum(worker.process.poll() is None for worker in list(self._workers))

    def names(self) -> Sequence[str]:
        """Of the workers, as the queue knows them."""
        return [worker.name for worker in self._workers]

    def close(self) -> None:
        """End the workers; what they were doing goes on with the next server."""
        self._ending.set()
        self._guard.join()
        for worker in self._workers:
            if worker.process.stdin is not None:
                with suppress(OSError):
                    worker.process.stdin.close()
        for worker in self._workers:
            try:
                worker.process.wait(LOOK_S * 10)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()

    def _start(self) -> _Worker:
        name = secrets.token_hex(8)
        command = [sys.executable, "-m", "calcinet.apps.web.worker", str(self._data.root), name]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=(self._lock,))
        return _Worker(name, process)

    def _keep_alive(self) -> None:
        closely = 0.0
        while not self._ending.wait(LOOK_S):
            look_closely = time.monotonic() > closely
            if look_closely:
                closely = time.monotonic() + CLOSE_LOOK_S
            for number, worker in enumerate(self._workers):
                if worker.process.poll() is None:
                    if not look_closely or not self._queue.is_silent(worker.name, limits.SILENT_SECONDS.value):
                        continue
                    worker.process.kill()
                    worker.process.wait()
                if worker.process.stdin is not None:
                    with suppress(OSError):
                        worker.process.stdin.close()
                if not self._queue.bury(worker.name) and self._ending.wait(PAUSE_S):
                    return
                self._workers[number] = self._start()
                self.wake()
