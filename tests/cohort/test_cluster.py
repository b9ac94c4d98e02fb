"""A cluster that somebody else started, and the scripts that start one."""

import shutil
import subprocess
import sys

import pytest

from calcinet.cohort.engine import Cluster, connect
from calcinet.errors import BadInput
from tests.support.extras import of_extra
from tests.support.paths import ROOT


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
