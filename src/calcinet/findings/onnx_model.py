"""The trained weights, checked before they are used."""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
# Read by onnxruntime when it is imported, here alone. Without it, it looks up a host during examinations and leaves a
# device identifier in the user's folder; its own disable_telemetry_events() does not stop that.

import onnxruntime

from calcinet import weights_manifest
from calcinet.errors import BadWeights

MAX_THREADS: Final = 4
"""Threads of one network. Our choice: a film's tiles gain little from more, and a server has other work."""


@dataclass(frozen=True, slots=True, eq=False)
class OnnxModel:
    """A loaded network."""

    name: str
    """Name of its weights."""

    sha256: str
    """Digest of its file."""

    session: Any
    """The engine's session, ready to run."""


@cache
def load(name: str) -> OnnxModel:
    """Read, check and load a network, once.

    Raises
    ------
    BadWeights
        If the file is missing or its digest differs.
    """
    expected = weights_manifest.sha256(name)
    if expected is None:
        raise BadWeights(f"the digest of the weights '{name}' is missing: install calcinet again")
    try:
        data = (weights_manifest.WEIGHTS / f"{name}.onnx").read_bytes()
    except OSError as error:
        raise BadWeights(f"the weights '{name}' are missing: install calcinet again") from error
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise BadWeights(
            f"the weights '{name}' are not those this version was tested with: "
            f"found {found[:12]}, expected {expected[:12]}; install calcinet again"
        )
    return OnnxModel(name, found, _start_session(data))


def _start_session(data: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MAX_THREADS, _count_processors())
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # waiting threads would take the others' time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _count_processors() -> int:
    """Processors that this process may use, where the system tells; a container often allows fewer than there are.

    OMP_NUM_THREADS, by which other libraries are told how many threads are wanted, holds here, too.
    """
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isascii() and wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    allowed = getattr(os, "sched_getaffinity", None)
    if allowed is None:
        return os.cpu_count() or 1
    return len(allowed(0))
