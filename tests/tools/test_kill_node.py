"""A node that is killed while modalities send loses nothing: a short run of the tool that tries it at length."""

import os
import random

import pytest

from tests.support.nodes import STORESCU
from tests.support.orthanc import DICOMWEB, EXECUTABLE
from tests.support.partners import need
from tools import kill_node

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("node")]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to mount a disk of its own")
def test_killed_node_on_a_full_disk_loses_nothing_and_examines_nothing_twice(tmp_path):
    """Two studies of three objects, two kills, the disk full in between; a film has at least three results."""
    need(STORESCU and EXECUTABLE and DICOMWEB.exists(), "DCMTK and Orthanc")
    studies = [kill_node.make_study(tmp_path / "sent", number, 3) for number in range(2)]

    count = kill_node.run(tmp_path, studies, 2, random.Random(0), quiet_s=5)

    assert count.sound, count
    assert count.acknowledged == 6
    assert count.results >= 6
