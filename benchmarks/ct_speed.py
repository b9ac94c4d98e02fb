"""How long the whole command takes for a CT of both legs, beside SimpleITK that reads the same series and labels it."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.speed import Runs
from benchmarks.stopwatch import Timed, timed
from benchmarks.tables import Cell, Table, progress
from calcinet.image import Image
from calcinet.io.ct.writer import write_ct
from calcinet.phantoms.ct.leg import Build, leg

SHAPE: Final = (800, 512, 512)
"""Slices, rows and columns of a run-off from the groins to the toes."""

SPACING_MM: Final = (1.0, 0.75, 0.75)

SEED: Final = 77

RUNS: Final = 2
"""Of each, by turns. The fastest counts: what else the machine does only ever adds."""


def ct_speed_tables() -> list[Table]:
    """Run both sides by turns in processes of their own."""
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        folder = Path(name)
        progress("writing a CT of 800 slices of 512 x 512 pixels")
        series = folder / "series"
        series.mkdir()
        write_ct(series, legs())
        ours, theirs = [], []
        for run in range(1, RUNS + 1):
            progress(f"calcinet, run {run} of {RUNS}")
            ours.append(_examine(series, folder / "out"))
            progress(f"SimpleITK, run {run} of {RUNS}")
            theirs.append(timed([sys.executable, "-m", "benchmarks.simpleitk_alone", str(series)]))
    calcinet = Runs(tuple(t.wall_s for t in ours), tuple(t.peak_mb for t in ours))
    peer = Runs(tuple(t.wall_s for t in theirs), tuple(t.peak_mb for t in theirs))
    rows: tuple[tuple[Cell, ...], ...] = (
        ("calcinet examine, whole command with json, html, png", *calcinet.row),
        ("SimpleITK: read, threshold, connected parts, their size and peak", *peer.row),
        ("ratio of the fastest runs", min(calcinet.seconds) / min(peer.seconds), None, None),
    )
    note = (
        f"Both legs, {SHAPE[0]} uncompressed slices of {SHAPE[1]} x {SHAPE[2]}; {RUNS} runs each. Goal: 60 s and"
        " 6,000 MB. SimpleITK tells neither bone nor compartment, and shows what reading and labelling alone cost."
    )
    return [Table("Speed on CT", ("what", "fastest, s", "slowest, s", "peak memory, MB"), rows, note)]


def legs() -> Image:
    """Both legs with heavy calcium, padded with air to the size of a scan."""
    made, _ = leg(SEED, SPACING_MM, build=Build("leg", "B"))
    hu = np.full(SHAPE, -1000, dtype=np.float32)
    fits = [min(own, whole) for own, whole in zip(made.pixels.shape, SHAPE, strict=True)]
    at = [(whole - size) // 2 for size, whole in zip(fits, SHAPE, strict=True)]
    inner = tuple(slice(start, start + size) for start, size in zip(at, fits, strict=True))
    hu[inner] = made.pixels[: fits[0], : fits[1], : fits[2]]
    return Image(hu, SPACING_MM, made.unit, modality="CT", spacing_basis="calibrated", acquisition=made.acquisition)


def _examine(series: Path, out: Path) -> Timed:
    shutil.rmtree(out, ignore_errors=True)
    program = "from calcinet.apps.cli import main; main()"
    command = [sys.executable, "-c", program, "examine", str(series), "-o", str(out), "--formats", "json,html,png"]
    return timed([*command, "--quiet"])
