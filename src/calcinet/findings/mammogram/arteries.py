"""Marked walls and beads of a mammogram -> calcified arteries, each once, as far as their calcium leads."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Indices, Mask
from calcinet.findings.coarse_grid import make_disc
from calcinet.findings.mammogram.microcalcifications import (
    Particles,
    are_elongated,
    are_grains,
    find_particles,
)
from calcinet.findings.mammogram.spot_rows import find_bead_pairs, find_bead_rows, find_solitary
from calcinet.geometry.centre_lines import CentreLine, trace_centre_lines
from calcinet.geometry.skeleton import line_length
from calcinet.geometry.vessel_linking import BREAST, link_courses, measure_calibres
from calcinet.vocabulary import ArteryPattern

WALLS_MM: Final = 3.2
"""Greatest distance of two walls of one artery. Our choice: arteries of the breast measure 1 to 3 mm."""

BEND_MM: Final = 3.0
"""Smoothing along the path. Our choice: arteries wind in the scale of a centimetre."""

SHORTEST_MM: Final = 5.0
"""A shorter path is no artery but a speck or a stone. Our choice."""

LEAST_CALCIUM_MM: Final = 2.0
"""Least length along a path that is calcified. Our choice: three beads."""

BEAD_MM2: Final = (0.15, 2.0)
"""Area of a single dot that may belong to an artery. Our choice: smaller ones are microcalcifications for all one can
tell."""

COARSE_RUN_MM: Final = 4.5
"""Calcium without a break over this length is no bead, and the artery is coarse or tram-track. Our choice: nearly four
times the largest bead; on phantoms two beads side by side make up to 4 mm."""

LONE_BEAD_MM2: Final = 0.6
"""A single dot this large that is marked as an artery's, and is in no cluster, is an artery that begins to calcify. Our
choice: on phantoms without calcified arteries no solitary mark was larger than 0.5 mm2."""

COARSE_LENGTH_MM: Final = 8.0
"""This length of calcium along one artery is more than a few beads. Our choice."""

LONE_BEAD_MM: Final = 1.6
"""A longer one by itself is a strand of tissue for all one can tell. Our choice: a bead measures 0.4 to 1.2 mm; on
phantoms a solitary mark of 1.8 mm was none."""

STRAIGHT: Final = 0.008
"""Largest deviation from the chord over its length of a line that is a scratch or a wire. Our choice: arteries of the
breast wind."""

STRAIGHT_MM: Final = 15.0
"""Shorter lines are not judged by it. Our choice."""

UNBROKEN: Final = 0.9
"""Scratches and wires do not break off: only a line marked over this share of its length is judged as one."""

BAND_MARGIN_MM: Final = 0.25
"""Width that is added to a band on either side, so that its middle line is smooth. Our choice."""

BREAK_MM: Final = 0.4
"""A shorter break in the calcium along an artery is none. Our choice: the pixel grid makes such."""

WALL_OFFSET_MM: Final = 0.4
"""A mark farther than this from the middle line is on a wall. Our choice."""

WALL_SHARE: Final = 0.15
"""An artery with at least this share of its marks on either wall shows two walls. Our choice."""

WIDTH_SMOOTHING_MM: Final = 2.0
"""Smoothing of the half-width along an artery. Our choice."""

BEAD_HALF_WIDTH_MM: Final = 0.5
"""Half-width of an artery of which only beads are marked. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Artery:
    """One artery on the detector's maps."""

    centre_line: Floats
    """Shape (N, 2): row and column, one point a pixel."""

    half_width_px: Floats
    """Shape (N,): outer half-width."""

    calcified: Mask
    """Shape (N,): where calcium is marked beside the line."""

    pixels: Indices
    """Shape (M, 2): marked pixels of the artery."""

    pattern: ArteryPattern
    two_walls: bool

    @property
    def calcified_px(self) -> float:
        """Length of the line beside which calcium is marked."""
        steps = np.hypot(*np.diff(self.centre_line, axis=0).T)
        return float((steps * (self.calcified[1:] & self.calcified[:-1])).sum())


