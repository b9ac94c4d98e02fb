"""One radiograph -> its record and its label map."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from calcinet import weights_manifest
from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage
from calcinet.findings.projection_calcium import Calcium
from calcinet.findings.radiograph.finder import find_calcium
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.radiograph.contrast import contrast_per_mm
from calcinet.measure.radiograph.visibility import IDEAL, Observer, Visibility, thinnest_visible_line
from calcinet.measure.result import rows
from calcinet.progress import CALCIUM, MEASURING, TISSUE, enter_stage
from calcinet.protocols.corrections import NOTHING, Corrections
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.image_header import header_of, refuse_without_body
from calcinet.protocols.measurements import RESOLVABLE, Measurements
from calcinet.protocols.net_measures import find_nets, label_called, measure_nets, score_nets
from calcinet.protocols.optics import NO_OPTICS, Optics, measure_optics
from calcinet.protocols.radiograph.burden import measure_burden
from calcinet.protocols.radiograph.corrected import correct_calcium
from calcinet.protocols.radiograph.film_size import SizedFilm, settle_size
from calcinet.protocols.radiograph.finding_records import number_findings, record_findings
from calcinet.protocols.radiograph.sentences import state_finer_marks, state_visibility
from calcinet.protocols.radiograph.vessel_courses import record_courses
from calcinet.protocols.size_condition import describe_export
from calcinet.protocols.vessel_records import MeasuredProjection, RecordedVessel, explain_calibres
from calcinet.record import FindingRecord, ImageRecord
from calcinet.text import Text, say, sentences


def examine_radiograph(
    image: Image,
    image_id: str,
    classes: CalibreClasses,
    corrections: Corrections = NOTHING,
    groundwork: Groundwork | None = None,
) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure everything on one film, after what a reader corrected; its groundwork is not sought again."""
    enter_stage(TISSUE, 0.1, 0.2)
    try:
        film = settle_size(image)
    except NotMeasurable as refusal:
        return _refuse_film(image, image_id, str(refusal))
    searched, regions = film.searched, film.regions
    enter_stage(CALCIUM, 0.2, 0.5)
    measured: Mapping[int, RecordedVessel] = {}
    if groundwork is None:
        calcium, optics = _search(image, searched, regions)
    else:
        assert isinstance(groundwork.found, Calcium)
        calcium, optics = groundwork.found, groundwork.optics
        measured = groundwork.recall_vessels(classes)
    projection = MeasuredProjection(
        image=image, regions=regions, optics=optics, classes=classes, size_known=film.hold_if is None
    )
    enter_stage(MEASURING, 0.5, 1.0)
    measurements = Measurements()
    visibility = _measure_visibility(measurements, searched, regions, optics)
    nets = find_nets(searched, calcium)
    ids: Mapping[int, str] = number_findings(calcium, nets)
    if corrections:
        noise_sd = None if optics is None else optics.noise.sd
        corrected = correct_calcium(calcium, ids, corrections, image, noise_sd)
        calcium, ids = corrected.calcium, corrected.ids
        nets = corrected.call_nets(find_nets(searched, calcium))
    labels = label_called(calcium, nets)
    found = record_findings(projection, calcium, nets, ids, measured)
    explain_calibres(measurements, found.vessels.values())
    measure_nets(measurements, searched, nets, calcium.net_score)
    measure_burden(measurements, searched, regions, calcium, labels)
    _put_visibility(measurements, visibility)
    record = ImageRecord(
        **header_of(image, image_id, image.plane.shape, image.pixel_mm),
        **measurements.as_fields(),
        resolvable_mm=None if visibility is None else visibility.resolvable_mm,
        net_score=score_nets(nets, calcium.net_score),
        lengths_hold_if=film.hold_if,
        statements=(_state_limits(image, film, visibility, found.records(), measurements),),
        cautions=_gather_cautions(image, film, visibility),
        findings=found.records(),
        courses=record_courses(image, calcium, found.vessels),
    )
    known = None
    if not corrections:
        known = Groundwork(optics=optics, found=calcium, vessels=found.vessels, classes=classes)
    return record, ExaminedImage.of(image, labels, groundwork=known)


def _search(image: Image, searched: Image, regions: Regions) -> tuple[Calcium, Optics | None]:
    """The marks of a film, and beside them its noise and blur."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        optics_measured = beside.submit(measure_optics, image, regions)
        return find_calcium(searched, regions), optics_measured.result()


def _refuse_film(image: Image, image_id: str, because: str) -> tuple[ImageRecord, ExaminedImage]:
    """A film that shows no limb."""
    header = header_of(image, image_id, image.plane.shape, image.pixel_mm)
    reason = say("{because}; give a film that shows a limb", because=because)
    nothing_marked = np.zeros(image.plane.shape, dtype=np.uint8)
    return refuse_without_body(image, header, reason), ExaminedImage.of(image, nothing_marked)


def _measure_visibility(
    measurements: Measurements, image: Image, regions: Regions, optics: Optics | None
) -> Visibility | None:
    """The thinnest line that the film could have shown; where it is unknown, the reason is explained."""
    try:
        return _find_thinnest_line(image, regions, optics)
    except NotMeasurable as refusal:
        measurements.explain(RESOLVABLE, str(refusal))
        return None


def _find_thinnest_line(image: Image, regions: Regions, optics: Optics | None) -> Visibility:
    image.require_pixel_mm()
    if optics is None:
        raise NotMeasurable(NO_OPTICS)
    contrast = contrast_per_mm(image, regions)
    detector = IDEAL
    line_ratio = weights_manifest.line_ratio()
    if line_ratio is not None:
        detector = Observer(line_ratio[0], line_ratio[1:])
    return thinnest_visible_line(image, optics.noise, optics.sharpness, contrast, detector)


def _put_visibility(measurements: Measurements, visibility: Visibility | None) -> None:
    """Put what the thinnest visible line was worked out from, and its interval."""
    if visibility is None:
        return
    measurements.put_interval(RESOLVABLE, visibility.resolvable_mm_interval)
    for row in rows(visibility):
        if row.name != RESOLVABLE:
            measurements.put(row.name, row.value, row.interval95)


def _state_limits(
    image: Image,
    film: SizedFilm,
    visibility: Visibility | None,
    found: Sequence[FindingRecord],
    measurements: Measurements,
) -> Text:
    """That it is an export, where it is one; what it could have shown; and which marks are finer than that."""
    said: list[Text] = []
    export = describe_export(image)
    if export is not None:
        said.append(export)
    said.append(state_visibility(visibility, found, measurements.missing.get(RESOLVABLE, "")))
    said += [say("The pixel size is in doubt: {question}", question=doubt) for doubt in film.doubts]
    said += state_finer_marks(visibility, found)
    return sentences(*said)


def _gather_cautions(image: Image, film: SizedFilm, visibility: Visibility | None) -> tuple[str, ...]:
    """Every caution once, in the order of the examination."""
    cautions = [*image.cautions, *film.doubts, *film.regions.cautions]
    if visibility is not None:
        cautions += visibility.cautions
    return tuple(dict.fromkeys(cautions))
