"""A radiograph -> its calcified vessels, nets and other calcium, outside bone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import disc
from calcinet.findings.detector import CalciumMaps, calcium_maps
from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.network_input import WORKING_PIXEL_MM
from calcinet.findings.radiograph.tissue_map import Regions, Tissue
from calcinet.findings.vessel_pairing import MIN_LENGTH_MM, vessel_tubes
from calcinet.findings.vessel_tracing import TracedVessel
from calcinet.geometry.skeleton import bounding_box
from calcinet.geometry.vessel_linking import LIMB, Course, courses
from calcinet.image import Image

CERTAIN: Final = 0.5
"""A pixel at least this probable is marked. Our choice: where a false and a missed pixel cost the same."""

PATCH_CERTAIN: Final = 0.5
"""The same for the area of a net."""

MIN_PATCH_MM2: Final = 100.0
"""A smaller patch is no net. Our choice: four meshes of 5 mm."""

MIN_NET_SHARE: Final = 0.04
"""Share of a patch that its lines cover at least. Our choice: a 0.3 mm line round meshes of 12 mm."""

LINK_MM: Final = 1.6
"""Marks this near to one another are one vessel. Our choice: gaps between rings of a calcified media."""

MIN_FOCUS_MM2: Final = 1.0
"""A smaller spot is no focus. Our choice: noise and dust are smaller."""

MIN_SOFT_SHARE: Final = 0.4
"""Share of a mark that lies in soft tissue at least: what lies on bone alone is bone. Our choice."""

LONG_MM: Final = 15.0
MIN_SOFT_SHARE_OF_LONG: Final = 0.1
"""A vessel line this long may run mostly before or behind bone, if it comes out of it somewhere. Our choice: a third of
the arteries of a shin, and most of a foot's, do."""

SURE: Final = 0.7
"""A mark of this mean probability is kept wherever it lies: the network has seen more bone than the region map knows.
Our choice."""

CLEAR: Final = 0.97
"""Somewhere along it a vessel is at least this probable. Our choice: on films held back from the training, what is
nowhere more than likely was an edge more often than not."""

MIN_PIECE_MM: Final = 2.0
PIECE_REACH_MM: Final = 5.0
"""A shorter piece of a wall belongs to a vessel that is no farther away. Our choice: gaps between plaques."""

Box = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some pixels of the maps."""

    mask: Mask
    """In their own box."""

    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Calcium:
    """All that was found on one radiograph."""

    findings: tuple[Finding, ...]

    labels: NDArray[np.uint8]
    """Label map of the film, shape (Y, X), values of `finding.LABELS`."""

    net_score: float
    """Mean probability of a net over the square centimetre that is most like one."""

    courses: tuple[Course, ...] = ()
    """Of a radiograph: which vessels are stretches of one. Pieces are numbers of `findings`, lines and gaps lie in
    pixels of the film; each begins at its end that is nearer to the top. Every vessel lies on one course."""


def find_calcium(image: Image, regions: Regions) -> Calcium:
    """Mark calcified vessels, nets and other calcium.

    Vessels are traced in the detector's mask, both walls together; a net is a patch with its lines. What lies on bone
    alone, or is smaller than a finding of its kind can be, is left out.

    Parameters
    ----------
    image
        One slice, rising with attenuation.
    regions
        Its region map.
    """
    maps = calcium_maps(image, regions)
    pixel_mm = pixel_mm_of(image, maps)
    soft = at_scale_of(maps, regions[Tissue.SOFT])
    nets = list(nets_on(maps, soft, pixel_mm))
    vessel = _vessel_mask(maps, soft, pixel_mm)
    elsewhere = soft & ~vessel
    for patch, _ in nets:
        elsewhere[patch.box] &= ~patch.mask
    foci = parts_of((maps.focus > CERTAIN) & elsewhere, min_px=MIN_FOCUS_MM2 / pixel_mm**2)
    traced = vessel_tubes(image.plane, vessel, maps.vessel, pixel_mm)
    labels = np.zeros(maps.shape, dtype=np.uint8)
    findings = [net_finding(patch, lines, maps) for patch, lines in nets]
    findings += filter(None, (finding_of(Kind.FOCUS, focus, maps) for focus in foci))
    marked = [(finding_of(Kind.VESSEL, own, maps, way), way) for own, way in _vessels(traced, vessel)]
    vessels = [(finding, way) for finding, way in marked if finding is not None]
    ways = _courses([way for _, way in vessels], maps, pixel_mm, first=len(findings))
    findings += [finding for finding, _ in vessels]
    for finding in findings:
        row, column = finding.origin
        box = labels[row : row + finding.mask.shape[0], column : column + finding.mask.shape[1]]
        box[finding.mask] = LABELS[finding.kind]
    return Calcium(tuple(findings), labels, net_score(maps, soft, pixel_mm), ways)


def pixel_mm_of(image: Image, maps: CalciumMaps) -> float:
    """Pixel of the maps; without a spacing, the one the detector assumes."""
    return min(image.pixel_mm) * maps.scale[0] if image.pixel_mm else WORKING_PIXEL_MM


def at_scale_of(maps: CalciumMaps, mask: Mask) -> Mask:
    """A map of the film, shape (Y, X), at the pixels of the detector's maps."""
    size = maps.vessel.shape[::-1]
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0


