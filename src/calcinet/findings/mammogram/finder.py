"""A mammogram -> the calcium of its arteries, nets under its skin, and how much else is dense and not assessed."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.findings.detector import CalciumMaps, calcium_maps
from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.mammogram.arteries import Artery, find_arteries
from calcinet.findings.mammogram.breast import BreastMap, with_pixel
from calcinet.findings.network_input import Working
from calcinet.findings.radiograph.finder import (
    CERTAIN,
    Calcium,
    Part,
    at_scale_of,
    finding_of,
    net_finding,
    net_score,
    nets_on,
    parts_of,
)
from calcinet.findings.radiograph.tissue_map import Tissue
from calcinet.findings.vessel_tracing import TracedVessel
from calcinet.image import Image
from calcinet.weights_manifest import MAMMOGRAM

WORKING: Final = Working(pixel_mm=0.12, finest_mm=0.085)
"""Our choice: walls of 0.3 mm and the lumen of an artery of 1 mm each cover two pixels and more; a detector of 0.05 to
0.08 mm is brought to it, one of 0.1 mm is taken as it is."""

COARSER: Final = Working(pixel_mm=0.16, finest_mm=0.15)
"""A second look, whose maps are averaged with the first. Our choice: noise is less at coarser pixels, walls are sharper
at finer ones; on phantoms that set it the mean of both was better than either."""

COARSEST_MM: Final = 0.3
"""A coarser film is enlarged twice before it is looked at. Our choice: walls of an artery are then no single pixels; on
mammograms of 512 pixels fewer strands of tissue were taken for arteries."""

SKIN_MM: Final = 2.0
"""Marks nearer to the skin line are skin, folds and dust on it. Our choice: the skin of the breast."""

LIKELY: Final = 0.7
"""One pixel of a piece of an artery is at least this probable. Our choice."""

MIN_PIECE_MM2: Final = 0.06
"""A smaller piece is noise. Our choice: a grain of a quarter of a millimetre."""

NET_DEPTH_MM: Final = 20.0
"""A patch that lies deeper under the skin line on the whole is no net of the skin or the subcutis. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class BreastCalcium:
    """What was found on one mammogram."""

    calcium: Calcium
    """Arteries as vessels, and nets; nothing else is marked."""

    arteries: tuple[Artery, ...]
    """Of the findings that are vessels, in their order, in pixels of the film."""

    grains: int
    """Dense spots that are not arterial: seen, not assessed, not marked."""


def find_breast_calcium(image: Image, breast: BreastMap) -> BreastCalcium:
    """Mark the calcium of arteries, and nets under the skin.

    Parameters
    ----------
    image
        One slice, rising with attenuation.
    breast
        Its map.
    """
    told = with_pixel(image, breast.looks_like_mm)
    maps = _maps(told, breast)
    pixel_mm = breast.looks_like_mm * float(np.mean(maps.scale))
    tissue = at_scale_of(maps, breast.regions[Tissue.SOFT])
    depth_mm = _depth_mm(breast, maps)
    nets = _nets(maps, tissue, depth_mm, pixel_mm)
    marked = _marked(maps, tissue, depth_mm, pixel_mm)
    for patch, _ in nets:
        marked[patch.box] &= ~patch.mask
    found = []
    spots = list(parts_of((maps.focus > CERTAIN) & tissue, min_px=MIN_PIECE_MM2 / pixel_mm**2))
    middles = np.array([_middle(part) for part in spots]).reshape(-1, 2)
    for artery in find_arteries(marked, pixel_mm, middles):
        finding = _finding(artery, maps)
        if finding is not None:
            found.append((finding, _on_film(artery, maps)))
    findings = (*(net_finding(*net, maps) for net in nets), *(finding for finding, _ in found))
    calcium = Calcium(findings, _labels(maps.shape, findings), net_score(maps, tissue, pixel_mm))
    return BreastCalcium(calcium, tuple(artery for _, artery in found), len(spots))


def _maps(told: Image, breast: BreastMap) -> CalciumMaps:
    """The detector's maps at its own resolution, averaged with those of a second look where the film is fine enough."""
    if breast.looks_like_mm > COARSEST_MM:
        return _enlarged_maps(told, breast)
    fine = calcium_maps(told, breast.regions, name=MAMMOGRAM, working=WORKING)
    if breast.looks_like_mm >= COARSER.finest_mm:
        return fine
    coarse = calcium_maps(told, breast.regions, name=MAMMOGRAM, working=COARSER)
    vessel, net, focus, patch = (
        (one + cv2.resize(other, one.shape[::-1], interpolation=cv2.INTER_LINEAR)) / np.float32(2)
        for one, other in zip(_planes(fine), _planes(coarse), strict=True)
    )
    return CalciumMaps(vessel, net, focus, patch, fine.shape)


