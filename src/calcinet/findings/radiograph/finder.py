"""A radiograph -> its calcified vessels, nets and other calcium, outside bone."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.components import Component, collect_pixels, find_components
from calcinet.findings.detector import CalciumMaps
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
from calcinet.findings.radiograph.scales import RadiographMaps, radiograph_maps
from calcinet.findings.regions import Regions
from calcinet.findings.traced_vessel import TracedVessel
from calcinet.geometry.centre_lines import trace_centre_lines
from calcinet.geometry.vessel_linking import LIMB, Course, link_courses
from calcinet.image import Image
from calcinet.mask_labels import Tissue

MIN_FOCUS_MM2: Final = 1.0
"""A smaller spot is no focus. Our choice: noise and dust are smaller."""

CLEAR_FOCUS: Final = 0.995
"""Somewhere in it a focus is at least this probable. Our choice, on films of patients held back from the training: four
in ten false ones go."""

LONG_MM: Final = 15.0
"""Extent from which a mark counts as a vessel's line and not as a spot. Our choice."""

MIN_SOFT_SHARE_OF_LONG: Final = 0.1
"""A vessel line of `LONG_MM` may run mostly before or behind bone, if it comes out of it somewhere. Our choice: a third
of the arteries of a shin, and most of a foot's, do."""

CLEAR: Final = 0.998
"""Somewhere along it a vessel is at least this probable. Our choice, on films of patients held back from the training:
at 0.97 there are 1.9 false vessels a film, at this 0.6, while a seventh of what was found of faint arteries is lost."""

MIN_LENGTH_MM: Final = 10.0
"""A shorter line is not called a vessel. Our choice: on normal films bone edges and dust make shorter ones."""

SLENDER: Final = 2.5
"""An artery is at least this many times as long as it is wide. Our choice: what is rounder is a plaque or a stone."""

GAP_MM: Final = 6.0
"""Gaps up to this between stretches of one artery are bridged where they run into each other. Our choice: the gap
between two plaques."""

SEEN: Final = 0.3
"""In an artery a pixel at least this probable is marked as its calcium. Our choice: the artery is known to be there."""

BESIDE_PX: Final = 2
"""Calcium up to this far outside of an artery's outline is its own. Our choice: the blur of a wall."""


@dataclass(frozen=True, slots=True, eq=False)
class _MarkedVessel:
    """A vessel whose pixels are certain on the film."""

    finding: Finding

    path: TracedVessel
    """In pixels of the maps."""


def find_calcium(image: Image, regions: Regions) -> Calcium:
    """Mark calcified vessels, nets and other calcium.

    Vessels are traced in the detector's map of whole arteries, walls and lumen together; a net is a patch with its
    lines. What lies on bone alone, or is smaller than a finding of its kind can be, is left out.

    Parameters
    ----------
    image
        One slice, rising with attenuation.
    regions
        Its region map.
    """
    maps = radiograph_maps(image, regions)
    pixel_mm = map_pixel_mm(image, maps)
    soft = resize_to_maps(maps, regions[Tissue.SOFT])
    nets = list(find_nets(maps, soft, pixel_mm))
    arteries = mark_arteries(maps, soft, pixel_mm)
    paths = _trace_arteries(arteries, maps, pixel_mm)
    arteries = _keep_traced(arteries, paths)
    findings = [make_net_finding(net, maps) for net in nets]
    findings += _find_foci(maps, _exclude(soft, arteries, nets), pixel_mm)
    vessels = _mark_vessels(paths, _mark_calcium(arteries, maps), maps)
    courses = _link_vessels(vessels, maps, pixel_mm, first=len(findings))
    findings += [vessel.finding for vessel in vessels]
    return Calcium(
        findings=tuple(findings),
        labels=draw_label_map(maps.shape, [finding.mark for finding in findings]),
        net_score=net_score(maps, soft, pixel_mm),
        courses=courses,
    )


