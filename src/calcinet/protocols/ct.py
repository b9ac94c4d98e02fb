"""One CT -> what stands in the record, its picture and the voxels of every finding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.errors import NotMeasurable
from calcinet.findings.ct.finder import CtCalcium, find_calcium_on_ct
from calcinet.findings.finding import LABELS, Kind
from calcinet.image import Image
from calcinet.measure.agatston import AgatstonScore, agatston_score
from calcinet.measure.calibre import CalibreClasses
from calcinet.measure.ct_mass import Calibration, calcium_mass
from calcinet.measure.ct_visibility import CtVisibility, thinnest_line_on_ct
from calcinet.measure.network import Network
from calcinet.measure.result import rows
from calcinet.protocols.ct_marks import Measured, body_part, measured_lesions
from calcinet.protocols.ct_words import contrast_words, ct_cautions, ct_statement
from calcinet.protocols.examined import ExaminedImage
from calcinet.protocols.projection import from_the_front, labels_from_the_front
from calcinet.protocols.radiograph import NET_MEASURES
from calcinet.protocols.sheet import Sheet
from calcinet.record import CtArtery, CtRecord, CtScore, ImageRecord, Meaning, NotMeasured
from calcinet.text import say

ARTERY: Final = "artery"
LEVELS: Final = ("trunk", "thigh", "lower leg", "foot", "unknown")
COMPARTMENTS: Final = ("artery", "muscle", "subcutis", "skin", "bone overlap", "unknown")
"""In the order of the table."""

NO_CALIBRATION: Final = say("uncalibrated: a mass needs inserts of known density scanned alike")
ONE_SLICE: Final = say("one slice has no volume")


def _meanings() -> dict[str, Meaning]:
    """Label, unit and code of every measure of a CT."""
    agatston = {row.name: row for row in rows(AgatstonScore)}
    network = {row.name: row for row in rows(Network)}
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


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """A CT and all that was found on it."""

    image: Image
    found: CtCalcium
    measured: Sequence[Measured]
    contrast: bool | None
    """Whether blood holds contrast agent, by header and picture."""
    vessels: NDArray[np.bool_]
    """Where an Agatston score may count: arteries, shape of the volume."""


def examine_ct(image: Image, image_id: str, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure everything on one CT."""
    picture = from_the_front(image.pixels)
    try:
        found = find_calcium_on_ct(image, image.known.bones, image.known.arteries)
    except NotMeasurable as refusal:
        nothing = np.zeros(picture.shape, dtype=np.uint8)
        return _empty(image, image_id, str(refusal)), ExaminedImage(picture, nothing, {}, {})
    measured = measured_lesions(image, found, classes)
    contrast = _contrast(image, found)
    scan = _Scan(image, found, measured, contrast, _where(found, measured, lambda m: m.record.compartment == ARTERY))
    sheet = Sheet()
    _visibility(sheet, scan)
    _volumes(sheet, scan)
    cautions = _agatston(sheet, scan)
    _mass(sheet, scan)
    _lengths(sheet, scan)
    _nets(sheet, scan)
    for one in measured:
        if one.no_calibre is not None:
            sheet.missing[f"{one.record.id}.calibre_mm"] = one.no_calibre
    seen = sheet.measures.pop("resolvable_mm")
    record = _header(image, image_id).model_copy(
        update={
            **_site(image, found),
            "resolvable_mm": seen,
            "statements": ct_statement(seen, contrast, found.threshold_hu),
            "cautions": tuple(dict.fromkeys((*image.cautions, *cautions, *ct_cautions(image, contrast)))),
            "findings": tuple(m.record for m in measured),
            "measures": sheet.measures,
            "intervals95": sheet.intervals,
            "not_measured": tuple(NotMeasured(measure=name, because=why) for name, why in sheet.missing.items()),
            "ct": _part(scan),
        }
    )
    return ImageRecord.model_validate(record.model_dump()), _examined(scan, picture)


def _site(image: Image, found: CtCalcium) -> dict[str, str | None]:
    """Body part and side: the file's word goes before what the bones show."""
    part, side = body_part(found)
    return {
        "anatomy": part if image.anatomy == "unknown" else image.anatomy,
        "laterality": image.laterality or side,
    }


def _contrast(image: Image, found: CtCalcium) -> bool | None:
    """Whether there is contrast agent: what the picture shows goes before what the header says."""
    return True if found.pool is not None else image.acquisition.contrast


def _where(found: CtCalcium, measured: Sequence[Measured], chosen: Callable[[Measured], bool]) -> NDArray[np.bool_]:
    out = np.zeros(found.anatomy.grid.shape, dtype=bool)
    for one in measured:
        if chosen(one):
            out[one.lesion.part.box] |= one.lesion.part.mask
    return out


