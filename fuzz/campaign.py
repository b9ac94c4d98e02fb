"""Entrances fuzzed for a time, each by processes of its own, and what came of it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fuzz.entrances import Entrance
from fuzz.verdict import MOST_SECONDS

FOLDER: Final = Path(__file__).parents[1] / ".fuzz"
"""Where a run works: corpus and findings of each entrance. Ignored by git."""

STATUS: Final = re.compile(r"^#(\d+)\s+(?:[A-Z]\w*)\s+cov: (\d+)", re.MULTILINE)
"""A line of libFuzzer: inputs tried so far, branches reached so far."""

ARTIFACT: Final = re.compile(r"Test unit written to (\S+)")
"""What libFuzzer says when an input ends the process."""

MOST_INPUT_BYTES: Final = 64 * 1024
"""Of one input. Our choice: three times the largest first one."""

START_SECONDS: Final = 600
"""Beyond its time, within which a process has ended. Our choice: on a busy machine it takes minutes to begin."""

REPLAY_SECONDS: Final = 6 * MOST_SECONDS
"""Within which an input is tried again. Our choice: time to begin, and what is too slow in any case."""

QUIET: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""One thread each: entrances are run beside one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of fuzzing one entrance."""

    name: str
    seconds: float
    inputs: int
    """How many were tried."""
    branches: int
    """Reached in the end."""
    new_branches: int
    """Of these, beyond the first inputs and the corpus."""
    findings: tuple[Path, ...]


def fuzz_all(entrances: Sequence[Entrance], seconds: float, jobs: int) -> list[Outcome]:
    """Fuzz entrances in so many seconds in all, of which each has its share."""
    share = seconds * min(jobs, len(entrances)) / len(entrances)
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda entrance: fuzz_one(entrance, share), entrances))


def fuzz_one(entrance: Entrance, seconds: float) -> Outcome:
    """Fuzz an entrance for a time; a process that an input ended is followed by the next."""
    folder = FOLDER / entrance.name
    (folder / "findings").mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    inputs, branches, first = 0, 0, 0
    while (left := seconds - (time.monotonic() - start)) >= 1 or not inputs:
        told = _run_process(entrance, folder, max(round(left), 1))
        counts = [(int(tried), int(reached)) for tried, reached in STATUS.findall(told)]
        if not counts:
            (folder / "findings" / "start.txt").write_text(told)
            break
        drop_passing(entrance, folder / "findings")
        inputs += counts[-1][0]
        branches = max(branches, counts[-1][1])
        first = first or _find_first(told)
    return Outcome(
        name=entrance.name,
        seconds=time.monotonic() - start,
        inputs=inputs,
        branches=branches,
        new_branches=branches - first,
        findings=tuple(
            sorted(path for path in (folder / "findings").iterdir() if path.suffix != ".txt" or path.stem == "start")
        ),
    )


def drop_passing(entrance: Entrance, findings: Path) -> None:
    """Remove what was too slow beside other work of the machine, and is not when it is tried again alone."""
    slow = [
        path for path in findings.iterdir() if path.name.startswith(("timeout-", "slow-")) and path.suffix != ".txt"
    ]
    for path in slow:
        command = [sys.executable, "-m", "fuzz", entrance.name, "--replay", str(path)]
        try:
            subprocess.run(command, capture_output=True, timeout=REPLAY_SECONDS, check=True)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            continue
        path.unlink()


def _find_first(told: str) -> int:
    """Branches that the first inputs and the corpus reach."""
    found = re.search(r"^#\d+\s+INITED cov: (\d+)", told, re.MULTILINE)
    return int(found[1]) if found else 0


def _run_process(entrance: Entrance, folder: Path, seconds: int) -> str:
    """What one process told."""
    command = [
        *(sys.executable, "-m", "fuzz.target", entrance.name, str(folder)),
        *(f"-max_total_time={seconds}", f"-timeout={MOST_SECONDS}", f"-max_len={MOST_INPUT_BYTES}"),
        *(f"-artifact_prefix={folder / 'findings'}/", "-rss_limit_mb=0", "-len_control=0", "-use_value_profile=0"),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, env={**os.environ, **QUIET}, timeout=seconds + START_SECONDS, check=False
        )
        told = done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        told = (late.stderr or b"").decode(errors="replace")
    (folder / "log.txt").write_text(told)
    return told


def write_table(outcomes: Sequence[Outcome]) -> str:
    """Counts of each entrance, and of all."""
    lines = [f"{'entrance':<12}{'seconds':>9}{'inputs':>9}{'branches':>10}{'new':>7}{'findings':>10}"]
    for outcome in outcomes:
        lines.append(
            f"{outcome.name:<12}{outcome.seconds:>9.0f}{outcome.inputs:>9}{outcome.branches:>10}"
            f"{outcome.new_branches:>7}{len(outcome.findings):>10}"
        )
    return "\n".join(lines)
