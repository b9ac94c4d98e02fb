"""One mammogram -> its record, of the arteries of the breast and of nets under the skin, and its label map."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calcinet import weights_manifest
from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage
from calcinet.findings.finding import Kind
from calcinet.findings.mammogram.arteries import Artery
from calcinet.findings.mammogram.breast import BreastMap, find_breast
from calcinet.findings.mammogram.finder import BreastCalcium, find_breast_calcium
from calcinet.image import Image
from calcinet.mask_labels import VESSEL, Tissue
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.mammogram.bac_grade import BreastGrade, breast_grade
from calcinet.measure.mammogram.length_error import bound_length
from calcinet.measure.result import rows
from calcinet.progress import CALCIUM, MEASURING, TISSUE, enter_stage, tell_step
from calcinet.protocols.corrections import NOTHING, Corrections
from calcinet.protocols.finding_fields import generate_ids, record_focus
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.image_header import header_of, refuse_without_body
from calcinet.protocols.mammogram.corrected import correct_findings
from calcinet.protocols.mammogram.meanings import AREA_MM2, AREA_PX, CALIBRE_MM, LENGTH_MM, LENGTH_PX
from calcinet.protocols.mammogram.sentences import (
    GRADES,
    NO_ARTERY,
    NO_CONTRAST,
    SIZE_ASSUMED,
    caution_coarse_pixels,
    state_grade,
    state_spots,
    state_unknown_visibility,
)
from calcinet.protocols.measurements import RESOLVABLE, Measurements
from calcinet.protocols.net_measures import find_nets, label_called, measure_nets, record_nets, score_nets
from calcinet.protocols.optics import Optics, measure_optics
from calcinet.protocols.size_condition import condition_of, describe_export
from calcinet.protocols.vessel_records import (
    NOTHING_MEASURED,
    MeasuredProjection,
    RecordedVessel,
    VesselLength,
    explain_calibres,
    known_calibres_mm,
    record_vessel,
)
from calcinet.record import NOT_A_CANCER_READING, BreastRecord, FindingRecord, ImageRecord
from calcinet.text import say
from calcinet.vocabulary import ArteryPattern


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MeasuredMammogram:
    """What was found on one mammogram, its findings numbered: nets first, then arteries, longest first."""

    image: Image
    measured: Image
    """The same without a pixel size where it is assumed: the numbers of the whole breast are then in pixels."""
    breast: BreastMap
    found: BreastCalcium
    grade: BreastGrade
    nets: Sequence[FindingRecord]
    arteries: Sequence[RecordedVessel]
    foci: Sequence[FindingRecord]
    """What a reader calls other calcium."""
    net_score: float
    """As of `ImageRecord`."""

    def artery_records(self) -> list[FindingRecord]:
        """Entries of the arteries."""
        return [artery.record for artery in self.arteries]


def examine_mammogram(
    image: Image,
    image_id: str,
    classes: CalibreClasses,
    corrections: Corrections = NOTHING,
    groundwork: Groundwork | None = None,
) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure the calcium of arteries, and nets under the skin, on one mammogram; see `examine_radiograph`."""
    enter_stage(TISSUE, 0.1, 0.2)
    try:
        breast = find_breast(image)
    except NotMeasurable as refusal:
        return _refuse_mammogram(image, image_id, str(refusal))
    enter_stage(CALCIUM, 0.2, 0.7)
    recalled: Mapping[int, RecordedVessel] = {}
    if groundwork is None:
        found, optics = _search(image, breast)
    else:
        assert isinstance(groundwork.found, BreastCalcium)
        found, optics = groundwork.found, groundwork.optics
        recalled = groundwork.recall_vessels(classes)
    enter_stage(MEASURING, 0.7, 1.0)
    measured = _leave_assumed_size_out(image)
    projection = MeasuredProjection(
        image=image,
        regions=breast.regions,
        optics=optics,
        classes=classes,
        size_known=condition_of(image) is None,
    )
    candidates = find_nets(measured, found.calcium, error_known=False)
    ids = generate_ids()
    foci: list[FindingRecord] = []
    if corrections:
        kept = correct_findings(found, candidates, corrections)
        found, candidates, ids = kept.found, list(kept.nets), iter(kept.ids)
        foci = [record_focus(image, breast.regions, focus, name) for name, focus in kept.foci.items()]
    labels = label_called(found.calcium, candidates)
    mammogram = MeasuredMammogram(
        image=image,
        measured=measured,
        breast=breast,
        found=found,
        grade=breast_grade([artery.pattern for artery in found.arteries]),
        nets=record_nets(image, breast.regions, candidates, ids),
        arteries=record_arteries(projection, found, ids, recalled),
        foci=foci,
        net_score=score_nets(candidates, found.calcium.net_score),
    )
    measurements = Measurements()
    measurements.explain(RESOLVABLE, _explain_visibility(measured))
    measure_arteries(measurements, mammogram, labels)
    measure_nets(measurements, measured, candidates, found.calcium.net_score)
    explain_calibres(measurements, mammogram.arteries)
    known = None
    if not corrections:
        known = Groundwork(optics=optics, found=found, vessels=_number_arteries(mammogram), classes=classes)
    return _record_image(mammogram, image_id, measurements), ExaminedImage.of(image, labels, groundwork=known)


