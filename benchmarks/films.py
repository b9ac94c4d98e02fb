"""Real films that took no part in training, by source."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.tables import progress
from calcinet.image import Image
from calcinet.io import read

CALF: Final = Path("xray") / "wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm"
CALF_PIXEL_MM: Final = 0.2
"""Its cassette of 35 cm has 1760 pixels."""


@dataclass(frozen=True, slots=True)
class Group:
    """Films that are counted together."""

    name: str
    paths: tuple[Path, ...]
    spacing_mm: float | None = None
    without_middle: bool = False
    """Leave the middle third out of the percentages: on a chest it may hold a calcified aorta."""

    def read(self, path: Path) -> Image:
        """One film of the group; raises as `io.read` does."""
        return read(path, spacing_mm=self.spacing_mm, modality=None if path.suffix == ".dcm" else "DX")


def held_out(data: Path) -> list[Group]:
    """Films of sources that nothing was trained on, the limb films apart."""
    hands = tuple(sorted((data / "xray").glob("boneage_hand_*.png")))
    wrists = tuple(sorted((data / "backgrounds" / "wrist_forearm").glob("*.png")))
    chests = tuple(sorted((data / "backgrounds" / "chest").glob("ml-workgroup*.png")))
    groups = [
        Group("calf, 0.2 mm", tuple(path for path in (data / CALF,) if path.is_file()), CALF_PIXEL_MM),
        Group("hands", hands),
        Group("wrists of children", wrists),
        Group("chests not trained on", chests, without_middle=True),
    ]
    return [group for group in groups if group.paths]


def limbs(data: Path) -> list[Group]:
    """One group an anatomy of the films that are kept for measuring alone."""
    folder = data / "limbs_measure_only"
    manifest = folder / "MANIFEST.csv"
    if not manifest.is_file():
        progress(f"limb films skipped: no {manifest}")
        return []
    with manifest.open(encoding="utf-8", newline="") as lines:
        entries = list(csv.DictReader(lines))
    anatomies = sorted({entry["anatomy"] for entry in entries})
    return [
        Group(f"limb: {anatomy}", tuple(folder / e["file"] for e in entries if e["anatomy"] == anatomy))
        for anatomy in anatomies
    ]
