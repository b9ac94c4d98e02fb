"""A mammogram -> the calcium of its arteries, nets under its skin, and how much else is dense and not assessed."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.components import collect_pixels, find_components
from calcinet.findings.detector import CalciumMaps, calcium_maps
from calcinet.findings.finding import Finding, draw_label_map
from calcinet.findings.mammogram.arteries import Artery, find_arteries
from calcinet.findings.mammogram.breast import BreastMap, assume_pixel
from calcinet.findings.map_scale import CERTAIN, resize_to_maps, scale_points
from calcinet.findings.network_input import Resolution
from calcinet.findings.projection_calcium import (
    Calcium,
    Net,
    find_nets,
    make_net_finding,
    make_vessel_finding,
    net_score,
)
from calcinet.findings.traced_vessel import TracedVessel
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.weights_manifest import MAMMOGRAM

FINE: Final = Resolution(pixel_mm=0.12, finest_mm=0.085)
"""Resolution of the first look. Our choice: walls of 0.3 mm and the lumen of an artery of 1 mm each cover two pixels
and more; a detector of 0.05 to 0.08 mm is brought to it, one of 0.1 mm is taken as it is."""

COARSER: Final = Resolution(pixel_mm=0.16, finest_mm=0.15)
"""Resolution of a second look, whose maps are averaged with the first. Our choice: noise is less at coarser pixels,
walls are sharper at finer ones; on phantoms that set it the mean of both was better than either."""

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
"""A patch whose median depth under the skin line is greater is no net of the skin or the subcutis. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class BreastCalcium:
    """What was found on one mammogram."""

    calcium: Calcium
    """Arteries as vessels, and nets; nothing else is marked."""

    arteries: tuple[Artery, ...]
    """The arteries of the findings that are vessels, in their order, in pixels of the film."""

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
    maps = _look(assume_pixel(image, breast.assumed_pixel_mm), breast)
    pixel_mm = breast.assumed_pixel_mm * float(np.mean(maps.scale))
    tissue = resize_to_maps(maps, breast.regions[Tissue.SOFT])
    depth_mm = _resize_depth(breast, maps)
    nets = _find_superficial_nets(maps, tissue, depth_mm, pixel_mm)
    marked = _mark_arteries(maps, tissue, depth_mm, pixel_mm)
    for net in nets:
        marked[net.patch.box] &= ~net.patch.mask
    spots = _find_spots(maps, tissue, pixel_mm)
    arteries, vessels = _mark_on_film(find_arteries(marked, pixel_mm, spots), maps)
    findings = [make_net_finding(net, maps) for net in nets] + vessels
    calcium = Calcium(
        findings=tuple(findings),
        labels=draw_label_map(maps.shape, [finding.mark for finding in findings]),
        net_score=net_score(maps, tissue, pixel_mm),
    )
    return BreastCalcium(calcium, tuple(arteries), len(spots))


def _find_spots(maps: CalciumMaps, tissue: Mask, pixel_mm: float) -> Floats:
    """Middles of the dense spots that are not arterial, shape (M, 2): row and column of the maps."""
    spots = find_components((maps.focus > CERTAIN) & tissue, min_px=MIN_PIECE_MM2 / pixel_mm**2)
    return np.array([spot.middle for spot in spots]).reshape(-1, 2)


def _look(film: Image, breast: BreastMap) -> CalciumMaps:
    """The detector's maps at its own resolution, averaged with those of a second look where the film is fine enough."""
    if breast.assumed_pixel_mm > COARSEST_MM:
        return _look_enlarged(film, breast)
    fine = calcium_maps(film, breast.regions, name=MAMMOGRAM, resolution=FINE)
    if breast.assumed_pixel_mm >= COARSER.finest_mm:
        return fine
    coarse = calcium_maps(film, breast.regions, name=MAMMOGRAM, resolution=COARSER)
    return CalciumMaps(
        vessel=_combine_maps(fine.vessel, coarse.vessel),
        net=_combine_maps(fine.net, coarse.net),
        focus=_combine_maps(fine.focus, coarse.focus),
        patch=_combine_maps(fine.patch, coarse.patch),
        shape=fine.shape,
    )


