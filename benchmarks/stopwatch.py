"""Run a command and say how long it took and how much memory it held: `python -m benchmarks.stopwatch COMMAND ...`.

A process of its own that imports little: on Linux a command's peak memory is never less than that of the process which
started it.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

KIB_PER_MB = 1e6 / 1024


@dataclass(frozen=True, slots=True)
class Timed:
    """One run."""

    wall_s: float
    peak_mb: float
    """Largest resident set of the command itself."""
    said: str
    """Its standard output."""


def timed(command: list[str]) -> Timed:
    """Run a command under the stopwatch; raises subprocess.CalledProcessError when it fails."""
    watched = [sys.executable, "-m", "benchmarks.stopwatch", *command]
    answer = subprocess.run(watched, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Timed(**json.loads(answer))


def main() -> int:
    start = time.perf_counter()
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True) as child:
        said = child.stdout.read() if child.stdout else ""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - start
    print(json.dumps({"wall_s": wall_s, "peak_mb": usage.ru_maxrss / KIB_PER_MB, "said": said}))
    return child.returncode


if __name__ == "__main__":
    sys.exit(main())
