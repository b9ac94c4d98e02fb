"""The Agatston score of one body scanned upright and with a tilted gantry, as the planes were acquired."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from benchmarks.tables import Cell, Table, progress
from calcinet.image import Acquisition, Image
from calcinet.io import read
from calcinet.io.ct.writer import write_ct
from calcinet.measure.ct.agatston import agatston_score
from calcinet.phantoms.ct.deposit import Cells
from calcinet.phantoms.ct.foci import ellipsoid

TILTS_DEG: Final = (0.0, 5.0, 15.0, 25.0)
SEEDS: Final = tuple(range(1400, 1406))
"""Bodies that nothing was set on."""

PLAQUES: Final = 60
RADIUS_MM: Final = 60.0
HEIGHT_MM: Final = 150.0
MARGIN_MM: Final = 45.0
"""Of slices above and below the body's plaques, so that every tilted plane through one is there."""

PIXEL_MM: Final = 0.7
INCREMENT_MM: Final = 3.0
TISSUE_HU: Final = 40.0
AIR_HU: Final = -1000.0

Floats = NDArray[np.float64]


def tilt_table(seeds: Sequence[int] = SEEDS) -> Table:
    """Score of each tilt over that of the same bodies upright."""
    scores: dict[float, list[float]] = {tilt: [] for tilt in TILTS_DEG}
    for seed in seeds:
        progress(f"tilted scans of body {seed}")
        bodies = draw_plaques(seed)
        for number, tilt in enumerate(TILTS_DEG):
            scores[tilt].append(tilted_score(bodies, tilt, np.random.default_rng([seed, number])))
    upright = sum(scores[0.0])
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{tilt:g} degrees", len(seeds) * PLAQUES, sum(own) / upright, max(own) / min(own))
        for tilt, own in scores.items()
    )
    note = (
        f"{PLAQUES} plaques in each of {len(seeds)} bodies, seeds {SEEDS[0]} to {SEEDS[-1]}, slices "
        f"{INCREMENT_MM:g} mm apart along the table, written as DICOM with the gantry's tilt and read again; where the "
        "slices lie is chance. Goal: within 3 % of the upright score."
    )
    return Table("Agatston score of tilted CT", ("tilt", "plaques", "over upright", "largest over least"), rows, note)


def draw_plaques(seed: int, count: int = PLAQUES) -> list[tuple[Cells, float]]:
    """Ellipsoids of calcium and their brightness, apart from one another, about the origin (Z, Y, X)."""
    rng = np.random.default_rng(seed)
    middles: list[Floats] = []
    while len(middles) < count:
        reach = 0.6 * RADIUS_MM
        spot = np.array([rng.uniform(-HEIGHT_MM / 2, HEIGHT_MM / 2), *rng.uniform(-reach, reach, 2)])
        if all(np.linalg.norm(spot - other) > 9 for other in middles):
            middles.append(spot)
    return [(ellipsoid(spot, rng.uniform(0.9, 3.0, 3), rng), float(rng.uniform(300, 1200))) for spot in middles]


def tilted_score(bodies: Sequence[tuple[Cells, float]], tilt_deg: float, rng: np.random.Generator) -> float:
    """Scan with a tilted gantry, write, read and score all that is bright."""
    image = scan_tilted(bodies, tilt_deg, rng)
    with TemporaryDirectory() as folder:
        tilt = np.radians(tilt_deg)
        for path in write_ct(folder, image):
            dataset = dcmread(path)
            down = [0.0, round(float(np.cos(tilt)), 8), round(float(-np.sin(tilt)), 8)]
            dataset.ImageOrientationPatient = [1.0, 0.0, 0.0, *down]
            dataset.GantryDetectorTilt = tilt_deg
            dataset.save_as(path)
        given = read(Path(folder))
    return agatston_score(given, np.ones(given.pixels.shape, dtype=bool), contrast=False).score


def scan_tilted(bodies: Sequence[tuple[Cells, float]], tilt_deg: float, rng: np.random.Generator) -> Image:
    """Sample a body on planes that lean towards the feet at the back; slices touch one another.

    A point lies in the plane through z' = z + y tan(tilt) of the table, at y / cos(tilt) along its rows.
    """
    tilt = np.radians(tilt_deg)
    size = np.array([HEIGHT_MM + 2 * MARGIN_MM, 2.4 * RADIUS_MM, 2.4 * RADIUS_MM])
    spacing = np.array([INCREMENT_MM, PIXEL_MM, PIXEL_MM])
    shape = np.round(size / spacing).astype(int)
    first = -size / 2 + rng.uniform(0, 1, 3) * spacing
    hu = np.full(shape, AIR_HU)
    y, x = (first[axis] + spacing[axis] * np.arange(shape[axis]) for axis in (1, 2))
    hu[:, np.hypot(y[:, None] * np.cos(tilt), x) < RADIUS_MM] = TISSUE_HU
    for cells, bright in bodies:
        points = cells.points
        leaning = np.column_stack(
            [points[:, 0] + points[:, 1] * np.tan(tilt), points[:, 1] / np.cos(tilt), points[:, 2]]
        )
        at = np.round((leaning - first) / spacing).astype(int)
        share = cells.step_mm**3 / np.cos(tilt) / float(np.prod(spacing))
        np.add.at(hu, tuple(at.T), share * (bright - TISSUE_HU))
    affine = np.diag([0.0, 0.0, 0.0, 1.0])
    affine[2, 0], affine[1, 1], affine[0, 2] = spacing
    affine[:3, 3] = first[::-1]
    return Image(
        hu.astype(np.float32),
        (INCREMENT_MM, PIXEL_MM, PIXEL_MM),
        "[hnsf'U]",
        modality="CT",
        spacing_basis="calibrated",
        affine=affine,
        acquisition=Acquisition(contrast=False, kvp=120.0),
    )
