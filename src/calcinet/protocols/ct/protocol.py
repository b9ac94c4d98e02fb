"""One CT -> its record, its picture and the voxels of every finding."""

from dataclasses import replace

import numpy as np

from calcinet.arrays import Indices, Pixels
from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage, ExaminedVolume
from calcinet.findings.ct.finder import CtCalcium, find_calcium_on_ct
from calcinet.findings.finding import LABELS, Kind
from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.progress import MEASURING, enter_stage
from calcinet.protocols.corrections import NOTHING, Corrections
from calcinet.protocols.ct.body_site import name_site
from calcinet.protocols.ct.corrected import correct_deposits
from calcinet.protocols.ct.finding_records import measure_deposits
from calcinet.protocols.ct.projection import project_labels, project_volume
from calcinet.protocols.ct.scan import Scan
from calcinet.protocols.ct.scan_measures import (
    explain_calibres,
    measure_agatston,
    measure_artery_lengths,
    measure_mass,
    measure_nets,
    measure_visibility,
    measure_volumes,
)
from calcinet.protocols.ct.scan_record import record_scan
from calcinet.protocols.ct.sentences import list_cautions, state_visibility
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.image_header import header_of, refuse_without_body
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.net_measures import PROBABILITY
from calcinet.record import ImageRecord
from calcinet.text import say


def examine_ct(
    image: Image,
    image_id: str,
    classes: CalibreClasses,
    corrections: Corrections = NOTHING,
    groundwork: Groundwork | None = None,
) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure everything on one CT."""
    picture = project_volume(image.pixels)
    header = header_of(image, image_id, picture.shape, _find_picture_mm(image))
    try:
        found = _find_calcium(image, groundwork)
    except NotMeasurable as refusal:
        reason = say("{because}; give a CT that shows a body", because=str(refusal))
        nothing_marked = np.zeros(picture.shape, dtype=np.uint8)
        volume = ExaminedVolume.of(image, {}, {})
        examined = ExaminedImage.of(image, nothing_marked, picture=picture, volume=volume)
        return refuse_without_body(image, header, reason), examined
    enter_stage(MEASURING, 0.6, 1.0)
    known = None
    if corrections:
        kept = correct_deposits(found, corrections, image.require_spacing_mm())
        found = kept.found
        scan = Scan(image, found, measure_deposits(image, found, classes, kept.ids, kept.placed))
    else:
        known = Groundwork(optics=None, found=found, vessels={}, classes=classes)
        scan = Scan(image, found, measure_deposits(image, found, classes))
    measurements = Measurements()
    resolvable_mm = measure_visibility(measurements, scan)
    measure_volumes(measurements, scan)
    agatston_cautions = measure_agatston(measurements, scan)
    measure_mass(measurements, scan)
    measure_artery_lengths(measurements, scan)
    measure_nets(measurements, scan, resolvable_mm)
    explain_calibres(measurements, scan)
    cautions = (*image.cautions, *agatston_cautions, *list_cautions(scan.contrast, found))
    record = ImageRecord(
        **(header | name_site(image, found.anatomy)),
        **measurements.as_fields(),
        resolvable_mm=resolvable_mm,
        net_score=measurements.measures[PROBABILITY],
        statements=state_visibility(resolvable_mm, scan.contrast, found.threshold_hu),
        cautions=tuple(dict.fromkeys(cautions)),
        findings=tuple(measured.record for measured in scan.measured),
        ct=record_scan(scan),
    )
    return record, replace(_mark_picture(scan, picture), groundwork=known)


def _find_calcium(image: Image, groundwork: Groundwork | None) -> CtCalcium:
    """The calcium of a CT, unless it was found before; raises NotMeasurable where there is no body."""
    if groundwork is None:
        return find_calcium_on_ct(image, image.known.bones, image.known.arteries)
    assert isinstance(groundwork.found, CtCalcium)
    return groundwork.found


def _find_picture_mm(image: Image) -> tuple[float, float] | None:
    """Distance of rows and of columns of the projection from the front."""
    if image.spacing_mm is None:
        return None
    slice_mm, _, column_mm = image.spacing_mm
    return slice_mm, column_mm


def _mark_picture(scan: Scan, picture: Pixels) -> ExaminedImage:
    """The picture with the voxels and the label of every finding, by its id."""
    voxels: dict[str, Indices] = {}
    kinds: dict[str, int] = {}
    marked, labels = [np.empty((0, 3), np.intp)], [np.empty(0, np.uint8)]
    for measured in scan.measured:
        finding = measured.record
        voxels[finding.id] = measured.deposit.part.voxels()
        kinds[finding.id] = LABELS[Kind(finding.kind)]
        marked.append(voxels[finding.id])
        labels.append(np.full(len(voxels[finding.id]), kinds[finding.id], np.uint8))
    slices, height, width = scan.image.pixels.shape
    mask = project_labels(np.concatenate(marked), np.concatenate(labels), (slices, height, width))
    volume = ExaminedVolume.of(scan.image, voxels, kinds)
    return ExaminedImage.of(scan.image, mask, picture=picture, volume=volume)