def _combine_maps(fine: Pixels, coarse: Pixels) -> Pixels:
    """Mean of two maps, at the pixels of the first one."""
    enlarged = cv2.resize(coarse, fine.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray((fine + enlarged) / np.float32(2), np.float32)


def _look_enlarged(film: Image, breast: BreastMap) -> CalciumMaps:
    """The maps of a coarse film, at half its pixels."""
    rows, columns = film.plane.shape
    size = (2 * columns, 2 * rows)
    pixels = np.asarray(cv2.resize(film.plane, size, interpolation=cv2.INTER_CUBIC), np.float32)
    labels = cv2.resize(breast.regions.labels, size, interpolation=cv2.INTER_NEAREST)
    depth = cv2.resize(breast.regions.depth, size, interpolation=cv2.INTER_LINEAR)
    half = breast.assumed_pixel_mm / 2
    maps = calcium_maps(
        replace(film, pixels=pixels[np.newaxis], spacing_mm=(1.0, half, half)),
        replace(breast.regions, labels=np.asarray(labels, np.uint8), depth=np.asarray(depth, np.float32)),
        name=MAMMOGRAM,
        resolution=FINE,
    )
    return replace(maps, shape=(rows, columns))


def _resize_depth(breast: BreastMap, maps: CalciumMaps) -> Pixels | None:
    """Depth under the skin line in mm at the maps' pixels; None where no skin is seen."""
    if not breast.regions.depth_known:
        return None
    depth = cv2.resize(breast.regions.depth, maps.vessel.shape[::-1], interpolation=cv2.INTER_AREA)
    if breast.regions.depth_unit != "mm":
        depth = depth * breast.assumed_pixel_mm
    return np.asarray(depth, np.float32)


def _mark_arteries(maps: CalciumMaps, tissue: Mask, depth_mm: Pixels | None, pixel_mm: float) -> Mask:
    """Pieces of arteries: probable, in the breast, not on its skin."""
    marked = (maps.vessel > CERTAIN) & tissue
    if depth_mm is not None:
        marked &= depth_mm > SKIN_MM
    kept = np.zeros(marked.shape, bool)
    for piece in find_components(marked, min_px=MIN_PIECE_MM2 / pixel_mm**2):
        if maps.vessel[piece.box][piece.mask].max() >= LIKELY:
            kept[piece.box] |= piece.mask
    return kept


def _find_superficial_nets(maps: CalciumMaps, tissue: Mask, depth_mm: Pixels | None, pixel_mm: float) -> list[Net]:
    """Nets under the skin; where no skin is seen, any."""
    nets = list(find_nets(maps, tissue, pixel_mm))
    if depth_mm is None:
        return nets
    return [net for net in nets if float(np.median(depth_mm[net.patch.box][net.patch.mask])) <= NET_DEPTH_MM]


def _mark_on_film(arteries: list[Artery], maps: CalciumMaps) -> tuple[list[Artery], list[Finding]]:
    """The arteries with a certain pixel on the film, in its pixels, and their findings."""
    scaled: list[Artery] = []
    findings: list[Finding] = []
    for artery in arteries:
        finding = _make_artery_finding(artery, maps)
        if finding is not None:
            findings.append(finding)
            scaled.append(_scale_artery(artery, maps))
    return scaled, findings


def _make_artery_finding(artery: Artery, maps: CalciumMaps) -> Finding | None:
    """The artery's marks on the film, with its line; None where no pixel of the film is certain."""
    path = TracedVessel(artery.centre_line, artery.half_width_px, artery.two_walls)
    return make_vessel_finding(collect_pixels(artery.pixels), maps, path)


def _scale_artery(artery: Artery, maps: CalciumMaps) -> Artery:
    """The artery in pixels of the film; its marks stay in those of the maps."""
    return replace(
        artery,
        centre_line=scale_points(artery.centre_line, maps),
        half_width_px=artery.half_width_px * float(np.mean(maps.scale)),
    )
