"""A run over an archive with workers that Slurm starts: HEAD=head python slurm.py ARCHIVE OUT.

Needs dask-jobqueue on the machine where this runs, by whose name or address HEAD the workers find it, and calcinet of
one version on all. `--script` shows what is given to sbatch, and starts no worker.
"""

import os
import subprocess
import sys

import dask
from dask_jobqueue import SLURMCluster

MACHINES = 20
WORKERS = 16
"""Of a machine: one a core."""

WORKER_SECONDS = 86400
"""So long the command waits for a first worker: jobs may stand in the queue for hours."""

SETTINGS = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.worker-saturation": 1.0}
"""As environment.sh: whose worker dies is tried again by calcinet, and no film is blamed for its neighbour."""

PROLOGUE = [
    "export DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=false",
    "export DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=false",
    "export DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE=false",
    "export DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE=0.95",
    "export OMP_NUM_THREADS=1",
]
"""The same of its workers: a film is in memory whole, or its process ends; a process a core."""


def describe_jobs() -> SLURMCluster:
    """The scheduler, here, and what a machine of workers is; none is started yet."""
    head = os.environ["HEAD"]
    return SLURMCluster(
        cores=WORKERS,
        processes=WORKERS,
        memory="56GiB",
        walltime="12:00:00",
        job_name="calcinet",
        job_script_prologue=PROLOGUE,
        scheduler_options={"host": head, "dashboard_address": f"{head}:0"},
    )


def main() -> int:
    """Start the workers, examine the archive, and end them."""
    with dask.config.set(SETTINGS), describe_jobs() as cluster:
        if "--script" in sys.argv:
            sys.stdout.write(cluster.job_script())
            return 0
        cluster.scale(jobs=MACHINES)
        archive, out = sys.argv[1:3]
        command = ["calcinet", "cohort", archive, "-o", out, "--scheduler", cluster.scheduler_address]
        environment = os.environ | {"CALCINET_MAX_WORKER_SECONDS": str(WORKER_SECONDS)}
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
