"""`calcinet node` as a process of its own on loopback, and DCMTK's tools that speak to it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

STORESCU = shutil.which("storescu")
ECHOSCU = shutil.which("echoscu")

PATIENCE_S = 240.0
"""A busy machine takes a minute to load the libraries."""

Found = TypeVar("Found")


@dataclass
class Node:
    """One node; it can be killed and started again on the same folder."""

    data: Path
    options: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: "subprocess.Popen[str] | None" = None

    @property
    def log_file(self) -> Path:
        return self.data.with_suffix(".log")

    @property
    def log(self) -> str:
        """What it said, over all its lives."""
        return self.log_file.read_text()

    def start(self) -> "Node":
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "calcinet", "node", "--host", "127.0.0.1", "--port", str(self.port)]
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.log_file.touch()
        known = len(self.log)
        with self.log_file.open("a") as stream:
            self.process = subprocess.Popen(
                [*command, "--data", str(self.data), *self.options],
                stdout=stream,
                stderr=stream,
                env=os.environ | self.environment,
                text=True,
            )
        found = await_that(lambda: self._find_port(known) or self._has_ended(), "listening")
        assert not self._has_ended(), f"the node ended: {self.log[known:]}"
        self.port = int(found)
        return self

    def send(self, files: Sequence[Path], title: str = "MODALITY", called: str = "CALCINET") -> int:
        """Send files over one association, as a modality does; gives the exit code of storescu."""
        command = [str(STORESCU), "-aet", title, "-aec", called, "-xs", "127.0.0.1", str(self.port), *map(str, files)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    def echo(self, title: str = "MODALITY", called: str = "CALCINET") -> "subprocess.CompletedProcess[str]":
        """Ask it whether it is there."""
        command = [str(ECHOSCU), "-v", "-aet", title, "-aec", called, "127.0.0.1", str(self.port)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; gives the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def _find_port(self, known: int) -> int:
        """Where it listens, as it says after what it had said; 0 as long as it does not."""
        said = re.search(r"listens at \S+:(\d+)", self.log[known:])
        return int(said[1]) if said else 0

    def _has_ended(self) -> bool:
        assert self.process is not None
        return self.process.poll() is not None


def await_that(look: Callable[[], Found], what: str) -> Found:
    """What is looked for, once it is there."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")
