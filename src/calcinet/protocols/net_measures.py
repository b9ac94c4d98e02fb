"""Nets of a projection image -> their entries of the record and the measures of all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.measure.net.geometry import NetGeometry, net_geometry
from calcinet.measure.net.marked_part import Factor, area_factor, correct_mesh
from calcinet.measure.net.probability import net_call, net_probability
from calcinet.measure.result import rows
from calcinet.protocols.finding_fields import locate_finding, measure_area, outline_mask
from calcinet.protocols.meanings import declared_meanings
from calcinet.protocols.measurements import Measurements
from calcinet.record import FindingRecord, Meaning
from calcinet.text import say

CALLED_FROM: Final = 0.5
"""A patch at least this probable is called a net."""

BELOW_CALLING: Final = 0.49
"""An image on which no net was called has at most this probability of one."""

AREA: Final = "net.area_cm2"
PROBABILITY: Final = "net.probability"
MESH_PX: Final = "net.mesh_px"

SHAPE_MEASURES: Final[Mapping[str, str]] = {
    "net.mesh_mm": "mesh_mm",
    "net.length_density_per_mm": "length_density_per_mm",
    "net.junction_density_per_mm2": "junction_density_per_mm2",
    "net.isotropy": "isotropy",
    "net.loops": "loops",
}
"""Measures of the largest net, and the fields of `NetGeometry` that they are."""

NET_MEASURES: Final[Mapping[str, str]] = {AREA: "area_cm2", **SHAPE_MEASURES}
"""The same with the area, which is that of all nets."""

TOO_FEW_JUNCTIONS: Final = say("too few junctions in the net")
NO_NET: Final = say("no net was found")
"""Why a measure of a net is missing."""


def net_meanings() -> dict[str, Meaning]:
    """Label, unit and code of every measure of a net."""
    declared = declared_meanings(NetGeometry)
    meanings = {name: declared[field] for name, field in NET_MEASURES.items()}
    meanings[PROBABILITY] = Meaning(label=say("Probability that calcium here is net-like"), unit="1")
    meanings[MESH_PX] = declared["mesh_px"]
    return meanings


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CandidateNet:
    """A patch that may be a net."""

    finding: Finding
    patch: Mask
    """Area that it covers, in the box of the finding."""
    geometry: NetGeometry
    probability: float
    """That it is a net, by the detector's map and by its geometry together."""
    part: Factor | None = None
    """True over marked area, where it is known how the detector errs; None: what is marked is taken for the net."""

    @property
    def is_called(self) -> bool:
        """Whether it goes into the record."""
        return self.probability >= CALLED_FROM


def find_nets(image: Image, calcium: Calcium, *, error_known: bool = True) -> list[CandidateNet]:
    """Every patch that may be a net, largest first.

    `error_known`: how much of a net the detector marks was measured on such images.
    """
    nets = []
    for finding in calcium.findings:
        if finding.kind is not Kind.NET or finding.patch is None:
            continue
        geometry = net_geometry(finding.mask, finding.patch, image.pixel_mm)
        probability = net_call(finding.probability or 0.0, net_probability(geometry.topology))
        net = CandidateNet(finding=finding, patch=finding.patch, geometry=geometry, probability=probability)
        if error_known:
            net = _estimate_whole(net)
        nets.append(net)
    return sorted(nets, key=_get_area_px, reverse=True)


def _estimate_whole(net: CandidateNet) -> CandidateNet:
    """The net with what it truly measures, not what of it was marked."""
    return replace(net, geometry=correct_mesh(net.geometry), part=area_factor(net.geometry))


def _get_area_px(net: CandidateNet) -> float:
    return float(net.patch.sum())


def label_called(calcium: Calcium, nets: Sequence[CandidateNet]) -> NDArray[np.uint8]:
    """The label map without the patches that are not called nets."""
    labels = calcium.labels.copy()
    for net in nets:
        if net.is_called:
            continue
        row, column = net.finding.origin
        height, width = net.finding.mask.shape
        box = labels[row : row + height, column : column + width]
        box[net.finding.mask & (box == LABELS[Kind.NET])] = 0
    return labels


