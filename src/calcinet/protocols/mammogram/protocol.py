"""One mammogram -> what the record says of the arteries of the breast, and its label map; and each breast in sum."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet import weights_manifest
from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage
from calcinet.findings.finding import Kind
from calcinet.findings.mammogram.arteries import Artery
from calcinet.findings.mammogram.breast import BreastMap, find_breast
from calcinet.findings.mammogram.finder import BreastCalcium, find_breast_calcium
from calcinet.findings.radiograph.tissue_map import Tissue
from calcinet.image import Image
from calcinet.mask_labels import VESSEL
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.measure.mammogram.bac_grade import BreastGrade, breast_grade
from calcinet.measure.result import rows
from calcinet.protocols.image_header import header_of, nothing_to_examine
from calcinet.protocols.mammogram.sentences import (
    GRADES,
    NO_ARTERY,
    NO_CONTRAST,
    SIZE_ASSUMED,
    grade_sentence,
    spots_sentence,
    too_coarse,
    unknown,
)
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.radiograph.finding_records import NO_SPACING, Marked, Optics, vessel_mark
from calcinet.protocols.radiograph.protocol import MEANINGS as OF_RADIOGRAPHS
from calcinet.protocols.radiograph.protocol import (
    NET_MEASURES,
    CandidateNet,
    measure_net,
    nets_of,
    optics_of,
)
from calcinet.record import NOT_A_CANCER_READING, BreastRecord, BreastSummary, ImageRecord, Meaning, NotMeasured
from calcinet.text import say


def _meanings() -> dict[str, Meaning]:
    """Label and unit of every measure of a mammogram."""
    graded = {f"bac.{row.name}": Meaning(label=row.label, unit=row.unit) for row in rows(BreastGrade)}
    shared = ("net.probability", "net.mesh_px", *NET_MEASURES)
    return {
        **graded,
        "bac.length_mm": Meaning(label=say("Calcified length of breast arteries"), unit="mm"),
        "bac.area_mm2": Meaning(label=say("Calcified area of breast arteries"), unit="mm2"),
        "bac.calibre_mm": Meaning(label=say("Median outer diameter of calcified breast arteries"), unit="mm"),
        "bac.length_px": Meaning(label=say("Calcified length of breast arteries"), unit="{pixel}"),
        "bac.area_px": Meaning(label=say("Calcified area of breast arteries"), unit="{pixel}"),
        **{name: OF_RADIOGRAPHS[name] for name in shared},
    }


MEANINGS: Final = _meanings()


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What was found on one mammogram, before it is put into words and numbers."""

    image: Image
    breast: BreastMap
    found: BreastCalcium
    grade: BreastGrade
    nets: Sequence[CandidateNet]
    arteries: Sequence[Marked]
    """Their lines of the record, each with why it has no calibre, or None."""


def examine_mammogram(image: Image, image_id: str, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage]:
    """Find and measure the calcium of arteries, and nets under the skin, on one mammogram."""
    try:
        breast = find_breast(image)
    except NotMeasurable as refusal:
        return _without_breast(image, image_id, str(refusal))
    with ThreadPoolExecutor(max_workers=1) as beside:
        measured = beside.submit(optics_of, image, breast.regions)
        found, optics = find_breast_calcium(image, breast), measured.result()
    sheet = Measurements()
    sheet.refuse(["resolvable_mm"], NO_CONTRAST if image.pixel_mm else NO_SPACING)
    nets, labels = nets_of(image, breast.regions, found.calcium)
    grade = breast_grade([artery.pattern for artery in found.arteries])
    seen = _Seen(image, breast, found, grade, nets, _arteries(image, breast, found, optics, classes))
    _measure_arteries(sheet, seen, labels)
    measure_net(sheet, image, found.calcium, nets)
    return _record(seen, image_id, sheet), ExaminedImage.of(image, labels)


def _record(seen: _Seen, image_id: str, sheet: Measurements) -> ImageRecord:
    """Everything about one mammogram, its findings numbered: nets first, then arteries, longest first."""
    image = seen.image
    called = [net.mark for net in seen.nets if net.called]
    findings = []
    for number, (item, why) in enumerate([*((mark, None) for mark in called), *seen.arteries], start=1):
        findings.append(item.model_copy(update={"id": f"f{number}"}))
        if why is not None:
            sheet.missing[f"f{number}.calibre_mm"] = why
    ids = [finding.id for finding in findings[len(called) :]]
    doubts = too_coarse(max(image.pixel_mm)) if image.pixel_mm else (SIZE_ASSUMED,)
    record = header_of(image, image_id).model_copy(
        update={
            "resolvable_mm": None,
            "statements": (
                unknown(sheet.missing["resolvable_mm"]),
                grade_sentence(seen.grade.grade),
                NOT_A_CANCER_READING,
                *_spots(seen.found),
            ),
            "cautions": tuple(dict.fromkeys((*image.cautions, *seen.breast.regions.cautions, *doubts))),
            "findings": tuple(findings),
            "measures": {name: value for name, value in sheet.measures.items() if name != "resolvable_mm"},
            "intervals95": sheet.intervals,
            "not_measured": tuple(NotMeasured(measure=m, because=why) for m, why in sheet.missing.items()),
            "breast": _breast_record(seen, ids),
        }
    )
    return ImageRecord.model_validate(record.model_dump())


def _spots(found: BreastCalcium) -> tuple[str, ...]:
    return (spots_sentence(found.grains),) if found.grains else ()


