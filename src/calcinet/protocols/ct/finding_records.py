"""What was found on a CT -> its lines of the record: place, form, volume, calibre."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.finder import CtCalcium, Deposit
from calcinet.findings.ct.levels import levels
from calcinet.findings.ct.nets import FLAT_MM
from calcinet.findings.finding import Kind
from calcinet.image import Image
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.measure.ct.calibre import CtCalibre, ct_calibre
from calcinet.measure.ct.volume import calcium_volume
from calcinet.measure.net.geometry import NetGeometry, net_geometry
from calcinet.measure.net.probability import net_probability
from calcinet.protocols.ct.projection import points_from_the_front
from calcinet.record import FindingRecord
from calcinet.text import say
from calcinet.vocabulary import BodyLevel

AROUND_MM: Final = 6.0
"""Tissue that is cut out about a lesion to measure it. Our choice: more than `measure.ct_volume` looks at."""

POINTS: Final = 60
"""Points of a centre line or outline that are kept. Our choice."""

SIDES: Final[Mapping[str | None, int]] = {None: 0, "R": 1, "L": 2}
"""Sides as `findings.ct.anatomy` numbers them."""


SHOWN_MM: Final = 30.0
"""A level that reaches less far is not said to be on the CT. Our choice: levels are told to about that."""

NAMES: Final[Mapping[frozenset[BodyLevel], str]] = {
    frozenset[BodyLevel]({"trunk"}): "trunk",
    frozenset[BodyLevel]({"thigh"}): "thigh",
    frozenset[BodyLevel]({"lower leg"}): "lower leg",
    frozenset[BodyLevel]({"foot"}): "foot",
    frozenset[BodyLevel]({"thigh", "lower leg"}): "leg",
    frozenset[BodyLevel]({"lower leg", "foot"}): "lower extremity",
    frozenset[BodyLevel]({"thigh", "lower leg", "foot"}): "lower extremity",
}
"""Body part of a CT by the levels that its bones show."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One lesion, numbered and measured."""

    lesion: Deposit
    record: FindingRecord
    net: NetGeometry | None = None
    no_calibre: str | None = None
    """Why a vessel has none."""


def measured_lesions(image: Image, found: CtCalcium, classes: CalibreClasses) -> list[Measured]:
    """Every lesion with its numbers, in the order of `found.lesions`; ids are given in that order."""
    by_side = {side: levels(found.anatomy, number) for side, number in SIDES.items()}
    every = found.labels()
    return [
        _measured(image, lesion, f"f{number}", every, _site(image, found, lesion, by_side[lesion.side]), classes)
        for number, lesion in enumerate(found.lesions, start=1)
    ]


def _site(image: Image, found: CtCalcium, lesion: Deposit, level: Sequence[BodyLevel]) -> dict[str, Any]:
    """Depth, compartment, side and level; what hangs on the skin is unknown where the picture cuts the body."""
    cropped = found.anatomy.cropped
    shallow = lesion.compartment in ("skin", "subcutis")
    z = int(lesion.shape.centre[0]) // found.anatomy.grid.block[0]
    return {
        "depth_mm": None if cropped else lesion.depth_mm,
        "compartment": "unknown" if cropped and shallow else lesion.compartment,
        "side": None if image.affine is None or cropped else lesion.side,
        "level": "unknown" if cropped else level[min(z, len(level) - 1)],
    }


def body_part(found: CtCalcium) -> tuple[str, str | None]:
    """Body part and side, as the bones show them: "unknown" and None where they do not."""
    anatomy = found.anatomy
    if anatomy.cropped:
        return "unknown", None
    present = [number for number in SIDES.values() if (anatomy.side[anatomy.body.any(axis=1)] == number).any()]
    reach = [level for number in present for level in levels(anatomy, number)]
    seen = {level for level in reach if reach.count(level) * anatomy.grid.mm[0] >= SHOWN_MM * len(present)}
    return NAMES.get(frozenset(seen - {"unknown"}), "unknown"), "B" if {1, 2} <= set(present) else None


def _measured(
    image: Image,
    lesion: Deposit,
    name: str,
    every: NDArray[np.uint8],
    site: dict[str, Any],
    classes: CalibreClasses,
) -> Measured:
    spacing = image.spacing_mm
    assert spacing is not None
    volume_mm3 = None if image.pixels.shape[0] == 1 else _volume_mm3(image, lesion, every)
    calibre, why = _calibre(lesion, spacing, volume_mm3)
    net = None if lesion.net is None else net_geometry(lesion.net.lines, lesion.net.patch, (FLAT_MM, FLAT_MM))
    record = FindingRecord(
        id=name,
        kind=lesion.kind.value,
        probability=None if net is None else net_probability(net.topology),
        calibre_mm=None if calibre is None else calibre.calibre_mm,
        calibre_class=_class(lesion, calibre, classes),
        length_mm=lesion.shape.length_mm if lesion.form == "tubular" else None,
        area_mm2=None if net is None or net.area_cm2 is None else 100 * net.area_cm2,
        form=lesion.form,
        volume_mm3=volume_mm3,
        peak_hu=lesion.peak_hu,
        **site,
        **_place(image, lesion),
    )
    return Measured(lesion, record, net, why)