def _search(image: Image, breast: BreastMap) -> tuple[BreastCalcium, Optics | None]:
    """The marks of a mammogram, and beside them its noise and blur."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        optics_measured = beside.submit(measure_optics, image, breast.regions)
        return find_breast_calcium(image, breast), optics_measured.result()


def _number_arteries(mammogram: MeasuredMammogram) -> dict[int, RecordedVessel]:
    """The measured arteries by their numbers among the findings."""
    findings = mammogram.found.calcium.findings
    numbers = [number for number, finding in enumerate(findings) if finding.kind is Kind.VESSEL]
    return dict(zip(numbers, mammogram.arteries, strict=True))


def _leave_assumed_size_out(image: Image) -> Image:
    if condition_of(image) is None:
        return image
    return replace(image, spacing_mm=None)


def _refuse_mammogram(image: Image, image_id: str, because: str) -> tuple[ImageRecord, ExaminedImage]:
    """A picture that shows no breast."""
    header = header_of(image, image_id, image.plane.shape, image.pixel_mm)
    reason = say("{because}; give a mammogram", because=because)
    nothing_marked = np.zeros(image.plane.shape, np.uint8)
    return refuse_without_body(image, header, reason), ExaminedImage.of(image, nothing_marked)


def record_arteries(
    projection: MeasuredProjection,
    found: BreastCalcium,
    ids: Iterator[str],
    recalled: Mapping[int, RecordedVessel] = NOTHING_MEASURED,
) -> list[RecordedVessel]:
    """Enter the arteries, each with the next id; their length is that of their calcium, gaps left out.

    `recalled`: arteries that were measured before, by the identity of their findings.
    """
    vessels = [finding for finding in found.calcium.findings if finding.kind is Kind.VESSEL]
    records: list[RecordedVessel] = []
    for finding, artery in zip(vessels, found.arteries, strict=True):
        tell_step(len(records), len(vessels))
        finding_id = next(ids)
        if id(finding) in recalled:
            records.append(recalled[id(finding)])
            continue
        length = _measure_calcified(projection.image, artery)
        records.append(record_vessel(projection, finding, finding_id, length))
    return records


def _measure_calcified(image: Image, artery: Artery) -> VesselLength:
    if image.pixel_mm is None:
        return VesselLength(calcified_length(artery), None)
    return VesselLength(calcified_length(artery), calcified_length(artery, image.pixel_mm))


def calcified_length(artery: Artery, pixel: tuple[float, float] = (1.0, 1.0)) -> float:
    """Length of an artery's line beside which calcium is marked, by the distance of rows and of columns."""
    steps = np.hypot(*(np.diff(artery.centre_line, axis=0) * pixel).T)
    return float((steps * (artery.calcified[1:] & artery.calcified[:-1])).sum())


def sum_calcified(arteries: Iterable[Artery], pixel: tuple[float, float] = (1.0, 1.0)) -> float:
    """Calcified length of several arteries together."""
    return sum((calcified_length(artery, pixel) for artery in arteries), 0.0)


