"""The walls a detector marked -> vessels, each once: two walls of one artery, or two thin arteries side by side."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import make_disc
from calcinet.findings.vessel_tracing import TracedVessel, trace_vessels

CALIBRES_MM: Final = (2.0, 3.0, 4.5, 6.5, 8.0)
"""Greatest distances of two walls, tried one after the other: near walls first, so that two arteries side by side are
not paired crosswise. Our choice; the widest is above what arteries of a limb below the groin reach."""

THIN_MM: Final = 1.0
"""What is left are single lines; gaps in them are bridged as in a vessel of this width. Our choice."""

MIN_LENGTH_MM: Final = 10.0
"""A shorter line is not called a vessel. Our choice: on normal films bone edges and dust make shorter ones."""

RING_GAP_MM: Final = 1.0
"""Gaps up to about this in a wall are closed before it is traced. Our choice: rings of a calcified media."""

LUMEN_OF_WALL: Final = (0.12, 1.0)
"""Least and greatest grey level between two walls of one artery, over that on the walls, both above the tissue outside.

Between two walls of one artery the beam still crosses its front and back wall: with a wall t of a tenth of the radius R
that is 2 t / (2 sqrt(2 R t)) = 0.22 of what the walls add where they are seen edge on. Half of it tells one artery from
two side by side, between which there is nothing; and what is brighter in the middle than at its sides is no tube at
all. Our choice."""

LUMEN_SEEN_MM: Final = 2.0
"""Narrower tubes are not judged by their lumen: blur fills it. Our choice."""

STEADY: Final = 0.25
"""Deviation of the half-width along a tube, over its mean. Our choice: arteries taper and wander less."""

ON_WALL_PX: Final = 2.0
"""A single line this near to a tube or inside it is a piece of its wall. Our choice: the width of a detected line."""

BEYOND: Final = 0.6
"""Tissue outside is read this many radii beyond the walls."""

MIDDLE_RADII: Final = (-0.2, 0.0, 0.2)
"""Distances from the centre line, in half-widths, that are the middle of a tube."""

WALL_RADII: Final = (0.7, 0.8, 0.9, 1.0)
"""Distances from the centre line, in half-widths, where the brightest is the wall."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _CrossSections:
    """Grey levels across a vessel at every point of its centre line."""

    film: Pixels
    """Shape (rows, columns)."""

    line: Floats
    """Centre line, shape (N, 2)."""

    half_width: Floats
    """Shape (N, 1), in pixels."""

    normal: Floats
    """Unit vectors across the line, shape (N, 2)."""

    def read(self, radii: float) -> Floats:
        """Grey level at this many half-widths beside the line, shape (N,)."""
        points = (self.line + radii * self.half_width * self.normal).astype(np.float32)
        values = cv2.remap(self.film, points[:, 1:], points[:, :1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(values[:, 0], dtype=np.float64)

    def read_both_sides(self, radii: float) -> Floats:
        """Mean of the grey levels to the left and to the right of the line, shape (N,)."""
        return (self.read(radii) + self.read(-radii)) / 2


def pair_walls(plane: Pixels, walls: Mask, probability: Pixels, pixel_mm: float) -> list[TracedVessel]:
    """Trace vessels, and take apart those whose two walls are two arteries.

    Parameters
    ----------
    plane
        The film, shape (Y, X), rising with attenuation; may be finer than the masks.
    walls
        Marked walls and plaques at the detector's resolution, shape (rows, columns).
    probability
        Probability of each pixel of the walls, same shape.
    pixel_mm
        Pixel of the masks.
    """
    disc = make_disc(round(RING_GAP_MM / pixel_mm / 2))
    left = cv2.morphologyEx(walls.astype(np.uint8), cv2.MORPH_CLOSE, disc) > 0
    shortest_px = MIN_LENGTH_MM / pixel_mm
    film = np.asarray(cv2.resize(plane, walls.shape[::-1], interpolation=cv2.INTER_AREA), dtype=np.float32)
    tubes: list[TracedVessel] = []
    for widest_mm in CALIBRES_MM:
        traced = trace_vessels(left, probability, max_calibre_px=widest_mm / pixel_mm, min_length_px=shortest_px)
        for tube in traced:
            if tube.two_walls and _is_one_artery(film, tube, pixel_mm):
                tubes.append(tube)
                left &= ~_draw_tube(tube, left.shape)
    traced = trace_vessels(left, probability, max_calibre_px=THIN_MM / pixel_mm, min_length_px=shortest_px)
    tubes += [tube for tube in traced if not tube.two_walls or _is_one_artery(film, tube, pixel_mm)]
    return sorted(_discard_wall_pieces(tubes, left.shape), key=lambda tube: -len(tube.centre_line))


def _is_one_artery(film: Pixels, vessel: TracedVessel, pixel_mm: float) -> bool:
    """Whether two walls are those of one artery."""
    half = vessel.half_width_px
    if np.std(half) > STEADY * np.mean(half):
        return False
    if 2 * float(np.median(half)) * pixel_mm < LUMEN_SEEN_MM:
        return True
    low, high = LUMEN_OF_WALL
    return low <= _measure_lumen(film, vessel) <= high


def _discard_wall_pieces(tubes: list[TracedVessel], shape: tuple[int, ...]) -> list[TracedVessel]:
    """Leave out single lines that run on the wall of a tube, or in it."""
    inside = np.zeros(shape, dtype=bool)
    for tube in tubes:
        if tube.two_walls:
            inside |= _draw_tube(tube, shape)
    return [tube for tube in tubes if tube.two_walls or not _is_within(tube.centre_line, inside)]


def _is_within(line: Floats, mask: Mask) -> bool:
    """Whether at least half of a line's points lie in a mask."""
    rows, columns = np.clip(np.round(line).astype(int), 0, np.subtract(mask.shape, 1)).T
    return float(mask[rows, columns].mean()) >= 0.5


def _measure_lumen(film: Pixels, vessel: TracedVessel) -> float:
    """Grey level on the middle line over that on the walls, both above the tissue outside; median along the line."""
    sections = _CrossSections(
        film=film,
        line=vessel.centre_line,
        half_width=vessel.half_width_px[:, None],
        normal=_compute_normals(vessel.centre_line),
    )
    outside = sections.read_both_sides(1 + BEYOND)
    middle = np.mean([sections.read(radii) for radii in MIDDLE_RADII], axis=0) - outside
    wall = np.max([sections.read_both_sides(radii) for radii in WALL_RADII], axis=0) - outside
    return float(np.median(middle) / max(float(np.median(wall)), 1e-9))


def _compute_normals(line: Floats) -> Floats:
    """Unit vectors across a line, shape (N, 2)."""
    along = np.gradient(line, axis=0)
    length = np.maximum(np.linalg.norm(along, axis=1), 1e-9)
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=1) / length[:, None])


def _draw_tube(vessel: TracedVessel, shape: tuple[int, ...]) -> Mask:
    """The pixels of a vessel and its walls."""
    canvas = np.zeros(shape, dtype=np.uint8)
    points = np.round(vessel.centre_line[:, ::-1] * 8).astype(np.int32)
    width = int(np.ceil(2 * (float(np.median(vessel.half_width_px)) + ON_WALL_PX)))
    return cv2.polylines(canvas, [points], isClosed=False, color=1, thickness=width, shift=3) > 0
