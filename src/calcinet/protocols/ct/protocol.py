"""One CT -> what stands in the record, its picture and the voxels of every finding."""

from typing import Final

import numpy as np

from calcinet.arrays import Pixels
from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage, ExaminedVolume
from calcinet.findings.ct.finder import CtCalcium, find_calcium_on_ct
from calcinet.findings.finding import LABELS, Kind
from calcinet.image import Image
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.measure.ct.agatston import AgatstonScore, agatston_score
from calcinet.measure.ct.mass import Calibration, calcium_mass
from calcinet.measure.ct.visibility import CtVisibility, thinnest_line_on_ct
from calcinet.measure.net.geometry import NetGeometry
from calcinet.measure.radiograph.visibility import CANNOT_TELL_MM
from calcinet.measure.result import rows
from calcinet.protocols.ct.finding_records import Measured, body_part, measured_lesions
from calcinet.protocols.ct.projection import from_the_front, labels_from_the_front
from calcinet.protocols.ct.scan import ARTERY, COMPARTMENTS, Scan, ct_part
from calcinet.protocols.ct.sentences import ct_cautions, ct_statement
from calcinet.protocols.image_header import header_of, nothing_to_examine
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.radiograph.protocol import NET_MEASURES
from calcinet.record import ImageRecord, Meaning, NotMeasured
from calcinet.text import say

NO_CALIBRATION: Final = say("uncalibrated: a mass needs inserts of known density scanned alike")
ONE_SLICE: Final = say("one slice has no volume")
MAY_BE_BLOOD: Final = say(
    "contrast agent was given, and no pool of blood was seen above which calcium could be told: marks may be blood"
)


def _meanings() -> dict[str, Meaning]:
    """Label, unit and code of every measure of a CT."""
    agatston = {row.name: row for row in rows(AgatstonScore)}
    network = {row.name: row for row in rows(NetGeometry)}
    seen = {row.name: row for row in rows(CtVisibility)}
    of_nets = {name: network[own] for name, own in NET_MEASURES.items()}
    declared = {
        "ct.agatston": agatston["score"],
        "ct.agatston_area_mm2": agatston["lesion_area_mm2"],
        **of_nets,
        **seen,
    }
    return {
        **{name: Meaning(label=row.label, unit=row.unit, code=row.code) for name, row in declared.items()},
        "ct.volume_mm3": Meaning(label=say("Volume of all calcium outside bone"), unit="mm3", code="DCM:122660"),
        "ct.artery_volume_mm3": Meaning(label=say("Volume of calcium in arteries"), unit="mm3", code="DCM:112197"),
        "ct.soft_tissue_volume_mm3": Meaning(label=say("Volume of calcium in skin, subcutis and muscle"), unit="mm3"),
        "ct.mass_mg": Meaning(label=say("Mass of hydroxyapatite outside bone"), unit="mg", code="DCM:122661"),
        "ct.artery_length_mm": Meaning(label=say("Length of the arteries that calcium shows"), unit="mm"),
        "ct.calcified_length_mm": Meaning(label=say("Calcified length of these arteries"), unit="mm"),
        "ct.calcified_percent": Meaning(label=say("Share of their length that is calcified"), unit="%"),
        "ct.lesions": Meaning(label=say("Parts of calcium outside bone"), unit="1"),
        "net.probability": Meaning(label=say("Probability that calcium here is net-like"), unit="1"),
    }


MEANINGS: Final = _meanings()


