"""The film as a radiologist would mark it: outlines, arrows with numbers, a scale, the side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.record import FindingRecord
from calcinet.report.labels import KINDS, SHORT_DISCLAIMER, Translate
from calcinet.report.pictures import drawing
from calcinet.report.pictures.annotation import STYLES, Film, drawn
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.viewport import (
    LARGEST_CT_SCALE,
    LARGEST_SCALE,
    Viewport,
    close_view,
    whole_view,
)

OVERVIEW_PX: Final = 1600
"""Longer side of the whole film on the page. Our choice: sharp at twice the size of a screen's pixel."""

CLOSE_UP_PX: Final = 760
"""Longer side of a close-up. Our choice."""

CLOSE_UP_INK: Final = 2.6
"""Arrows and letters in a close-up over those on a whole film of that size. Our choice: it is shown small."""

MOST_ARROWS: Final = 12
"""Findings with an arrow on one film. Our choice: more hide the film; the table lists all."""

MOST_CLOSE_UPS: Final = 4
"""Our choice: one row on the page."""

CLOSE_UP_SHARE: Final = 0.22
"""Side of a close-up, as a share of the film's shorter side, when the finding is smaller. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The same view twice: the film alone, and marked."""

    plain: Picture
    marked: Picture
    finding: FindingRecord | None = None
    """The finding that a close-up shows."""


def ranked(findings: Sequence[FindingRecord]) -> list[FindingRecord]:
    """Order findings as a reader wants them: nets, then vessels, then the rest, the longest and largest first.

    Equals stay in the order of the record.
    """
    order = {"net": 0, "uptake": 1, "vessel": 2, "focus": 3}
    return sorted(
        findings,
        key=lambda f: (order[f.kind], -(f.length_px or f.length_mm or 0), -(f.area_px or f.volume_mm3 or 0)),
    )


def overview(film: Film, longest: int = OVERVIEW_PX) -> Pair:
    """Draw the whole film with numbered arrows at the `MOST_ARROWS` first findings of `ranked`."""
    view = overview_view(film, longest)
    return Pair(*drawn(film, view, ranked(film.record.findings)[:MOST_ARROWS], size=max(view.shape)))


def overview_view(film: Film, longest: int = OVERVIEW_PX) -> Viewport:
    """All of a film, or of a CT's projection, which may be enlarged further."""
    scale = LARGEST_SCALE if film.places is None else LARGEST_CT_SCALE
    return whole_view(_shape(film), film.record.spacing_mm, longest, largest_scale=scale)


def overview_scale(film: Film) -> float:
    """Pixels of the overview a millimetre; a pixel of the film, where it has no millimetres."""
    view = overview_view(film)
    return view.scale[0] / (film.record.spacing_mm or (1.0, 1.0))[0]


def close_ups(film: Film, longest: int = CLOSE_UP_PX) -> list[Pair]:
    """Draw the neighbourhood of the first findings, each with its number and in a window of its own."""
    pairs = []
    for finding in ranked(film.record.findings)[:MOST_CLOSE_UPS]:
        box = _box(finding, _shape(film), film.record.spacing_mm)
        if box is not None:
            view = close_view(_shape(film), film.record.spacing_mm, box, longest)
            size = CLOSE_UP_INK * max(view.shape)
            pairs.append(Pair(*drawn(film.near(view), view, [finding], size=size), finding))
    return pairs


def with_legend(picture: Picture, kinds: Sequence[str], _: Translate) -> Picture:
    """Add a strip below that says what the colours mean, for a picture that leaves its page."""
    size = max(12, picture.shape[1] // 60)
    wording = [_(KINDS[kind]) for kind in kinds] + [_(SHORT_DISCLAIMER)]
    strip = np.full((3 * size * len(wording) // 2 + size, picture.shape[1], 3), drawing.RIM, np.uint8)
    for row, text in enumerate(wording):
        y = size + 3 * size * row // 2
        if row < len(kinds):
            style = STYLES[kinds[row]]
            for start in (size, 2.3 * size) if style.dashed else (size,):
                end = start + 0.7 * size if style.dashed else 3 * size
                drawing.line(strip, np.array([[start, y], [end, y]]), style.colour, width=max(2, size // 5))
        drawing.letters(strip, (4 * size if row < len(kinds) else size, y), text, drawing.WHITE, size=size, anchor="lm")
    return np.vstack([picture, strip])


def _shape(film: Film) -> tuple[int, int]:
    rows, columns = (film.pixels.plane if film.places is None else film.places).shape
    return rows, columns


def _box(
    finding: FindingRecord, shape: tuple[int, int], spacing_mm: tuple[float, float] | None
) -> tuple[int, int, int, int] | None:
    """Rows and columns that show a finding: all of a small one, the middle of a long one; square in the patient."""
    lines = finding.polyline if finding.kind == "vessel" and finding.polyline else finding.outline or finding.polyline
    unit = np.array(spacing_mm or (1.0, 1.0))
    unit /= unit.min()
    points = np.array(lines, np.float64).reshape(-1, 2) * unit
    if len(points) == 0:
        return None
    least = CLOSE_UP_SHARE * float(np.min(shape * unit))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    extent = np.clip(1.25 * np.ptp(points, axis=0), least, 2.5 * least)
    if finding.kind == "vessel":
        middle = points[len(points) // 2]
        extent = np.full(2, max(least, 8 * (finding.calibre_px or 0)))
    side = np.maximum(extent, 0.75 * extent.max())
    top, left = np.rint((middle - side / 2) / unit).astype(int)
    rows, columns = np.maximum(1, side / unit).astype(int)
    return int(top), int(left), int(rows), int(columns)
