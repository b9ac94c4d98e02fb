"""Films that hold known arteries and a known net, to be examined as a whole: generated limbs and real films."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.agreement import Mask
from benchmarks.tables import progress
from calcinet.errors import BadInput, NotMeasurable, Unreadable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.mask_labels import Tissue
from calcinet.phantoms.implant import add_growths
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.random_deposits import grow
from calcinet.phantoms.truth import BONE, METAL, SOFT, NetTruth, VesselTruth
from calcinet.training.film_split import Share, list_films

FIT_SEEDS: Final = range(720_000, 720_400)
"""Films that errors are learnt from."""

JUDGE_SEEDS: Final = range(730_000, 730_400)
"""Films that nothing is learnt from."""

ARTERIES: Final = 3
"""Put into a real film, with a net."""

LEAST_MM: Final = 1.0
"""Thinnest trunk of these. Our choice: what is thinner than some pixels has no calibre to judge."""

BLUR_PX: Final = 0.7
"""Standard deviation of a real film's own blur, as `phantoms.implant` takes it."""

OVER_BONE: Final = 0.25
"""Share of the real films whose calcium may lie over bone too."""

REAL_PIXEL_MM: Final = 0.298
"""Of a real film halved: the detector of the open limb films has 43 cm on 2,880 pixels. Our choice: halved, a film
takes no longer than a generated one."""

MOSTLY: Final = 0.5
"""A marked line holds an artery where more than this share of it lies within the artery's true outer edge."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KnownFilm:
    """A film and what was put into it."""

    name: str
    image: Image
    arteries: tuple[VesselTruth, ...]
    nets: tuple[NetTruth, ...]

    room: Mask
    """Where calcium may lie, shape (Y, X): a net's area ends there."""

    @property
    def pixel_mm(self) -> float:
        """Side of a pixel."""
        return self.image.require_pixel_mm()[0]


def known_films(seeds: Sequence[int], data: Path, share: Share) -> Iterator[KnownFilm]:
    """One film a seed: generated where it is even, else a real one of a share of the patients, where there are any."""
    folder = data / "limbs_open"
    paths: list[Path] = []
    if folder.is_dir():
        paths = [path for _, path in list_films(folder, share)]
    for number, seed in enumerate(seeds, start=1):
        progress(f"film {number} of {len(seeds)}")
        if seed % 2 == 0 or not paths:
            yield generated_film(seed)
            continue
        try:
            yield real_film(paths[seed // 2 % len(paths)], seed)
        except (BadInput, NotMeasurable, Unreadable) as refusal:
            progress(f"  left out: {refusal}")


def generated_film(seed: int) -> KnownFilm:
    """A limb with arteries and a net."""
    made = limb(random_spec(seed, net=True, vessels=True))
    return KnownFilm(
        name="generated",
        image=made.image,
        arteries=made.truth.vessels,
        nets=made.truth.nets,
        room=np.isin(made.truth.regions, (SOFT, BONE, METAL)),
    )


def real_film(path: Path, seed: int) -> KnownFilm:
    """A real film with arteries and a net put in."""
    whole = read(path, spacing_mm=REAL_PIXEL_MM, modality=None if path.suffix == ".dcm" else "DX")
    rows, columns = whole.plane.shape
    halved = cv2.resize(whole.plane, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
    image = replace(whole, pixels=np.ascontiguousarray(halved[None]), spacing_basis="calibrated")
    image = replace(image, magnification_interval=(1.0, 1.0))
    regions = find_regions(image)
    room: NDArray[np.bool_] = regions[Tissue.SOFT]
    if np.random.default_rng([seed, 6]).random() < OVER_BONE:
        room = room | regions[Tissue.BONE]
    rng = np.random.default_rng([seed, 5])
    growths = [
        grow("vessel", room, rng, pixel_mm=REAL_PIXEL_MM, blur_px=BLUR_PX, least_mm=LEAST_MM) for _ in range(ARTERIES)
    ]
    growths.append(grow("net", room, rng, pixel_mm=REAL_PIXEL_MM, blur_px=BLUR_PX))
    made = add_growths(image.plane, growths, blur_px=BLUR_PX)
    return KnownFilm(
        name="real",
        image=replace(image, pixels=made.film[None]),
        arteries=made.vessels,
        nets=made.nets,
        room=room,
    )


def true_calibre_mm(film: KnownFilm, line: NDArray[np.float64]) -> float | None:
    """Median outer diameter of the artery that a marked line (N, 2) runs in, where it does; None where in none."""
    if not film.arteries:
        return None
    owner = np.repeat(np.arange(len(film.arteries)), [len(artery.centre_line) for artery in film.arteries])
    diameter = np.concatenate([artery.diameter_mm for artery in film.arteries])
    tree = cKDTree(np.concatenate([artery.centre_line for artery in film.arteries]))
    distance, nearest = (np.asarray(found) for found in tree.query(line))
    within = distance * film.pixel_mm <= diameter[nearest] / 2
    if not within.any():
        return None
    mine = within & (owner[nearest] == np.bincount(owner[nearest[within]]).argmax())
    if mine.mean() <= MOSTLY:
        return None
    return float(np.median(diameter[nearest[mine]]))


def cover_nets(film: KnownFilm) -> Mask:
    """The pixels that its nets cover, shape (Y, X): within their outlines, where calcium may lie."""
    inside = np.zeros(film.room.shape, np.uint8)
    for net in film.nets:
        cv2.fillPoly(inside, [np.rint(net.outline[:, ::-1]).astype(np.int32)], 1)
    return np.asarray((inside > 0) & film.room)
