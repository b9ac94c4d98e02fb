"""Mammograms -> each breast over its views of one examination."""

from collections.abc import Sequence

import numpy as np

from calcinet.protocols.mammogram.meanings import AREA_MM2, LENGTH_MM
from calcinet.protocols.mammogram.sentences import GRADES
from calcinet.protocols.vessel_records import known_calibres_mm
from calcinet.record import BreastRecord, BreastSummary, ImageRecord
from calcinet.vocabulary import Side


def summarise_breasts(images: Sequence[ImageRecord]) -> tuple[BreastSummary, ...]:
    """Each breast over its views of one examination; a mammogram whose side is not named stands alone.

    Two views show the same arteries from two sides: grades are not added, and lengths are those of the view that shows
    most. Years lie between two examinations: each has a row of its own.
    """
    views: dict[tuple[int, str, int], list[ImageRecord]] = {}
    for image in images:
        if image.breast is not None:
            views.setdefault(_identify_breast(image, image.breast), []).append(image)
    return tuple(_summarise_breast(group) for _, group in sorted(views.items()))


def _identify_breast(image: ImageRecord, breast: BreastRecord) -> tuple[int, str, int]:
    """What the views of one breast have in common; sides come left, right, then those that are not named."""
    key = image.id
    if image.laterality in ("L", "R"):
        key = image.laterality
    return len(key), key, breast.examination or 0


def _summarise_breast(views: Sequence[ImageRecord]) -> BreastSummary:
    """One breast over views that are all of one examination."""
    most = max(views, key=_rank_view)
    grade = max(_get_grade(view) for view in views)
    ids, names = [], []
    for view in views:
        ids.append(view.id)
        names.append(view.view or "")
    examination = None
    if views[0].breast is not None:
        examination = views[0].breast.examination
    return BreastSummary(
        side=_get_side(views[0]),
        examination=examination,
        images=tuple(ids),
        views=tuple(names),
        grade=grade,
        grade_means=GRADES[grade],
        length_mm=most.measures.get(LENGTH_MM),
        length_interval_mm=most.intervals95.get(LENGTH_MM),
        area_mm2=most.measures.get(AREA_MM2),
        calibre_mm=_find_median_calibre_mm(views),
    )


def _rank_view(view: ImageRecord) -> tuple[float, int]:
    return view.measures.get(LENGTH_MM) or 0.0, _get_grade(view)


def _get_grade(view: ImageRecord) -> int:
    if view.breast is None:
        return 0
    return view.breast.grade


def _get_side(view: ImageRecord) -> Side | None:
    if view.laterality == "B":
        return None
    return view.laterality


def _find_median_calibre_mm(views: Sequence[ImageRecord]) -> float | None:
    calibres: list[float] = []
    for view in views:
        if view.lengths_hold_if is None:
            calibres += known_calibres_mm(view.findings_of("vessel"))
    if not calibres:
        return None
    return float(np.median(calibres))
