"""How long the whole command takes for one large film, beside scikit-image's frangi alone on the same film."""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.stopwatch import Timed, timed
from benchmarks.tables import Cell, Table, progress
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import LimbSpec, NetSpec, VesselSpec, limb

FILM: Final = LimbSpec(
    seed=77,
    pixel_mm=0.1,
    field_mm=(428.0, 352.0),
    vessels=(VesselSpec(artery=0, diameter_mm=4.0), VesselSpec(artery=1, diameter_mm=2.0)),
    nets=(NetSpec(),),
    letter="R",
    border="white",
    margin_mm=(5.0, 8.0),
)
"""A lower leg on the largest common detector: 4280 x 3520 pixels of 0.1 mm."""

RUNS: Final = 2
"""Of each, by turns. The fastest counts: what else the machine does only ever adds."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Seconds and megabytes of one side, run by run."""

    seconds: tuple[float, ...]
    peak_mb: tuple[float, ...]

    @property
    def row(self) -> tuple[Cell, ...]:
        """Fastest and slowest time, and the largest memory."""
        return min(self.seconds), max(self.seconds), max(self.peak_mb)


def speed_tables() -> list[Table]:
    """Run both sides by turns in processes of their own."""
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        folder = Path(name)
        progress("writing a film of 4280 x 3520 pixels")
        dicom, raw = _film(folder)
        ours, theirs = [], []
        for run in range(1, RUNS + 1):
            progress(f"calcinet, run {run} of {RUNS}")
            ours.append(_examine(dicom, folder / "out"))
            progress(f"frangi, run {run} of {RUNS}")
            theirs.append(timed([sys.executable, "-m", "benchmarks.frangi_alone", str(raw)]))
    calcinet = Runs(tuple(t.wall_s for t in ours), tuple(t.peak_mb for t in ours))
    frangi = Runs(tuple(float(t.said) for t in theirs), tuple(t.peak_mb for t in theirs))
    ratio = min(calcinet.seconds) / min(frangi.seconds)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("calcinet examine, whole command with json, html, png, csv", *calcinet.row),
        ("scikit-image frangi, the call alone", *frangi.row),
        ("ratio of the fastest runs", ratio, None, None),
    )
    note = (
        f"One film of 4280 x 3520 pixels; {RUNS} runs each, by turns; frangi in float32 at 1, 2, 3, 4, 6 and 8 pixels."
    )
    return [Table("Speed", ("what", "fastest, s", "slowest, s", "peak memory, MB"), rows, note)]


def _film(folder: Path) -> tuple[Path, Path]:
    image = limb(FILM).image
    raw = folder / "film.npy"
    np.save(raw, image.plane)
    return write_radiograph(folder / "film.dcm", image), raw


def _examine(dicom: Path, out: Path) -> Timed:
    shutil.rmtree(out, ignore_errors=True)
    program = "from calcinet.apps.cli import main; main()"
    command = [sys.executable, "-c", program, "examine", str(dicom), "-o", str(out), "--formats", "json,html,png,csv"]
    return timed([*command, "--quiet"])
