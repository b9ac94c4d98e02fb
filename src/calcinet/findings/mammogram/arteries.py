"""Marked walls and beads of a mammogram -> calcified arteries, each once, as far as their calcium leads."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Indices, Mask
from calcinet.findings.coarse_grid import disc
from calcinet.findings.mammogram.microcalcifications import are_grains, drawn_out, pieces
from calcinet.findings.mammogram.spot_rows import pairs_of_beads, rows_of_beads
from calcinet.geometry.centre_lines import Chain, chains
from calcinet.geometry.skeleton import line_length
from calcinet.geometry.vessel_linking import BREAST, calibres, courses
from calcinet.vocabulary import ArteryPattern

WALLS_MM: Final = 3.2
"""Two marks this far apart at most are walls of one artery. Our choice: arteries of the breast measure 1 to 3 mm."""

BEND_MM: Final = 3.0
"""Smoothing along the way. Our choice: arteries wind in the scale of a centimetre."""

SHORTEST_MM: Final = 5.0
"""A shorter way is no artery: a speck or a stone. Our choice."""

LEAST_CALCIUM_MM: Final = 2.0
"""Along a way so much is calcified at least. Our choice: three beads."""

BEAD_MM2: Final = (0.15, 2.0)
"""Area of a single dot that may belong to an artery. Our choice: smaller ones are microcalcifications for all one can
tell."""

COARSE_RUN_MM: Final = 3.5
"""Calcium without a break over this length is no bead: the artery is coarse or tram-track. Our choice: three times the
largest bead."""

COARSE_LENGTH_MM: Final = 8.0
"""So much calcium along one artery is more than a few beads. Our choice."""

STRAIGHT: Final = 0.008
"""Largest deviation from the chord over its length of a line that is a scratch or a wire. Our choice: arteries of the
breast wind."""

STRAIGHT_MM: Final = 15.0
"""Shorter lines are not judged by it. Our choice."""

UNBROKEN: Final = 0.9
"""Scratches and wires do not break off: only a line marked over this share of its length is judged as one."""


@dataclass(frozen=True, slots=True, eq=False)
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
        Of the map.
    spots
        Shape (M, 2): places of dense spots that are not arterial, for telling rows of dots from clusters.
    """
    places = np.argwhere(marked)
    if not len(places):
        return []
    lines = _ways(marked, pixel_mm)
    owners = _owners(places, lines, WALLS_MM / pixel_mm)
    found = [_artery(line, places[owners == number], pixel_mm) for number, line in enumerate(lines)]
    kept = [one for one in found if one is not None and not _is_drawn(one, pixel_mm)]
    kept = [one for one in kept if not are_grains(one.pixels, pixel_mm)]
    taken = np.zeros(marked.shape, bool)
    for one in kept:
        taken[tuple(one.pixels.T)] = True
    beaded = _beaded(marked & ~taken, pixel_mm, np.zeros((0, 2)) if spots is None else spots)
    return sorted([*kept, *beaded], key=lambda one: -one.calcified_px)


def _beaded(marked: Mask, pixel_mm: float, spots: Floats) -> list[Artery]:
    """Arteries of which only single dots are marked: rows of them, and pairs that are drawn out towards one another."""
    if not marked.any():
        return []
    found = pieces(np.argwhere(marked), pixel_mm)
    dots = np.flatnonzero((found.area_mm2 >= BEAD_MM2[0]) & (found.area_mm2 <= BEAD_MM2[1]))
    middles = found.middle * pixel_mm
    others = np.vstack([spots * pixel_mm, middles[dots]])
    rows = [dots[row] for row in rows_of_beads(middles[dots], others)]
    rows = [row for row in rows if not are_grains(found.pixels(row), pixel_mm)]
    left = np.setdiff1d(dots[drawn_out(found, pixel_mm)[dots]], np.concatenate([np.zeros(0, np.intp), *rows]))
    pairs = [left[pair] for pair in pairs_of_beads(middles[left], found.along[left], others)]
    return [_row(found.middle[row], found.pixels(row), pixel_mm) for row in (*rows, *pairs)]


def _row(knots: Floats, pixels: Indices, pixel_mm: float) -> Artery:
    """The artery that leads from dot to dot; knots of shape (N, 2) are their middles."""
    lengths = [max(2, round(float(np.hypot(*(b - a))))) for a, b in pairwise(knots)]
    legs = zip(pairwise(knots), lengths, strict=True)
    line = np.vstack([*(np.linspace(a, b, n, endpoint=False) for (a, b), n in legs), knots[-1:]])
    half = np.full(len(line), 0.5 / pixel_mm)
    at = np.asarray(cKDTree(line).query(pixels)[1], dtype=np.intp)
    calcified = np.zeros(len(line), bool)
    calcified[at] = True
    return Artery(line, half, _bridged(calcified, round(0.4 / pixel_mm)), pixels, "punctate", two_walls=False)


