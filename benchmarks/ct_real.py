"""Real CT: plaques put into the walls of aorta and iliac arteries, and what is on the scans by themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import clopper_pearson
from benchmarks.tables import Cell, Table, progress
from calcinet.arrays import Floats
from calcinet.findings.ct.finder import CtCalcium, find_calcium_on_ct
from calcinet.image import Image
from calcinet.io.ct.nifti_reader import read_nifti
from calcinet.io.options import Options
from calcinet.phantoms.ct.deposit import Cells, Grid, shares, thread

ABDOMEN: Final = "ct/totalseg_example_ct.nii.gz"
AORTA: Final = "ct/totalseg_aorta_report_ct_cropped.nii.gz"

COURSES: Final[dict[str, tuple[tuple[float, float, float], ...]]] = {
    "aorta": ((84, 44, 66), (78, 45, 67), (72, 45, 67), (66, 46, 68), (60, 46, 67)),
    "right iliac": (
        (56, 45, 63), (50, 48, 57), (47, 51, 54), (44, 53, 54), (40, 54, 49), (35, 54, 46), (30, 50, 45),
        (25, 45, 43.5), (20, 41, 42), (16, 38, 42), (12, 39, 41),
    ),
    "left iliac": (
        (56, 46, 69), (50, 50, 69), (47, 52, 72), (44, 53, 73), (40, 53, 77), (35, 55, 80), (30, 52, 79),
        (25, 46, 78.5), (20, 41, 82), (16, 39.5, 81.5), (12, 40, 82),
    ),
}  # fmt: skip
"""Middles of the arteries (Z, Y, X) in voxels of the scan of the abdomen, read off its pictures slice by slice."""

RADIUS_MM: Final = {"aorta": 9.0, "right iliac": 4.5, "left iliac": 4.5}
LENGTH_MM: Final = (6.0, 14.0)
HALF_ANGLE: Final = 0.6
THICK_MM: Final = 2.2
HU: Final = (500.0, 1200.0)
PLAQUES: Final = 8
"""In each artery and run."""

RUNS: Final = 4
SEED: Final = 1500
"""Of plaques that no setting was chosen on: what parts aorta from spine was set with 1400, on this same scan."""


def real_ct_tables(data: Path) -> list[Table]:
    """Nothing where the scans are missing."""
    rows: list[tuple[Cell, ...]] = []
    if (data / ABDOMEN).is_file():
        rows += _abdomen(read_volume(data / ABDOMEN))
    if (data / AORTA).is_file():
        progress("aorta with contrast")
        found = find_calcium_on_ct(read_volume(data / AORTA))
        pool = None if found.pool is None else found.pool.mean_hu
        rows.append(("aorta with contrast and stent: brightness of enhanced blood seen, HU", 1, pool))
    note = (
        "Plaques of 6 to 14 mm, 2.2 mm thick, 500 to 1200 HU, in the walls of arteries whose course was read off the "
        "pictures. The finder's course of iliac arteries, and what it takes for the spine, were set on this "
        "scan with other plaques: it says little of other patients."
    )
    return [Table("Real CT of the abdomen", ("what", "count", "value"), tuple(rows), note)] if rows else []


def _abdomen(image: Image) -> list[tuple[Cell, ...]]:
    progress("abdomen as it is")
    plain = find_calcium_on_ct(image)
    hits: dict[str, list[tuple[bool, bool]]] = {name: [] for name in COURSES}
    for run in range(RUNS):
        progress(f"plaques in aorta and iliac arteries, run {run + 1} of {RUNS}")
        made, places = _with_plaques(image, np.random.default_rng([SEED, run]))
        found = find_calcium_on_ct(made)
        for name, cells in places:
            hits[name].append(_seen(found, cells))
    rows: list[tuple[Cell, ...]] = []
    for name, told in hits.items():
        rows.append((f"plaques of the {name}, found", len(told), clopper_pearson(sum(f for f, _ in told), len(told))))
        rows.append(
            (f"plaques of the {name}, called artery", len(told), clopper_pearson(sum(a for _, a in told), len(told)))
        )
    vessels = [lesion for lesion in plain.lesions if lesion.kind.value == "vessel"]
    off = sum(not _near_artery(lesion.shape.centre) for lesion in vessels)
    rows.append(("scan as it is: called vessel, off the arteries", len(vessels), off))
    rows.append(("scan as it is: foci left", len(plain.lesions), len(plain.lesions) - len(vessels)))
    rows += [(f"scan as it is: left out as {name}", count, None) for name, count in plain.left_out.items()]
    return rows


def read_volume(path: Path) -> Image:
    """A volume in calcinet's own axes."""
    return read_nifti(path.read_bytes(), Options(modality="CT"), suffix=".nii.gz")