def find_arteries(marked: Mask, pixel_mm: float, spots: Floats | None = None) -> list[Artery]:
    """Arteries of a map of marked calcium, longest first.

    Walls are drawn together to a band, whose middle line leads; bands go on over gaps where their direction agrees.
    What is short, has next to no calcium, or is straight and unbroken as a scratch is left out.

    Parameters
    ----------
    marked
        Shape (rows, columns).
    pixel_mm
        Pixel of the map.
    spots
        Shape (M, 2): row and column of dense spots that are not arterial, for telling rows of dots from clusters.
    """
    if not marked.any():
        return []
    arteries = _find_walled(marked, pixel_mm)
    left = marked.copy()
    for artery in arteries:
        left[tuple(artery.pixels.T)] = False
    arteries += _find_beaded(left, pixel_mm, np.zeros((0, 2)) if spots is None else spots)
    return sorted(arteries, key=lambda artery: -artery.calcified_px)


def _find_walled(marked: Mask, pixel_mm: float) -> list[Artery]:
    """Arteries of which walls are marked along a path."""
    pixels = np.argwhere(marked)
    paths = _trace_paths(marked, pixel_mm)
    owner = _assign_to_nearest(pixels, paths, WALLS_MM / pixel_mm)
    found: list[Artery] = []
    for number, path in enumerate(paths):
        artery = _measure_artery(path, pixels[owner == number], pixel_mm)
        if artery is None or _is_scratch(artery, pixel_mm) or are_grains(artery.pixels, pixel_mm):
            continue
        found.append(artery)
    return found


def _find_beaded(marked: Mask, pixel_mm: float, spots: Floats) -> list[Artery]:
    """Arteries of which only single dots are marked: rows, pairs that are drawn out towards one another, large ones."""
    if not marked.any():
        return []
    found = find_particles(np.argwhere(marked), pixel_mm)
    least, most = BEAD_MM2
    dots = np.flatnonzero((found.area_mm2 >= least) & (found.area_mm2 <= most))
    others_mm = np.vstack([spots * pixel_mm, found.middle[dots] * pixel_mm])
    rows = _select_rows(found, dots, others_mm, pixel_mm)
    left = np.setdiff1d(dots, np.concatenate([np.zeros(0, np.intp), *rows]))
    pairs = _select_pairs(found, left, others_mm, pixel_mm)
    left = np.setdiff1d(left, np.concatenate([np.zeros(0, np.intp), *pairs]))
    arteries = [_connect_beads(found.middle[row], found.pixels_of(row), pixel_mm) for row in (*rows, *pairs)]
    for dot in _select_lone_beads(found, left, others_mm, pixel_mm):
        ends = _find_ends(found, int(dot))
        if line_length(ends) * pixel_mm <= LONE_BEAD_MM:
            arteries.append(_connect_beads(ends, found.pixels[dot], pixel_mm))
    return arteries


def _select_rows(found: Particles, dots: Indices, others_mm: Floats, pixel_mm: float) -> list[Indices]:
    """Numbers of the dots that follow one another in a row, each row in its order; no rows of grains."""
    rows: list[Indices] = []
    for row in find_bead_rows(found.middle[dots] * pixel_mm, others_mm):
        numbers = dots[row]
        if not are_grains(found.pixels_of(numbers), pixel_mm):
            rows.append(numbers)
    return rows


def _select_pairs(found: Particles, dots: Indices, others_mm: Floats, pixel_mm: float) -> list[Indices]:
    """Numbers of the dots that are drawn out towards one another, two by two."""
    long = dots[are_elongated(found, pixel_mm)[dots]]
    pairs = find_bead_pairs(found.middle[long] * pixel_mm, found.along[long], others_mm)
    return [long[pair] for pair in pairs]


