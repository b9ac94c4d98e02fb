"""The film as a radiologist would mark it: outlines, arrows with numbers, a scale, the side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.record import MASK_LABELS, FindingRecord, ImageRecord
from calcinet.report import ink
from calcinet.report.arrows import ArrowSize, Target, place_arrows
from calcinet.report.ink import Colour, Picture
from calcinet.report.view import ExaminedPixels, View, Window, close_view, tissue_window, whole_view
from calcinet.report.words import KINDS, SHORT_DISCLAIMER, Translate

OVERVIEW_PX: Final = 1600
"""Longer side of the whole film on the page. Our choice: sharp at twice the size of a screen's pixel."""

CLOSE_UP_PX: Final = 760
"""Longer side of a close-up. Our choice."""

MOST_ARROWS: Final = 12
"""Findings with an arrow on one film. Our choice: more hide the film; the table lists all."""

MOST_CLOSE_UPS: Final = 4
"""Our choice: one row on the page."""

CLOSE_UP_SHARE: Final = 0.2
"""Side of a close-up, as a share of the film's shorter side, when the finding is smaller. Our choice."""

SCALE_BARS_MM: Final = (1, 2, 5, 10, 20, 50, 100)
"""Round lengths; the longest that takes at most a quarter of the picture is drawn."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of finding is drawn: colours of Okabe and Ito, which colour-blind readers tell apart, and a line
    that tells them apart without colour.
    """

    colour: Colour
    dashed: bool = False


