"""Measures of a whole CT: volumes, Agatston score, mass, length of arteries, nets, the thinnest visible line."""

from collections.abc import Sequence
from typing import Final

from calcinet.errors import NotMeasurable
from calcinet.measure.ct.agatston import agatston_score
from calcinet.measure.ct.calcified_length import add_lengths, share_percent
from calcinet.measure.ct.mass import Calibration, calcium_mass
from calcinet.measure.ct.visibility import thinnest_line_on_ct
from calcinet.measure.radiograph.visibility import CANNOT_TELL_MM
from calcinet.protocols.ct.finding_records import MeasuredDeposit, MeasuredPiece, sum_volumes
from calcinet.protocols.ct.meanings import (
    AGATSTON,
    AGATSTON_AREA,
    ARTERY_LENGTH,
    ARTERY_VOLUME,
    CALCIFIED_LENGTH,
    CALCIFIED_PERCENT,
    LESIONS,
    MASS,
    SOFT_TISSUE_VOLUME,
    VOLUME,
)
from calcinet.protocols.ct.scan import ARTERY, COMPARTMENTS, Scan, measure_path
from calcinet.protocols.measurements import RESOLVABLE, Measurements
from calcinet.protocols.net_measures import (
    AREA,
    NO_NET,
    PROBABILITY,
    SHAPE_MEASURES,
    TOO_FEW_JUNCTIONS,
    put_shape,
)
from calcinet.text import say

NO_CALIBRATION: Final = say("uncalibrated: a mass needs inserts of known density scanned alike")
ONE_SLICE: Final = say("one slice has no volume")
MAY_BE_BLOOD: Final = say(
    "contrast agent was given, and no pool of blood was seen above which calcium could be told: marks may be blood"
)
"""Why a measure is missing."""


def measure_visibility(measurements: Measurements, scan: Scan) -> float | None:
    """The thinnest line that could have been seen, in mm; where it is not known, the reason is explained."""
    muscle = scan.found.muscle
    try:
        visibility = thinnest_line_on_ct(
            scan.image.require_spacing_mm(),
            scan.image.acquisition.slice_thickness_mm,
            muscle.noise_hu,
            muscle.mean_hu,
            scan.found.threshold_hu,
        )
    except NotMeasurable as refusal:
        measurements.explain(RESOLVABLE, str(refusal))
        return None
    return visibility.resolvable_mm


def measure_volumes(measurements: Measurements, scan: Scan) -> None:
    """Put the number of deposits and their volume: of all, of arteries, of soft tissue."""
    measurements.put(LESIONS, sum(len(measured.pieces) for measured in scan.measured))
    volumes = [VOLUME, ARTERY_VOLUME, SOFT_TISSUE_VOLUME]
    if scan.is_single_slice:
        measurements.refuse(volumes, ONE_SLICE)
    elif scan.blood_is_marked:
        measurements.refuse(volumes, MAY_BE_BLOOD)
    else:
        _put_volume(measurements, VOLUME, scan.pieces_in(*COMPARTMENTS))
        _put_volume(measurements, ARTERY_VOLUME, scan.pieces_in(ARTERY))
        _put_volume(measurements, SOFT_TISSUE_VOLUME, scan.pieces_in("muscle", "subcutis", "skin"))


def _put_volume(measurements: Measurements, name: str, pieces: Sequence[MeasuredPiece]) -> None:
    """Put the volume of some calcium with its interval; where nothing was marked there is none."""
    volume = sum_volumes(pieces)
    if volume is None:
        measurements.refuse([name], ONE_SLICE)
    elif volume.mm3:
        measurements.put(name, volume.mm3, volume.interval)
    else:
        measurements.put(name, 0.0)


