"""Training samples of radiographs: real films at every scale, with calcium that is grown where tissue is."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import BadInput
from calcinet.findings.network_input import channels
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.chance import log_uniform
from calcinet.phantoms.implant import Response, contrast_of_deposit, local_noise
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.random_deposits import DIAMETER_MM, Growth, Kind, grow
from calcinet.phantoms.truth import NET, OTHER, VESSEL, VesselTruth
from calcinet.training.augment import LEAST_NOISE, add_distraction, degrade, shift_levels, simulate_device
from calcinet.training.film_split import list_films
from calcinet.training.samples.base import (
    MAPS_OF_ANSWER,
    Answer,
    Place,
    Progress,
    Sample,
    add_deposit,
    answer_of,
    choose_centres,
    choose_window,
    cover_nets,
    make_all,
    make_empty_answer,
    turn,
)

SIDE_PX: Final = 256
"""Side of a sample: a multiple of 32 that shows the widest artery that is to be marked ten times over."""

PIXEL_MM: Final = (0.14, 0.85)
"""Pixels that films are shown at, evenly on a logarithmic scale: those of the finder's pyramid, and between."""

FINER: Final = 0.85
"""A film is shown with pixels of at least this share of its own. Our choice: what is finer is invented."""

ARTERY_PX: Final = (1.5, 22.0)
"""Outer diameters of the arteries that are to be marked, in pixels of the sample; a wider one is another scale's."""

LEAST_PX: Final = 1.2
"""Nothing thinner than this is grown, in pixels of the sample: it would stand out only as a hair or a thread does."""

BRIDGED: Final = 1.5
"""Gaps of an artery's calcium up to this many diameters long belong to it. Our choice: what an eye joins."""

NEAR_PX: Final = 6
"""An artery is to be marked this near to calcium that is seen; elsewhere marking it is neither right nor wrong."""

SUBPIXEL: Final = 4
"""Bits behind the point that tubes are drawn with."""

KIND_SHARES: Final[dict[Kind, float]] = {"vessel": 0.62, "net": 0.2, "focus": 0.18}
"""Of what is grown. Our choice: arteries vary most."""

BARE_SHARE: Final = 0.3
"""Share of the films that nothing is grown in."""

UNEVENNESS: Final = (LEAST_NOISE, 3.0)
"""What calcium stands out against is at least this much, in grey levels: sharpened muscle and fascia are less even than
the finest grain tells, and what is lost in them is lost to every reader. Our choice."""

NUMBERS: Final = (0.55, 0.3, 0.15)
"""Shares of one, two and three deposits in the others."""

DISTRACTED: Final = 0.4
"""Share of the films with something over them that is no calcium."""

DEGRADED: Final = 0.6
"""Share of the films that are made noisier and sharper before calcium is grown in them."""

HARD_SHARE: Final = 0.25
"""Share of the films' samples that are drawn where something was marked falsely before."""

TISSUE_SHARE: Final = 0.85
"""Share of the others that are drawn about tissue."""

HARD_KEPT: Final = 600
"""Number of such places that are remembered, the latest ones."""

BARE_SEED: Final = 500_000
"""Limbs without calcium are others than those with."""

NO_TISSUE, SOFT, BONE = range(3)
"""Values of `Film.tissue`."""

