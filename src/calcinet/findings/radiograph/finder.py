"""A radiograph -> its calcified vessels, nets and other calcium, outside bone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import make_disc
from calcinet.findings.components import Component, collect_pixels, find_components
from calcinet.findings.detector import CalciumMaps, calcium_maps
from calcinet.findings.finding import Finding, draw_label_map
from calcinet.findings.map_scale import CERTAIN, resize_to_maps, scale_points
from calcinet.findings.network_input import WORKING_PIXEL_MM
from calcinet.findings.projection_calcium import (
    MIN_SOFT_SHARE,
    SURE,
    Calcium,
    Net,
    find_nets,
    make_focus_finding,
    make_net_finding,
    make_vessel_finding,
    net_score,
)
from calcinet.findings.regions import Regions
from calcinet.findings.vessel_pairing import MIN_LENGTH_MM, pair_walls
from calcinet.findings.vessel_tracing import TracedVessel
from calcinet.geometry.vessel_linking import LIMB, Course, link_courses
from calcinet.image import Image
from calcinet.mask_labels import Tissue

LINK_MM: Final = 1.6
"""Marks this near to one another are one vessel. Our choice: gaps between rings of a calcified media."""

MIN_FOCUS_MM2: Final = 1.0
"""A smaller spot is no focus. Our choice: noise and dust are smaller."""

LONG_MM: Final = 15.0
"""Extent from which a mark counts as a vessel's line and not as a spot. Our choice."""

MIN_SOFT_SHARE_OF_LONG: Final = 0.1
"""A vessel line of `LONG_MM` may run mostly before or behind bone, if it comes out of it somewhere. Our choice: a third
of the arteries of a shin, and most of a foot's, do."""

CLEAR: Final = 0.97
"""Somewhere along it a vessel is at least this probable. Our choice: on films held back from the training, what is
nowhere more than likely was an edge more often than not."""

MIN_PIECE_MM: Final = 2.0
"""A shorter piece of a wall is left out. Our choice."""

PIECE_REACH_MM: Final = 5.0
"""A piece too short for a vessel belongs to one that is no farther away. Our choice: gaps between plaques."""


@dataclass(frozen=True, slots=True, eq=False)
class _MarkedVessel:
    """A vessel whose pixels are certain on the film."""

    finding: Finding

    path: TracedVessel
    """In pixels of the maps."""


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
    pixel_mm = map_pixel_mm(image, maps)
    soft = resize_to_maps(maps, regions[Tissue.SOFT])
    nets = list(find_nets(maps, soft, pixel_mm))
    walls = _mark_walls(maps, soft, pixel_mm)
    findings = [make_net_finding(net, maps) for net in nets]
    findings += _find_foci(maps, _exclude(soft, walls, nets), pixel_mm)
    paths = pair_walls(image.plane, walls, maps.vessel, pixel_mm)
    vessels = _mark_vessels(paths, walls, maps)
    courses = _link_vessels(vessels, maps, pixel_mm, first=len(findings))
    findings += [vessel.finding for vessel in vessels]
    return Calcium(
        findings=tuple(findings),
        labels=draw_label_map(maps.shape, [finding.mark for finding in findings]),
        net_score=net_score(maps, soft, pixel_mm),
        courses=courses,
    )


def map_pixel_mm(image: Image, maps: CalciumMaps) -> float:
    """Pixel of the maps; without a spacing, the one that the detector assumes."""
    if image.pixel_mm is None:
        return WORKING_PIXEL_MM
    return min(image.pixel_mm) * maps.scale[0]


def find_clear_components(vessel: Pixels, pixel_mm: float) -> Iterator[Component]:
    """What is marked on a map of vessels and clear somewhere; marks near to one another are one component."""
    marked = vessel > CERTAIN
    linked = cv2.dilate(marked.astype(np.uint8), make_disc(round(LINK_MM / pixel_mm / 2)))
    for group in find_components(linked > 0, min_px=1):
        own = group.mask & marked[group.box]
        if vessel[group.box][own].max() >= CLEAR:
            yield Component(own, group.box)


def _exclude(soft: Mask, walls: Mask, nets: list[Net]) -> Mask:
    """Soft tissue that neither vessels nor nets cover."""
    elsewhere = soft & ~walls
    for net in nets:
        elsewhere[net.patch.box] &= ~net.patch.mask
    return elsewhere