def record_nets(
    image: Image, regions: Regions, nets: Sequence[CandidateNet], ids: Iterator[str]
) -> list[FindingRecord]:
    """Enter the nets that are called, each with the next id."""
    return [_record_net(image, regions, net, next(ids)) for net in nets if net.is_called]


def _record_net(image: Image, regions: Regions, net: CandidateNet, finding_id: str) -> FindingRecord:
    return FindingRecord(
        id=finding_id,
        kind="net",
        probability=net.probability,
        outline=outline_mask(net.patch, net.finding.origin),
        **locate_finding(image, regions, net.finding),
        **_measure_area(image, net),
    )


def _measure_area(image: Image, net: CandidateNet) -> dict[str, Any]:
    """Area of a net: marked in pixels, true in mm² with its interval where it is known how much of a net is marked."""
    measured = measure_area(image, net.patch)
    if net.part is not None and "area_mm2" in measured:
        measured["area_mm2"], measured["area_interval_mm2"] = net.part.apply(measured["area_mm2"])
    return measured


def measure_nets(measurements: Measurements, image: Image, nets: Sequence[CandidateNet], highest_score: float) -> None:
    """Measure all nets: always their probability, their area, and the shape of the largest.

    Parameters
    ----------
    measurements
        Where the numbers are put.
    image
        Its pixel size decides which of them there are.
    nets
        Candidates, largest first; those that are called are measured.
    highest_score
        Highest mean probability that the detector's map gives any place of the image; the answer where no net is
        called, up to `BELOW_CALLING`.
    """
    called = [net for net in nets if net.is_called]
    measurements.put(PROBABILITY, _summarise_probability(nets, highest_score))
    without_value = TOO_FEW_JUNCTIONS
    if image.pixel_mm is None:
        without_value = image.why_no_mm
        measurements.refuse([AREA], image.why_no_mm)
    else:
        measurements.put(AREA, *_sum_areas(called))
    if not called:
        measurements.refuse(SHAPE_MEASURES, NO_NET)
        return
    largest = called[0].geometry
    put_shape(measurements, largest, without_value)
    if image.pixel_mm is None and largest.mesh_px is not None:
        measurements.put(MESH_PX, largest.mesh_px)


def _sum_areas(nets: Sequence[CandidateNet]) -> tuple[float, tuple[float, float] | None]:
    """Area of nets together in cm2, and its interval: what makes one too small makes all of them."""
    marked_cm2 = [net.geometry.area_cm2 or 0.0 for net in nets]
    parts = [net.part for net in nets if net.part is not None]
    if not nets or len(parts) < len(nets):
        return sum(marked_cm2), None
    area_cm2, low_cm2, high_cm2 = 0.0, 0.0, 0.0
    for part, marked in zip(parts, marked_cm2, strict=True):
        typical, (low, high) = part.apply(marked)
        area_cm2, low_cm2, high_cm2 = area_cm2 + typical, low_cm2 + low, high_cm2 + high
    return area_cm2, (low_cm2, high_cm2)


def score_nets(nets: Sequence[CandidateNet], highest_score: float) -> float:
    """How net-like the most net-like place of an image is, 0 to 1.

    Nothing is called by it, and where nothing was called it is not kept below calling.

    Parameters
    ----------
    nets
        Candidates, called or not.
    highest_score
        As of `measure_nets`.
    """
    return min(max([highest_score, *(net.probability for net in nets)]), 1.0)


def _summarise_probability(nets: Sequence[CandidateNet], highest_score: float) -> float:
    """Probability of the surest net; where none is called, that of the surest place, kept below that of a net."""
    highest = max([net.probability for net in nets], default=0.0)
    if highest >= CALLED_FROM:
        return highest
    return min(max(highest, highest_score), BELOW_CALLING)


def put_shape(measurements: Measurements, geometry: NetGeometry, without_value: str) -> None:
    """Put the measures of the largest net; `without_value` is said of those that its geometry lacks."""
    measured = {row.name: row for row in rows(geometry)}
    for name, field in SHAPE_MEASURES.items():
        row = measured[field]
        if row.value is None:
            measurements.refuse([name], without_value)
        else:
            measurements.put(name, float(row.value), row.interval95)
