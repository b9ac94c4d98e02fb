"""A worker that hangs is ended, its study tried again by another one, and what it hung at remembered."""

import os
import sqlite3
import time
from contextlib import closing

import pytest

from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.queue import Queue
from calcinet.apps.web.workers import Workers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killed")]

PATIENCE_S = 240


def test_hung_worker_is_replaced(tmp_path):
    """The queue says that the worker took a study long ago and never moved since."""
    data = DataFolder(tmp_path / "data")
    data.make()
    queue = Queue(data.queue)
    study = queue.add(who="ng", files=0, options={}, held=True)
    lock = os.open(data.lock, os.O_RDWR | os.O_CREAT, 0o600)
    crew = Workers(data, queue, 1, lock=lock)
    try:
        (first,) = crew.pids()
        with closing(sqlite3.connect(data.queue, timeout=30)) as database:
            taken = "update studies set state = 'running', worker = ?, moved_at = 0, at_image = 'img-7'"
            database.execute(taken, (crew.names()[0],))
            database.commit()
        until = time.monotonic() + PATIENCE_S
        while not queue.deaths(study):
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        crew.close()
        os.close(lock)

    assert queue.deaths(study) == {"img-7": 1}
    assert queue.find(study).state == "queued"
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
