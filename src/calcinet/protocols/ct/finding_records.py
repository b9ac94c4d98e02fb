"""Deposits on a CT -> their entries of the record: position, form, volume, calibre, outline."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.components import Component
from calcinet.findings.ct.finder import CtCalcium, Deposit
from calcinet.findings.ct.levels import levels
from calcinet.findings.ct.nets import FLAT_MM
from calcinet.findings.finding import Kind
from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.ct.calibre import ct_calibre
from calcinet.measure.ct.volume_error import KnownVolume, add_volumes
from calcinet.measure.net.geometry import NetGeometry, net_geometry
from calcinet.measure.net.probability import net_probability
from calcinet.progress import tell_step
from calcinet.protocols.ct.artery_calibres import measure_artery
from calcinet.protocols.ct.projection import project_points
from calcinet.protocols.ct.volume import AROUND_MM, measure_deposit_volume
from calcinet.protocols.polylines import as_points, spread_indices, thin_outline, trace_outlines
from calcinet.record import FindingRecord, Place, Point
from calcinet.text import say
from calcinet.vocabulary import BodyLevel

POINTS: Final = 60
"""Points of a centre line or outline that are kept. Our choice."""

SIDES: Final[Mapping[str | None, int]] = {None: 0, "R": 1, "L": 2}
"""Sides as `findings.ct.anatomy` numbers them."""

NO_VOLUME: Final = say("one slice does not show a vessel's course")
NOT_TUBULAR: Final = say("a plaque that is not tubular has no calibre")
"""Why a vessel has no calibre."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredPiece:
    """One component of calcium of a deposit: an artery's may lie in several parts of the body."""

    part: Component
    level: BodyLevel
    volume: KnownVolume | None
    """None on one slice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MeasuredDeposit:
    """One deposit and its entry in the record."""

    deposit: Deposit
    record: FindingRecord
    net: NetGeometry | None
    """None of what is no net."""
    no_calibre: str | None
    """Why a vessel has no calibre; None where it has one, and of what is no vessel."""
    pieces: tuple[MeasuredPiece, ...]
    """Its walls and plaques where it is an artery of several, else itself alone."""


def measure_deposits(
    image: Image,
    found: CtCalcium,
    classes: CalibreClasses,
    ids: Sequence[str] | None = None,
    placed: Collection[str] = (),
) -> list[MeasuredDeposit]:
    """Every deposit with its numbers, in the order of `found.lesions`.

    Ids are given in that order unless they are given; of those in `placed` the compartment is as it stands, also where
    the picture would not tell it.
    """
    if ids is None:
        ids = [f"f{number}" for number in range(1, len(found.lesions) + 1)]
    levels_by_side = {side: levels(found.anatomy, number) for side, number in SIDES.items()}
    labels = found.labels()
    measured: list[MeasuredDeposit] = []
    for finding_id, deposit in zip(ids, found.lesions, strict=True):
        tell_step(len(measured), len(found.lesions))
        level_of_row = levels_by_side[deposit.side]
        pieces = _measure_pieces(image, found, deposit, level_of_row, labels)
        position = locate_deposit(image, found, deposit, level_of_row)
        if finding_id in placed:
            position["compartment"] = deposit.compartment
        measured.append(
            _measure_deposit(
                deposit,
                finding_id,
                image=image,
                pieces=pieces,
                calibre=_measure_calibre(image, found, deposit, labels, pieces),
                classes=classes,
                position=position,
            )
        )
    return measured


def _measure_pieces(
    image: Image, found: CtCalcium, deposit: Deposit, level_of_row: Sequence[BodyLevel], labels: NDArray[np.uint8]
) -> tuple[MeasuredPiece, ...]:
    """Level and volume of each component of an artery; of another deposit, of itself."""
    pieces = []
    for piece in deposit.pieces or (deposit,):
        level = locate_deposit(image, found, piece, level_of_row)["level"]
        pieces.append(MeasuredPiece(piece.part, level, measure_deposit_volume(image, piece, labels)))
    return tuple(pieces)


def sum_volumes(pieces: Iterable[MeasuredPiece]) -> KnownVolume | None:
    """Volume of all pieces; None where one has none."""
    volumes = []
    for piece in pieces:
        if piece.volume is None:
            return None
        volumes.append(piece.volume)
    return add_volumes(volumes)


def locate_deposit(
    image: Image, found: CtCalcium, deposit: Deposit, level_of_row: Sequence[BodyLevel]
) -> dict[str, Any]:
    """Depth, compartment, side and level, as far as they are known.

    Where the picture cuts the body, its edge is no skin: depth, side and level are unknown, and so is the compartment
    of what is near the skin. A volume that does not say how it lies in the patient has no sides.

    Parameters
    ----------
    image, found, deposit
        The CT, what was found on it, and one deposit.
    level_of_row
        Level of each row of the coarse grid on the side of the deposit.
    """
    if found.anatomy.cropped:
        compartment = deposit.compartment
        if compartment in ("skin", "subcutis"):
            compartment = "unknown"
        return {"depth_mm": None, "compartment": compartment, "side": None, "level": "unknown"}
    row = int(deposit.shape.centre[0]) // found.anatomy.grid.block[0]
    side = deposit.side
    if image.affine is None:
        side = None
    return {
        "depth_mm": deposit.depth_mm,
        "compartment": deposit.compartment,
        "side": side,
        "level": level_of_row[min(row, len(level_of_row) - 1)],
    }


def _measure_deposit(
    deposit: Deposit,
    finding_id: str,
    *,
    image: Image,
    pieces: tuple[MeasuredPiece, ...],
    calibre: "_Calibre",
    classes: CalibreClasses,
    position: dict[str, Any],
) -> MeasuredDeposit:
    length_mm = None
    if deposit.form == "tubular":
        length_mm = deposit.shape.length_mm
    net, net_fields = _measure_net(deposit)
    record = FindingRecord(
        id=finding_id,
        kind=deposit.kind.value,
        length_mm=length_mm,
        form=deposit.form,
        **_describe_volume(sum_volumes(pieces)),
        peak_hu=deposit.peak_hu,
        outline=outline_shadow(image, deposit),
        **net_fields,
        **_describe_calibre(deposit, calibre, classes),
        **position,
        **_trace_line(image, deposit),
    )
    return MeasuredDeposit(deposit=deposit, record=record, net=net, no_calibre=calibre.because, pieces=pieces)


def _describe_volume(volume: KnownVolume | None) -> dict[str, Any]:
    if volume is None:
        return {"volume_mm3": None}
    return {"volume_mm3": volume.mm3, "volume_interval_mm3": volume.interval}


@dataclass(frozen=True, slots=True)
class _Calibre:
    """Calibre of a vessel, or why it has none."""

    calibre_mm: float | None = None
    interval_mm: tuple[float, float] | None = None
    because: str | None = None


def _measure_calibre(
    image: Image, found: CtCalcium, deposit: Deposit, labels: NDArray[np.uint8], pieces: Sequence[MeasuredPiece]
) -> _Calibre:
    """Outer calibre of an artery's wall; of a small vessel of the subcutis that of a rod of its volume."""
    if deposit.kind is not Kind.VESSEL:
        return _Calibre()
    volume = sum_volumes(pieces)
    if volume is None:
        return _Calibre(because=NO_VOLUME)
    try:
        if deposit.compartment == "artery":
            artery = measure_artery(image, found, deposit, labels)
            return _Calibre(artery.calibre_mm, artery.interval_mm)
        if deposit.form != "tubular":
            return _Calibre(because=NOT_TUBULAR)
        voxels, length_mm = deposit.part.voxels(), deposit.shape.length_mm
        return _Calibre(ct_calibre(voxels, image.require_spacing_mm(), volume.mm3, length_mm).calibre_mm)
    except NotMeasurable as refusal:
        return _Calibre(because=str(refusal))


