"""Draw what is found, missed and marked falsely on two generated limbs: `python -m benchmarks.missed PICTURE`."""

import argparse
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Overlap
from benchmarks.phantoms import acceptance_phantom
from calcinet.findings.finding import LABELS, Kind
from calcinet.findings.radiograph.finder import find_calcium
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.phantoms.truth import VESSEL

SEEDS: Final = (903, 909)
"""A lower leg and a hand with many vessels."""

HEIGHT_PX: Final = 640
FOUND: Final = (80, 190, 0)
MISSED: Final = (40, 40, 230)
FALSE: Final = (240, 120, 20)
"""Blue, green and red of each colour."""

QUALITY: Final = {".jpg": (cv2.IMWRITE_JPEG_QUALITY, 82), ".png": ()}
"""How each kind of file is written."""

Picture = NDArray[np.uint8]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.missed", description=__doc__)
    parser.add_argument("picture", type=Path, help=".jpg or .png to write")
    picture: Path = parser.parse_args().picture
    if picture.suffix not in QUALITY:
        parser.error(f"a picture ends in {' or '.join(QUALITY)}, got {picture.name}")
    _, encoded = cv2.imencode(picture.suffix, np.hstack([side_by_side(s) for s in SEEDS]), QUALITY[picture.suffix])
    picture.write_bytes(encoded.tobytes())


def side_by_side(seed: int) -> Picture:
    """A film, and beside it the same with its vessels drawn in; prints their Dice."""
    phantom = acceptance_phantom(seed)
    image = phantom.image
    marked = find_calcium(image, find_regions(image)).labels == LABELS[Kind.VESSEL]
    true = phantom.truth.mask == VESSEL
    print(f"seed {seed}: Dice of vessels {Overlap.of_pixels(marked, true).dice:.2f}")
    low, high = np.percentile(image.plane, (1, 99.8))
    grey = np.clip((image.plane - low) / (high - low), 0, 1) * 255
    film = np.repeat(grey[..., None].astype(np.uint8), 3, axis=2)
    drawn = film.copy()
    for colour, where in ((FOUND, marked & true), (MISSED, true & ~marked), (FALSE, marked & ~true)):
        drawn[where] = colour
    both = np.hstack([film, drawn])
    width = round(both.shape[1] * HEIGHT_PX / both.shape[0])
    return np.asarray(cv2.resize(both, (width, HEIGHT_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)


if __name__ == "__main__":
    main()
