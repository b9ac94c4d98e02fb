"""A cluster that somebody else started, and the scripts that start one."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest

from calcinet.apps.cohort import describe_progress
from calcinet.cohort.engine import Cluster, connect
from calcinet.cohort.ledger import Ledger
from calcinet.cohort.run import CohortOrder, Told, run_cohort
from calcinet.errors import BadInput, MachineFault
from calcinet.limits import WORKER_SECONDS
from tests.support.dask_cluster import DaskCluster
from tests.support.extras import of_extra
from tests.support.paths import ROOT

pytestmark = pytest.mark.xdist_group("cohort")


@pytest.mark.parametrize("name", ["environment.sh", "scheduler.sh", "workers.slurm"])
def test_the_scripts_are_sound(name):
    """By syntax; there is no Slurm here."""
    shell = shutil.which("sh")
    assert shell is not None

    assert subprocess.run([shell, "-n", ROOT / "examples" / "cluster" / name], check=False).returncode == 0


def test_the_job_that_is_given_to_slurm_is_sound(tmp_path, monkeypatch):
    """By syntax, and by what it asks for: sixteen workers of a thread on sixteen cores."""
    of_extra("dev", "dask_jobqueue")
    example = [sys.executable, ROOT / "examples" / "cluster" / "slurm.py", "--script"]
    job = tmp_path / "job.sh"
    monkeypatch.setenv("HEAD", "127.0.0.1")
    job.write_bytes(subprocess.run(example, check=True, capture_output=True, cwd=tmp_path).stdout)
    text = job.read_text("utf-8")
    shell = shutil.which("sh")
    assert shell is not None

    assert subprocess.run([shell, "-n", job], check=False).returncode == 0
    for line in ("#SBATCH -J calcinet", "#SBATCH --cpus-per-task=16", "#SBATCH --mem=56G", "#SBATCH -t 12:00:00"):
        assert line in text.splitlines()
    assert "export OMP_NUM_THREADS=1" in text.splitlines()
    assert "tcp://127.0.0.1:" in text
    assert "--nthreads 1 " in text
    assert "--nworkers 16 " in text


def test_nobody_at_the_address_is_told_in_a_sentence(tmp_path):
    with (
        pytest.raises(BadInput, match="no scheduler of Dask answers"),
        connect(Cluster(scheduler="nonsense"), tmp_path),
    ):
        pass


@pytest.fixture
def cluster(tmp_path) -> Iterator[DaskCluster]:
    """A scheduler on loopback, and one worker."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = DaskCluster(folder)
    started.start_worker()
    yield started
    started.stop()


def resume(cluster, archive, folder) -> subprocess.CompletedProcess:
    """The command of the run once more, as somebody gives it."""
    command = [sys.executable, "-m", "calcinet", "cohort", str(archive), "-o", str(folder)]
    return subprocess.run(
        [*command, "--scheduler", cluster.address, "--resume"], check=False, capture_output=True, text=True, timeout=300
    )


def test_without_a_worker_a_run_ends_and_goes_on_when_there_is_one(cluster, archive, finished, tmp_path, monkeypatch):
    """The only worker is killed after the first film, and nobody starts another: after 3 s the run ends. Begun again
    without a worker it ends likewise; with one it gives the tables of the run that nobody disturbed.
    """
    monkeypatch.setenv(WORKER_SECONDS.variable, "3")
    folder = tmp_path / "out"
    order = CohortOrder(source=str(archive), folder=folder, cluster=Cluster(scheduler=cluster.address))
    killed_at: list[float] = []

    def kill(told):
        if told.phase == "examine" and told.done == 1 and not killed_at:
            cluster.kill_workers()
            killed_at.append(time.monotonic())

    with pytest.raises(MachineFault, match=r"for 3 s no worker was there .* what was done is kept: .* --resume"):
        run_cohort(order, kill)
    took_s = time.monotonic() - killed_at[0]
    done = Ledger(folder / "private" / "ledger", folder / "thumbnails").find_done()
    lone = resume(cluster, archive, folder)
    cluster.start_worker()
    monkeypatch.delenv(WORKER_SECONDS.variable)
    whole = resume(cluster, archive, folder)

    assert 3 <= took_s < 20
    assert len(done) == 1
    assert (lone.returncode, lone.stdout) == (1, "")
    assert "for 3 s no worker was there" in lone.stderr
    assert whole.returncode == 4, whole.stderr
    for name in ("results", "patients", "failures"):
        assert pq.read_table(folder / f"{name}.parquet") == pq.read_table(finished[0] / f"{name}.parquet")
    assert (folder / "RUN.json").read_bytes() == (finished[0] / "RUN.json").read_bytes()


def test_a_scheduler_that_is_killed_ends_the_run_and_what_was_done_is_kept(cluster, archive, tmp_path):
    """After the first film; nobody waits for workers, though none can be counted any more."""
    folder = tmp_path / "out"
    killed_at: list[float] = []

    def kill(told):
        if told.phase == "examine" and told.done == 1 and not killed_at:
            cluster.kill_scheduler()
            killed_at.append(time.monotonic())

    with pytest.raises(MachineFault, match="the scheduler is gone; what was done is kept"):
        run_cohort(CohortOrder(source=str(archive), folder=folder, cluster=Cluster(scheduler=cluster.address)), kill)

    assert time.monotonic() - killed_at[0] < 60
    assert len(Ledger(folder / "private" / "ledger", folder / "thumbnails").find_done()) == 1


def test_how_long_no_worker_is_there_is_told():
    told = Told(phase="examine", done=30, total=90, before=30, waiting_s=75.0)

    assert describe_progress(told, 10.0) == "examine: 30 of 90, no worker for 0:01:15"
