"""A measured CT -> its `CtRecord`: how it was taken, scores by part of the body, arteries."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from calcinet.errors import NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.agatston import AgatstonScore, agatston_score
from calcinet.measure.ct.calcified_length import share_percent
from calcinet.protocols.ct.boxes import box_shape, enclose_boxes, first_voxel, shift_box
from calcinet.protocols.ct.finding_records import MeasuredPiece, sum_volumes
from calcinet.protocols.ct.scan import ARTERY, COMPARTMENTS, LEVELS, Scan, measure_path
from calcinet.protocols.ct.sentences import explain_contrast
from calcinet.record import CtArtery, CtRecord, CtScore
from calcinet.vocabulary import BodyLevel, Compartment, Side

Group = tuple[Side | None, BodyLevel, Compartment]
"""Side, level and compartment of the calcium that shares a score."""


def record_scan(scan: Scan) -> CtRecord:
    """How the CT was taken, and what it showed part by part."""
    image, acquisition = scan.image, scan.image.acquisition
    slices, height, width = image.pixels.shape
    return CtRecord(
        shape=(slices, height, width),
        spacing_mm=image.require_spacing_mm(),
        kvp=acquisition.kvp,
        kernel=acquisition.kernel,
        slice_thickness_mm=acquisition.slice_thickness_mm,
        series=acquisition.why,
        contrast=scan.contrast,
        contrast_basis=explain_contrast(acquisition.contrast, scan.found.pool),
        threshold_hu=scan.found.threshold_hu,
        noise_hu=scan.found.muscle.noise_hu,
        scores=_score_groups(scan),
        arteries=_record_arteries(scan),
        left_out={str(name): count for name, count in scan.found.left_out.items()},
    )


def _score_groups(scan: Scan) -> tuple[CtScore, ...]:
    """Calcium by side, level and compartment, in the order of the table."""
    groups: dict[Group, list[MeasuredPiece]] = {}
    for measured in scan.measured:
        record = measured.record
        for piece in measured.pieces:
            group = (record.side, piece.level, record.compartment)
            groups.setdefault(group, []).append(piece)
    return tuple(_score_group(scan, group, groups[group]) for group in sorted(groups, key=_rank_group))


def _rank_group(group: Group) -> tuple[str, int, int]:
    side, level, compartment = group
    return side or "", LEVELS.index(level), COMPARTMENTS.index(compartment)


def _score_group(scan: Scan, group: Group, members: Sequence[MeasuredPiece]) -> CtScore:
    """Volume of some pieces of calcium, and the Agatston score where they are of arteries."""
    side, level, compartment = group
    measured: dict[str, Any] = {"volume_mm3": None, "agatston": None}
    volume = sum_volumes(members)
    if volume is not None and not scan.blood_is_marked:
        measured |= {"volume_mm3": volume.mm3, "volume_interval_mm3": volume.interval}
    if compartment == ARTERY:
        scored = _score_agatston(scan, members)
        if scored is not None:
            measured |= {"agatston": scored.score, "agatston_interval": scored.interval}
    return CtScore(side=side, level=level, compartment=compartment, lesions=len(members), **measured)


def _score_agatston(scan: Scan, members: Sequence[MeasuredPiece]) -> AgatstonScore | None:
    """Score of some pieces, in the box that holds them; None where contrast agent forbids it."""
    box = enclose_boxes([piece.part.box for piece in members])
    mask = np.zeros(box_shape(box), dtype=bool)
    for piece in members:
        mask[shift_box(piece.part.box, first_voxel(box))] |= piece.part.mask
    shares_mm = scan.image.scored_mm
    if shares_mm is not None:
        shares_mm = shares_mm[box[0]]
    image = scan.image
    cut_out = Image(image.pixels[box], image.spacing_mm, image.unit, modality="CT", scored_mm=shares_mm)
    try:
        return agatston_score(cut_out, mask, contrast=scan.contrast)
    except NotMeasurable:
        return None


def _record_arteries(scan: Scan) -> tuple[CtArtery, ...]:
    """Arteries as far as calcium shows them; none where the marks may be blood."""
    if scan.blood_is_marked:
        return ()
    arteries = []
    for path in scan.found.paths:
        ids = [scan.measured[number].record.id for number in path.members]
        calcified = measure_path(scan, path)
        artery = CtArtery(
            side=scan.measured[path.members[0]].record.side,
            findings=tuple(ids),
            length_mm=path.length_mm,
            calcified_mm=calcified.mm,
            calcified_interval_mm=calcified.interval_mm,
            calcified_percent=share_percent(calcified.mm, path.length_mm),
        )
        arteries.append(artery)
    return tuple(arteries)