STYLES: Final[Mapping[str, Style]] = {
    "vessel": Style((86, 180, 233)),
    "net": Style((240, 178, 40), dashed=True),
    "focus": Style((226, 140, 190)),
    "uptake": Style((0, 190, 140)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The same view twice: the film alone, and marked."""

    plain: Picture
    marked: Picture
    finding: FindingRecord | None = None
    """The finding that a close-up shows."""
    number: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """One examined image, ready to be drawn."""

    record: ImageRecord
    pixels: ExaminedPixels
    window: Window

    @classmethod
    def of(cls, record: ImageRecord, pixels: ExaminedPixels) -> "Film":
        """Choose the window once for all pictures."""
        return cls(record, pixels, tissue_window(pixels.plane))


def ranked(findings: Sequence[FindingRecord]) -> list[FindingRecord]:
    """Order findings as a reader wants them: nets, then vessels, then the rest, the longest and largest first."""
    order = {"net": 0, "uptake": 1, "vessel": 2, "focus": 3}
    return sorted(findings, key=lambda f: (order[f.kind], -(f.length_px or 0), -(f.area_px or 0), f.id))


def overview(film: Film, longest: int = OVERVIEW_PX) -> Pair:
    """Draw the whole film with its `MOST_ARROWS` first findings numbered as in `ranked`."""
    view = whole_view(_shape(film), film.record.spacing_mm, longest)
    numbered = list(enumerate(ranked(film.record.findings), start=1))[:MOST_ARROWS]
    return Pair(*_drawn(film, view, numbered))


def close_ups(film: Film, longest: int = CLOSE_UP_PX) -> list[Pair]:
    """Draw the neighbourhood of the first findings, each with its number."""
    pairs = []
    for number, finding in list(enumerate(ranked(film.record.findings), start=1))[:MOST_CLOSE_UPS]:
        box = _box(finding, _shape(film))
        if box is not None:
            view = close_view(_shape(film), film.record.spacing_mm, box, longest)
            pairs.append(Pair(*_drawn(film, view, [(number, finding)]), finding, number))
    return pairs


def with_legend(picture: Picture, kinds: Sequence[str], _: Translate) -> Picture:
    """Add a strip below that says what the colours mean, for a picture that leaves its page."""
    size = max(12, picture.shape[1] // 60)
    wording = [_(KINDS[kind]) for kind in kinds] + [_(SHORT_DISCLAIMER)]
    strip = np.full((3 * size * len(wording) // 2 + size, picture.shape[1], 3), ink.RIM, np.uint8)
    for row, text in enumerate(wording):
        y = size + 3 * size * row // 2
        if row < len(kinds):
            style = STYLES[kinds[row]]
            swatch = np.array([[size, y], [3 * size, y]], np.float64)
            ink.line(strip, swatch, style.colour, width=max(2, size // 5))
        ink.letters(strip, (4 * size if row < len(kinds) else size, y), text, ink.WHITE, size=size, anchor="lm")
    return np.vstack([picture, strip])


def _shape(film: Film) -> tuple[int, int]:
    rows, columns = film.pixels.plane.shape
    return rows, columns


def _drawn(film: Film, view: View, numbered: Sequence[tuple[int, FindingRecord]]) -> tuple[Picture, Picture]:
    grey = film.window.grey(view.cut(film.pixels.plane))
    plain: Picture = np.repeat(grey[..., None], 3, axis=2)
    _furniture(plain, film.record, view)
    marked = plain.copy()
    taken = _markings(marked, film, view)
    _arrows(marked, view, numbered, taken)
    return plain, marked


def _markings(picture: Picture, film: Film, view: View) -> NDArray[np.bool_]:
    """Outline what the mask shows; returns the pixels that arrows must leave free."""
    size = max(view.shape)
    width, margin = max(1, round(size / 900)), max(3, size // 320)
    taken = np.zeros(view.shape, dtype=bool)
    for kind, label in MASK_LABELS.items():
        shown = view.cut_mask(film.pixels.mask == label)
        taken |= shown
        if kind != "net":
            for loop in ink.outlines(shown, margin):
                ink.line(picture, loop, STYLES[kind].colour, width=width, closed=True)
    for finding in film.record.findings:
        if finding.kind in ("net", "uptake") and finding.outline:
            loop = view.place(np.array(finding.outline, np.float64))
            ink.dashed(picture, loop, STYLES[finding.kind].colour, width=width + 1, dash=size / 110)
            cv2.fillPoly(inside := taken.astype(np.uint8), [np.rint(loop).astype(np.int32)], 1)
            taken |= inside.astype(bool)
    return taken


def _arrows(
    picture: Picture, view: View, numbered: Sequence[tuple[int, FindingRecord]], taken: NDArray[np.bool_]
) -> None:
    size = max(view.shape)
    label = max(9, size // 75)
    targets = [_target(finding, view) for _, finding in numbered]
    grey = np.asarray(picture[..., 1])
    places = place_arrows(targets, taken, grey, ArrowSize(length=size / 15, label=label))
    for (number, finding), place in zip(numbered, places, strict=True):
        if place is not None:
            colour = STYLES[finding.kind].colour
            ink.arrow(picture, place, colour, width=max(2, size // 500), head=size / 55)
            ink.badge(picture, place.tail, str(number), colour, label)


def _target(finding: FindingRecord, view: View) -> Target:
    lines = finding.polyline if finding.kind == "vessel" and finding.polyline else finding.outline or finding.polyline
    points = view.place(np.array(lines, np.float64).reshape(-1, 2))
    half_width = (finding.calibre_px or 0) / 2 * max(view.scale) if finding.kind == "vessel" else 0
    return Target(points, half_width + max(view.shape) / 160)


def _box(finding: FindingRecord, shape: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Rows and columns that show a finding: all of a small one, the middle of a long one."""
    points = np.array(finding.outline or finding.polyline, np.float64).reshape(-1, 2)
    if len(points) == 0:
        return None
    least = CLOSE_UP_SHARE * min(shape)
    extent = np.clip(1.25 * np.ptp(points, axis=0), least, 2.5 * least)
    side = np.maximum(extent, 0.75 * extent.max())
    middle = points[len(points) // 2] if finding.kind == "vessel" else (points.min(axis=0) + points.max(axis=0)) / 2
    top, left = np.rint(middle - side / 2).astype(int)
    return int(top), int(left), int(side[0]), int(side[1])


def _furniture(picture: Picture, record: ImageRecord, view: View) -> None:
    """Scale bar and side."""
    size = max(14, max(view.shape) // 64)
    if record.laterality in ("L", "R"):
        ink.letters(
            picture, (picture.shape[1] - size, size), record.laterality, ink.WHITE, size=size, anchor="ra", rim=True
        )
    if record.spacing_mm is not None:
        _scale_bar(picture, view.scale[1] / record.spacing_mm[1], size)


def _scale_bar(picture: Picture, px_per_mm: float, size: int) -> None:
    height, width = picture.shape[:2]
    fitting = [mm for mm in SCALE_BARS_MM if mm * px_per_mm <= width / 4]
    if not fitting:
        return
    mm = fitting[-1]
    bar = np.array([[size, height - size], [size + mm * px_per_mm, height - size]], np.float64)
    ink.line(picture, bar, ink.RIM, width=size // 4 + 4)
    ink.line(picture, bar, ink.WHITE, width=max(2, size // 5))
    at = (round(bar.mean(axis=0)[0]), height - size - size // 2)
    ink.letters(picture, at, f"{mm} mm", ink.WHITE, size=size, anchor="ms", rim=True)
