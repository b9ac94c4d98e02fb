"""How long a store of 1,000 patients with ten visits each takes to answer, in SQLite and in PostgreSQL.

PostgreSQL is started on loopback in a temporary folder where its programs are here (Debian: postgresql).
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.tables import Cell, Table, progress
from calcinet.store import Store
from tests.support.stored import POSTGRES, Postgres, content

PATIENTS: Final = 1000
VISITS: Final = 10

LIMIT_S: Final = 1.0
"""What a person before a page does not wait for. Our choice."""

RUNS: Final = 3
"""Of each question. The fastest counts: what else the machine does only ever adds."""


def store_speed_tables(patients: int = PATIENTS, visits: int = VISITS) -> list[Table]:
    """Fill a store on each database and time what is asked of it."""
    rows: list[tuple[Cell, ...]] = []
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        os.environ["CALCINET_KEY"] = str(Path(name) / "store.key")
        rows += _time_store("SQLite", str(Path(name) / "store.sqlite"), patients, visits)
        if POSTGRES is None:
            progress("PostgreSQL is not here: Debian's package postgresql brings it")
        else:
            with _server() as address:
                rows += _time_store("PostgreSQL", address, patients, visits)
    note = f"{patients} invented patients with {visits} visits each; the fastest of {RUNS}, but filling once."
    return [Table("Speed of the store", ("what", "s", "limit, s"), tuple(rows), note)]


@contextmanager
def _server() -> Iterator[str]:
    """Lend an empty database of a server that is stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="calcinet-postgres-") as folder:
        server = Postgres(Path(folder))
        try:
            yield server.start().make_database()
        finally:
            server.stop()


def _time_store(name: str, place: str, patients: int, visits: int) -> list[tuple[Cell, ...]]:
    with Store.open(place, who="bench", make=True) as store:
        began = time.perf_counter()
        for patient in range(patients):
            if patient % 100 == 0:
                progress(f"{name}: patient {patient} of {patients}")
            store.add(_make_visits(str(patient), visits), patient=str(patient))
        filled = time.perf_counter() - began
        further = (_make_visits(f"further {run}", visits) for run in range(RUNS))
        one = store.records("7")[-1].number
        asked: dict[str, Callable[[], object]] = {
            f"load {visits} visits of one more patient": lambda: store.add(next(further), patient="further"),
            "query all patients": store.patients,
            "query all records": store.records,
            "query the records of one patient": lambda: store.records("7"),
            "show one record with its history": lambda: store.read(one),
            "open the store": lambda: Store.open(place, who="bench").close(),
        }
        timed = [(f"{name}: {what}", _time(ask), LIMIT_S) for what, ask in asked.items()]
        verified = _time(store.verify, 1)
        assert not store.verify().faults
    return [
        (f"{name}: fill with {patients} x {visits} visits", filled, None),
        *timed,
        (f"{name}: verify the whole audit", verified, None),
    ]


def _make_visits(patient: str, visits: int) -> list[bytes]:
    return [content(f"{patient}/{visit}", on=f"2026-{visit % 12 + 1:02d}-01") for visit in range(visits)]


def _time(ask: Callable[[], object], runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return min(times)