def examine_ct(image: Image, image_id: str, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure everything on one CT."""
    picture = from_the_front(image.pixels)
    try:
        found = find_calcium_on_ct(image, image.known.bones, image.known.arteries)
    except NotMeasurable as refusal:
        nothing = np.zeros(picture.shape, dtype=np.uint8)
        why = say("{because}; give a CT that shows a body", because=str(refusal))
        volume = ExaminedVolume.of(image, {}, {})
        examined = ExaminedImage.of(image, nothing, picture=picture, volume=volume)
        return nothing_to_examine(image, header_of(image, image_id), why), examined
    scan = Scan(image, found, measured_lesions(image, found, classes))
    sheet = Measurements()
    seen = _visibility(sheet, scan)
    _volumes(sheet, scan)
    cautions = _agatston(sheet, scan)
    _mass(sheet, scan)
    _lengths(sheet, scan)
    _nets(sheet, scan, seen)
    for one in scan.measured:
        if one.no_calibre is not None:
            sheet.missing[f"{one.record.id}.calibre_mm"] = one.no_calibre
    record = header_of(image, image_id).model_copy(
        update={
            **_site(image, found),
            "resolvable_mm": seen,
            "statements": ct_statement(seen, scan.contrast, found.threshold_hu),
            "cautions": tuple(dict.fromkeys((*image.cautions, *cautions, *ct_cautions(scan.contrast, found)))),
            "findings": tuple(m.record for m in scan.measured),
            "measures": sheet.measures,
            "intervals95": sheet.intervals,
            "not_measured": tuple(NotMeasured(measure=name, because=why) for name, why in sheet.missing.items()),
            "ct": ct_part(scan),
        }
    )
    return ImageRecord.model_validate(record.model_dump()), _examined(scan, picture)


PARTS_OF: Final = {"leg": ("thigh", "lower leg"), "lower extremity": ("thigh", "leg", "lower leg", "foot")}
"""What the name of a longer part holds."""


def in_artery(one: Measured) -> bool:
    """Whether a finding counts for the score of the arteries."""
    return one.record.compartment == ARTERY


def _site(image: Image, found: CtCalcium) -> dict[str, str | None]:
    """Body part and side: the file's word goes before what the bones show, unless that is more of the same limb.

    Without orientation there are no sides.
    """
    part, side = body_part(found)
    more = image.anatomy in PARTS_OF.get(part, ())
    if image.affine is None:
        side = None
    return {
        "anatomy": part if more or image.anatomy == "unknown" else image.anatomy,
        "laterality": image.laterality or side,
    }


def _visibility(sheet: Measurements, scan: Scan) -> float | None:
    """The thinnest line that could have been seen in mm; where it is not known the sheet says why."""
    spacing, tissue = scan.image.spacing_mm, scan.found.muscle
    assert spacing is not None
    seen = sheet.tried(
        lambda: thinnest_line_on_ct(
            spacing, scan.image.acquisition.slice_thickness_mm, tissue.noise_hu, tissue.mean_hu, scan.found.threshold_hu
        ),
        ["resolvable_mm"],
    )
    sheet.measures.pop("resolvable_mm", None)  # it has a field of its own
    return None if seen is None else seen.resolvable_mm


def _volumes(sheet: Measurements, scan: Scan) -> None:
    sheet.put("ct.lesions", len(scan.measured))
    parts = {
        "ct.volume_mm3": COMPARTMENTS,
        "ct.artery_volume_mm3": (ARTERY,),
        "ct.soft_tissue_volume_mm3": ("muscle", "subcutis", "skin"),
    }
    if scan.flat or scan.blood_is_marked:
        sheet.refuse(list(parts), ONE_SLICE if scan.flat else MAY_BE_BLOOD)
        return
    for name, compartments in parts.items():
        sheet.put(name, scan.sum_mm3(*compartments))


def _agatston(sheet: Measurements, scan: Scan) -> tuple[str, ...]:
    """The score of the arteries; its cautions."""
    kvp = scan.image.acquisition.kvp
    scored = sheet.tried(
        lambda: agatston_score(scan.image, scan.where(in_artery), contrast=scan.contrast, kvp=kvp),
        ["ct.agatston", "ct.agatston_area_mm2"],
    )
    if scored is None:
        return ()
    sheet.put("ct.agatston", scored.score)
    sheet.put("ct.agatston_area_mm2", scored.lesion_area_mm2)
    return scored.cautions


def _mass(sheet: Measurements, scan: Scan) -> None:
    slope = scan.image.acquisition.mg_per_cm3_per_hu
    if slope is None:
        sheet.refuse(["ct.mass_mg"], NO_CALIBRATION)
    elif scan.contrast:
        sheet.refuse(["ct.mass_mg"], say("contrast agent present: its brightness would count as calcium"))
    elif scan.flat:
        sheet.refuse(["ct.mass_mg"], ONE_SLICE)
    else:
        sheet.put("ct.mass_mg", calcium_mass(scan.image, scan.where(lambda _: True), Calibration(slope)).mass_mg)


def _lengths(sheet: Measurements, scan: Scan) -> None:
    names = ["ct.artery_length_mm", "ct.calcified_length_mm", "ct.calcified_percent"]
    if scan.blood_is_marked:
        sheet.refuse(names, MAY_BE_BLOOD)
        return
    if not scan.found.paths:
        sheet.refuse(names, say("no artery's course is shown by calcium"))
        return
    length = sum(path.length_mm for path in scan.found.paths)
    calcified = sum(path.calcified_mm for path in scan.found.paths)
    for name, value in zip(names, (length, calcified, 100 * calcified / length), strict=True):
        sheet.put(name, value)


def _nets(sheet: Measurements, scan: Scan, seen_mm: float | None) -> None:
    """Area of all nets, shape of the largest; that there is none is said only where one could have been seen."""
    nets = sorted((m for m in scan.measured if m.net is not None), key=lambda m: -(m.record.area_mm2 or 0.0))
    if not nets:
        blind = seen_mm is None or seen_mm > CANNOT_TELL_MM
        finer = say("no net was found; lines finer than {width:.2f} mm could not have been seen", width=seen_mm or 0.0)
        why = finer if seen_mm is not None and blind else say("no net was found")
        sheet.refuse([*NET_MEASURES, "net.probability"], why)
        if not blind:
            sheet.put("net.area_cm2", 0.0)
            del sheet.missing["net.area_cm2"]
        return
    sheet.put("net.area_cm2", sum((m.record.area_mm2 or 0.0 for m in nets), 0.0) / 100)
    sheet.put("net.probability", max(m.record.probability or 0.0 for m in nets))
    for name, own in NET_MEASURES.items():
        if name == "net.area_cm2":
            continue
        value = getattr(nets[0].net, own)
        if value is None:
            sheet.refuse([name], say("too few junctions in the net"))
        else:
            sheet.put(name, float(value), getattr(nets[0].net, f"{own}_interval", None))


def _examined(scan: Scan, picture: Pixels) -> ExaminedImage:
    voxels = {m.record.id: m.lesion.part.voxels() for m in scan.measured}
    kinds = {m.record.id: LABELS[Kind(m.record.kind)] for m in scan.measured}
    every = np.concatenate([*voxels.values(), np.empty((0, 3), np.intp)])
    labels = np.concatenate([*(np.full(len(v), kinds[name]) for name, v in voxels.items()), np.empty(0, np.intp)])
    slices, height, width = scan.image.pixels.shape
    mask = labels_from_the_front(every, labels.astype(np.uint8), (slices, height, width))
    volume = ExaminedVolume.of(scan.image, voxels, kinds)
    return ExaminedImage.of(scan.image, mask, picture=picture, volume=volume)