def _middles(name: str) -> tuple[Floats, Floats]:
    course = np.array(sorted(COURSES[name]))
    z = np.arange(course[0, 0], course[-1, 0], 1.0)
    return z, np.stack([np.interp(z, course[:, 0], course[:, k]) for k in (1, 2)], axis=1)


def _near_artery(place: NDArray[np.float64]) -> bool:
    """Whether a place in voxels lies within 18 mm of an artery's middle."""
    for name in COURSES:
        z, middle = _middles(name)
        points = np.column_stack([z, middle])
        if np.linalg.norm(points - place, axis=1).min() <= 6:
            return True
    return False


def _with_plaques(image: Image, rng: np.random.Generator) -> tuple[Image, list[tuple[str, Cells]]]:
    """The scan with plaques, and where they lie."""
    assert image.spacing_mm is not None
    mm = image.spacing_mm
    size = image.pixels.shape
    grid = Grid(first=(0.0, 0.0, 0.0), spacing_mm=mm, shape=(size[0], size[1], size[2]), thickness_mm=mm[0])
    hu = image.pixels.copy()
    placed = [(name, cells) for name in COURSES for cells in _plaques(name, mm, rng)]
    for _, cells in placed:
        laid = shares(cells, grid)
        assert laid is not None
        hu[laid[0]] += laid[1] * np.float32(rng.uniform(*HU) - 45)
    return Image(hu, mm, image.unit, modality="CT"), placed


def _plaques(name: str, mm: tuple[float, float, float], rng: np.random.Generator) -> Iterator[Cells]:
    """Plaques along an artery, each in a stretch of its own."""
    z, middle = _middles(name)
    low, high = z[0] * mm[0], z[-1] * mm[0]
    step = (high - low) / PLAQUES
    for n in range(PLAQUES):
        length = min(rng.uniform(*LENGTH_MM), 0.7 * step)
        first = low + n * step + rng.uniform(0, step - length)
        heights = np.arange(first, first + length, 0.4)
        about = rng.uniform(0, 2 * np.pi)
        turns = about + np.linspace(-HALF_ANGLE, HALF_ANGLE, 25)
        radius = RADIUS_MM[name] - THICK_MM / 2
        centre = np.stack([np.interp(heights / mm[0], z, middle[:, k]) * mm[k + 1] for k in range(2)], axis=1)
        ring = radius * np.stack([np.sin(turns), np.cos(turns)], axis=1)
        points = centre[:, None] + ring[None]
        line = np.concatenate(
            [np.broadcast_to(heights[:, None, None], (*points.shape[:2], 1)), points], axis=2
        ).reshape(-1, 3)
        yield thread(line, np.full(len(line), THICK_MM / 2), 0.3)


def _seen(found: CtCalcium, cells: Cells) -> tuple[bool, bool]:
    """Whether something was found at a plaque, and whether it was called artery."""
    at = np.unique(
        np.round(cells.points / np.array(found.anatomy.grid.mm) * np.array(found.anatomy.grid.block)).astype(int),
        axis=0,
    )
    where = {tuple(place) for place in at.tolist()}
    touched = [one for one in found.lesions if any(tuple(v) in where for v in one.part.voxels().tolist())]
    return bool(touched), any(one.compartment == "artery" for one in touched)