def nets_on(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> Iterator[tuple[Part, Part]]:
    """Each patch that a net covers, and its lines."""
    for patch in parts_of(maps.patch > PATCH_CERTAIN, min_px=MIN_PATCH_MM2 / pixel_mm**2):
        lines = Part(patch.mask & (maps.net[patch.box] > CERTAIN), patch.box)
        where = soft[patch.box][patch.mask].mean() >= MIN_SOFT_SHARE or maps.patch[patch.box][patch.mask].mean() >= SURE
        if not where or lines.mask.sum() < MIN_NET_SHARE * patch.mask.sum():
            continue
        if _enlarged(maps.net, lines, maps, _film_box(lines.box, maps)).any():
            yield patch, lines


def net_finding(patch: Part, lines: Part, maps: CalciumMaps) -> Finding:
    """A net's finding: its lines, in the box of its patch."""
    covered = np.zeros(maps.patch.shape, dtype=np.uint8)
    covered[patch.box] = patch.mask
    whole = cv2.resize(covered, maps.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    box = bounding_box(whole)
    return Finding(
        kind=Kind.NET,
        mask=_enlarged(maps.net, lines, maps, box),
        patch=whole[box],
        origin=(box[0].start, box[1].start),
        probability=float(maps.patch[patch.box][patch.mask].mean()),
    )


def net_score(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> float:
    """Mean probability of a net over the square centimetre that is most like one."""
    side = max(1, round(MIN_PATCH_MM2**0.5 / pixel_mm))
    mean = cv2.blur(maps.patch * soft, (side, side), borderType=cv2.BORDER_CONSTANT)
    return float(mean.max(initial=0.0))


def _vessel_mask(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> Mask:
    """Walls of vessels that are clear somewhere and long enough, pieces beside them, nothing doubtful on bone."""
    kept, pieces = np.zeros(maps.vessel.shape, dtype=np.uint8), []
    for part in clear_parts(maps.vessel, pixel_mm):
        own = part.mask
        rows, columns = np.nonzero(own)
        extent = float(np.hypot(np.ptp(rows), np.ptp(columns))) * pixel_mm
        least = MIN_SOFT_SHARE_OF_LONG if extent >= LONG_MM else MIN_SOFT_SHARE
        if soft[part.box][own].mean() < least and maps.vessel[part.box][own].mean() < SURE:
            continue
        if extent >= MIN_LENGTH_MM:
            kept[part.box] |= own
        elif extent >= MIN_PIECE_MM:
            pieces.append(Part(own, part.box))
    away = cv2.distanceTransform(1 - kept, cv2.DIST_L2, 3) * pixel_mm
    for piece in pieces:
        if away[piece.box][piece.mask].min() <= PIECE_REACH_MM:
            kept[piece.box] |= piece.mask
    return kept > 0


def clear_parts(vessel: Pixels, pixel_mm: float) -> Iterator[Part]:
    """What is marked on a map of vessels and clear somewhere, marks near to one another together."""
    marked = vessel > CERTAIN
    linked = cv2.dilate(marked.astype(np.uint8), disc(round(LINK_MM / pixel_mm / 2)))
    for part in parts_of(linked > 0, min_px=1):
        own = part.mask & marked[part.box]
        if vessel[part.box][own].max() >= CLEAR:
            yield Part(own, part.box)


def parts_of(mask: Mask, *, min_px: float) -> Iterator[Part]:
    """Connected parts of at least `min_px` pixels."""
    count, numbered, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[number])
        if area >= min_px:
            box = slice(top, top + height), slice(left, left + width)
            yield Part(numbered[box] == number, box)


def _vessels(traced: list[TracedVessel], mask: Mask) -> Iterator[tuple[Part, TracedVessel]]:
    """Every marked pixel goes to the vessel whose centre line is nearest."""
    if not traced:
        return
    places = np.argwhere(mask)
    distances = [cKDTree(vessel.centre_line).query(places)[0] - np.median(vessel.half_width_px) for vessel in traced]
    owner = np.argmin(distances, axis=0)
    for number, vessel in enumerate(traced):
        own = places[owner == number]
        if len(own):
            corner, size = own.min(axis=0), np.ptp(own, axis=0) + 1
            part = np.zeros(size, dtype=bool)
            part[tuple((own - corner).T)] = True
            rows, columns = zip(corner.tolist(), (corner + size).tolist(), strict=True)
            yield Part(part, (slice(*rows), slice(*columns))), vessel


def _courses(vessels: list[TracedVessel], maps: CalciumMaps, pixel_mm: float, *, first: int) -> tuple[Course, ...]:
    """Which vessels are stretches of one; `first` is the number of the first one's finding."""
    found = courses(
        [vessel.centre_line for vessel in vessels],
        [2 * float(np.median(vessel.half_width_px)) for vessel in vessels],
        pixel_mm,
        LIMB,
        whole=[vessel.two_walls for vessel in vessels],
    )
    downwards = [way if way.line[0, 0] <= way.line[-1, 0] else way.turned_round() for way in found]
    return tuple(
        Course(
            _on_film(way.line, maps),
            tuple(first + piece for piece in way.pieces),
            tuple(_on_film(gap, maps) for gap in way.gaps),
        )
        for way in downwards
    )


def _on_film(points: Floats, maps: CalciumMaps) -> Floats:
    """Places on the maps, shape (N, 2), in pixels of the film."""
    return np.asarray((points + 0.5) * maps.scale - 0.5)


def _film_box(box: Box, maps: CalciumMaps) -> Box:
    """All pixels of the film that a box of the maps touches."""
    rows, columns = (
        slice(max(0, int((of.start - 1) * scale)), min(size, int(np.ceil((of.stop + 1) * scale))))
        for of, scale, size in zip(box, maps.scale, maps.shape, strict=True)
    )
    return rows, columns


def _enlarged(probability: Pixels, part: Part, maps: CalciumMaps, box: Box) -> Mask:
    """A part of the maps in a box of the film, its edge where the probability crosses `CERTAIN`."""
    if probability.shape == maps.shape:
        whole = np.zeros(maps.shape, dtype=bool)
        whole[part.box] = part.mask
        return whole[box]
    rows, columns = (slice(max(of.start - 1, 0), of.stop + 1) for of in part.box)
    values = probability[rows, columns]
    near = np.zeros(values.shape, dtype=np.uint8)
    down, right = part.box[0].start - rows.start, part.box[1].start - columns.start
    near[down : down + part.mask.shape[0], right : right + part.mask.shape[1]] = part.mask
    values = np.pad(values * cv2.dilate(near, np.ones((3, 3), dtype=np.uint8)), 1)
    for axis, (of, first) in enumerate(zip(box, (rows.start, columns.start), strict=True)):
        at = (np.arange(of.start, of.stop) + 0.5) / maps.scale[axis] - 0.5
        at = np.clip(at, 0, probability.shape[axis] - 1) - first + 1
        values = _read(values, np.clip(at, 0, values.shape[axis] - 1), axis)
    return np.asarray(values > CERTAIN)


def _read(values: Pixels, at: Floats, axis: int) -> Pixels:
    """Values at places along an axis, linear in between."""
    low = np.minimum(at.astype(np.intp), values.shape[axis] - 2)
    share = np.expand_dims((at - low).astype(np.float32), 1 - axis)
    return np.asarray(values.take(low, axis) * (1 - share) + values.take(low + 1, axis) * share, dtype=np.float32)


def finding_of(kind: Kind, part: Part, maps: CalciumMaps, vessel: TracedVessel | None = None) -> Finding | None:
    """A finding in its box of the film; its probability is the mean over its pixels. None where nothing is certain."""
    probability = {Kind.VESSEL: maps.vessel, Kind.FOCUS: maps.focus}[kind]
    around = _film_box(part.box, maps)
    marked = _enlarged(probability, part, maps, around)
    if not marked.any():
        return None
    box = bounding_box(marked)
    lines: tuple[Floats, ...] = ()
    widths: tuple[Floats, ...] = ()
    if vessel is not None:
        lines = (_on_film(vessel.centre_line, maps),)
        widths = (vessel.half_width_px * float(np.mean(maps.scale)),)
    return Finding(
        kind=kind,
        mask=marked[box],
        origin=(around[0].start + box[0].start, around[1].start + box[1].start),
        centre_lines=lines,
        half_width_px=widths,
        probability=float(probability[part.box][part.mask].mean()),
    )
