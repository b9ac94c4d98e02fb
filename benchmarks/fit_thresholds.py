"""Find the probabilities from which a pixel is marked: `findings.radiograph.CERTAIN`.

Run `python -m benchmarks.fit_thresholds FILMS` (some minutes): prints, for vessels and nets, the Dice of the detector's
maps at each threshold on calcium put into films of the training, so that films kept for testing stay unseen, and the
share of the same films, as they are, that is marked.
"""

import argparse
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Overlap, pooled
from benchmarks.fit_net_call import PATTERNS
from benchmarks.tables import progress
from calcinet.findings.detector import calcium_maps
from calcinet.findings.regions import Tissue, find_regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.phantoms.implant import implant
from calcinet.phantoms.truth import NET, VESSEL

FIRST_SEED: Final = 600_000
THRESHOLDS: Final = tuple(np.round(np.arange(0.2, 0.95, 0.05), 2))
KINDS: Final = {"vessel": VESSEL, "net": NET}

Maps = dict[str, NDArray[np.float32]]


def maps_of(plane: NDArray[np.float32]) -> Maps:
    """The detector's maps of vessels and nets at the film's size."""
    image = Image(plane[None], None, "1")
    maps = calcium_maps(image, find_regions(image))
    return {kind: cv2.resize(getattr(maps, kind), plane.shape[::-1]).astype(np.float32) for kind in KINDS}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_thresholds", description=__doc__)
    parser.add_argument("films", type=Path, help="folder of the training's films")
    parser.add_argument("--every", type=int, default=6, help="take every so many-th film")
    options = parser.parse_args()
    paths = sorted(path for pattern in PATTERNS for path in options.films.glob(pattern))[:: options.every]
    overlaps: dict[tuple[str, float], list[Overlap]] = {(kind, at): [] for kind in KINDS for at in THRESHOLDS}
    silent: dict[tuple[str, float], list[float]] = {key: [] for key in overlaps}
    for number, path in enumerate(paths):
        progress(f"film {number + 1} of {len(paths)}")
        film = read(path, modality="DX")
        soft = find_regions(film)[Tissue.SOFT]
        made = implant(film.plane, soft, ("vessel", "net"), seed=FIRST_SEED + number)
        found, bare = maps_of(made.film), maps_of(film.plane)
        for kind, at in overlaps:
            overlaps[kind, at].append(Overlap.of_pixels(found[kind] > at, made.mask == KINDS[kind]))
            silent[kind, at].append(100 * float((bare[kind] > at)[soft].mean()))
    for kind in KINDS:
        for at in THRESHOLDS:
            dice = pooled(overlaps[kind, at]).dice
            print(f"{kind} at {at:.2f}: Dice {dice:.3f}, bare films {np.mean(silent[kind, at]):.3f} % marked")


if __name__ == "__main__":
    main()