def _visibility(sheet: Sheet, scan: _Scan) -> None:
    spacing, tissue = scan.image.spacing_mm, scan.found.muscle
    assert spacing is not None
    seen = sheet.tried(
        lambda: thinnest_line_on_ct(
            spacing, scan.image.acquisition.slice_thickness_mm, tissue.noise_hu, tissue.mean_hu, scan.found.threshold_hu
        ),
        ["resolvable_mm"],
    )
    if seen is not None:
        sheet.put("resolvable_mm", seen.resolvable_mm)


def _volumes(sheet: Sheet, scan: _Scan) -> None:
    sheet.put("ct.lesions", len(scan.measured))
    names = ("ct.volume_mm3", "ct.artery_volume_mm3", "ct.soft_tissue_volume_mm3")
    if scan.image.pixels.shape[0] == 1:
        sheet.refuse(list(names), ONE_SLICE)
        return
    volume = [(m.record.compartment, m.record.volume_mm3 or 0.0) for m in scan.measured]
    sheet.put("ct.volume_mm3", sum((mm3 for _, mm3 in volume), 0.0))
    sheet.put("ct.artery_volume_mm3", sum((mm3 for where, mm3 in volume if where == ARTERY), 0.0))
    soft = ("muscle", "subcutis", "skin")
    sheet.put("ct.soft_tissue_volume_mm3", sum((mm3 for where, mm3 in volume if where in soft), 0.0))


def _agatston(sheet: Sheet, scan: _Scan) -> tuple[str, ...]:
    """The score of the arteries; its cautions."""
    kvp = scan.image.acquisition.kvp
    scored = sheet.tried(
        lambda: agatston_score(scan.image, scan.vessels, contrast=scan.contrast, kvp=kvp),
        ["ct.agatston", "ct.agatston_area_mm2"],
    )
    if scored is None:
        return ()
    sheet.put("ct.agatston", scored.score)
    sheet.put("ct.agatston_area_mm2", scored.lesion_area_mm2)
    return scored.cautions


def _mass(sheet: Sheet, scan: _Scan) -> None:
    slope = scan.image.acquisition.mg_per_cm3_per_hu
    if slope is None:
        sheet.refuse(["ct.mass_mg"], NO_CALIBRATION)
    elif scan.contrast:
        sheet.refuse(["ct.mass_mg"], say("contrast agent present: its brightness would count as calcium"))
    elif scan.image.pixels.shape[0] == 1:
        sheet.refuse(["ct.mass_mg"], ONE_SLICE)
    else:
        every = _where(scan.found, scan.measured, lambda _: True)
        sheet.put("ct.mass_mg", calcium_mass(scan.image, every, Calibration(slope)).mass_mg)


def _lengths(sheet: Sheet, scan: _Scan) -> None:
    names = ["ct.artery_length_mm", "ct.calcified_length_mm", "ct.calcified_percent"]
    if not scan.found.paths:
        sheet.refuse(names, say("no artery's course is shown by calcium"))
        return
    length = sum(path.length_mm for path in scan.found.paths)
    calcified = sum(path.calcified_mm for path in scan.found.paths)
    for name, value in zip(names, (length, calcified, 100 * calcified / length), strict=True):
        sheet.put(name, value)


def _nets(sheet: Sheet, scan: _Scan) -> None:
    """Area of all nets, shape of the largest."""
    nets = sorted((m for m in scan.measured if m.net is not None), key=lambda m: -(m.record.area_mm2 or 0.0))
    sheet.put("net.area_cm2", sum((m.record.area_mm2 or 0.0 for m in nets), 0.0) / 100)
    if not nets:
        missing = [name for name in NET_MEASURES if name != "net.area_cm2"]
        sheet.refuse([*missing, "net.probability"], say("no net was found"))
        return
    sheet.put("net.probability", max(m.record.probability or 0.0 for m in nets))
    for name, own in NET_MEASURES.items():
        if name == "net.area_cm2":
            continue
        value = getattr(nets[0].net, own)
        if value is None:
            sheet.refuse([name], say("too few junctions in the net"))
        else:
            sheet.put(name, float(value), getattr(nets[0].net, f"{own}_interval", None))