def measure_agatston(measurements: Measurements, scan: Scan) -> tuple[str, ...]:
    """Put the score of the arteries; returns its cautions."""
    arteries = scan.mask_of(scan.in_compartment(ARTERY))
    try:
        scored = agatston_score(scan.image, arteries, contrast=scan.contrast, kvp=scan.image.acquisition.kvp)
    except NotMeasurable as refusal:
        measurements.refuse([AGATSTON, AGATSTON_AREA], str(refusal))
        return ()
    measurements.put(AGATSTON, scored.score, scored.interval)
    measurements.put(AGATSTON_AREA, scored.lesion_area_mm2)
    return scored.cautions


def measure_mass(measurements: Measurements, scan: Scan) -> None:
    """Put the mass of hydroxyapatite, which needs a calibration."""
    slope = scan.image.acquisition.mg_per_cm3_per_hu
    if slope is None:
        measurements.refuse([MASS], NO_CALIBRATION)
    elif scan.contrast:
        measurements.refuse([MASS], say("contrast agent present: its brightness would count as calcium"))
    elif scan.is_single_slice:
        measurements.refuse([MASS], ONE_SLICE)
    else:
        every_deposit = scan.mask_of(scan.measured)
        mass = calcium_mass(scan.image, every_deposit, Calibration(slope))
        measurements.put(MASS, mass.mass_mg, mass.mass_interval_mg)


def measure_artery_lengths(measurements: Measurements, scan: Scan) -> None:
    """Put the length of the arteries that calcium shows, and how much of it is calcified."""
    names = [ARTERY_LENGTH, CALCIFIED_LENGTH, CALCIFIED_PERCENT]
    if scan.blood_is_marked:
        measurements.refuse(names, MAY_BE_BLOOD)
        return
    if not scan.found.paths:
        measurements.refuse(names, say("no artery's course is shown by calcium"))
        return
    length_mm = sum(path.length_mm for path in scan.found.paths)
    calcified = add_lengths(measure_path(scan, path) for path in scan.found.paths)
    measurements.put(ARTERY_LENGTH, length_mm)
    measurements.put(CALCIFIED_LENGTH, calcified.mm, calcified.interval_mm)
    measurements.put(CALCIFIED_PERCENT, share_percent(calcified.mm, length_mm))


def measure_nets(measurements: Measurements, scan: Scan, resolvable_mm: float | None) -> None:
    """Put the area of all nets and the shape of the largest.

    An area of zero is said only where a net could have been seen: where lines as thin as `CANNOT_TELL_MM` were visible.
    """
    nets = [measured for measured in scan.measured if measured.net is not None]
    if not nets:
        _put_no_net(measurements, resolvable_mm)
        return
    nets = sorted(nets, key=_get_area_mm2, reverse=True)
    area_mm2, probability = 0.0, 0.0
    for net in nets:
        area_mm2 += _get_area_mm2(net)
        probability = max(probability, net.record.probability or 0.0)
    measurements.put(AREA, area_mm2 / 100)
    measurements.put(PROBABILITY, probability)
    if nets[0].net is not None:
        put_shape(measurements, nets[0].net, TOO_FEW_JUNCTIONS)


def _put_no_net(measurements: Measurements, resolvable_mm: float | None) -> None:
    if resolvable_mm is not None and resolvable_mm <= CANNOT_TELL_MM:
        measurements.put(AREA, 0.0)
        measurements.refuse([*SHAPE_MEASURES, PROBABILITY], NO_NET)
        return
    because = NO_NET
    if resolvable_mm is not None:
        because = say("no net was found; lines finer than {width:.2f} mm could not have been seen", width=resolvable_mm)
    measurements.refuse([AREA, *SHAPE_MEASURES, PROBABILITY], because)


def _get_area_mm2(measured: MeasuredDeposit) -> float:
    return measured.record.area_mm2 or 0.0


def explain_calibres(measurements: Measurements, scan: Scan) -> None:
    """Say why vessels have no calibre."""
    for measured in scan.measured:
        if measured.no_calibre is not None:
            measurements.explain(f"{measured.record.id}.calibre_mm", measured.no_calibre)
