"""Several people send films to one server and look at the worklist meanwhile: times of answers, and memory.

    python -m tools.server_load --films 50 --clients 5

Small films of phantoms, one a study; then a case is typed. Prints p50 and p95 of the answers in ms, the most memory
that the process which answers and its worker ever had, and how many films were examined once.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import yaml

from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import LimbSpec, VesselSpec, limb

FIELD_MM = (70.0, 50.0)
"""Of a film: small, for what is measured is the server."""

CASE = Path(__file__).resolve().parents[1] / "examples" / "case-report" / "case.yaml"

CASES = 20
"""How often it is assessed; the page promises an answer within 300 ms."""

PAUSE_S = 0.2
"""Between two looks of one person."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A server that is asked."""

    url: str
    token: str
    pid: int

    def connect(self) -> httpx.Client:
        """One program of somebody who may send films."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=600)


@dataclass(slots=True)
class Times:
    """Seconds that answers took, by what was asked."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def measure(self, what: str) -> Iterator[None]:
        """Take the time of one answer."""
        began = time.perf_counter()
        yield
        with self.lock:
            self.taken.setdefault(what, []).append(time.perf_counter() - began)

    def table(self) -> str:
        """The figures."""
        lines = [f"{'asked':<10} {'answers':>8} {'p50 ms':>8} {'p95 ms':>8}"]
        for what, seconds in sorted(self.taken.items()):
            half, most = np.percentile(seconds, [50, 95]) * 1000
            lines.append(f"{what:<10} {len(seconds):>8} {half:>8.0f} {most:>8.0f}")
        return "\n".join(lines)


@contextmanager
def running(data: Path) -> Iterator[Bench]:
    """A server on loopback with one user."""
    calcinet = (sys.executable, "-m", "calcinet")
    folder = ("--data", str(data))
    add = (*calcinet, "user", "add", "load", "--role", "editor", "--password-stdin", *folder)
    subprocess.run(add, input="a password of the bench\n", text=True, check=True, capture_output=True)
    token = subprocess.run(
        (*calcinet, "token", "new", "load", *folder), text=True, check=True, capture_output=True
    ).stdout.strip()
    with subprocess.Popen((*calcinet, "serve", "--port", "0", *folder), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"(http://\S+)/", process.stdout.readline())
        assert found is not None
        try:
            yield Bench(found[1], token, process.pid)
        finally:
            process.terminate()


def send_and_look(bench: Bench, films: list[bytes], times: Times) -> None:
    """One person: sends films one after the other and looks at the worklist until all are examined."""
    with bench.connect() as client:
        waiting = []
        for film in films:
            with times.measure("send"):
                waiting.append(client.post("/studies", files=[("files", ("film.dcm", film))]).json()["id"])
            with times.measure("worklist"):
                client.get("/studies")
        while waiting:
            with times.measure("study"):
                told = client.get(f"/studies/{waiting[0]}").json()
            if told["state"] == "done":
                study = waiting.pop(0)
                with times.measure("record"):
                    client.get(f"/studies/{study}/record")
                with times.measure("report"):
                    client.get(f"/studies/{study}/report.html")
                continue
            assert told["state"] in ("queued", "running"), told
            with times.measure("worklist"):
                client.get("/studies")
            time.sleep(PAUSE_S)


def assess_cases(bench: Bench, times: Times) -> None:
    """One person types: the case of the report is assessed again and again with another prior."""
    case = yaml.safe_load(CASE.read_text("utf-8"))
    with bench.connect() as client:
        for number in range(CASES):
            with times.measure("case"):
                client.post("/cases/assess", params={"prior": f"{(11 + number) / 100}"}, json=case).raise_for_status()


def most_memory_mb(pid: int) -> float:
    """The most memory that a process ever had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def find_children(pid: int) -> list[int]:
    """Processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def make_films(count: int, folder: Path) -> list[bytes]:
    """Films of different legs."""
    films = []
    for seed in range(count):
        spec = LimbSpec(seed=seed, field_mm=FIELD_MM, vessels=(VesselSpec(),))
        path = write_radiograph(folder / f"{seed}.dcm", limb(spec).image, uid_seed=str(seed))
        films.append(Path(path).read_bytes())
    return films


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tools.server_load", description=__doc__)
    parser.add_argument("--films", type=int, default=50)
    parser.add_argument("--clients", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        films = make_films(given.films, Path(name))
        times, began = Times(), time.perf_counter()
        with running(Path(name) / "data") as bench:
            people = [
                threading.Thread(target=send_and_look, args=(bench, films[number :: given.clients], times))
                for number in range(given.clients)
            ]
            for person in people:
                person.start()
            for person in people:
                person.join()
            assess_cases(bench, times)
            with bench.connect() as client:
                done = sum(study["state"] == "done" for study in client.get("/studies").json())
            workers = [most_memory_mb(child) for child in find_children(bench.pid)]
            print(times.table())
            print(f"examined {done} of {given.films} films in {time.perf_counter() - began:.0f} s")
            print(f"most memory: the server {most_memory_mb(bench.pid):.0f} MB, its worker {max(workers):.0f} MB")


if __name__ == "__main__":
    main()