def _part(scan: _Scan) -> CtRecord:
    image, taken = scan.image, scan.image.acquisition
    assert image.spacing_mm is not None
    slices, height, width = image.pixels.shape
    return CtRecord(
        shape=(slices, height, width),
        spacing_mm=image.spacing_mm,
        kvp=taken.kvp,
        kernel=taken.kernel,
        slice_thickness_mm=taken.slice_thickness_mm,
        series=taken.why,
        contrast=scan.contrast,
        contrast_basis=contrast_words(taken.contrast, scan.found.pool),
        threshold_hu=scan.found.threshold_hu,
        noise_hu=scan.found.muscle.noise_hu,
        scores=_scores(scan),
        arteries=_arteries(scan),
        left_out={str(name): count for name, count in scan.found.left_out.items()},
    )


def _scores(scan: _Scan) -> tuple[CtScore, ...]:
    """Calcium by side, level and compartment; the Agatston score where arteries are scored at all."""
    groups: dict[tuple[str | None, str, str], list[Measured]] = {}
    for one in scan.measured:
        key = one.record.side, one.record.level or "unknown", one.record.compartment
        groups.setdefault(key, []).append(one)
    order = sorted(groups, key=lambda k: (k[0] or "", LEVELS.index(k[1]), COMPARTMENTS.index(k[2])))
    return tuple(_score(scan, key, groups[key]) for key in order)


def _score(scan: _Scan, key: tuple[str | None, str, str], members: Sequence[Measured]) -> CtScore:
    side, level, compartment = key
    flat = scan.image.pixels.shape[0] == 1
    return CtScore.model_validate(
        {
            "side": side,
            "level": level,
            "compartment": compartment,
            "lesions": len(members),
            "volume_mm3": None if flat else sum(m.record.volume_mm3 or 0.0 for m in members),
            "agatston": _group_agatston(scan, members) if compartment == ARTERY else None,
        }
    )


def _group_agatston(scan: _Scan, members: Sequence[Measured]) -> float | None:
    """Score of some lesions, in the box that holds them."""
    boxes = [m.lesion.part.box for m in members]
    low = [min(box[k].start for box in boxes) for k in range(3)]
    high = [max(box[k].stop for box in boxes) for k in range(3)]
    where = np.zeros([b - a for a, b in zip(low, high, strict=True)], dtype=bool)
    for m in members:
        inner = tuple(slice(at.start - a, at.stop - a) for at, a in zip(m.lesion.part.box, low, strict=True))
        where[inner] |= m.lesion.part.mask
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    cut = Image(scan.image.pixels[box], scan.image.spacing_mm, scan.image.unit, modality="CT")
    try:
        return agatston_score(cut, where, contrast=scan.contrast).score
    except NotMeasurable:
        return None


def _arteries(scan: _Scan) -> tuple[CtArtery, ...]:
    return tuple(
        CtArtery(
            side=scan.measured[path.members[0]].record.side,
            findings=tuple(scan.measured[n].record.id for n in path.members),
            length_mm=path.length_mm,
            calcified_mm=path.calcified_mm,
            calcified_percent=100 * path.calcified_share,
        )
        for path in scan.found.paths
    )


def _examined(scan: _Scan, picture: NDArray[np.float32]) -> ExaminedImage:
    voxels = {m.record.id: m.lesion.part.voxels() for m in scan.measured}
    kinds = {m.record.id: LABELS[Kind(m.record.kind)] for m in scan.measured}
    every = np.concatenate([*voxels.values(), np.empty((0, 3), np.intp)])
    labels = np.concatenate([*(np.full(len(v), kinds[name]) for name, v in voxels.items()), np.empty(0, np.intp)])
    slices, height, width = scan.image.pixels.shape
    mask = labels_from_the_front(every, labels.astype(np.uint8), (slices, height, width))
    return ExaminedImage(picture, mask, voxels, kinds)


def _header(image: Image, image_id: str) -> ImageRecord:
    """What is known of the image before anything is looked for; shape and spacing are those of its picture."""
    slices, _, width = image.pixels.shape
    return ImageRecord.model_construct(
        id=image_id,
        source=image.source,
        sha256=image.sha256,
        modality=image.modality,
        anatomy=image.anatomy,
        laterality=image.laterality,
        view=None,
        shape=(slices, width),
        spacing_mm=None if image.spacing_mm is None else (image.spacing_mm[0], image.spacing_mm[2]),
        spacing_basis=image.spacing_basis,
        magnification=1.0,
    )


def _empty(image: Image, image_id: str, because: str) -> ImageRecord:
    """A CT on which there is nothing to examine."""
    refused = {"reason": say("{because}; give a CT that shows a body", because=because), "code": "no-tissue"}
    header = _header(image, image_id).model_dump(exclude_defaults=True)
    return ImageRecord.model_validate({**header, "cautions": image.cautions, "refused": refused})
