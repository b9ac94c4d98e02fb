"""Calcified arteries of every morphology, and nets, put into real films of limbs from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Mask
from benchmarks.line_matching import PutLine, distance_to, pixels_of, step_lengths
from calcinet.arrays import Floats, Pixels
from calcinet.errors import BadInput
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.calcium import Tube
from calcinet.phantoms.calcium_spec import Pattern, VesselSpec
from calcinet.phantoms.chance import log_uniform, random_pixel, wander
from calcinet.phantoms.curves import directions
from calcinet.phantoms.implant import add_growths
from calcinet.phantoms.random_deposits import Growth, grow
from calcinet.phantoms.truth import VESSEL
from calcinet.phantoms.vessels import STEP_MM, calcify, grow_branches, vessel_deposit

THIN_WALLS: Final = "thin walls"
"""A morphology of its own: whole walls, long and as thin as a hair."""

MORPHOLOGIES: Final = (*get_args(Pattern), THIN_WALLS)

WIDE_MM: Final = (1.0, 8.0)
NARROW_MM: Final = (0.3, 1.0)
"""Outer diameters: two arteries of each film are wide, one is narrow."""

DIAMETERS_MM: Final = (WIDE_MM, WIDE_MM, NARROW_MM)

CONTRAST_IN_NOISE: Final = (2.5, 12.0)
THIN_WALL_MM: Final = (0.12, 0.25)
COVERAGE: Final = (0.35, 0.95)
"""Of what is neither whole nor ringed."""

WHOLE: Final = ("continuous", "rings")

OVER_BONE: Final = 0.25
"""Share of the arteries that may lie over bone too."""

LENGTH_MM: Final = (60.0, 220.0)
BEND_MM: Final = 60.0
"""Length of an artery's course, and over how much of it the heading changes."""

LEAST_MM: Final = 25.0
"""An artery has at least so much room, its walls within the region. Our choice: shorter ones are no course."""

TRIES: Final = 30
THINNER: Final = 0.7
"""Where none of so many courses has room for an artery, a thinner one is drawn."""

BLUR_PX: Final = 0.7
"""Of the film itself, standard deviation."""

BODY_BLUR_PX: Final = 4.0
AIR_AND_BONE_PERCENT: Final = (2.0, 99.0)
BODY_OF_RANGE: Final = 0.06
"""Of the range between these percentiles of the blurred film: what is darker is air. Our choice: looked at on all
films that calcium is put into, it cuts no limb."""

APART_PX: Final = 3
"""Arteries keep this far apart, so that two do not become one."""

