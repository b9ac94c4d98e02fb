"""Several people send films to one server while others look at them: times of answers, memory, and what kills do.

    python -m tools.server_load --films 50 --clients 5 --readers 5 --kill

Small films of phantoms, one a study; then a case is typed. With `--kill` a worker is ended by SIGKILL after a fifth of
the films and the server after half of them, which is started again on its folder. Prints p50 and p95 of the answers in
ms, the most memory that the process which answers and its worker ever had, and how many films were examined, and how
many of them twice.
"""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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

KILLS = {0.2: "worker", 0.5: "server"}
"""Share of the films that are examined -> who is killed then."""

KEPT = "*/kept/*/image.json"
"""Written once for each image that was examined, below the folder of the studies."""

calcinet = (sys.executable, "-m", "calcinet")


@dataclass(slots=True)
class Bench:
    """A server that is asked; it can be killed and started again at the same address."""

    data: Path
    port: int
    token: str = ""
    process: "subprocess.Popen[str] | None" = None
    memory_mb: dict[str, float] = field(default_factory=dict)
    """The most that the server, and any of its workers, ever had."""

    def start(self) -> None:
        """Start it and wait until it says where it is."""
        command = (*calcinet, "serve", "--port", str(self.port), "--data", str(self.data))
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert re.search(r"http://\S+/", self.process.stdout.readline())

    def connect(self) -> httpx.Client:
        """One program of somebody who may send films."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", headers=headers, timeout=600)

    def note_memory(self) -> None:
        """Look at the memory of the server and of its workers."""
        assert self.process is not None
        with suppress(OSError):
            self._keep_most("server", most_memory_mb(self.process.pid))
            for child in find_children(self.process.pid):
                self._keep_most("worker", most_memory_mb(child))

    def _keep_most(self, who: str, mb: float) -> None:
        self.memory_mb[who] = max(mb, self.memory_mb.get(who, 0.0))

    def kill(self, who: str) -> None:
        """End the server, or its largest worker, as a machine without memory would; a server is started again."""
        assert self.process is not None
        if who == "worker":
            os.kill(max(find_children(self.process.pid), key=most_memory_mb), signal.SIGKILL)
            return
        self.process.kill()
        self.process.wait()
        self.start()


@dataclass(slots=True)
class Times:
    """Seconds that answers took, by what was asked; and how often nobody answered."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def measure(self, what: str) -> Iterator[None]:
        """Take the time of one answer."""
        began = time.perf_counter()
        yield
        with self.lock:
            self.taken.setdefault(what, []).append(time.perf_counter() - began)

    def ask(self, client: httpx.Client, what: str, path: str) -> httpx.Response:
        """An answer, and its time; asked again where the server is not there."""
        while True:
            try:
                with self.measure(what):
                    return client.get(path)
            except httpx.TransportError:
                self.broken += 1
                time.sleep(PAUSE_S)

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
    folder = ("--data", str(data))
    add = (*calcinet, "user", "add", "load", "--role", "editor", "--password-stdin", *folder)
    subprocess.run(add, input="a password of the bench\n", text=True, check=True, capture_output=True)
    made = subprocess.run((*calcinet, "token", "new", "load", *folder), text=True, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bench = Bench(data, port, made.stdout.strip())
    bench.start()
    try:
        yield bench
    finally:
        assert bench.process is not None
        bench.process.terminate()
        bench.process.wait()


def send(client: httpx.Client, film: bytes, title: str, times: Times) -> str:
    """Send one film; where the answer is lost, look whether it arrived before it is sent again."""
    while True:
        try:
            with times.measure("send"):
                answer = client.post("/studies", files=[("files", ("film.dcm", film))], data={"title": title})
            return str(answer.raise_for_status().json()["id"])
        except httpx.TransportError:
            times.broken += 1
            time.sleep(PAUSE_S)
        for study in times.ask(client, "worklist", "/studies").json():
            if study["title"] == title:
                return str(study["id"])


def send_and_look(bench: Bench, films: dict[str, bytes], times: Times) -> None:
    """One person: sends films one after the other and looks at the worklist until all are examined."""
    with bench.connect() as client:
        waiting = []
        for title, film in films.items():
            waiting.append(send(client, film, title, times))
            times.ask(client, "worklist", "/studies")
        while waiting:
            told = times.ask(client, "study", f"/studies/{waiting[0]}").json()
            if told["state"] == "done":
                waiting.pop(0)
                continue
            assert told["state"] in ("queued", "running"), told
            time.sleep(PAUSE_S)


def browse(bench: Bench, times: Times, ended: threading.Event) -> None:
    """Another person: looks at the worklist, and at whatever is examined."""
    with bench.connect() as client:
        while not ended.wait(PAUSE_S):
            done = [
                study["id"] for study in times.ask(client, "worklist", "/studies").json() if study["state"] == "done"
            ]
            for study in done[:1]:
                times.ask(client, "record", f"/studies/{study}/record")
                times.ask(client, "report", f"/studies/{study}/report.html")
                times.ask(client, "pixels", f"/studies/{study}/images/img-1/pixels")


def assess_cases(bench: Bench, times: Times) -> None:
    """One person types: the case of the report is assessed again and again with another prior."""
    case = yaml.safe_load(CASE.read_text("utf-8"))
    with bench.connect() as client:
        for number in range(CASES):
            with times.measure("case"):
                client.post("/cases/assess", params={"prior": f"{(11 + number) / 100}"}, json=case).raise_for_status()


@dataclass(slots=True)
class Watch:
    """Sees which images were examined, and which of them more than once."""

    studies: Path
    written: dict[Path, int] = field(default_factory=dict)
    again: set[Path] = field(default_factory=set)

    def look(self) -> int:
        """How many were examined so far."""
        for path in self.studies.glob(KEPT):
            with suppress(FileNotFoundError):
                at = path.stat().st_mtime_ns
                if self.written.setdefault(path, at) != at:
                    self.again.add(path)
        return len(self.written)


def watch_and_kill(bench: Bench, watch: Watch, films: int, kill: bool, ended: threading.Event) -> None:
    """Look at memory and images until all is over; kill who is to be killed."""
    left: dict[float, str] = dict(KILLS) if kill else {}
    while not ended.wait(PAUSE_S):
        bench.note_memory()
        share = watch.look() / films
        for at in [at for at in left if share >= at]:
            who = left.pop(at)
            bench.kill(who)
            print(f"killed the {who} with {watch.look()} of {films} films examined", flush=True)


def most_memory_mb(pid: int) -> float:
    """The most memory that a process ever had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def find_children(pid: int) -> list[int]:
    """Processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def make_films(count: int, folder: Path) -> dict[str, bytes]:
    """Films of different legs by their titles."""
    films = {}
    for seed in range(count):
        spec = LimbSpec(seed=seed, field_mm=FIELD_MM, vessels=(VesselSpec(),))
        path = write_radiograph(folder / f"{seed}.dcm", limb(spec).image, uid_seed=str(seed))
        films[f"film {seed}"] = Path(path).read_bytes()
    return films


def run_threads(work: Any, *given: Any) -> threading.Thread:
    """Begin something beside the rest."""
    thread = threading.Thread(target=work, args=given)
    thread.start()
    return thread


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tools.server_load", description=__doc__)
    parser.add_argument("--films", type=int, default=50)
    parser.add_argument("--clients", type=int, default=5, help="people who send films")
    parser.add_argument("--readers", type=int, default=5, help="people who look meanwhile")
    parser.add_argument("--kill", action="store_true", help="end a worker and the server by SIGKILL on the way")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        films = make_films(given.films, Path(name))
        times, began = Times(), time.perf_counter()
        with running(Path(name) / "data") as bench:
            watch, ended = Watch(Path(name) / "data" / "studies"), threading.Event()
            beside = [run_threads(watch_and_kill, bench, watch, given.films, given.kill, ended)]
            beside += [run_threads(browse, bench, times, ended) for _ in range(given.readers)]
            titles = sorted(films)
            senders = []
            for number in range(given.clients):
                own = {title: films[title] for title in titles[number :: given.clients]}
                senders.append(run_threads(send_and_look, bench, own, times))
            for person in senders:
                person.join()
            ended.set()
            for thread in beside:
                thread.join()
            assess_cases(bench, times)
            with bench.connect() as client:
                studies = client.get("/studies").json()
            bench.note_memory()
            done = {study["title"] for study in studies if study["state"] == "done"}
            print(times.table())
            print(f"asked in vain while the server was away: {times.broken}")
            print(f"{len(done)} of {given.films} films examined in {time.perf_counter() - began:.0f} s")
            print(f"studies {len(studies)}, images {watch.look()}, examined more than once: {len(watch.again)}")
            most = {who: f"{mb:.0f} MB" for who, mb in bench.memory_mb.items()}
            print(f"most memory: the server {most['server']}, a worker {most['worker']}")


if __name__ == "__main__":
    main()
