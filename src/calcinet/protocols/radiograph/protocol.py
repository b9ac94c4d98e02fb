"""One radiograph -> what stands in the record, and its label map."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet import weights_manifest
from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage
from calcinet.findings.finding import LABELS, Kind
from calcinet.findings.radiograph.finder import Calcium, find_calcium
from calcinet.findings.radiograph.tissue_map import Regions, Tissue, find_regions
from calcinet.geometry.skeleton import line_length
from calcinet.image import Image
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.measure.net.geometry import NetGeometry, network
from calcinet.measure.radiograph.burden import Burden, burden
from calcinet.measure.radiograph.contrast import contrast_per_mm
from calcinet.measure.radiograph.noise_power import noise_power
from calcinet.measure.radiograph.sharpness import blur_sigma_px
from calcinet.measure.radiograph.visibility import IDEAL, Observer, Visibility, thinnest_visible_line
from calcinet.measure.result import Row, rows
from calcinet.protocols.image_header import header_of, nothing_to_examine
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.radiograph.finding_records import (
    NO_OPTICS,
    NO_SPACING,
    Optics,
    courses,
    foci,
    net_mark,
    vessels,
)
from calcinet.protocols.summary import could_show, too_fine
from calcinet.record import FindingRecord, ImageRecord, Meaning, NotMeasured
from calcinet.text import say

NET_MEASURES: Final = {
    "net.area_cm2": "area_cm2",
    "net.mesh_mm": "mesh_mm",
    "net.length_density_per_mm": "length_density_per_mm",
    "net.junction_density_per_mm2": "junction_density_per_mm2",
    "net.isotropy": "isotropy",
    "net.loops": "loops",
}
"""Names in the record of the fields of `NetGeometry`."""


def _meanings() -> dict[str, Meaning]:
    """Label, unit and code of every measure of a radiograph, read where each is declared."""

    def meaning(row: Row) -> Meaning:
        return Meaning(label=row.label, unit=row.unit, code=row.code)

    declared = {row.name: meaning(row) for kind in (Burden, Visibility) for row in rows(kind)}
    of_net = {row.name: meaning(row) for row in rows(NetGeometry)}
    return {
        **declared,
        **{name: of_net[field_name] for name, field_name in NET_MEASURES.items()},
        "net.probability": Meaning(label=say("Probability that calcium here is net-like"), unit="1"),
        "net.mesh_px": of_net["mesh_px"],
        "calcified_area_px": Meaning(label=say("Calcified area"), unit="{pixel}"),
        "calcified_length_px": Meaning(label=say("Calcified length, centre lines summed"), unit="{pixel}"),
        "marked_soft_tissue_percent": Meaning(label=say("Share of the soft tissue that is marked"), unit="%"),
    }


MEANINGS: Final = _meanings()


def examine_radiograph(image: Image, image_id: str, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure everything on one film."""
    sheet = Measurements()
    try:
        regions = find_regions(image)
    except NotMeasurable as refusal:
        nothing = np.zeros(image.plane.shape, dtype=np.uint8)
        reason = say("{because}; give a film that shows a limb", because=str(refusal))
        return nothing_to_examine(image, header_of(image, image_id), reason), ExaminedImage.of(image, nothing)
    with ThreadPoolExecutor(max_workers=1) as beside:
        measured = beside.submit(optics_of, image, regions)
        calcium, optics = find_calcium(image, regions), measured.result()
    seen = sheet.tried(lambda: _visibility(image, regions, optics), ["resolvable_mm"])
    nets, labels = nets_of(image, regions, calcium)
    called = [net.mark for net in nets if net.called]
    traced = vessels(image, regions, calcium, optics, classes)
    ids = {number: f"f{place}" for place, number in enumerate(traced, start=len(called) + 1)}
    marked = [
        *((mark, None) for mark in called),
        *traced.values(),
        *((focus, None) for focus in foci(image, regions, calcium)),
    ]
    found = []
    for number, (item, why) in enumerate(marked, start=1):
        found.append(item.model_copy(update={"id": f"f{number}"}))
        if why is not None:
            sheet.missing[f"f{number}.calibre_mm"] = why
    measure_net(sheet, image, calcium, nets)
    _measure_burden(sheet, image, regions, calcium, labels)
    if seen is not None:
        for row in rows(seen):
            sheet.put(row.name, row.value, row.interval95)
    cautions = (*image.cautions, *regions.cautions, *(seen.cautions if seen else ()), *too_fine(seen, found))
    record = header_of(image, image_id).model_copy(
        update={
            "resolvable_mm": seen.resolvable_mm if seen else None,
            "statements": (could_show(seen, found, sheet.missing.get("resolvable_mm", "")),),
            "cautions": tuple(dict.fromkeys(cautions)),
            "findings": tuple(found),
            "courses": courses(image, calcium, ids),
            "measures": {name: value for name, value in sheet.measures.items() if name != "resolvable_mm"},
            "intervals95": sheet.intervals,
            "not_measured": tuple(NotMeasured(measure=m, because=why) for m, why in sheet.missing.items()),
        }
    )
    return ImageRecord.model_validate(record.model_dump()), ExaminedImage.of(image, labels)


