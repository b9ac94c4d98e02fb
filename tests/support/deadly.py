"""Work that kills the process which does it, as a fault in a library would."""

import os
import signal

import pyarrow as pa

from calcinet.cohort.slices import Slice


def scan(slice_: Slice) -> pa.Table:
    """Names of the files of a slice; one that is called deadly ends the process."""
    if any(entry.path == "deadly" for entry in slice_.files):
        os.kill(os.getpid(), signal.SIGKILL)
    return name_files(slice_)


def name_files(slice_: Slice) -> pa.Table:
    """Names of the files of a slice, whatever they are called."""
    return pa.table({"path": [entry.path for entry in slice_.files]})