def mark_arteries(maps: RadiographMaps, soft: Mask, pixel_mm: float) -> Mask:
    """Arteries that are clear somewhere, long and slender enough, nothing doubtful on bone.

    Parameters
    ----------
    maps
        Probabilities.
    soft
        Soft tissue at the pixels of the maps, shape (rows, columns).
    pixel_mm
        Pixel of the maps.

    Returns
    -------
    Their pixels, walls and lumen, in the shape of the maps.
    """
    kept = np.zeros(maps.artery.shape, dtype=bool)
    for component in find_components(maps.artery > CERTAIN, min_px=MIN_LENGTH_MM / pixel_mm):
        extent_mm = _measure_extent(component) * pixel_mm
        if extent_mm < MIN_LENGTH_MM or maps.artery[component.box][component.mask].max() < CLEAR:
            continue
        if extent_mm < SLENDER * component.mask.sum() * pixel_mm**2 / extent_mm:
            continue
        if _is_credible(component, maps.artery, soft, extent_mm):
            kept[component.box] |= component.mask
    return kept


def map_pixel_mm(image: Image, maps: CalciumMaps) -> float:
    """Pixel of the maps; without a spacing, the one that the detector assumes."""
    if image.pixel_mm is None:
        return WORKING_PIXEL_MM
    return min(image.pixel_mm) * maps.scale[0]


def _exclude(soft: Mask, arteries: Mask, nets: list[Net]) -> Mask:
    """Soft tissue that neither vessels nor nets cover."""
    elsewhere = soft & ~arteries
    for net in nets:
        elsewhere[net.patch.box] &= ~net.patch.mask
    return elsewhere


def _find_foci(maps: CalciumMaps, where: Mask, pixel_mm: float) -> list[Finding]:
    found: list[Finding] = []
    for spot in find_components((maps.focus > CERTAIN) & where, min_px=MIN_FOCUS_MM2 / pixel_mm**2):
        if maps.focus[spot.box][spot.mask].max() < CLEAR_FOCUS:
            continue
        finding = make_focus_finding(spot, maps)
        if finding is not None:
            found.append(finding)
    return found


def _trace_arteries(arteries: Mask, maps: RadiographMaps, pixel_mm: float) -> list[TracedVessel]:
    """The centre lines of arteries, longest first, joined over the gaps between their plaques."""
    if not arteries.any():
        return []
    shortest_px = MIN_LENGTH_MM / pixel_mm
    traced = trace_centre_lines(arteries, maps.artery, max_gap_px=GAP_MM / pixel_mm, min_length_px=shortest_px)
    paths = [TracedVessel(line.points, line.half_width, two_walls=True) for line in traced]
    long = [path for path in paths if len(path.centre_line) >= shortest_px]
    return sorted(long, key=lambda path: -len(path.centre_line))


def _keep_traced(arteries: Mask, paths: list[TracedVessel]) -> Mask:
    """Arteries through which a centre line runs: the calcium of the others would go to a vessel far away."""
    _, numbered = cv2.connectedComponents(arteries.astype(np.uint8), connectivity=8)
    traced: set[int] = set()
    for path in paths:
        rows, columns = np.clip(np.rint(path.centre_line).astype(int), 0, np.array(arteries.shape) - 1).T
        traced |= set(numbered[rows, columns].tolist())
    return np.asarray(arteries & np.isin(numbered, list(traced)))


def _mark_calcium(arteries: Mask, maps: RadiographMaps) -> Mask:
    """The pixels of arteries that hold calcium."""
    size = 2 * BESIDE_PX + 1
    near = cv2.dilate(arteries.astype(np.uint8), np.ones((size, size), dtype=np.uint8)) > 0
    return np.asarray(near & (maps.vessel > SEEN))


def _measure_extent(component: Component) -> float:
    """Diameter of the least circle about a component's pixels, in pixels."""
    _, radius = cv2.minEnclosingCircle(np.argwhere(component.mask).astype(np.float32))
    return 2 * float(radius)


def _is_credible(component: Component, probability: Pixels, soft: Mask, extent_mm: float) -> bool:
    """Whether enough of a mark lies in soft tissue, or the network is sure of it."""
    least = MIN_SOFT_SHARE
    if extent_mm >= LONG_MM:
        least = MIN_SOFT_SHARE_OF_LONG
    if soft[component.box][component.mask].mean() >= least:
        return True
    return bool(probability[component.box][component.mask].mean() >= SURE)


def _mark_vessels(paths: list[TracedVessel], calcium: Mask, maps: CalciumMaps) -> list[_MarkedVessel]:
    """Every marked pixel goes to the vessel whose outline is nearest; a vessel without a certain pixel is left out."""
    if not paths:
        return []
    pixels = np.argwhere(calcium)
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
        finding = make_vessel_finding(collect_pixels(own), maps, path, least=SEEN)
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
