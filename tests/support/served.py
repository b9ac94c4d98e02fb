"""A server with its page, as `calcinet serve` starts it, and a browser that looks at it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAME, PASSWORD = "ng", "red brick wall 7"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

PLAIN = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
"""Without a sandbox, which root has none of; without a graphics processor; silent."""


@dataclass(frozen=True)
class Served:
    """Where a server answers, and the link that makes its first user."""

    address: str
    setup: str


@contextmanager
def serving(data: Path) -> Iterator[Served]:
    """Run `calcinet serve` on a free port with a folder of its own."""
    command = [sys.executable, "-m", "calcinet", "serve", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield _read_greeting(process)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _read_greeting(process: "subprocess.Popen[str]") -> Served:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        link = re.search(r"(http://\S+/)#setup=\S+", said)
        if link:
            return Served(address=link[1], setup=link[0])
    raise AssertionError(f"the server ended: {said}")
