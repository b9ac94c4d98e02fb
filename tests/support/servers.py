"""`calcinet serve` as a process of its own on loopback, with people who use it."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PASSWORD = "correct horse battery"
PATIENCE_S = 240.0
"""A busy machine takes a minute to load the libraries."""


def run_command(*words: str, given: str = "") -> str:
    """What a command of calcinet prints."""
    done = subprocess.run(
        [sys.executable, "-m", "calcinet", *words], input=given, capture_output=True, text=True, check=True
    )
    return done.stdout


@dataclass
class Server:
    """One server; it can be killed and started again on the same folder."""

    data: Path
    workers: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    most_bytes: int = 0
    """No file grows beyond it; 0: no bound."""
    process: "subprocess.Popen[str] | None" = None
    url: str = ""
    said: list[str] = field(default_factory=list)

    def start(self) -> "Server":
        """Start it and wait until it says where it is."""
        command = [sys.executable, "-m", "calcinet", "serve", "--port", "0", "--data", str(self.data)]
        if self.most_bytes:
            command = ["prlimit", f"--fsize={self.most_bytes}", *command]
        self.process = subprocess.Popen(
            [*command, "--workers", str(self.workers)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | self.environment,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"(http://\S+)/", line)
        assert found, f"the server said {line!r}"
        self.url = found[1]
        self.said = [line]
        return self

    def read_link(self) -> str:
        """The set-up link, which is the second line of a first start."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()[-1]

    def add_user(self, name: str, role: str) -> str:
        """Let somebody in; gives a token."""
        run_command(
            *("user", "add", name, "--role", role, "--password-stdin", "--data", str(self.data)), given=PASSWORD + "\n"
        )
        return run_command("token", "new", name, "--data", str(self.data)).strip()

    def client(self, token: str | None = None) -> httpx.Client:
        """A program with a token, or a browser without."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=PATIENCE_S)

    def find_workers(self) -> list[int]:
        """Process ids of its workers."""
        assert self.process is not None
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _is_worker(entry, self.process.pid):
                found.append(int(entry.name))
        return found

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def stop(self) -> int:
        """Ask it to stop; gives the exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        self._close()
        return code

    def _close(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()


def _is_worker(entry: Path, parent: int) -> bool:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
        return int(fields[1]) == parent and b"worker" in (entry / "cmdline").read_bytes()
    except (OSError, ValueError):
        return False


def await_state(client: httpx.Client, study: str, *states: str) -> dict[str, Any]:
    """The study once it is in one of these states."""
    until = time.monotonic() + PATIENCE_S * 2
    while time.monotonic() < until:
        told = client.get(f"/studies/{study}").json()
        if told["state"] in states:
            return told
        time.sleep(0.1)
    raise AssertionError(f"still {told}")


def send_films(client: httpx.Client, films: dict[str, bytes], **fields: str) -> str:
    """Send films by their names; gives the id of the study."""
    answer = client.post("/studies", files=[("files", film) for film in films.items()], data=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]
