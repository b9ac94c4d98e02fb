"""The walls a detector marked -> vessels, each once: two walls of one artery, or two thin arteries side by side."""

from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import disc
from calcinet.findings.vessel_tracing import TracedVessel, trace_vessels

CALIBRES_MM: Final = (2.0, 3.0, 4.5, 6.5, 8.0)
"""Two walls are sought nearer first, so that two arteries side by side are not paired crosswise. Our choice; the widest
is above what arteries of a limb below the groin reach."""

THIN_MM: Final = 1.0
"""What is left are single lines; gaps in them are bridged as in a vessel of this width. Our choice."""

MIN_LENGTH_MM: Final = 10.0
"""A shorter line is not called a vessel. Our choice: on normal films bone edges and dust make shorter ones."""

RING_GAP_MM: Final = 1.0
"""Gaps up to about this in a wall are closed before it is traced. Our choice: rings of a calcified media."""

LUMEN_OF_WALL: Final = (0.12, 1.0)
"""Between two walls of one artery the beam still crosses its front and back wall: with a wall of a tenth of the radius
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


def vessel_tubes(plane: Pixels, walls: Mask, probability: Pixels, pixel_mm: float) -> list[TracedVessel]:
    """Trace vessels, and take apart those whose two walls are two arteries.

    Parameters
    ----------
    plane
        The film, shape (Y, X), rising with attenuation; may be finer than the masks.
    walls
        Marked walls and plaques at the detector's resolution, shape (rows, columns).
    probability
        Of each of its pixels, same shape.
    pixel_mm
        Of the masks.
    """
    closed = cv2.morphologyEx(walls.astype(np.uint8), cv2.MORPH_CLOSE, disc(round(RING_GAP_MM / pixel_mm / 2))) > 0
    shortest = MIN_LENGTH_MM / pixel_mm
    film = np.asarray(cv2.resize(plane, walls.shape[::-1], interpolation=cv2.INTER_AREA), dtype=np.float32)
    tubes: list[TracedVessel] = []
    for widest_mm in CALIBRES_MM:
        traced = trace_vessels(closed, probability, max_calibre_px=widest_mm / pixel_mm, min_length_px=shortest)
        found = [tube for tube in traced if tube.two_walls and _is_one(film, tube, pixel_mm)]
        tubes += found
        for tube in found:
            closed &= ~_around(tube, closed.shape)
    singles = trace_vessels(closed, probability, max_calibre_px=THIN_MM / pixel_mm, min_length_px=shortest)
    tubes += [tube for tube in singles if not tube.two_walls or _is_one(film, tube, pixel_mm)]
    return sorted(_without_pieces(tubes, closed.shape), key=lambda tube: -len(tube.centre_line))


def _is_one(film: Pixels, vessel: TracedVessel, pixel_mm: float) -> bool:
    """Whether two walls are those of one artery."""
    half = vessel.half_width_px
    if np.std(half) > STEADY * np.mean(half):
        return False
    low, high = LUMEN_OF_WALL
    return 2 * float(np.median(half)) * pixel_mm < LUMEN_SEEN_MM or low <= _lumen_share(film, vessel) <= high


def _without_pieces(tubes: list[TracedVessel], shape: tuple[int, ...]) -> list[TracedVessel]:
    """Leave out single lines that run on the wall of a tube, or in it."""
    inside = np.zeros(shape, dtype=bool)
    for tube in tubes:
        if tube.two_walls:
            inside |= _around(tube, shape)

    def apart(line: Floats) -> bool:
        rows, columns = np.clip(np.round(line).astype(int), 0, np.subtract(shape, 1)).T
        return float(inside[rows, columns].mean()) < 0.5

    return [tube for tube in tubes if tube.two_walls or apart(tube.centre_line)]


def _lumen_share(film: Pixels, vessel: TracedVessel) -> float:
    """What lies on the middle line over what lies on the walls, both above the tissue outside; median along."""
    line, half = vessel.centre_line, vessel.half_width_px[:, None]
    along = np.gradient(line, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None]

    def at(radii: float) -> Floats:
        place = (line + radii * half * across).astype(np.float32)
        values = cv2.remap(film, place[:, 1:], place[:, :1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(values[:, 0], dtype=np.float64)

    outside = (at(1 + BEYOND) + at(-1 - BEYOND)) / 2
    middle = np.mean([at(radii) for radii in (-0.2, 0.0, 0.2)], axis=0) - outside
    wall = np.max([(at(radii) + at(-radii)) / 2 for radii in (0.7, 0.8, 0.9, 1.0)], axis=0) - outside
    return float(np.median(middle) / max(float(np.median(wall)), 1e-9))


def _around(vessel: TracedVessel, shape: tuple[int, ...]) -> Mask:
    """The pixels of a vessel and its walls."""
    drawn = np.zeros(shape, dtype=np.uint8)
    points = np.round(vessel.centre_line[:, ::-1] * 8).astype(np.int32)
    width = int(np.ceil(2 * (float(np.median(vessel.half_width_px)) + ON_WALL_PX)))
    return cv2.polylines(drawn, [points], isClosed=False, color=1, thickness=width, shift=3) > 0