def _breast_record(seen: _Seen, ids: Sequence[str]) -> BreastRecord:
    breast, found = seen.breast, seen.found
    by_pattern = {
        pattern: tuple(one for one, artery in zip(ids, found.arteries, strict=True) if artery.pattern == pattern)
        for pattern in ("coarse", "punctate")
    }
    tissue = int(breast.regions[Tissue.SOFT].sum()) or 1
    return BreastRecord(
        grade=seen.grade.grade,
        grade_means=GRADES[seen.grade.grade],
        coarse_arteries=by_pattern["coarse"],
        punctate_arteries=by_pattern["punctate"],
        not_assessed=found.grains,
        chest_wall=breast.chest_wall,
        nipple=breast.nipple,
        pectoral_percent=min(100.0, 100 * float(breast.pectoral.sum()) / tissue),
        detector=weights_manifest.MAMMOGRAM,
        detector_sha256=weights_manifest.sha256(weights_manifest.MAMMOGRAM),
        examination=seen.image.examination,
    )


def _arteries(
    image: Image, breast: BreastMap, found: BreastCalcium, optics: Optics | None, classes: CalibreClasses
) -> list[Marked]:
    """The arteries' lines of the record; their length is that of their calcium, gaps left out."""
    marks = []
    vessels = [finding for finding in found.calcium.findings if finding.kind is Kind.VESSEL]
    for finding, artery in zip(vessels, found.arteries, strict=True):
        mark, why = vessel_mark(image, breast.regions, finding, optics, classes)
        lengths = {"length_px": _calcified(artery, (1.0, 1.0))}
        if image.pixel_mm is not None:
            lengths["length_mm"] = _calcified(artery, image.pixel_mm)
        marks.append((mark.model_copy(update=lengths), why))
    return marks


def _calcified(artery: Artery, pixel: tuple[float, float]) -> float:
    """Length of an artery's line beside which calcium is marked."""
    steps = np.hypot(*(np.diff(artery.centre_line, axis=0) * pixel).T)
    return float((steps * (artery.calcified[1:] & artery.calcified[:-1])).sum())


def _measure_arteries(sheet: Measurements, seen: _Seen, labels: NDArray[np.uint8]) -> None:
    """Grade, length, area and calibre of the arteries."""
    image, found, marks = seen.image, seen.found, seen.arteries
    for row in rows(seen.grade):
        sheet.put(f"bac.{row.name}", row.value)
    pixels = float((labels == VESSEL).sum())
    if image.pixel_mm is None:
        sheet.refuse(["bac.length_mm", "bac.area_mm2", "bac.calibre_mm"], NO_SPACING)
        sheet.put("bac.length_px", sum((_calcified(artery, (1.0, 1.0)) for artery in found.arteries), 0.0))
        sheet.put("bac.area_px", pixels)
        return
    sheet.put("bac.length_mm", sum((_calcified(artery, image.pixel_mm) for artery in found.arteries), 0.0))
    sheet.put("bac.area_mm2", pixels * image.pixel_mm[0] * image.pixel_mm[1])
    calibres = [mark.calibre_mm for mark, _ in marks if mark.calibre_mm is not None]
    if calibres:
        sheet.put("bac.calibre_mm", float(np.median(calibres)))
    else:
        sheet.refuse(["bac.calibre_mm"], say("no artery's calibre could be measured") if marks else NO_ARTERY)


def _without_breast(image: Image, image_id: str, because: str) -> tuple[ImageRecord, ExaminedImage]:
    """A picture on which there is nothing to examine."""
    why = say("{because}; give a mammogram", because=because)
    record = nothing_to_examine(image, header_of(image, image_id), why)
    return record, ExaminedImage.of(image, np.zeros(image.plane.shape, np.uint8))


def breasts(images: Sequence[ImageRecord]) -> tuple[BreastSummary, ...]:
    """Each breast over its views of one examination; a mammogram whose side is not named stands alone.

    Two views show the same arteries from two sides: grades are not added, and lengths are those of the view that shows
    most. Years lie between two examinations: each has a row of its own.
    """
    views: dict[tuple[int, str, int], list[ImageRecord]] = {}
    for image in images:
        if image.breast is not None:
            views.setdefault(_whose(image, image.breast), []).append(image)
    return tuple(_breast(group) for _, group in sorted(views.items()))


def _whose(image: ImageRecord, breast: BreastRecord) -> tuple[int, str, int]:
    """What the views of one breast have in common; sides come left, right, then those that are not named."""
    key = image.laterality if image.laterality in ("L", "R") else image.id
    return len(key), key, breast.examination or 0


def _breast(views: Sequence[ImageRecord]) -> BreastSummary:
    """One breast over views that are all of one examination."""
    most = max(views, key=lambda image: (image.measures.get("bac.length_mm") or 0.0, _grade(image)))
    grade = max(_grade(image) for image in views)
    calibres = [f.calibre_mm for image in views for f in image.findings if f.kind == "vessel" and f.calibre_mm]
    side = views[0].laterality
    return BreastSummary(
        side=side if side in ("L", "R") else None,
        examination=views[0].breast.examination if views[0].breast else None,
        images=tuple(image.id for image in views),
        views=tuple(image.view or "" for image in views),
        grade=grade,
        grade_means=GRADES[grade],
        length_mm=most.measures.get("bac.length_mm"),
        area_mm2=most.measures.get("bac.area_mm2"),
        calibre_mm=float(np.median(calibres)) if calibres else None,
    )


def _grade(image: ImageRecord) -> int:
    return image.breast.grade if image.breast is not None else 0
