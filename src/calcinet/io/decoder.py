"""Packed pixels, decoded by a process of its own that is bounded in memory and time (see `decoder_worker`).

A process is started when the first file asks for it and serves the next ones, too; one that dies takes nothing with it.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from calcinet.limits import DECODER_BYTES, DECODER_SECONDS

WORKER: Final = Path(__file__).with_name("decoder_worker.py")

LENGTH_BYTES: Final = 4
"""Before each text, its length, lowest byte first."""

MOST_TEXT: Final = 4096
"""Bytes of the text of an answer. Our choice: forty times the longest."""

ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Each thread of a library would take memory that is counted."""

DIED: Final = "died"
"""What is told of a process that crashed, hung, or took too long."""

OUT_OF_ROOM: Final = "memory"
"""What a process answers that has no memory left."""


class Undecodable(Exception):
    """No pixels came back; `why` is a word ("damaged", "died", "memory" and others), `facts` are the numbers found."""

    def __init__(self, why: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(why)
        self.why, self.facts = why, dict(facts or {})


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Samples as they are stored, and what else the file says of them."""

    samples: NDArray[Any]
    facts: Mapping[str, Any]


class _Worker:
    """One process, which answers one request at a time."""

    def __init__(self) -> None:
        self.is_used = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(WORKER), str(DECODER_BYTES.value)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD},
        )

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, data: bytes, asked: Mapping[str, Any]) -> Decoded:
        """Send one file and wait for its pixels; the process is ended when it takes too long."""
        self.is_used = True
        watch = threading.Timer(DECODER_SECONDS.value, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            return self._exchange(data, asked)
        except (OSError, ValueError, EOFError) as error:
            raise Undecodable(DIED) from error
        finally:
            watch.cancel()

    def _exchange(self, data: bytes, asked: Mapping[str, Any]) -> Decoded:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        text = json.dumps({**asked, "size": len(data)}).encode()
        self._process.stdin.write(len(text).to_bytes(LENGTH_BYTES, "little") + text)
        self._process.stdin.write(data)
        self._process.stdin.flush()
        return _read_answer(self._process.stdout)

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()


_idle: list[_Worker] = []
"""Processes that wait for a request; as many as there were requests at a time."""

_lock: Final = threading.Lock()


def decode(task: str, data: bytes, **asked: Any) -> Decoded:
    """Decode one file.

    Parameters
    ----------
    task
        "DICOM", "PNG", "JPEG" or "TIFF", or "photograph".
    data
        The file.
    asked
        What the task needs to know besides, numbers and words alone.

    Raises
    ------
    Undecodable
        If no pixels came back.
    """
    given = {"task": task, **asked}
    worker = _take()
    is_fresh = not worker.is_used
    try:
        return _ask(worker, data, given)
    except Undecodable as error:
        if error.why != OUT_OF_ROOM or is_fresh:
            raise
    return _ask(_Worker(), data, given)  # what came before may have held the memory


def end_all() -> None:
    """End every process that waits."""
    with _lock:
        workers = list(_idle)
        _idle.clear()
    for worker in workers:
        worker.end()


def _take() -> _Worker:
    """A process that waits, or a new one."""
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.is_alive:
                return worker
            worker.end()
    return _Worker()


def _ask(worker: _Worker, data: bytes, asked: Mapping[str, Any]) -> Decoded:
    """Ask a process, which waits for the next request unless it is of no more use."""
    is_sound = False
    try:
        decoded = worker.ask(data, asked)
        is_sound = True
        return decoded
    except Undecodable as error:
        is_sound = error.why not in (DIED, OUT_OF_ROOM)
        raise
    finally:
        if is_sound:
            with _lock:
                _idle.append(worker)
        else:
            worker.end()


def _read_answer(stream: IO[bytes]) -> Decoded:
    """The answer to one request; what does not come whole is none."""
    length = int.from_bytes(_read_exactly(stream, LENGTH_BYTES), "little")
    if length > MOST_TEXT:
        raise EOFError("no answer is as long")
    facts = json.loads(_read_exactly(stream, length))
    if "refused" in facts:
        raise Undecodable(facts["refused"], facts)
    samples = np.empty(_check_shape(facts), dtype=_check_type(facts))
    room = memoryview(samples.reshape(-1).view(np.uint8).data)
    done = 0
    while done < len(room):
        count = stream.readinto(room[done:])  # type: ignore[attr-defined]
        if not count:
            raise EOFError("the process ended in the middle")
        done += count
    return Decoded(samples, facts)


def _check_shape(facts: Mapping[str, Any]) -> tuple[int, ...]:
    shape = tuple(int(side) for side in facts["shape"])
    if min(shape, default=0) < 1 or prod(shape) > DECODER_BYTES.value:
        raise ValueError("no shape of a picture")
    return shape


def _check_type(facts: Mapping[str, Any]) -> np.dtype[Any]:
    found = np.dtype(str(facts["dtype"]))
    if found.kind not in "biuf":
        raise ValueError("no type of a number")
    return found


def _read_exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise EOFError("the process ended")
    return data


atexit.register(end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # they serve the process that started them
