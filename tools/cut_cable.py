"""Cut the cable between a node and its archive in the middle of a delivery, and count what arrives.

    python -m tools.cut_cable --objects 300 --seconds 60

Orthanc runs in a network name space of its own, at the other end of a virtual cable; a node delivers what waits in its
outbox. When a third is there, the cable's end is taken down for a while. In the end each object must be in the archive,
once, and the outbox empty. Needs Orthanc, iproute2 and the right to make a name space.

Exit codes: 0 nothing is lost and nothing is twice, 1 something is, 2 wrong usage.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calcinet.delivery import Outbox, destination
from tests.support.captures import capture
from tests.support.nodes import Node
from tests.support.orthanc import EXECUTABLE, Orthanc

HERE: Final = "10.77.0.1"
THERE: Final = "10.77.0.2"
"""Addresses of the two ends, in a private network."""

SIDE: Final = 700
"""Pixels of an object. Our choice: so many take seconds to send."""

LONGEST_S: Final = 420.0
"""Our choice: longer than the longest pause of a node."""


@dataclass(frozen=True, slots=True)
class Cable:
    """A virtual cable into a name space."""

    space: str
    end: str

    def set(self, state: str) -> None:
        """Take our end up or down."""
        run("ip", "link", "set", self.end, state)


@contextmanager
def laid() -> Iterator[Cable]:
    """Lay a cable, and take it away."""
    name = f"cn{os.getpid()}"
    cable = Cable(name, f"{name}a")
    run("ip", "netns", "add", name)
    try:
        run("ip", "link", "add", cable.end, "type", "veth", "peer", "name", f"{name}b", "netns", name)
        run("ip", "address", "add", f"{HERE}/30", "dev", cable.end)
        run("ip", "-n", name, "address", "add", f"{THERE}/30", "dev", f"{name}b")
        run("ip", "-n", name, "link", "set", f"{name}b", "up")
        run("ip", "-n", name, "link", "set", "lo", "up")
        cable.set("up")
        yield cable
    finally:
        run("ip", "netns", "delete", name)


def run(*words: str) -> str:
    """What a command prints."""
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


class FarOrthanc(Orthanc):
    """An archive at the other end, asked without the cable."""

    def __init__(self, folder: Path, space: str) -> None:
        self._space = space
        super().__init__(folder)

    def start(self) -> "FarOrthanc":
        """Start it in its name space."""
        words = ["ip", "netns", "exec", self._space, str(EXECUTABLE), str(self.configuration)]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until:
            try:
                self.get("/system")
            except (subprocess.CalledProcessError, ValueError):
                time.sleep(0.2)
                continue
            return self
        raise SystemExit("Orthanc did not start")

    def get(self, path: str) -> Any:
        """Ask it, from within its name space."""
        return json.loads(run("ip", "netns", "exec", self._space, "curl", "-s", "-f", f"{self.http}{path}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="calcinet-cable-") as folder, laid() as cable:
        lost, twice = deliver_and_cut(Path(folder), cable, asked.objects, asked.seconds)
    print(f"{asked.objects} objects over a cable cut for {asked.seconds:.0f} s: {lost} lost, {twice} twice")
    return int(bool(lost or twice))


def deliver_and_cut(root: Path, cable: Cable, objects: int, seconds: float) -> tuple[int, int]:
    """Numbers of objects that are lost, and that are there twice or still wait."""
    (root / "archive").mkdir()
    archive = FarOrthanc(root / "archive", cable.space).start()
    where = destination(f"dicom://ORTHANC@{THERE}:{archive.dicom_port}")
    node = Node(root / "node" / "data", ("--accept", "NOBODY", "--send", str(where)))
    outbox = Outbox(node.data / "outbox")
    for number in range(objects):
        outbox.put(capture(number, SIDE), where)
    wanted = {path.stem for path in outbox.waiting(where)}
    try:
        node.start()
        await_count(archive, objects // 3)
        cable.set("down")
        there = len(archive.instances())
        print(f"{there} are there when the cable is cut", flush=True)
        time.sleep(seconds)
        print(f"{len(archive.instances())} are there when it is mended", flush=True)
        cable.set("up")
        await_count(archive, objects)
        until = time.monotonic() + LONGEST_S
        while outbox.waiting(where) and time.monotonic() < until:
            time.sleep(1.0)
        instances = archive.instances()
        print(node.log.strip())
        return len(wanted - set(instances)), len(instances) - len(set(instances)) + len(outbox.waiting(where))
    finally:
        node.stop()
        archive.stop()


def await_count(archive: Orthanc, count: int) -> None:
    """Wait until so many are there, or for long enough."""
    until = time.monotonic() + LONGEST_S
    while len(archive.instances()) < count and time.monotonic() < until:
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