LEVELS: Final = 3
"""A film is kept whole, at half and at a quarter of its size."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Film:
    """A real film without calcium, or a generated one."""

    levels: tuple[NDArray[np.uint8], ...]
    """The film, rising with attenuation, and its halves; each (Y, X)."""

    tissue: NDArray[np.uint8]
    """NO_TISSUE, SOFT or BONE, in the shape of the last level."""

    pixel_mm: float
    """Of the film; assumed where it does not tell."""

    spots: NDArray[np.intp]
    """Pixels of the last level that show tissue, shape (N, 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """A generated film with its own calcium."""

    plane: NDArray[np.float16]
    answer: Answer
    centres: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RadiographSamples:
    """Draws samples from films and phantoms."""

    groups: Sequence[tuple[float, Sequence[Film]]]
    """Films that are drawn from alike, with the share of the samples that they get."""

    phantoms: Sequence[Phantom]
    phantom_share: float
    hard: deque[Place] = field(default_factory=lambda: deque(maxlen=HARD_KEPT))
    """Where something was marked falsely: group, film, row and column of the whole film, and pixel."""

    def draw(self, rng: np.random.Generator) -> Sample:
        """One sample at random."""
        if self.phantoms and rng.random() < self.phantom_share:
            return _draw_from_phantom(self.phantoms[int(rng.integers(len(self.phantoms)))], rng)
        place = self._choose_place(rng)
        return _draw_from_film(self._find_film(place), place, rng)

    def remember(self, places: Sequence[Place]) -> None:
        """Places where something was marked falsely."""
        self.hard.extend(places)

    def search(self, _net: object, _recipe: object) -> "RadiographSamples":
        """The same: false marks are remembered as they are made."""
        return self

    def _find_film(self, place: Place) -> Film:
        return self.groups[int(place[0])][1][int(place[1])]

    def _choose_place(self, rng: np.random.Generator) -> Place:
        if self.hard and rng.random() < HARD_SHARE:
            place = self.hard[int(rng.integers(len(self.hard)))]
            return _draw_near(place, self._find_film(place), rng)
        shares = np.array([share for share, _ in self.groups])
        group = int(rng.choice(len(self.groups), p=shares / shares.sum()))
        number = int(rng.integers(len(self.groups[group][1])))
        film = self.groups[group][1][number]
        pixel_mm = log_uniform(rng, (max(PIXEL_MM[0], FINER * film.pixel_mm), PIXEL_MM[1]))
        row, column = rng.uniform(0, film.levels[0].shape, 2)
        if len(film.spots) and rng.random() < TISSUE_SHARE:
            row, column = film.spots[int(rng.integers(len(film.spots)))] * float(2 ** (LEVELS - 1))
        return group, number, row, column, pixel_mm


def _draw_near(place: Place, film: Film, rng: np.random.Generator) -> Place:
    """A place near by, at nearly the same scale."""
    group, number, row, column, pixel_mm = place
    stray = rng.uniform(-0.3, 0.3, 2) * SIDE_PX * pixel_mm / film.pixel_mm
    return group, number, row + stray[0], column + stray[1], pixel_mm * rng.uniform(0.9, 1.1)


def read_film(path: Path, pixel_mm: float) -> Film:
    """A real film without calcium, from a picture file, its tissue as the finder sees it."""
    plane = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if plane is None:
        raise BadInput(f"{path.name} is not a picture that can be read")
    whole = np.asarray(plane, dtype=np.uint8)
    image = Image(whole.astype(np.float32)[None], (1.0, pixel_mm, pixel_mm), "0", modality="DX")
    return _make_film(whole, find_regions(image).labels, pixel_mm)


def bare_film(seed: int) -> Film:
    """A generated leg, foot or hand without calcium."""
    phantom = limb(random_spec(seed, net=False, vessels=False))
    plane = phantom.image.plane
    levels = np.clip(plane * (255 / float(plane.max())), 0, 255).astype(np.uint8)
    return _make_film(levels, phantom.truth.regions, min(phantom.image.pixel_mm or (0.2,)))


def phantom_source(seed: int) -> Phantom:
    """A generated film of the given seed with calcium: half with a net, the others with what looks like one."""
    with_net = seed % 2 == 0
    phantom = limb(random_spec(seed, net=with_net, confounders=not with_net))
    truth, shown = phantom.truth, phantom.image
    answer = _decide_arteries(answer_of(truth), truth.vessels, min(shown.pixel_mm or (0.2,)))
    return Phantom(shown.plane.astype(np.float16), answer, choose_centres(truth.mask))


def fill_arteries(vessels: Sequence[VesselTruth], shape: tuple[int, ...], pixel_mm: float) -> tuple[Mask, Mask]:
    """Calcified arteries, walls and lumen: those to be marked at this pixel, and those too wide or too thin for it."""
    marked, others = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)
    for vessel in vessels:
        ends = np.round(vessel.centre_line[:, ::-1] * 2**SUBPIXEL).astype(np.int32)
        across = vessel.diameter_mm / pixel_mm
        width = np.maximum(np.round(across), 1).astype(int)
        wanted = (across >= ARTERY_PX[0]) & (across <= ARTERY_PX[1])
        for at in np.flatnonzero(_bridge_gaps(vessel, pixel_mm)[:-1]):
            canvas = others
            if wanted[at]:
                canvas = marked
            cv2.line(canvas, ends[at].tolist(), ends[at + 1].tolist(), 1, int(width[at]), cv2.LINE_8, SUBPIXEL)
    return marked > 0, (others > 0) & (marked == 0)


