"""A run over many films whose workers and scheduler are killed, beside one that nobody disturbs.

Scheduler and workers are processes on loopback, as somebody else would have started them.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from benchmarks.tables import Cell, Table, progress
from calcinet.cohort.engine import Cluster
from calcinet.cohort.run import CohortOrder, run_cohort
from calcinet.errors import MachineFault
from tests.support.dask_cluster import DaskCluster

TABLES: Final = ("results", "patients", "failures")

WORKERS_AT: Final = (0.2, 0.4, 0.6)
"""Shares of the films after which a worker is killed; the nanny of a worker starts another."""

SCHEDULER_AT: Final = 0.8
"""Share of the films after which the scheduler is killed, and all workers are lost with it."""


@dataclass
class Killer:
    """Kills what is due while a run tells how far it is."""

    cluster: DaskCluster
    workers_at: list[int]
    scheduler_at: int
    workers_killed: int = 0
    scheduler_killed_at: int | None = None

    def tell(self, told: Any) -> None:
        """What `run_cohort` calls."""
        if told.phase != "examine":
            return
        progress(f"kills: {told.done} of {told.total}, {self.workers_killed} workers killed")
        if self.workers_at and told.done >= self.workers_at[0]:
            del self.workers_at[0]
            self.cluster.kill_a_worker()
            self.workers_killed += 1
        if self.scheduler_killed_at is None and told.done >= self.scheduler_at:
            self.cluster.kill_scheduler()
            self.scheduler_killed_at = told.done


def kills_table(archive: Path, films: int, folder: Path) -> Table:
    """Whether a run with three workers and the scheduler killed leaves the tables of an undisturbed one.

    Parameters
    ----------
    archive
        Folder with the films.
    films
        How many they are.
    folder
        An empty one: both runs and the files of the clusters are put there.
    """
    calm, broken = folder / "calm", folder / "broken"
    with _start_cluster(folder / "first", workers=2) as cluster:
        run_cohort(_order(archive, calm, cluster), _tell_calm)
        killer = Killer(cluster, [int(share * films) for share in WORKERS_AT], int(SCHEDULER_AT * films))
        with contextlib.suppress(MachineFault):
            run_cohort(_order(archive, broken, cluster), killer.tell)
    kept = (broken / "results.parquet").exists()
    with _start_cluster(folder / "second", workers=2) as cluster:
        run_cohort(_order(archive, broken, cluster), _tell_resumed)
    rows: list[tuple[Cell, ...]] = [
        ("workers killed", killer.workers_killed),
        ("films done when the scheduler was killed", killer.scheduler_killed_at),
        ("the run was whole before it was taken up again", "yes" if kept else "no"),
        ("films with exactly one row, undisturbed", _count_films(calm)),
        ("films with exactly one row, disturbed", _count_films(broken)),
    ]
    for name in TABLES:
        same = pq.read_table(calm / f"{name}.parquet").equals(pq.read_table(broken / f"{name}.parquet"))
        rows.append((f"{name}.parquet", "equal" if same else "DIFFERENT"))
    return Table("Kills", ("what", "number"), tuple(rows), f"{films} films, two workers; all of {films} are wanted.")


def _order(archive: Path, folder: Path, cluster: DaskCluster) -> CohortOrder:
    return CohortOrder(source=str(archive), folder=folder, cluster=Cluster(scheduler=cluster.address))


@contextlib.contextmanager
def _start_cluster(folder: Path, *, workers: int) -> Any:
    folder.mkdir(parents=True)
    cluster = DaskCluster(folder)
    try:
        for _ in range(workers):
            cluster.start_worker()
        yield cluster
    finally:
        cluster.stop()


def _count_films(run: Path) -> int:
    """Films that stand in one row of one table, and in no other."""
    names: Sequence[str] = [
        row["film"] for table in ("results", "failures") for row in pq.read_table(run / f"{table}.parquet").to_pylist()
    ]
    return sum(names.count(name) == 1 for name in set(names))


def _tell_calm(told: Any) -> None:
    progress(f"kills, undisturbed: {told.phase} {told.done} of {told.total}")


def _tell_resumed(told: Any) -> None:
    progress(f"kills, taken up again: {told.phase} {told.done} of {told.total}")