def optics_of(image: Image, regions: Regions) -> Optics | None:
    """Noise and blur of the film; None where it has too little soft tissue."""
    try:
        noise = noise_power(image.plane, regions[Tissue.SOFT], image.pixel_mm or (1.0, 1.0))
    except NotMeasurable:
        return None
    return Optics(noise, blur_sigma_px(image.plane, regions.labels != Tissue.BORDER))


def _visibility(image: Image, regions: Regions, optics: Optics | None) -> Visibility:
    image.require_pixel_mm()
    if optics is None:
        raise NotMeasurable(NO_OPTICS)
    contrast = contrast_per_mm(image, regions)
    measured = weights_manifest.line_ratio()
    detector = IDEAL if measured is None else Observer(measured[0], measured[1:])
    return thinnest_visible_line(image, optics.noise, optics.sharpness, contrast, detector)


@dataclass(frozen=True, slots=True)
class CandidateNet:
    """A patch that may be a net: its mark and its shape."""

    mark: FindingRecord
    shape: NetGeometry

    @property
    def called(self) -> bool:
        """Whether it goes into the record."""
        return (self.mark.probability or 0.0) >= CALLED


def nets_of(image: Image, regions: Regions, calcium: Calcium) -> tuple[list[CandidateNet], NDArray[np.uint8]]:
    """Every patch that may be a net, largest first; and the label map without those that are not called."""
    nets, labels = [], calcium.labels.copy()
    for finding in calcium.findings:
        if finding.kind is not Kind.NET:
            continue
        shape = network(finding.mask, finding.patch, image.pixel_mm)
        net = CandidateNet(net_mark(image, regions, finding, shape), shape)
        nets.append(net)
        if not net.called:
            row, column = finding.origin
            box = labels[row : row + finding.mask.shape[0], column : column + finding.mask.shape[1]]
            box[finding.mask & (box == LABELS[Kind.NET])] = 0
    return sorted(nets, key=lambda net: -(net.mark.area_px or 0)), labels


def measure_net(sheet: Measurements, image: Image, calcium: Calcium, nets: list[CandidateNet]) -> None:
    """The net's probability always; the area of all nets, and the shape of the largest, where there is one."""
    called = [net for net in nets if net.called]
    probable = [net.mark.probability or 0.0 for net in nets]
    highest = max([*probable, calcium.net_score])
    sheet.put("net.probability", max(probable) if called else min(highest, BELOW_CALLING))
    spaced = image.pixel_mm is not None
    if spaced:
        sheet.put("net.area_cm2", sum(net.shape.area_cm2 or 0.0 for net in called))
    else:
        sheet.refuse(["net.area_cm2"], NO_SPACING)
    if not called:
        sheet.refuse([name for name in NET_MEASURES if name != "net.area_cm2"], say("no net was found"))
        return
    shape = called[0].shape
    for name, field_name in NET_MEASURES.items():
        value = getattr(shape, field_name)
        if value is None:
            sheet.refuse([name], NO_SPACING if not spaced else say("too few junctions in the net"))
        elif name != "net.area_cm2":
            sheet.put(name, float(value), getattr(shape, f"{field_name}_interval", None))
    if not spaced and shape.mesh_px is not None:
        sheet.put("net.mesh_px", shape.mesh_px)


CALLED: Final = 0.5
"""A patch at least this probable is called a net."""

BELOW_CALLING: Final = 0.49
"""A film on which no net was called has at most this probability of one."""


def _measure_burden(
    sheet: Measurements, image: Image, regions: Regions, calcium: Calcium, labels: NDArray[np.uint8]
) -> None:
    lines = tuple(line for f in calcium.findings for line in f.centre_lines)
    names = [row.name for row in rows(Burden)]
    amount = sheet.tried(lambda: burden(image, labels, regions, lines), names)
    if amount is not None:
        for row in rows(amount):
            sheet.put(row.name, row.value, row.interval95)
            if row.value is None:
                sheet.refuse([row.name], say("no air beside the limb: the depth under the skin is unknown"))
    if image.pixel_mm is None:
        sheet.put("calcified_area_px", float((labels > 0).sum()))
        sheet.put("calcified_length_px", sum((line_length(line) for line in lines), 0.0))
    soft = regions[Tissue.SOFT]
    if soft.any():
        sheet.put("marked_soft_tissue_percent", 100 * float((labels[soft] > 0).mean()))
    else:
        sheet.refuse(["marked_soft_tissue_percent"], say("no soft tissue on this film"))