Rng = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PutArtery:
    """One artery with its branches, as it was put into a film."""

    morphology: str
    diameter_mm: float
    """Outer, where it enters."""
    contrast_in_noise: float
    trunk: PutLine
    branches: tuple[PutLine, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CalcifiedFilm:
    """A film with its calcium; maps of shape (Y, X)."""

    image: Image
    arteries: tuple[PutArtery, ...]
    has_net: bool
    mask: NDArray[np.uint8]
    """As `Truth.mask`."""
    noise_sd: Pixels
    soft: Mask

    @property
    def lines(self) -> list[PutLine]:
        """Trunks and branches of all arteries."""
        lines: list[PutLine] = []
        for artery in self.arteries:
            lines += [artery.trunk, *artery.branches]
        return lines


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Grown:
    artery: PutArtery
    growth: Growth


def put_calcium(film: Image, pixel_mm: float, seed: int, *, net: bool) -> CalcifiedFilm:
    """A film with three arteries, and a net where it is asked for, all by the seed.

    Raises
    ------
    BadInput
        If the film has no room for them.
    NotMeasurable
        If it shows no tissue.
    """
    regions = find_regions(film)
    body = find_body(film.plane, regions[Tissue.BORDER])
    soft, bone = regions[Tissue.SOFT] & body, regions[Tissue.BONE] & body
    taken = np.zeros(soft.shape, bool)
    grown = []
    morphologies = np.random.default_rng([seed, 30]).permutation(np.array(MORPHOLOGIES)).tolist()
    for number, diameters in enumerate(DIAMETERS_MM):
        rng = np.random.default_rng([seed, 31, number])
        where = soft | bone if rng.random() < OVER_BONE else soft
        morphology = morphologies[number % len(morphologies)]
        one = _grow_artery(draw_spec(morphology, diameters, rng), morphology, where & ~_widen(taken), pixel_mm, rng)
        grown.append(one)
        taken |= one.growth.deposit.footprint
    growths = [one.growth for one in grown]
    if net:
        growths.append(grow("net", soft, np.random.default_rng([seed, 32]), pixel_mm=pixel_mm, blur_px=BLUR_PX))
    made = add_growths(film.plane, growths, blur_px=BLUR_PX)
    return CalcifiedFilm(
        image=replace(film, pixels=made.film[None]),
        arteries=tuple(one.artery for one in grown),
        has_net=net,
        mask=made.mask,
        noise_sd=made.noise_sd,
        soft=soft,
    )


def find_body(plane: Pixels, border: Mask) -> Mask:
    """What is brighter than air, whatever the tissue map says: calcium must not lie beside the limb."""
    smooth = cv2.GaussianBlur(plane, (0, 0), BODY_BLUR_PX)
    low, high = np.percentile(smooth[~border], AIR_AND_BONE_PERCENT)
    return np.asarray(smooth > low + BODY_OF_RANGE * (high - low))


def draw_spec(morphology: str, diameters_mm: tuple[float, float], rng: Rng) -> VesselSpec:
    """An artery of a morphology, all else about it at random."""
    diameter = log_uniform(rng, diameters_mm)
    wall = float(rng.uniform(0.15, 0.3 + 0.12 * diameter))
    pattern = _name_pattern(morphology)
    if morphology == THIN_WALLS:
        wall = float(rng.uniform(*THIN_WALL_MM))
    coverage = 1.0
    if pattern not in WHOLE:
        coverage = float(rng.uniform(*COVERAGE))
    return VesselSpec(
        diameter_mm=diameter,
        taper=float(rng.uniform(0.6, 0.95)),
        wall_mm=wall,
        pattern=pattern,
        coverage=coverage,
        contrast_in_noise=log_uniform(rng, CONTRAST_IN_NOISE),
        tortuosity=float(rng.uniform(0.0, 0.8)),
        branches=int(rng.integers(0, 3)),
    )


def _name_pattern(morphology: str) -> Pattern:
    patterns: tuple[Pattern, ...] = get_args(Pattern)
    for pattern in patterns:
        if pattern == morphology:
            return pattern
    return "continuous"


def _grow_artery(spec: VesselSpec, morphology: str, where: Mask, mm: float, rng: Rng) -> _Grown:
    """An artery on a course with room for it; thinner where there is none.

    Raises
    ------
    BadInput
        If not even the thinnest has room.
    """
    inside = distance_to(~where)
    while spec.diameter_mm > NARROW_MM[0]:
        for _ in range(TRIES):
            course = draw_course(where, mm, rng)
            if measure_room(course / mm - 0.5, inside, spec.diameter_mm / 2 / mm) * mm >= LEAST_MM:
                return _calcify_course(course, spec, morphology, where, mm, rng)
        spec = replace(spec, diameter_mm=spec.diameter_mm * THINNER)
    raise BadInput("the film has no room for an artery")


def draw_course(where: Mask, mm: float, rng: Rng) -> Floats:
    """A gently bending course through a random point of the region, as far as it lies on the film; (N, 2) in mm."""
    half = int(rng.uniform(*LENGTH_MM) / STEP_MM / 2)
    turn = rng.uniform(0, 2 * np.pi) + 0.4 * wander(2 * half, BEND_MM / STEP_MM, rng)
    path = np.cumsum(directions(turn) * STEP_MM, axis=0)
    course = path - path[half] + random_pixel(where, rng) * mm
    off = np.flatnonzero(((course < 0) | (course >= np.array(where.shape) * mm)).any(axis=1))
    first = int(off[off < half].max(initial=-1)) + 1
    last = int(off[off > half].min(initial=2 * half))
    return np.asarray(course[first:last])


def measure_room(path_px: Floats, inside: NDArray[np.float32], radius_px: float) -> float:
    """Length of a path along which a tube of this radius lies in the region; `inside` is the distance from its edge."""
    if len(path_px) < 2:
        return 0.0
    fits = inside[pixels_of(path_px, inside.shape)] > radius_px
    return float(step_lengths(path_px)[fits].sum())


def _calcify_course(course: Floats, spec: VesselSpec, morphology: str, where: Mask, mm: float, rng: Rng) -> _Grown:
    branches = [calcify(branch, spec, mm, rng) for branch in grow_branches(course, spec, rng)]
    tubes: list[Tube] = []
    for branch in branches:
        tubes += branch.tubes
    shape = (where.shape[0], where.shape[1])
    deposit = vessel_deposit(tubes, shape, pixel_mm=mm, blur_px=BLUR_PX, contrast_in_noise=spec.contrast_in_noise)
    deposit.thickness_mm[~where] = 0
    deposit.footprint[~where] = False
    lines = [
        PutLine(
            path_px=branch.path_px,
            outer_px=branch.diameter_mm / (2 * mm),
            calcified=branch.calcified & _is_within(branch.path_px, where),
        )
        for branch in branches
    ]
    artery = PutArtery(
        morphology=morphology,
        diameter_mm=spec.diameter_mm,
        contrast_in_noise=spec.contrast_in_noise,
        trunk=lines[0],
        branches=tuple(lines[1:]),
    )
    return _Grown(artery=artery, growth=Growth(deposit=deposit, lines=tuple(line.path_px for line in lines)))


def _is_within(path: Floats, where: Mask) -> Mask:
    """Which points lie on the film and in the region."""
    on_film = ((path > -0.5) & (path < np.array(where.shape) - 0.5)).all(axis=1)
    return np.asarray(on_film & where[pixels_of(path, where.shape)])


def _widen(mask: Mask) -> Mask:
    """What lies within `APART_PX` of it."""
    side = 2 * APART_PX + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)


def visible_part(line: PutLine, mask: NDArray[np.uint8]) -> PutLine:
    """A line whose calcium counts only where a visible pixel of it, `VESSEL` in the mask, lies within its walls."""
    away = distance_to(mask == VESSEL)[pixels_of(line.path_px, mask.shape)]
    return replace(line, calcified=line.calcified & (away <= line.outer_px + 1))


def shown_at(film: Image, pixel_mm: float, lines: Sequence[PutLine]) -> tuple[Image, list[PutLine]]:
    """A film resampled to square pixels of another size, which it then states, and lines on it."""
    rows_mm, columns_mm = film.require_pixel_mm()
    rows, columns = film.plane.shape
    height, width = round(rows * rows_mm / pixel_mm), round(columns * columns_mm / pixel_mm)
    how = cv2.INTER_AREA if height < rows else cv2.INTER_CUBIC
    pixels = np.asarray(cv2.resize(film.plane, (width, height), interpolation=how), np.float32)
    image = replace(film, pixels=pixels[None], spacing_mm=(1.0, pixel_mm, pixel_mm))
    ratio = (height / rows, width / columns)
    return image, [line.scaled(ratio) for line in lines]