def _explain_visibility(image: Image) -> str:
    """Why the thinnest visible line of a mammogram is not known."""
    if image.pixel_mm is None:
        return image.why_no_mm
    return NO_CONTRAST


def measure_arteries(measurements: Measurements, mammogram: MeasuredMammogram, labels: NDArray[np.uint8]) -> None:
    """Put grade, length, area and calibre of the arteries that are marked in `labels`, shape (Y, X)."""
    for row in rows(mammogram.grade):
        measurements.put(f"bac.{row.name}", row.value)
    pixel_mm, arteries = mammogram.measured.pixel_mm, mammogram.found.arteries
    area_px = float((labels == VESSEL).sum())
    if pixel_mm is None:
        measurements.refuse([LENGTH_MM, AREA_MM2, CALIBRE_MM], mammogram.measured.why_no_mm)
        measurements.put(LENGTH_PX, sum_calcified(arteries))
        measurements.put(AREA_PX, area_px)
        return
    length_mm = sum_calcified(arteries, pixel_mm)
    measurements.put(LENGTH_MM, length_mm, bound_length(length_mm, max(pixel_mm)))
    measurements.put(AREA_MM2, area_px * pixel_mm[0] * pixel_mm[1])
    _put_median_calibre(measurements, mammogram.artery_records())


def _put_median_calibre(measurements: Measurements, arteries: Sequence[FindingRecord]) -> None:
    calibres = known_calibres_mm(arteries)
    if calibres:
        measurements.put(CALIBRE_MM, float(np.median(calibres)))
    elif arteries:
        measurements.refuse([CALIBRE_MM], say("no artery's calibre could be measured"))
    else:
        measurements.refuse([CALIBRE_MM], NO_ARTERY)


def _record_image(mammogram: MeasuredMammogram, image_id: str, measurements: Measurements) -> ImageRecord:
    image = mammogram.image
    statements = [
        state_unknown_visibility(measurements.missing[RESOLVABLE], describe_export(image)),
        state_grade(mammogram.grade.grade),
        NOT_A_CANCER_READING,
    ]
    if mammogram.found.grains:
        statements.append(state_spots(mammogram.found.grains))
    return ImageRecord(
        **header_of(image, image_id, image.plane.shape, image.pixel_mm),
        **measurements.as_fields(),
        lengths_hold_if=condition_of(image),
        net_score=mammogram.net_score,
        statements=tuple(statements),
        cautions=_gather_cautions(mammogram),
        findings=(*mammogram.nets, *mammogram.artery_records(), *mammogram.foci),
        breast=_record_breast(mammogram),
    )


def _gather_cautions(mammogram: MeasuredMammogram) -> tuple[str, ...]:
    """Every caution once, in the order of the examination."""
    image = mammogram.image
    cautions = [*image.cautions, *mammogram.breast.regions.cautions]
    if image.pixel_mm is None:
        cautions.append(SIZE_ASSUMED)
    else:
        cautions += caution_coarse_pixels(max(image.pixel_mm))
    return tuple(dict.fromkeys(cautions))


def _record_breast(mammogram: MeasuredMammogram) -> BreastRecord:
    breast, grade = mammogram.breast, mammogram.grade.grade
    tissue_px = int(breast.regions[Tissue.SOFT].sum()) or 1
    return BreastRecord(
        grade=grade,
        grade_means=GRADES[grade],
        coarse_arteries=_select_arteries(mammogram, "coarse"),
        punctate_arteries=_select_arteries(mammogram, "punctate"),
        not_assessed=mammogram.found.grains,
        chest_wall=breast.chest_wall,
        nipple=breast.nipple,
        pectoral_percent=min(100.0, 100 * float(breast.pectoral.sum()) / tissue_px),
        detector=weights_manifest.MAMMOGRAM,
        detector_sha256=weights_manifest.sha256(weights_manifest.MAMMOGRAM),
        examination=mammogram.image.examination,
    )


def _select_arteries(mammogram: MeasuredMammogram, pattern: ArteryPattern) -> tuple[str, ...]:
    """Ids of the arteries whose calcium has one pattern."""
    ids = []
    for recorded, artery in zip(mammogram.arteries, mammogram.found.arteries, strict=True):
        if artery.pattern == pattern:
            ids.append(recorded.record.id)
    return tuple(ids)