def _find_foci(maps: CalciumMaps, where: Mask, pixel_mm: float) -> list[Finding]:
    found: list[Finding] = []
    for spot in find_components((maps.focus > CERTAIN) & where, min_px=MIN_FOCUS_MM2 / pixel_mm**2):
        finding = make_focus_finding(spot, maps)
        if finding is not None:
            found.append(finding)
    return found


def _mark_walls(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> Mask:
    """Walls of vessels that are clear somewhere and long enough, pieces beside them, nothing doubtful on bone."""
    kept = np.zeros(maps.vessel.shape, dtype=np.uint8)
    pieces: list[Component] = []
    for component in find_clear_components(maps.vessel, pixel_mm):
        extent_mm = _measure_extent(component) * pixel_mm
        if not _is_credible(component, maps.vessel, soft, extent_mm):
            continue
        if extent_mm >= MIN_LENGTH_MM:
            kept[component.box] |= component.mask
        elif extent_mm >= MIN_PIECE_MM:
            pieces.append(component)
    away_mm = cv2.distanceTransform(1 - kept, cv2.DIST_L2, 3) * pixel_mm
    for piece in pieces:
        if away_mm[piece.box][piece.mask].min() <= PIECE_REACH_MM:
            kept[piece.box] |= piece.mask
    return kept > 0


def _measure_extent(component: Component) -> float:
    """Diagonal of the box of a component's pixels, in pixels."""
    rows, columns = np.nonzero(component.mask)
    return float(np.hypot(np.ptp(rows), np.ptp(columns)))


def _is_credible(component: Component, vessel: Pixels, soft: Mask, extent_mm: float) -> bool:
    """Whether enough of a mark lies in soft tissue, or the network is sure of it."""
    least = MIN_SOFT_SHARE_OF_LONG if extent_mm >= LONG_MM else MIN_SOFT_SHARE
    if soft[component.box][component.mask].mean() >= least:
        return True
    return bool(vessel[component.box][component.mask].mean() >= SURE)


def _mark_vessels(paths: list[TracedVessel], walls: Mask, maps: CalciumMaps) -> list[_MarkedVessel]:
    """Every marked pixel goes to the vessel whose outline is nearest; a vessel without a certain pixel is left out."""
    if not paths:
        return []
    pixels = np.argwhere(walls)
    distances: list[Floats] = []
    for path in paths:
        from_centre = np.asarray(cKDTree(path.centre_line).query(pixels)[0])
        distances.append(from_centre - np.median(path.half_width_px))
    owner = np.argmin(distances, axis=0)
    marked: list[_MarkedVessel] = []
    for number, path in enumerate(paths):
        own = pixels[owner == number]
        if not len(own):
            continue
        finding = make_vessel_finding(collect_pixels(own), maps, path)
        if finding is not None:
            marked.append(_MarkedVessel(finding, path))
    return marked


def _link_vessels(
    vessels: list[_MarkedVessel], maps: CalciumMaps, pixel_mm: float, *, first: int
) -> tuple[Course, ...]:
    """Which vessels are stretches of one; `first` is the number of the first one's finding."""
    lines: list[Floats] = []
    calibres: list[float] = []
    whole: list[bool] = []
    for vessel in vessels:
        lines.append(vessel.path.centre_line)
        calibres.append(2 * float(np.median(vessel.path.half_width_px)))
        whole.append(vessel.path.two_walls)
    found = link_courses(lines, calibres, pixel_mm, LIMB, whole=whole)
    return tuple(_scale_course(_turn_downwards(course), maps, first) for course in found)


def _turn_downwards(course: Course) -> Course:
    """The course from its end that is nearer to the top of the film."""
    if course.line[0, 0] <= course.line[-1, 0]:
        return course
    return course.reverse()


def _scale_course(course: Course, maps: CalciumMaps, first: int) -> Course:
    """The course in pixels of the film, its pieces numbered from `first` on."""
    return Course(
        line=scale_points(course.line, maps),
        pieces=tuple(first + piece for piece in course.pieces),
        gaps=tuple(scale_points(gap, maps) for gap in course.gaps),
    )
