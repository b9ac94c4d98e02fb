"""Mammograms -> each breast over its views of one examination."""

from collections.abc import Sequence

import numpy as np

from calcinet.protocols.mammogram.meanings import AREA_MM2, LENGTH_MM
from calcinet.protocols.mammogram.sentences import GRADES
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
    grade = max(_grade_of(view) for view in views)
    examination = None
    if views[0].breast is not None:
        examination = views[0].breast.examination
    return BreastSummary(
        side=_side_of(views[0]),
        examination=examination,
        images=tuple(view.id for view in views),
        views=tuple(view.view or "" for view in views),
        grade=grade,
        grade_means=GRADES[grade],
        length_mm=most.measures.get(LENGTH_MM),
        area_mm2=most.measures.get(AREA_MM2),
        calibre_mm=_median_calibre_mm(views),
    )


def _rank_view(view: ImageRecord) -> tuple[float, int]:
    return view.measures.get(LENGTH_MM) or 0.0, _grade_of(view)


def _grade_of(view: ImageRecord) -> int:
    if view.breast is None:
        return 0
    return view.breast.grade


def _side_of(view: ImageRecord) -> Side | None:
    if view.laterality == "B":
        return None
    return view.laterality


def _median_calibre_mm(views: Sequence[ImageRecord]) -> float | None:
    calibres: list[float] = []
    for view in views:
        vessels = [finding for finding in view.findings if finding.kind == "vessel"]
        calibres += [vessel.calibre_mm for vessel in vessels if vessel.calibre_mm]
    if not calibres:
        return None
    return float(np.median(calibres))
