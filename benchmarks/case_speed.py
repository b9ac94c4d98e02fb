"""How long a case without films takes: the whole command, and a further case in a process that already runs.

The peer is a bare start of Python that imports the two libraries that no case does without.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import yaml

import calcinet
from benchmarks.stopwatch import timed
from benchmarks.tables import Cell, Table, progress

PEER: Final = "import pydantic, yaml"

CASE: Final = {
    "examined_on": "2026-11-01",
    "patient": {"age_years": 60, "sex": "female", "height_cm": 160},
    "kidney": {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "start": "2022-11-01"}]},
    "conditions": [{"name": "hypertension"}, {"name": "atrial fibrillation"}],
    "lesions": [{"site": "lower leg", "side": "left", "kind": "ulcer", "painful": True, "necrotic": True}],
    "examination": {"peripheral_pulses": "present", "venous_disease": False},
    "drugs": [{"name": "warfarin", "start": "2021-06-01"}, {"name": "sevelamer"}],
    "labs": [
        {"name": "calcium", "value": "9.8 mg/dL"},
        {"name": "phosphate", "value": "1.9 mmol/L"},
        {"name": "PTH", "value": "64 pml/L"},
        {"name": "white cells", "value": "9.1 10^9/L"},
    ],
    "imaging": [{"modality": "film", "site": "lower leg", "side": "left", "net_like": True, "quality": "good"}],
}
"""An invented patient; one unit is misprinted, for a unit that is not known must not cost more than one that is."""

RUNS: Final = 5
"""Of each, by turns. The fastest counts: what else the machine does only ever adds."""

LIMITS_S: Final = {"command": 1.0, "warm": 0.3}
"""What a person at a terminal, and one before a page, does not wait for. Our choice."""


def case_speed_tables() -> list[Table]:
    """Time the command and its peer by turns in processes of their own, then cases in this one."""
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        folder = Path(name)
        case = folder / "case.yaml"
        case.write_text(yaml.safe_dump(CASE), encoding="utf-8")
        ours, theirs = [], []
        for run in range(1, RUNS + 1):
            progress(f"case without films, run {run} of {RUNS}")
            ours.append(_time_command(case, folder / "out"))
            theirs.append(timed([sys.executable, "-c", PEER]).wall_s)
        warm = [_time_warm(case) for _ in range(RUNS + 1)][1:]
    rows: tuple[tuple[Cell, ...], ...] = (
        ("calcinet examine --case, whole command with json", min(ours), max(ours), LIMITS_S["command"]),
        ("a further case in the same process", min(warm), max(warm), LIMITS_S["warm"]),
        (f'python -c "{PEER}"', min(theirs), max(theirs), None),
        ("ratio of the whole command to the bare start", min(ours) / min(theirs), None, None),
    )
    note = f"One invented patient without films; {RUNS} runs each, by turns."
    return [Table("Speed of a case without films", ("what", "fastest, s", "slowest, s", "limit, s"), rows, note)]


def _time_command(case: Path, out: Path) -> float:
    shutil.rmtree(out, ignore_errors=True)
    program = "from calcinet.apps.cli import main; main()"
    command = [sys.executable, "-c", program, "examine", "--case", str(case), "-o", str(out), "--formats", "json"]
    return timed([*command, "--prior", "0.3", "--quiet"]).wall_s


def _time_warm(case: Path) -> float:
    start = time.perf_counter()
    calcinet.examine(case=case, prior=0.3)
    return time.perf_counter() - start
