"""A radiograph -> its calcified vessels, nets and other calcium, outside bone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from calcinet.findings.detector import CalciumMaps, calcium_maps
from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.prepare import WORKING_PIXEL_MM
from calcinet.findings.regions import Regions, Tissue
from calcinet.findings.tracing import TracedVessel
from calcinet.findings.tubes import MIN_LENGTH_MM, disc, vessel_tubes
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

Mask = NDArray[np.bool_]
Box = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Calcium:
    """All that was found on one radiograph."""

    findings: tuple[Finding, ...]

    labels: NDArray[np.uint8]
    """Label map of the film, shape (Y, X), values of `finding.LABELS`."""

    net_score: float
    """Mean probability of a net over the square centimetre that is most like one."""


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
    pixel_mm = _pixel_mm(image, maps)
    soft = _at_scale_of(maps, regions[Tissue.SOFT])
    nets = list(_nets(maps, soft, pixel_mm))
    in_net = np.zeros(soft.shape, dtype=bool)
    for patch, _ in nets:
        in_net |= patch
    vessel = _vessel_mask(maps, soft, pixel_mm)
    foci = list(_foci(maps, soft & ~vessel & ~in_net, pixel_mm))
    traced = vessel_tubes(image.plane, vessel, maps.vessel, pixel_mm)
    labels = np.zeros(maps.shape, dtype=np.uint8)
    findings = [_net(patch, lines, maps) for patch, lines in nets]
    enlarged = [(mask, _enlarged(maps.focus, mask, maps)) for mask in foci]
    findings += [_finding(Kind.FOCUS, marked, maps.focus, mask) for mask, marked in enlarged if marked.any()]
    findings += _vessels(traced, vessel, maps)
    for finding in findings:
        row, column = finding.origin
        box = labels[row : row + finding.mask.shape[0], column : column + finding.mask.shape[1]]
        box[finding.mask] = LABELS[finding.kind]
    return Calcium(tuple(findings), labels, _net_score(maps, soft, pixel_mm))


def _pixel_mm(image: Image, maps: CalciumMaps) -> float:
    """Pixel of the maps; without a spacing, the one the detector assumes."""
    return min(image.pixel_mm) * maps.scale[0] if image.pixel_mm else WORKING_PIXEL_MM


def _at_scale_of(maps: CalciumMaps, mask: Mask) -> Mask:
    size = maps.vessel.shape[::-1]
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0


def _nets(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> Iterator[tuple[Mask, Mask]]:
    """Each patch that a net covers, and its lines."""
    for patch in _parts(maps.patch > PATCH_CERTAIN, min_px=MIN_PATCH_MM2 / pixel_mm**2):
        lines = patch & (maps.net > CERTAIN)
        enough = lines.sum() >= MIN_NET_SHARE * patch.sum() and _enlarged(maps.net, lines, maps).any()
        if enough and soft[patch].mean() >= MIN_SOFT_SHARE:
            yield patch, lines


def _net(patch: Mask, lines: Mask, maps: CalciumMaps) -> Finding:
    """A net's finding: its lines, in the box of its patch."""
    whole = cv2.resize(patch.astype(np.uint8), maps.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    rows, columns = np.nonzero(whole)
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    return Finding(
        kind=Kind.NET,
        mask=_enlarged(maps.net, lines, maps)[box],
        patch=whole[box],
        origin=(int(box[0].start), int(box[1].start)),
        probability=float(maps.patch[patch].mean()),
    )


def _net_score(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> float:
    side = max(1, round(MIN_PATCH_MM2**0.5 / pixel_mm))
    mean = cv2.blur(maps.patch * soft, (side, side), borderType=cv2.BORDER_CONSTANT)
    return float(mean.max(initial=0.0))


def _vessel_mask(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> Mask:
    """Walls of vessels that are long enough, and not on bone alone."""
    marked = maps.vessel > CERTAIN
    linked = cv2.dilate(marked.astype(np.uint8), disc(LINK_MM / pixel_mm))
    kept = np.zeros(marked.shape, dtype=bool)
    for part, box in _boxed_parts(linked > 0, min_px=1):
        own = part & marked[box]
        rows, columns = np.nonzero(own)
        extent = float(np.hypot(np.ptp(rows), np.ptp(columns))) * pixel_mm
        least = MIN_SOFT_SHARE_OF_LONG if extent >= LONG_MM else MIN_SOFT_SHARE
        if extent >= MIN_LENGTH_MM and soft[box][own].mean() >= least:
            kept[box] |= own
    return kept


def _foci(maps: CalciumMaps, where: Mask, pixel_mm: float) -> Iterator[Mask]:
    """Spots of other calcium."""
    yield from _parts((maps.focus > CERTAIN) & where, min_px=MIN_FOCUS_MM2 / pixel_mm**2)


def _parts(mask: Mask, *, min_px: float) -> Iterator[Mask]:
    """Connected parts of at least `min_px` pixels, each as a mask of the whole."""
    for part, box in _boxed_parts(mask, min_px=min_px):
        whole = np.zeros(mask.shape, dtype=bool)
        whole[box] = part
        yield whole


def _boxed_parts(mask: Mask, *, min_px: float) -> Iterator[tuple[Mask, Box]]:
    """Connected parts of at least `min_px` pixels, each in its bounding box."""
    count, numbered, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[number])
        if area >= min_px:
            box = slice(top, top + height), slice(left, left + width)
            yield numbered[box] == number, box


def _vessels(traced: list[TracedVessel], mask: Mask, maps: CalciumMaps) -> list[Finding]:
    """Every marked pixel goes to the vessel whose centre line is nearest."""
    if not traced:
        return []
    places = np.argwhere(mask)
    distances = [cKDTree(vessel.centre_line).query(places)[0] - np.median(vessel.half_width_px) for vessel in traced]
    owner = np.full(mask.shape, -1, dtype=np.int32)
    owner[mask] = np.argmin(distances, axis=0)
    findings = []
    for number, vessel in enumerate(traced):
        own = owner == number
        marked = _enlarged(maps.vessel, own, maps)
        if marked.any():
            findings.append(_finding(Kind.VESSEL, marked, maps.vessel, own, vessel))
    return findings


def _enlarged(probability: NDArray[np.float32], mask: Mask, maps: CalciumMaps) -> Mask:
    """A mask of the maps at the film's size, its edge where the probability crosses `CERTAIN`."""
    if mask.shape == maps.shape:
        return mask
    size = maps.shape[::-1]
    near = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), dtype=np.uint8))
    likely = cv2.resize(probability * near, size, interpolation=cv2.INTER_LINEAR)
    return likely > CERTAIN


def _finding(
    kind: Kind, mask: Mask, probability: NDArray[np.float32], where: Mask, vessel: TracedVessel | None = None
) -> Finding:
    """A finding with its box; its probability is the mean over its pixels."""
    rows, columns = np.nonzero(mask)
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    scale = np.array(mask.shape) / where.shape
    lines: tuple[NDArray[np.float64], ...] = ()
    widths: tuple[NDArray[np.float64], ...] = ()
    if vessel is not None:
        lines = ((vessel.centre_line + 0.5) * scale - 0.5,)
        widths = (vessel.half_width_px * float(scale.mean()),)
    return Finding(
        kind=kind,
        mask=mask[box],
        origin=(int(box[0].start), int(box[1].start)),
        centre_lines=lines,
        half_width_px=widths,
        probability=float(probability[where].mean()),
    )