def _bridge_gaps(vessel: VesselTruth, pixel_mm: float) -> Mask:
    """Where an artery is calcified, short gaps included."""
    if len(vessel.calcified) < 3:
        return vessel.calcified
    step_px = float(np.median(np.hypot(*np.diff(vessel.centre_line, axis=0).T)))
    gap = BRIDGED * float(np.median(vessel.diameter_mm)) / pixel_mm / max(step_px, 1e-6)
    kernel = np.ones((2 * int(gap / 2) + 1, 1), dtype=np.uint8)
    flags = vessel.calcified.astype(np.uint8)[:, None]
    closed = cv2.morphologyEx(flags, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(closed[:, 0] > 0)


def _make_film(whole: NDArray[np.uint8], regions: NDArray[np.uint8], pixel_mm: float) -> Film:
    levels = [whole]
    for _ in range(LEVELS - 1):
        last = levels[-1]
        size = (last.shape[1] // 2, last.shape[0] // 2)
        levels.append(np.asarray(cv2.resize(last, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    smallest = levels[-1].shape
    small = cv2.resize(regions, smallest[::-1], interpolation=cv2.INTER_NEAREST)
    tissue = np.select([small == Tissue.SOFT, small == Tissue.BONE], [SOFT, BONE], NO_TISSUE).astype(np.uint8)
    return Film(levels=tuple(levels), tissue=tissue, pixel_mm=pixel_mm, spots=np.argwhere(tissue > 0))


def _draw_from_phantom(phantom: Phantom, rng: np.random.Generator) -> Sample:
    window = choose_window(phantom.plane.shape, phantom.centres, SIDE_PX, rng)
    answer = Answer(*(getattr(phantom.answer, name)[window] for name in MAPS_OF_ANSWER))
    return _finish(phantom.plane[window].astype(np.float32), answer, rng, place=None)


def _draw_from_film(film: Film, place: Place, rng: np.random.Generator) -> Sample:
    """A piece of a film, changed, with calcium grown in it or not."""
    plane, tissue, pixel_mm = _cut_piece(film, place)
    if rng.random() < DEGRADED:
        plane = degrade(plane, plane[::-1], rng)
    plane = add_distraction(plane, rng, DISTRACTED)
    plane, answer = _grow_calcium(plane, tissue, pixel_mm, rng)
    return _finish(plane, answer, rng, place=place)


def _cut_piece(film: Film, place: Place) -> tuple[Pixels, NDArray[np.uint8], float]:
    """The film about a place as a square of SIDE_PX, its tissue, and the pixel that is come to."""
    _, _, row, column, pixel_mm = place
    smallest = min(film.levels[0].shape)
    side = min(SIDE_PX * pixel_mm / film.pixel_mm, smallest)
    pixel_mm = side * film.pixel_mm / SIDE_PX
    coarse = int(np.clip(np.floor(np.log2(max(pixel_mm / film.pixel_mm, 1.0))), 0, LEVELS - 1))
    plane = _cut_square(film.levels[coarse], (row, column), side, 2**coarse).astype(np.float32)
    tissue = _cut_square(film.tissue, (row, column), side, 2 ** (LEVELS - 1))
    method = cv2.INTER_AREA
    if len(plane) < SIDE_PX:
        method = cv2.INTER_LINEAR
    size = (SIDE_PX, SIDE_PX)
    shown = np.asarray(cv2.resize(plane, size, interpolation=method), dtype=np.float32)
    labels = np.asarray(cv2.resize(tissue, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    return shown, labels, pixel_mm


def _cut_square(plane: NDArray[np.uint8], centre: tuple[float, float], side: float, step: int) -> NDArray[np.uint8]:
    """A square of a level that is `step` times smaller than the film, in whose pixels centre and side are given."""
    length = max(1, round(side / step))
    first = np.round(np.array(centre) / step - length / 2).astype(int)
    row, column = np.clip(first, 0, np.maximum(np.array(plane.shape) - length, 0))
    return plane[row : row + length, column : column + length]


def _grow_calcium(
    plane: Pixels, tissue: NDArray[np.uint8], pixel_mm: float, rng: np.random.Generator
) -> tuple[Pixels, Answer]:
    """A piece of a film, mostly with calcium grown in its tissue: by Beer and Lambert, in units of its noise."""
    answer = make_empty_answer(plane.shape)
    where = tissue > NO_TISSUE
    if rng.random() < 0.5 and (tissue == SOFT).any():
        where = tissue == SOFT
    if rng.random() < BARE_SHARE or not where.any():
        return plane, answer
    noise = np.maximum(local_noise(plane), log_uniform(rng, UNEVENNESS))
    response = Response.of(plane, margin=float(rng.uniform(0.15, 1.0)))
    number = 1 + int(rng.choice(len(NUMBERS), p=NUMBERS))
    kinds: list[Kind] = rng.choice(np.array(list(KIND_SHARES)), number, p=list(KIND_SHARES.values())).tolist()
    for kind in sorted(kinds, key=("focus", "net", "vessel").index):
        blur_px = float(rng.uniform(0.4, 1.1))
        growth = _grow_or_none(kind, where, rng, pixel_mm, blur_px)
        if growth is None or not growth.deposit.footprint.any():
            continue
        added = contrast_of_deposit(plane, growth.deposit, blur_px=blur_px, response=response, noise=noise)
        plane = np.asarray(plane + added, dtype=np.float32)
        patch = cover_nets([net.outline for net in growth.nets], growth.deposit.footprint)
        contrast = np.asarray(added / noise, dtype=np.float32)
        answer = add_deposit(answer, growth.deposit, contrast, patch & bool(growth.nets))
        answer = _decide_arteries(answer, growth.vessels, pixel_mm)
    return plane, answer


def _grow_or_none(kind: Kind, where: Mask, rng: np.random.Generator, pixel_mm: float, blur_px: float) -> Growth | None:
    """Calcium of a kind; None where there is no room for it."""
    try:
        least_mm = max(DIAMETER_MM[0], LEAST_PX * pixel_mm)
        return grow(kind, where, rng, pixel_mm=pixel_mm, blur_px=blur_px, least_mm=least_mm)
    except BadInput:
        return None


def _decide_arteries(answer: Answer, vessels: Sequence[VesselTruth], pixel_mm: float) -> Answer:
    """The answer with arteries: to be marked where calcium is seen near by and the scale is theirs."""
    if not vessels:
        return answer
    within, others = fill_arteries(vessels, answer.mask.shape, pixel_mm)
    size = 2 * NEAR_PX + 1
    seen = cv2.dilate((answer.mask == VESSEL).astype(np.uint8), np.ones((size, size), dtype=np.uint8)) > 0
    artery = answer.artery | (within & seen)
    open_ = (answer.artery_open | others | (within & ~seen)) & ~artery
    return replace(answer, artery=artery, artery_open=open_)


def _finish(plane: Pixels, answer: Answer, rng: np.random.Generator, *, place: Place | None) -> Sample:
    """Turned, seen by a device, and as the network is shown it."""
    plane, answer = turn(plane, answer, rng)
    plane = simulate_device(plane, rng)
    shown = shift_levels(channels(plane, np.ones(plane.shape, dtype=bool)), rng)
    target, weight = make_targets(answer)
    return Sample(shown, target, weight, place)


def make_targets(answer: Answer) -> tuple[Pixels, Pixels]:
    """What is right to mark on each map, and where it matters; both (5, Y, X)."""
    maps = [answer.mask == VESSEL, answer.mask == NET, answer.mask == OTHER, answer.patch, answer.artery]
    weight = np.ones((len(maps), *answer.mask.shape), dtype=np.float32)
    weight[:3, answer.undecided] = 0
    weight[0, answer.artery_open] = 0
    weight[4, answer.artery_open] = 0
    return np.stack(maps).astype(np.float32), weight


def gather(folder: Path, data: dict[str, Any], progress: Progress) -> RadiographSamples:
    """All that a recipe's [data] names to be learned from, from films in `folder`.

    Raises
    ------
    BadInput
        If a folder or pattern of the recipe holds no film.
    """
    first, shares = data["first_seed"], data["shares"]
    groups = [(entry["share"], _read_films(list_paths(folder, entry), entry, progress)) for entry in data["films"]]
    seeds = range(first + BARE_SEED, first + BARE_SEED + data["bare"])
    groups.append((shares["bare"], make_all("generated limbs without calcium", seeds, bare_film, progress)))
    seeds = range(first, first + data["phantoms"])
    phantoms = make_all("generated limbs", seeds, phantom_source, progress)
    return RadiographSamples([group for group in groups if group[1]], phantoms, shares["phantoms"])


def gather_judges(folder: Path, data: dict[str, Any], progress: Progress) -> RadiographSamples:
    """Films of the patients on whom cuts are found, to draw samples from as from those of the training.

    Raises
    ------
    BadInput
        If the recipe names no such patient.
    """
    groups: list[tuple[float, Sequence[Film]]] = []
    for entry in data["films"]:
        if "patients" in entry:
            paths = sorted(path for _, path in list_films(folder / entry["patients"], "calibrate"))
            groups.append((entry["share"], _read_films(paths, entry, progress)))
    groups = [group for group in groups if group[1]]
    if not groups:
        raise BadInput(f"no film in {folder} is of a patient on whom cuts are found; name a folder that holds some")
    return RadiographSamples(groups, (), 0.0)


def list_paths(folder: Path, entry: dict[str, Any]) -> list[Path]:
    """Films of an entry of a recipe, sorted; of patients those that teach."""
    source = entry.get("patients") or entry["pattern"]
    if "patients" not in entry:
        paths = sorted(folder.glob(source))
    elif (folder / source / "manifest.csv").is_file():
        paths = sorted(path for _, path in list_films(folder / source, "train"))
    else:
        paths = []
    if not paths:
        raise BadInput(f"no film in {folder} matches {source}; give the folder that holds it")
    return paths


def _read_films(paths: Sequence[Path], entry: dict[str, Any], progress: Progress) -> list[Film]:
    return make_all("films", paths, lambda path: read_film(path, entry["pixel_mm"]), progress)