def _enlarged_maps(told: Image, breast: BreastMap) -> CalciumMaps:
    """The maps of a coarse film, at half its pixels."""
    rows, columns = told.plane.shape
    size = (2 * columns, 2 * rows)
    pixels = np.asarray(cv2.resize(told.plane, size, interpolation=cv2.INTER_CUBIC), np.float32)
    labels = cv2.resize(breast.regions.labels, size, interpolation=cv2.INTER_NEAREST)
    depth = cv2.resize(breast.regions.depth, size, interpolation=cv2.INTER_LINEAR)
    half = breast.looks_like_mm / 2
    maps = calcium_maps(
        replace(told, pixels=pixels[np.newaxis], spacing_mm=(1.0, half, half)),
        replace(breast.regions, labels=np.asarray(labels, np.uint8), depth=np.asarray(depth, np.float32)),
        name=MAMMOGRAM,
        working=WORKING,
    )
    return replace(maps, shape=(rows, columns))


def _planes(maps: CalciumMaps) -> tuple[Pixels, ...]:
    return maps.vessel, maps.net, maps.focus, maps.patch


def _middle(part: Part) -> tuple[float, float]:
    rows, columns = np.nonzero(part.mask)
    return float(rows.mean() + part.box[0].start), float(columns.mean() + part.box[1].start)


def _depth_mm(breast: BreastMap, maps: CalciumMaps) -> Pixels | None:
    """Depth under the skin line at the maps' pixels; None where no skin is seen."""
    if not breast.regions.depth_known:
        return None
    depth = cv2.resize(breast.regions.depth, maps.vessel.shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(depth if breast.regions.depth_unit == "mm" else depth * breast.looks_like_mm, np.float32)


def _marked(maps: CalciumMaps, tissue: Mask, depth_mm: Pixels | None, pixel_mm: float) -> Mask:
    """Pieces of arteries: probable, in the breast, not on its skin."""
    marked = (maps.vessel > CERTAIN) & tissue
    if depth_mm is not None:
        marked &= depth_mm > SKIN_MM
    kept = np.zeros(marked.shape, bool)
    for part in parts_of(marked, min_px=MIN_PIECE_MM2 / pixel_mm**2):
        if maps.vessel[part.box][part.mask].max() >= LIKELY:
            kept[part.box] |= part.mask
    return kept


def _nets(maps: CalciumMaps, tissue: Mask, depth_mm: Pixels | None, pixel_mm: float) -> list[tuple[Part, Part]]:
    """Nets under the skin; where no skin is seen, any."""
    found = list(nets_on(maps, tissue, pixel_mm))
    if depth_mm is None:
        return found
    return [net for net in found if float(np.median(depth_mm[net[0].box][net[0].mask])) <= NET_DEPTH_MM]


def _finding(artery: Artery, maps: CalciumMaps) -> Finding | None:
    """The artery's marks on the film, with its line."""
    corner, size = artery.pixels.min(axis=0), np.ptp(artery.pixels, axis=0) + 1
    own = np.zeros(size, bool)
    own[tuple((artery.pixels - corner).T)] = True
    rows, columns = (slice(int(a), int(a + n)) for a, n in zip(corner, size, strict=True))
    way = TracedVessel(artery.centre_line, artery.half_width_px, artery.two_walls)
    return finding_of(Kind.VESSEL, Part(own, (rows, columns)), maps, way)


def _on_film(artery: Artery, maps: CalciumMaps) -> Artery:
    """The artery in pixels of the film; its marks stay in those of the maps."""
    line = (artery.centre_line + 0.5) * maps.scale - 0.5
    return replace(artery, centre_line=line, half_width_px=artery.half_width_px * float(np.mean(maps.scale)))


def _labels(shape: tuple[int, int], findings: tuple[Finding, ...]) -> NDArray[np.uint8]:
    labels = np.zeros(shape, np.uint8)
    for finding in findings:
        row, column = finding.origin
        labels[row : row + finding.mask.shape[0], column : column + finding.mask.shape[1]][finding.mask] = LABELS[
            finding.kind
        ]
    return labels