def _describe_calibre(deposit: Deposit, calibre: _Calibre, classes: CalibreClasses) -> dict[str, Any]:
    """Calibre of a vessel, its interval and its class."""
    if calibre.calibre_mm is not None:
        return {
            "calibre_mm": calibre.calibre_mm,
            "calibre_interval_mm": calibre.interval_mm,
            "calibre_class": classes.name(calibre.calibre_mm),
        }
    if deposit.kind is Kind.VESSEL and deposit.form == "tubular" and deposit.compartment != "artery":
        return {"calibre_class": "not resolvable"}
    return {}


def _measure_net(deposit: Deposit) -> tuple[NetGeometry | None, dict[str, Any]]:
    """Geometry of a net, and the fields of its entry that come from it; a deposit that is no net has none."""
    if deposit.net is None:
        return None, {}
    geometry = net_geometry(deposit.net.lines, deposit.net.patch, (FLAT_MM, FLAT_MM))
    fields: dict[str, Any] = {"probability": net_probability(geometry.topology)}
    if geometry.area_cm2 is not None:
        fields["area_mm2"] = 100 * geometry.area_cm2
    return geometry, fields


def _trace_line(image: Image, deposit: Deposit) -> dict[str, Any]:
    """Centre line of a tube, else the middle: in the picture where it is a vessel, and in the patient."""
    line = deposit.shape.centre[None]
    if deposit.form == "tubular":
        line = deposit.shape.line
    line = line[spread_indices(len(line), POINTS)]
    polyline: tuple[Point, ...] = ()
    if deposit.kind is Kind.VESSEL and len(line) > 1:
        polyline = as_points(project_points(line, image.pixels.shape[0]))
    return {"polyline": polyline, "place_mm": place_in_patient(image, line)}


def place_in_patient(image: Image, line: Floats) -> tuple[Place, ...]:
    """Points (Z, Y, X) of a volume in the patient, in mm; none where the volume does not say how it lies."""
    if image.affine is None:
        return ()
    places_mm = np.c_[line, np.ones(len(line))] @ image.affine[:3].T
    return tuple((float(x), float(y), float(z)) for x, y, z in places_mm)


def outline_shadow(image: Image, deposit: Deposit) -> tuple[Point, ...]:
    """Outline of the shadow that a deposit throws to the front; of a net that of all its parts together."""
    shadow = np.asarray(deposit.part.mask.any(axis=1), dtype=np.uint8)[::-1]
    if deposit.kind is Kind.NET:
        shadow = _close_gaps(shadow, image.require_spacing_mm())
    longest = max(trace_outlines(shadow), key=len)
    top = image.pixels.shape[0] - deposit.part.box[0].stop
    left = deposit.part.box[2].start
    return thin_outline(longest, POINTS, (top, left))


def _close_gaps(shadow: NDArray[np.uint8], spacing_mm: tuple[float, float, float]) -> NDArray[np.uint8]:
    """Join parts of a shadow that are nearer to one another than about twice `AROUND_MM`."""
    reach = 2 * int(np.ceil(AROUND_MM / min(spacing_mm))) + 1
    kernel = np.ones((reach, reach), np.uint8)
    closed = cv2.morphologyEx(np.pad(shadow, reach), cv2.MORPH_CLOSE, kernel)
    return np.asarray(closed, dtype=np.uint8)[reach:-reach, reach:-reach]
