"""From the detector's maps of a film to its findings, as radiographs and mammograms have them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.components import Box, Component, find_components
from calcinet.findings.detector import CalciumMaps
from calcinet.findings.finding import Finding, Kind
from calcinet.findings.map_scale import CERTAIN, enlarge, scale_box, scale_points
from calcinet.findings.traced_vessel import TracedVessel
from calcinet.geometry.skeleton import bounding_box
from calcinet.geometry.vessel_linking import Course

PATCH_CERTAIN: Final = 0.5
"""A pixel at least this probable belongs to the area of a net. Our choice, as for `CERTAIN`."""

MIN_PATCH_MM2: Final = 100.0
"""A smaller patch is no net. Our choice: four meshes of 5 mm."""

MIN_NET_SHARE: Final = 0.04
"""Share of a patch that its lines cover at least. Our choice: a 0.3 mm line round meshes of 12 mm."""

MIN_SOFT_SHARE: Final = 0.4
"""Share of a mark that lies in soft tissue at least: what lies on bone alone is bone. Our choice."""

SURE: Final = 0.7
"""A mark of this mean probability is kept wherever it lies: the network has seen more bone than the region map knows.
Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Calcium:
    """All that was found on one film."""

    findings: tuple[Finding, ...]

    labels: NDArray[np.uint8]
    """Label map of the film, shape (Y, X), values of `finding.LABELS`."""

    net_score: float
    """Mean probability of a net over the square centimetre that is most like one."""

    courses: tuple[Course, ...] = ()
    """Of a radiograph: which vessels are stretches of one. Pieces are numbers of `findings`, lines and gaps are in
    pixels of the film; each begins at its end that is nearer to the top. Every vessel belongs to one course."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """A net on the maps."""

    patch: Component
    """The area that it covers."""

    lines: Component
    """Its lines, in the box of the patch."""


def find_nets(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> Iterator[Net]:
    """Every patch with lines, in soft tissue or sure.

    Parameters
    ----------
    maps
        Probabilities.
    soft
        Soft tissue at the pixels of the maps, shape (rows, columns).
    pixel_mm
        Pixel of the maps.
    """
    for patch in find_components(maps.patch > PATCH_CERTAIN, min_px=MIN_PATCH_MM2 / pixel_mm**2):
        lines = Component(patch.mask & (maps.net[patch.box] > CERTAIN), patch.box)
        if not _is_credible(patch, maps, soft):
            continue
        if lines.mask.sum() < MIN_NET_SHARE * patch.mask.sum():
            continue
        if enlarge(maps.net, lines, maps, scale_box(lines.box, maps)).any():
            yield Net(patch, lines)


def make_net_finding(net: Net, maps: CalciumMaps) -> Finding:
    """A net's finding: its lines, in the box of its patch."""
    patch = net.patch
    covered = np.zeros(maps.patch.shape, dtype=np.uint8)
    covered[patch.box] = patch.mask
    whole = cv2.resize(covered, maps.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    box = bounding_box(whole)
    return Finding(
        kind=Kind.NET,
        mask=enlarge(maps.net, net.lines, maps, box),
        patch=whole[box],
        origin=(box[0].start, box[1].start),
        probability=float(maps.patch[patch.box][patch.mask].mean()),
    )


def net_score(maps: CalciumMaps, soft: Mask, pixel_mm: float) -> float:
    """Mean probability of a net over the square centimetre that is most like one."""
    side = max(1, round(MIN_PATCH_MM2**0.5 / pixel_mm))
    mean = cv2.blur(maps.patch * soft, (side, side), borderType=cv2.BORDER_CONSTANT)
    return float(mean.max(initial=0.0))


def make_vessel_finding(
    component: Component, maps: CalciumMaps, vessel: TracedVessel, *, least: float = CERTAIN
) -> Finding | None:
    """A vessel's finding: its marks, at least so probable, and its centre line; None where no pixel of the film is."""
    line = scale_points(vessel.centre_line, maps)
    half_width = vessel.half_width_px * float(np.mean(maps.scale))
    marked = _enlarge_marks(component, maps, maps.vessel, least)
    return _make_finding(Kind.VESSEL, component, marked, maps.vessel, (line,), (half_width,))


def make_focus_finding(component: Component, maps: CalciumMaps) -> Finding | None:
    """A focus' finding; None where no pixel of the film is certain."""
    marked = _enlarge_marks(component, maps, maps.focus, CERTAIN)
    return _make_finding(Kind.FOCUS, component, marked, maps.focus, (), ())


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Marked pixels of the film."""

    mask: Mask
    """Shape of `box`."""

    box: Box
    """Rows and columns of the film."""


def _enlarge_marks(component: Component, maps: CalciumMaps, probability: Pixels, least: float) -> _Marks:
    """A component of the maps on the film, where it is more probable than `least`."""
    box = scale_box(component.box, maps)
    return _Marks(enlarge(probability, component, maps, box, least=least), box)


def _make_finding(
    kind: Kind,
    component: Component,
    marks: _Marks,
    probability: Pixels,
    centre_lines: tuple[Floats, ...],
    half_width_px: tuple[Floats, ...],
) -> Finding | None:
    """A finding in its box of the film; its probability is the mean over its pixels of the map."""
    if not marks.mask.any():
        return None
    box = bounding_box(marks.mask)
    return Finding(
        kind=kind,
        mask=marks.mask[box],
        origin=(marks.box[0].start + box[0].start, marks.box[1].start + box[1].start),
        centre_lines=centre_lines,
        half_width_px=half_width_px,
        probability=float(probability[component.box][component.mask].mean()),
    )


def _is_credible(patch: Component, maps: CalciumMaps, soft: Mask) -> bool:
    """Whether enough of a patch lies in soft tissue, or the network is sure of it."""
    if soft[patch.box][patch.mask].mean() >= MIN_SOFT_SHARE:
        return True
    return bool(maps.patch[patch.box][patch.mask].mean() >= SURE)