def _select_lone_beads(found: Particles, dots: Indices, others_mm: Floats, pixel_mm: float) -> Indices:
    """Numbers of the large dots that belong to no cluster."""
    large = dots[found.area_mm2[dots] >= LONE_BEAD_MM2]
    return large[find_solitary(found.middle[large] * pixel_mm, others_mm)]


def _find_ends(found: Particles, dot: int) -> Floats:
    """Both ends of a dot along its length, shape (2, 2)."""
    along = (found.pixels[dot] - found.middle[dot]) @ found.along[dot]
    return np.asarray(found.middle[dot] + np.outer([along.min(), along.max()], found.along[dot]))


def _connect_beads(knots: Floats, pixels: Indices, pixel_mm: float) -> Artery:
    """The artery that leads from bead to bead; knots of shape (N, 2) are their middles."""
    legs: list[Floats] = []
    for start, stop in pairwise(knots):
        count = max(2, round(float(np.hypot(*(stop - start)))))
        legs.append(np.linspace(start, stop, count, endpoint=False))
    line = np.vstack([*legs, knots[-1:]])
    nearest = np.asarray(cKDTree(line).query(pixels)[1], dtype=np.intp)
    return Artery(
        centre_line=line,
        half_width_px=np.full(len(line), BEAD_HALF_WIDTH_MM / pixel_mm),
        calcified=_mark_calcified(len(line), nearest, pixel_mm),
        pixels=pixels,
        pattern="punctate",
        two_walls=False,
    )


def _trace_paths(marked: Mask, pixel_mm: float) -> list[Floats]:
    """Middle lines of the bands, longest first."""
    band = _draw_bands(marked, pixel_mm)
    traced = trace_centre_lines(band, None, max_gap_px=BREAST.gap_mm / pixel_mm, min_length_px=SHORTEST_MM / pixel_mm)
    paths: list[Floats] = []
    for line in traced:
        path = _smooth(line, pixel_mm)
        if len(path) >= 2:
            paths.append(path)
    calibre_px = measure_calibres(paths, marked, pixel_mm, WALLS_MM)
    courses = link_courses(paths, calibre_px, pixel_mm, BREAST)
    return sorted((course.line for course in courses), key=lambda path: -len(path))


def _draw_bands(marked: Mask, pixel_mm: float) -> Mask:
    """Marks with what is between the walls of one artery."""
    reach = max(1, round(WALLS_MM / pixel_mm / 2))
    margin = max(1, round(BAND_MARGIN_MM / pixel_mm))
    pad = reach + 1
    band = cv2.morphologyEx(np.pad(marked.astype(np.uint8), pad), cv2.MORPH_CLOSE, make_disc(reach))
    band = cv2.dilate(band, make_disc(margin))
    return np.asarray(band[pad:-pad, pad:-pad] > 0)


def _smooth(line: CentreLine, pixel_mm: float) -> Floats:
    """The points of a line smoothed along it; the first and the last one stay where they are."""
    points = line.points
    sigma = min(BEND_MM / pixel_mm / 2, len(points) / 6)
    smooth = points
    if sigma > 0.5:
        smooth = gaussian_filter1d(points, sigma, axis=0, mode="nearest")
    # smoothing pulls ends inwards
    from_end = np.minimum(np.arange(len(points)), np.arange(len(points))[::-1])
    share = np.clip(from_end[:, None] / max(2 * sigma, 1), 0, 1)
    return np.asarray(share * smooth + (1 - share) * points)


def _assign_to_nearest(pixels: Indices, lines: list[Floats], reach_px: float) -> Indices:
    """For each pixel the number of the line that is nearest, -1 where none is within `reach_px`."""
    if not lines:
        return np.full(len(pixels), -1, dtype=np.intp)
    number = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    away, nearest = cKDTree(np.vstack(lines)).query(pixels)
    return np.where(away <= reach_px, number[nearest], -1)