def _volume_mm3(image: Image, lesion: Deposit, every: NDArray[np.uint8]) -> float:
    """Volume freed of blur; of a net the sum over its parts, so that a box round all of it is not needed."""
    pieces, count = ndimage.label(lesion.part.mask, structure=np.ones((3, 3, 3)))
    boxes = ndimage.find_objects(pieces) if count > 1 else [tuple(slice(0, size) for size in lesion.part.mask.shape)]
    total = 0.0
    for number, inner in enumerate(boxes, start=1):
        mask = pieces[inner] == number if count > 1 else lesion.part.mask
        start = [at.start + first for at, first in zip(inner, lesion.part.origin, strict=True)]
        total += _piece_mm3(image, mask, start, every)
    return total


def _piece_mm3(image: Image, mask: Mask, start: Sequence[int], every: NDArray[np.uint8]) -> float:
    assert image.spacing_mm is not None
    margin = [int(np.ceil(max(AROUND_MM, 2 * mm) / mm)) for mm in image.spacing_mm]
    low = [max(0, first - m) for first, m in zip(start, margin, strict=True)]
    high = [
        min(whole, first + size + m)
        for first, size, m, whole in zip(start, mask.shape, margin, image.pixels.shape, strict=True)
    ]
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    part = np.zeros([b - a for a, b in zip(low, high, strict=True)], dtype=bool)
    inner = tuple(slice(s - a, s - a + size) for s, a, size in zip(start, low, mask.shape, strict=True))
    part[inner] = mask
    cut = Image(image.pixels[box], image.spacing_mm, image.unit, modality=image.modality)
    return calcium_volume(cut, part, every[box] > 0).volume_mm3


def _calibre(
    lesion: Deposit, spacing: tuple[float, float, float], volume_mm3: float | None
) -> tuple[CtCalibre | None, str | None]:
    if lesion.kind is not Kind.VESSEL:
        return None, None
    if volume_mm3 is None:
        return None, say("one slice does not show a vessel's course")
    if lesion.form != "tubular":
        return None, say("a plaque that is not tubular has no calibre")
    try:
        return ct_calibre(lesion.part.voxels(), spacing, volume_mm3, lesion.shape.length_mm), None
    except NotMeasurable as refusal:
        return None, str(refusal)


def _class(lesion: Deposit, calibre: CtCalibre | None, classes: CalibreClasses) -> Any:
    """Class of a wall that goes round a lumen, or of a small vessel of the subcutis; a plaque's thickness has none."""
    if lesion.kind is not Kind.VESSEL or lesion.form != "tubular":
        return None
    if calibre is None:
        return "not resolvable"
    return classes.name(calibre.calibre_mm) if calibre.hollow or lesion.compartment != "artery" else None


def _place(image: Image, lesion: Deposit) -> dict[str, Any]:
    """Centre line in the picture and in the patient, and the outline in the picture."""
    line = lesion.shape.line if lesion.form == "tubular" else lesion.shape.centre[None]
    line = line[np.unique(np.linspace(0, len(line) - 1, min(POINTS, len(line))).round().astype(int))]
    drawn = points_from_the_front(line, image.pixels.shape[0])
    place = () if image.affine is None else np.c_[line, np.ones(len(line))] @ image.affine[:3].T
    return {
        "polyline": tuple((float(r), float(c)) for r, c in drawn)
        if lesion.kind is Kind.VESSEL and len(drawn) > 1
        else (),
        "place_mm": tuple((float(x), float(y), float(z)) for x, y, z in place),
        "outline": _outline(image, lesion),
    }


def _outline(image: Image, lesion: Deposit) -> tuple[tuple[float, float], ...]:
    """Outline of the shadow that a lesion throws to the front; of a net that of all its parts together."""
    shadow = np.asarray(lesion.part.mask.any(axis=1), dtype=np.uint8)[::-1]
    if lesion.kind is Kind.NET:
        reach = 2 * int(np.ceil(AROUND_MM / min(image.spacing_mm or (1.0,)))) + 1
        closed = cv2.morphologyEx(np.pad(shadow, reach), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        shadow = np.asarray(closed, dtype=np.uint8)[reach:-reach, reach:-reach]
    contours, _ = cv2.findContours(shadow, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    longest = max(contours, key=len)[:, 0]
    top = image.pixels.shape[0] - lesion.part.box[0].stop
    left = lesion.part.box[2].start
    step = max(1, len(longest) // POINTS)
    return tuple((float(row + top), float(column + left)) for column, row in longest[::step])