def _ways(marked: Mask, pixel_mm: float) -> list[Floats]:
    """Middle lines of the bands, longest first."""
    reach = max(1, round(WALLS_MM / pixel_mm / 2))
    band = cv2.morphologyEx(np.pad(marked.astype(np.uint8), reach + 1), cv2.MORPH_CLOSE, disc(reach))
    band = cv2.dilate(band, disc(max(1, round(0.25 / pixel_mm))))[reach + 1 : -reach - 1, reach + 1 : -reach - 1]
    made = chains(band > 0, None, max_gap_px=BREAST.gap_mm / pixel_mm, min_length_px=SHORTEST_MM / pixel_mm)
    ways = [_smoothed(chain, pixel_mm) for chain in made]
    ways = [way for way in ways if len(way) >= 2]
    wide_px = calibres(ways, marked, pixel_mm, WALLS_MM)
    joined = [course.line for course in courses(ways, wide_px, pixel_mm, BREAST)]
    return sorted(joined, key=lambda way: -len(way))


def _smoothed(chain: Chain, pixel_mm: float) -> Floats:
    points = chain.points
    sigma = min(BEND_MM / pixel_mm / 2, len(points) / 6)
    smooth = gaussian_filter1d(points, sigma, axis=0, mode="nearest") if sigma > 0.5 else points
    # ends are pulled inwards by smoothing; the first and last points stay where they were
    share = np.minimum(np.arange(len(points)), np.arange(len(points))[::-1])[:, None] / max(2 * sigma, 1)
    share = np.clip(share, 0, 1)
    return np.asarray(share * smooth + (1 - share) * points)


def _owners(places: Indices, lines: list[Floats], reach_px: float) -> Indices:
    """For each place the line that is nearest, -1 where none is near."""
    if not lines:
        return np.full(len(places), -1, dtype=np.intp)
    points = np.vstack(lines)
    number = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    away, nearest = cKDTree(points).query(places)
    return np.where(away <= reach_px, number[nearest], -1)


def _artery(line: Floats, pixels: Indices, pixel_mm: float) -> Artery | None:
    """The artery along a line; None where there is too little of it."""
    if len(pixels) < 3 or line_length(line) * pixel_mm < SHORTEST_MM:
        return None
    tangent = np.gradient(line, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    at = np.asarray(cKDTree(line).query(pixels)[1], dtype=np.intp)
    across = np.einsum("ij,ij->i", pixels - line[at], normal[at])
    calcified = np.zeros(len(line), bool)
    calcified[at] = True
    calcified = _bridged(calcified, round(0.4 / pixel_mm))
    half = _half_width(len(line), at, np.abs(across), pixel_mm)
    length = float(np.hypot(*np.diff(line, axis=0).T)[calcified[1:] & calcified[:-1]].sum()) * pixel_mm
    if length < LEAST_CALCIUM_MM:
        return None
    runs = _runs(calcified)
    longest = max((stop - start) * pixel_mm for start, stop in runs)
    coarse = longest >= COARSE_RUN_MM or length >= COARSE_LENGTH_MM
    two = bool(min((across > 0.4 / pixel_mm).mean(), (across < -0.4 / pixel_mm).mean()) > 0.15)
    return Artery(line, half, calcified, pixels, "coarse" if coarse else "punctate", two)


def _half_width(n: int, at: Indices, away: Floats, pixel_mm: float) -> Floats:
    """Outer half-width along a line: how far its marks reach, smoothed along it."""
    widest = np.zeros(n)
    np.maximum.at(widest, at, away + 0.5)
    seen = np.zeros(n)
    seen[at] = 1
    sigma = 2.0 / pixel_mm
    weight = gaussian_filter1d(seen, sigma, mode="nearest")
    return np.asarray(np.maximum(gaussian_filter1d(widest, sigma, mode="nearest") / np.maximum(weight, 1e-6), 0.75))


def _bridged(flags: Mask, gap: int) -> Mask:
    """Flags with gaps of up to `gap` closed."""
    if gap < 1:
        return flags
    row = np.pad(flags.astype(np.uint8), gap)[None]
    kernel = np.ones((1, gap + 1), np.uint8)
    return np.asarray(cv2.morphologyEx(row, cv2.MORPH_CLOSE, kernel)[0, gap:-gap] > 0)


def _runs(flags: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _is_drawn(artery: Artery, pixel_mm: float) -> bool:
    """Whether it is as straight and whole as a scratch or a wire."""
    line = artery.centre_line
    chord = line[-1] - line[0]
    length = float(np.hypot(*chord))
    if length * pixel_mm < STRAIGHT_MM or artery.calcified.mean() < UNBROKEN or artery.two_walls:
        return False
    normal = np.array([-chord[1], chord[0]]) / length
    return bool(np.abs((line - line[0]) @ normal).max() < STRAIGHT * length)
