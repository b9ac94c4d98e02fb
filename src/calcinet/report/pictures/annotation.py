"""What is drawn on a film: outlines, arrows with numbers, a scale bar, the side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask
from calcinet.record import MASK_LABELS, FindingRecord, ImageRecord
from calcinet.report.pictures import drawing
from calcinet.report.pictures.arrows import ArrowSize, Target, place_arrows
from calcinet.report.pictures.ct.compartments import COLOURS, COMPARTMENTS, number_of_compartment
from calcinet.report.pictures.ct.projections import front_places
from calcinet.report.pictures.drawing import Colour, Picture
from calcinet.report.pictures.scintigram.segments import counts_window, lettered, outlined
from calcinet.report.pictures.viewport import ExaminedPixels, Viewport, Window, tissue_window
from calcinet.vocabulary import Side

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


CT_WINDOW: Final = Window(-150.0, 1100.0, 0.8)
"""Hounsfield units of black and white in a projection of a CT. Our choice: muscle is dark grey and compact bone hardly
burns out, so that coloured calcium stands out from both."""

DIMMED: Final = 0.75
"""Brightness of a CT's projection under its colours. Our choice: bone is lighter than soft tissue still."""

TINT: Final = 0.85
"""Share of the colour in a pixel of calcium. Our choice: its brightness still shows through."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """One examined image, ready to be drawn; of a CT its projection from the front."""

    record: ImageRecord
    pixels: ExaminedPixels
    window: Window
    places: NDArray[np.uint8] | None = None
    """Of a CT: where calcium of which compartment lies (`calcinet.report.pictures.ct.compartments`); else None."""

    @classmethod
    def of(cls, record: ImageRecord, pixels: ExaminedPixels) -> "Film":
        """Choose the window once for all pictures."""
        if record.ct is not None and pixels.volume is not None:
            return cls(record, pixels, CT_WINDOW, front_places(pixels.volume, record))
        scan = record.scintigram is not None
        return cls(record, pixels, counts_window(pixels.plane) if scan else tissue_window(pixels.plane))

    def near(self, view: Viewport) -> "Film":
        """The same for a close-up: a film gets a window of its own there, Hounsfield units and counts keep theirs."""
        kept = self.places is not None or self.record.scintigram is not None
        return self if kept else replace(self, window=tissue_window(self.pixels.plane[view.window]))


def colour_of(finding: FindingRecord) -> Colour:
    """Colour of a finding: on CT by its compartment, on a film by its kind."""
    return STYLES[finding.kind].colour if finding.form is None else COLOURS[finding.compartment]


def number_of(finding: FindingRecord) -> str:
    """Name a finding on a picture or page: the digits of its id, so that 3 is f3 in the record.

    >>> number_of(FindingRecord(id="f12", kind="vessel"))
    '12'
    """
    return "".join(filter(str.isdigit, finding.id)) or finding.id


def drawn(film: Film, view: Viewport, pointed_at: Sequence[FindingRecord], *, size: float) -> tuple[Picture, Picture]:
    """Draw a view of a film: alone, and marked with numbered arrows at the findings `pointed_at`.

    `size` in pixels sets how large arrows, lines and letters are: the longer side of a picture that is shown whole.
    """
    grey = film.window.grey(view.cut(film.pixels.plane))
    plain: Picture = np.repeat(grey[..., None], 3, axis=2)
    taken = furniture(plain, _lettered(film, view), film.record.spacing_mm, view, max(14, round(size / 64)))
    if film.record.scintigram is not None and view.columns == film.pixels.plane.shape[1]:
        lettered(plain, film.record.scintigram, view, view.columns, max(14, round(size / 64)))
    marked = plain.copy() if film.places is None else dimmed(plain)
    taken |= _markings(marked, film, view, size)
    _dot_gaps(marked, film, view, size)
    _arrows(marked, view, pointed_at, taken, size)
    return plain, marked


def _lettered(film: Film, view: Viewport) -> Side | None:
    """Which sides to write: that of a film; of a whole CT both, where left and right are known."""
    side = film.record.laterality
    if side in ("L", "R"):
        return side
    volume = film.pixels.volume if film.places is not None else None
    whole = film.places is not None and view.columns == film.places.shape[1]
    return "B" if whole and volume is not None and volume.oriented else None


def _markings(picture: Picture, film: Film, view: Viewport, size: float) -> Mask:
    """Outline what the mask shows, on CT fill it; returns the pixels that arrows must leave free."""
    if film.places is not None:
        return tinted(picture, film.places, view)
    width, margin = _line_and_margin(view, size)
    taken = np.zeros(view.shape, dtype=bool)
    if film.record.scintigram is not None:
        outlined(picture, film.record.scintigram, view, width)
    for kind, label in MASK_LABELS.items():
        shown = view.cut_mask(film.pixels.mask, label)
        if kind == "vessel":
            shown |= _swept(film.record.findings, view)
        taken |= shown
        if kind != "net":
            for loop in drawing.outlines(shown, margin):
                drawing.line(picture, loop, STYLES[kind].colour, width=width, closed=True)
    for finding in film.record.findings:
        if finding.kind in ("net", "uptake") and finding.outline:
            loop = view.place(np.array(finding.outline, np.float64))
            drawing.dashed(picture, loop, STYLES[finding.kind].colour, width=width + 1, dash=size / 110)
            cv2.fillPoly(inside := taken.astype(np.uint8), [np.rint(loop).astype(np.int32)], 1)
            taken |= inside.astype(bool)
    return taken


def _line_and_margin(view: Viewport, size: float) -> tuple[int, int]:
    """Width of the lines round marks, and their distance from them, in pixels of the picture."""
    return max(1, round(min(size, 1.3 * max(view.shape)) / 1300)), max(3, round(max(view.shape) / 300))


def _dot_gaps(picture: Picture, film: Film, view: Viewport, size: float) -> None:
    """Lead over the gaps of each vessel."""
    width, margin = _line_and_margin(view, size)
    for gap in (gap for course in film.record.courses for gap in course.gaps):
        ends = view.place(np.array(gap, np.float64))
        drawing.dotted(picture, ends, STYLES["vessel"].colour, radius=1.5 * width, inset=3 * margin)


def dimmed(picture: Picture) -> Picture:
    """Darken a projection, so that its bones do not outshine the colours."""
    return np.asarray(picture * DIMMED, np.uint8)


def tinted(picture: Picture, places: NDArray[np.uint8], view: Viewport) -> Mask:
    """Colour calcium by its compartment; returns the coloured pixels."""
    taken = np.zeros(view.shape, dtype=bool)
    for name in reversed(COMPARTMENTS):
        shown = view.cut_mask(places, number_of_compartment(name))
        drawing.tint(picture, shown, COLOURS[name], TINT)
        taken |= shown
    return taken


def _swept(findings: Sequence[FindingRecord], view: Viewport) -> Mask:
    """Fill the vessels between their walls, so that the outline runs round the vessel and not round each wall."""
    swept = np.zeros(view.shape, np.uint8)
    for finding in findings:
        if finding.kind == "vessel" and len(finding.polyline) > 1 and finding.calibre_px:
            centre = np.rint(view.place(np.array(finding.polyline, np.float64))).astype(np.int32)
            cv2.polylines(swept, [centre], False, 1, max(1, round(finding.calibre_px * max(view.scale))))
    return swept.astype(bool)


def _arrows(picture: Picture, view: Viewport, pointed_at: Sequence[FindingRecord], taken: Mask, size: float) -> None:
    label = max(9, round(size / 75))
    targets = [_target(finding, view, size / 160) for finding in pointed_at]
    grey = np.asarray(picture[..., 1])
    places = place_arrows(targets, taken, grey, ArrowSize(length=size / 15, label=label))
    for finding, place in zip(pointed_at, places, strict=True):
        if place is not None:
            colour = colour_of(finding)
            drawing.arrow(picture, place, colour, width=max(2, round(size / 500)), head=size / 55)
            drawing.badge(picture, place.tail, number_of(finding), colour, label)


def _target(finding: FindingRecord, view: Viewport, gap: float) -> Target:
    lines = finding.polyline if finding.kind == "vessel" and finding.polyline else finding.outline or finding.polyline
    points = view.place(np.array(lines, np.float64).reshape(-1, 2))
    half_width = (finding.calibre_px or 0) / 2 * max(view.scale) if finding.kind == "vessel" else 0
    return Target(points, half_width + gap)


def furniture(
    picture: Picture, side: Side | None, spacing_mm: tuple[float, float] | None, view: Viewport, size: int
) -> Mask:
    """Draw scale bar and side, `size` being the height of a letter; returns the pixels that they take.

    Of a picture of both sides the patient's left is at the right.
    """
    before = picture.copy()
    right = (picture.shape[1] - size, size)
    if side == "B":
        drawing.letters(picture, (size, size), "R", drawing.WHITE, size=size, anchor="la", rim=True)
    if side is not None:
        drawing.letters(picture, right, "L" if side == "B" else side, drawing.WHITE, size=size, anchor="ra", rim=True)
    if spacing_mm is not None:
        _scale_bar(picture, view.scale[1] / spacing_mm[1], size)
    return np.asarray((picture != before).any(axis=2))


def _scale_bar(picture: Picture, px_per_mm: float, size: int) -> None:
    height, width = picture.shape[:2]
    fitting = [mm for mm in SCALE_BARS_MM if mm * px_per_mm <= width / 4]
    if not fitting:
        return
    mm = fitting[-1]
    bar = np.array([[size, height - size], [size + mm * px_per_mm, height - size]], np.float64)
    drawing.line(picture, bar, drawing.RIM, width=size // 4 + 4)
    drawing.line(picture, bar, drawing.WHITE, width=max(2, size // 5))
    at = (round(bar.mean(axis=0)[0]), height - size - size // 2)
    drawing.letters(picture, at, f"{mm} mm", drawing.WHITE, size=size, anchor="ms", rim=True)
