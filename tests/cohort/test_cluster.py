"""A cluster that somebody else started, and the scripts that start one."""

import shutil
import subprocess

import pytest

from calcinet.cohort.engine import Cluster, connect
from calcinet.errors import BadInput
from tests.support.paths import ROOT


@pytest.mark.parametrize("name", ["environment.sh", "scheduler.sh", "workers.slurm"])
def test_the_scripts_are_sound(name):
    """By syntax; there is no Slurm here."""
    shell = shutil.which("sh")
    assert shell is not None

    assert subprocess.run([shell, "-n", ROOT / "examples" / "cluster" / name], check=False).returncode == 0


def test_nobody_at_the_address_is_told_in_a_sentence(tmp_path):
    with (
        pytest.raises(BadInput, match="no scheduler of Dask answers"),
        connect(Cluster(scheduler="nonsense"), tmp_path),
    ):
        pass
