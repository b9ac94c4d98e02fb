"""The film as a radiologist would mark it: outlines, arrows with numbers, a scale, the side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.record import FindingRecord
from calcinet.report.labels import KINDS, SHORT_DISCLAIMER, Translate
from calcinet.report.pictures import drawing
from calcinet.report.pictures.annotation import STYLES, Style, shape_points
from calcinet.report.pictures.canvas import Canvas
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.marked_view import draw_view
from calcinet.report.pictures.viewport import Viewport, close_view, whole_view

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

KIND_RANKS: Final = {"net": 0, "uptake": 1, "vessel": 2, "focus": 3}
"""Which kind a reader wants first: a net is what calciphylaxis is told by."""


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
    return sorted(findings, key=_rank_finding)


def _rank_finding(finding: FindingRecord) -> tuple[int, float, float]:
    length = finding.length_px or finding.length_mm or 0
    extent = finding.area_px or finding.volume_mm3 or 0
    return KIND_RANKS[finding.kind], -length, -extent


def overview(canvas: Canvas, longest: int = OVERVIEW_PX) -> Pair:
    """Draw the whole film with numbered arrows at the `MOST_ARROWS` first findings of `ranked`."""
    view = overview_view(canvas, longest)
    first = ranked(canvas.record.findings)[:MOST_ARROWS]
    return Pair(*draw_view(canvas, view, first, size=max(view.shape)))


def overview_view(canvas: Canvas, longest: int = OVERVIEW_PX) -> Viewport:
    """All of a film, or of a CT's projection, which may be enlarged further."""
    largest = canvas.modality.largest_scale
    return whole_view(canvas.shape, canvas.record.spacing_mm, longest, largest_scale=largest)


def overview_scale(canvas: Canvas) -> float:
    """Pixels of the overview a millimetre; a pixel of the film, where it has no millimetres."""
    view = overview_view(canvas)
    return view.scale[0] / (canvas.record.spacing_mm or (1.0, 1.0))[0]


def close_ups(canvas: Canvas, longest: int = CLOSE_UP_PX) -> list[Pair]:
    """Draw the neighbourhood of the first findings, each with its number and in a window of its own."""
    pairs = []
    for finding in ranked(canvas.record.findings)[:MOST_CLOSE_UPS]:
        box = _frame_finding(finding, canvas.shape, canvas.record.spacing_mm)
        if box is not None:
            view = close_view(canvas.shape, canvas.record.spacing_mm, box, longest)
            near = canvas.modality.prepare_close_up(canvas, view)
            pairs.append(Pair(*draw_view(near, view, [finding], size=CLOSE_UP_INK * max(view.shape)), finding))
    return pairs


def with_legend(picture: Picture, kinds: Sequence[str], _: Translate) -> Picture:
    """Add a strip below that says what the colours mean, for a picture that leaves its page."""
    size = max(12, picture.shape[1] // 60)
    lines = len(kinds) + 1
    strip = np.full((3 * size * lines // 2 + size, picture.shape[1], 3), drawing.RIM, np.uint8)
    for row, kind in enumerate(kinds):
        y = size + 3 * size * row // 2
        _draw_sample(strip, STYLES[kind], size, y)
        drawing.letters(strip, (4 * size, y), _(KINDS[kind]), drawing.WHITE, size=size, anchor="lm")
    last = size + 3 * size * len(kinds) // 2
    drawing.letters(strip, (size, last), _(SHORT_DISCLAIMER), drawing.WHITE, size=size, anchor="lm")
    return np.vstack([picture, strip])


def _draw_sample(strip: Picture, style: Style, size: int, y: int) -> None:
    """Draw a piece of line in a style, whole or of two dashes."""
    pieces: list[tuple[float, float]] = [(size, 3 * size)]
    if style.dashed:
        second = 2.3 * size
        pieces = [(size, size + 0.7 * size), (second, second + 0.7 * size)]
    for start, end in pieces:
        drawing.line(strip, np.array([[start, y], [end, y]]), style.colour, width=max(2, size // 5))


def _frame_finding(
    finding: FindingRecord, shape: tuple[int, int], spacing_mm: tuple[float, float] | None
) -> tuple[int, int, int, int] | None:
    """Rows and columns that show a finding: all of a small one, the middle of a long one; square in the patient."""
    unit = np.array(spacing_mm or (1.0, 1.0))
    unit /= unit.min()
    points = np.array(shape_points(finding), np.float64).reshape(-1, 2) * unit
    if len(points) == 0:
        return None
    least = CLOSE_UP_SHARE * float(np.min(shape * unit))
    middle, extent = _measure_extent(finding, points, least)
    side = np.maximum(extent, 0.75 * extent.max())
    top, left = np.rint((middle - side / 2) / unit).astype(int)
    rows, columns = np.maximum(1, side / unit).astype(int)
    return int(top), int(left), int(rows), int(columns)


def _measure_extent(finding: FindingRecord, points: Floats, least: float) -> tuple[Floats, Floats]:
    """Middle (row, column) of what is shown of a finding, and how far it reaches, at least `least`."""
    if finding.kind == "vessel":
        return points[len(points) // 2], np.full(2, max(least, 8 * (finding.calibre_px or 0)))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return middle, np.clip(1.25 * np.ptp(points, axis=0), least, 2.5 * least)