def _measure_artery(line: Floats, pixels: Indices, pixel_mm: float) -> Artery | None:
    """The artery along a line; None where there is too little of it."""
    if len(pixels) < 3 or line_length(line) * pixel_mm < SHORTEST_MM:
        return None
    nearest = np.asarray(cKDTree(line).query(pixels)[1], dtype=np.intp)
    calcified = _mark_calcified(len(line), nearest, pixel_mm)
    length_mm = _measure_calcified(line, calcified) * pixel_mm
    if length_mm < LEAST_CALCIUM_MM:
        return None
    across = _measure_offsets(line, pixels, nearest)
    return Artery(
        centre_line=line,
        half_width_px=_measure_half_width(len(line), nearest, np.abs(across), pixel_mm),
        calcified=calcified,
        pixels=pixels,
        pattern=_choose_pattern(calcified, length_mm, pixel_mm),
        two_walls=_has_two_walls(across, pixel_mm),
    )


def _measure_calcified(line: Floats, calcified: Mask) -> float:
    """Length of the steps of a line both of whose points are calcified, in pixels."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return float(steps[calcified[1:] & calcified[:-1]].sum())


def _measure_offsets(line: Floats, pixels: Indices, nearest: Indices) -> Floats:
    """Distance of each pixel from the line, across its nearest point; positive on one side, negative on the other."""
    tangent = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(*tangent.T), 1e-9)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / length[:, None]
    return np.asarray(np.einsum("ij,ij->i", pixels - line[nearest], normal[nearest]))


def _mark_calcified(count: int, nearest: Indices, pixel_mm: float) -> Mask:
    """Points of a line of `count` points that have a mark nearest to them, short breaks bridged."""
    calcified = np.zeros(count, bool)
    calcified[nearest] = True
    return _bridge(calcified, round(BREAK_MM / pixel_mm))


def _choose_pattern(calcified: Mask, length_mm: float, pixel_mm: float) -> ArteryPattern:
    longest_mm = max((stop - start) * pixel_mm for start, stop in _find_runs(calcified))
    if longest_mm >= COARSE_RUN_MM or length_mm >= COARSE_LENGTH_MM:
        return "coarse"
    return "punctate"


def _find_runs(flags: Mask) -> list[tuple[int, int]]:
    """First and past-the-last index of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _has_two_walls(across: Floats, pixel_mm: float) -> bool:
    offset = WALL_OFFSET_MM / pixel_mm
    return bool(min((across > offset).mean(), (across < -offset).mean()) > WALL_SHARE)


def _measure_half_width(count: int, nearest: Indices, away: Floats, pixel_mm: float) -> Floats:
    """Outer half-width along a line: how far its marks reach, smoothed along it."""
    widest = np.zeros(count)
    np.maximum.at(widest, nearest, away + 0.5)
    seen = np.zeros(count)
    seen[nearest] = 1
    sigma = WIDTH_SMOOTHING_MM / pixel_mm
    weight = np.maximum(gaussian_filter1d(seen, sigma, mode="nearest"), 1e-6)
    return np.asarray(np.maximum(gaussian_filter1d(widest, sigma, mode="nearest") / weight, 0.75))


def _bridge(flags: Mask, gap: int) -> Mask:
    """Flags with gaps of up to `gap` closed."""
    if gap < 1:
        return flags
    row = np.pad(flags.astype(np.uint8), gap)[None]
    kernel = np.ones((1, gap + 1), np.uint8)
    return np.asarray(cv2.morphologyEx(row, cv2.MORPH_CLOSE, kernel)[0, gap:-gap] > 0)


def _is_scratch(artery: Artery, pixel_mm: float) -> bool:
    """Whether it is as straight and unbroken as a scratch or a wire."""
    line = artery.centre_line
    chord = line[-1] - line[0]
    length = float(np.hypot(*chord))
    if length * pixel_mm < STRAIGHT_MM or artery.calcified.mean() < UNBROKEN or artery.two_walls:
        return False
    normal = np.array([-chord[1], chord[0]]) / length
    return bool(np.abs((line - line[0]) @ normal).max() < STRAIGHT * length)
